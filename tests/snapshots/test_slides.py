"""Slides: a talk that a room can read, then everything else; nothing left out, real titles, Japanese fonts."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation

from tests.charts.reviews import lane_of, review_of, signal_of
from tests.snapshots.decks import charts, paragraphs, sizes, texts
from tomoni.snapshots.document.model import Cards, Document, Facts, Listing, Paragraph, Stage, Table
from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.exporters.slides.charts import count_slides, figure_rows
from tomoni.snapshots.exporters.slides.own import own_look
from tomoni.snapshots.record.snapshot import Origin, Snapshot, freeze


def frozen_with(signals: int) -> Snapshot:
    """A review with signals that have a row of their own each."""
    review = review_of()
    named = tuple(signal_of(f"signal-{n}", group=f"group-{n}") for n in range(signals))
    app = replace(review.app, infra=named)
    lanes = tuple(lane_of(signal, seed=n) for n, signal in enumerate(named))
    return freeze(replace(review, app=app, lanes=lanes), Origin("0", "sha256:0"), review.as_of)


@pytest.fixture(scope="module")
def busy() -> Snapshot:
    return frozen_with(10)


def written(snapshot: Snapshot, folder: Path, *languages: str) -> Path:
    return export(snapshot, ["pptx"], folder, EditionOptions(languages))[0]


@pytest.fixture(scope="module")
def deck(busy, tmp_path_factory):
    file = written(busy, tmp_path_factory.mktemp("deck"), "ja")
    return file, Presentation(str(file))


@pytest.fixture(scope="module", params=["en", "ja", "both"])
def shop(request, snapshot, tmp_path_factory):
    languages = ("en", "ja") if request.param == "both" else (request.param,)
    file = written(snapshot, tmp_path_factory.mktemp("shop"), *languages)
    return edition(snapshot, EditionOptions(languages)), Presentation(str(file))


def test_all_rows_of_a_journey_stand_on_one_slide(busy, deck):
    figure = edition(busy, EditionOptions(("ja",))).figures()[0]
    assert count_slides(figure, own_look()) == 1
    assert len(charts(deck[1].slides[1])) == len(figure_rows(figure.view, own_look())) == 13


def test_a_figure_of_very_many_rows_goes_on_on_another_slide(tmp_path):
    crowded = frozen_with(26)
    figure = edition(crowded, EditionOptions()).figures()[0]
    assert count_slides(figure, own_look()) == 2
    slides = Presentation(str(written(crowded, tmp_path, "en"))).slides
    drawn = [[shape.name for shape in charts(slide)] for slide in slides][1:3]
    assert [len(names) for names in drawn] == [15, 14]
    assert len({*drawn[0], *drawn[1]}) == 29


def test_a_talk_of_few_slides_comes_first_and_a_divider_behind_it(shop):
    shown, made = shop
    steps = {part.stage for section in shown.sections for part in section.parts if part.stage}
    titles = [slide.shapes.title.text_frame.text for slide in made.slides]
    divider = next(n for n, title in enumerate(titles) if title.split(" / ")[0] in ("Appendix", "付録"))
    assert divider == len(steps) <= 6
    assert len(titles) > divider + 2
    stages = [Stage.OPENING, Stage.JOURNEY, Stage.BURNED, Stage.AHEAD, Stage.DECISION]
    parts = [p for stage in stages for s in shown.sections for p in s.parts if p.stage is stage]
    firsts = list({part.stage: part for part in reversed(parts)}.values())[::-1]
    for slide, part in zip(made.slides, firsts, strict=False):
        assert " ".join(part.message.split()) in " ".join(slide.notes_slide.notes_text_frame.text.split())


def test_every_slide_has_a_title_of_its_own_a_number_and_notes(deck, shop):
    for made in (deck[1], shop[1]):
        for number, slide in enumerate(made.slides, 1):
            assert slide.shapes.title.text_frame.text
            assert [s.text_frame.text for s in slide.placeholders if s.name == "Slide Number"] == [str(number)]
            assert slide.notes_slide.notes_text_frame.text


def test_a_title_that_is_cut_is_whole_in_the_notes(shop):
    for slide in shop[1].slides:
        title = slide.shapes.title.text_frame.text
        if title.endswith("…"):
            start = " ".join(title[:-1].split())
            assert start in " ".join(slide.notes_slide.notes_text_frame.text.split())


def test_no_text_is_smaller_than_14_points_and_no_sentence_of_the_talk_than_18(deck, shop):
    for made in (deck[1], shop[1]):
        for slide in made.slides:
            assert min(sizes(slide)) >= 14
            assert {run.font.size.pt >= 18 for p in slide.shapes.title.text_frame.paragraphs for run in p.runs} == {
                True
            }


def test_every_figure_and_table_is_described_to_who_does_not_see_it(deck, shop):
    for made in (deck[1], shop[1]):
        for slide in made.slides:
            for shape in slide.shapes:
                if shape.has_chart or shape.has_table:
                    assert shape._element._nvXxPr.cNvPr.get("descr")
            if charts(slide):
                assert len(slide.notes_slide.notes_text_frame.text) > 40


def test_no_chart_has_a_legend_that_could_lie_on_its_lines(deck):
    assert not any(shape.chart.has_legend for slide in deck[1].slides for shape in charts(slide))


def test_nothing_lies_outside_a_slide(deck, shop):
    for made in (deck[1], shop[1]):
        for slide in made.slides:
            for shape in slide.shapes:
                assert 0 <= shape.left <= shape.left + shape.width <= made.slide_width, shape.name
                assert 0 <= shape.top <= shape.top + shape.height <= made.slide_height, shape.name


def test_all_texts_follow_the_theme_which_names_a_japanese_font(deck):
    with zipfile.ZipFile(deck[0]) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    themes = [content for name, content in parts.items() if name.startswith("ppt/theme/")]
    assert len(themes) == 2  # of the slides and of the notes
    for theme in themes:
        assert theme.count('<a:ea typeface="Yu Gothic"/>') == 2
        assert '<a:ea typeface=""/>' not in theme
        assert theme.count('script="Jpan" typeface="Hiragino Sans"') == 2
    assert themes[0].count('<a:latin typeface="Arial"/>') == 2
    assert not any(
        "<a:latin" in content for name, content in parts.items() if name.startswith(("ppt/slides/", "ppt/charts/"))
    )


def said(document: Document) -> set[str]:
    """Every text of the blocks that slides show; of how numbers were calculated only where they come from."""
    found: set[str] = set()
    for section in document.sections:
        for part in section.parts:
            for block in part.blocks if section.key != "appendix" or part.key == "origin" else ():
                match block:
                    case Table():
                        rows = (*block.rows, *((block.total,) if block.total else ()))
                        found |= {cell.shown for row in rows for cell in row}
                    case Facts():
                        found |= {cell.shown for _, cell in block.rows}
                    case Listing():
                        found |= set(block.items)
                    case Paragraph():
                        found.add(block.text)
                    case Cards():
                        found |= {card.main.shown for card in block.cards} | {card.side.shown for card in block.cards}
    return found


def test_nothing_of_the_document_is_lost(shop):
    shown, made = shop
    found = "".join("".join(" ".join(texts(slide)).split()) for slide in made.slides)
    for text in said(shown):
        words = "".join(text.split())
        assert words in found or words[:100] in found, text


def test_a_slide_of_the_talk_is_not_half_empty(deck):
    for slide in [*deck[1].slides][:2]:
        lowest = max(shape.top + shape.height for shape in slide.shapes if not shape.is_placeholder)
        assert lowest > 0.85 * deck[1].slide_height


def test_a_presentation_of_ten_signals_stays_small(deck):
    assert deck[0].stat().st_size < 2_000_000


def test_the_html_of_ten_signals_stays_below_three_megabytes(busy, tmp_path):
    (file,) = export(busy, ["html"], tmp_path, EditionOptions())
    assert file.stat().st_size < 3_000_000


def test_an_empty_cell_is_as_low_as_its_type(shop):
    cells = [each._p for slide in shop[1].slides for each in paragraphs(slide) if not each.text]
    cells = [each for each in cells if each.getparent().getparent().tag.endswith("}tc")]
    assert cells
    assert [each for each in cells if not each.xpath("./a:endParaRPr/@sz")] == []
