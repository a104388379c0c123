"""Slides: one message each, nothing left out, explanations as notes, Japanese fonts."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation

from tests.charts.reviews import lane_of, review_of, signal_of
from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.exporters.slide_charts import MOST_ROWS, count_slides
from tomoni.snapshots.record.snapshot import Origin, freeze


@pytest.fixture(scope="module")
def busy():
    """A review with ten signals, each in a row of its own."""
    review = review_of()
    signals = tuple(signal_of(f"signal-{n}", group=f"group-{n}") for n in range(10))
    app = replace(review.app, infra=signals)
    lanes = tuple(lane_of(signal, seed=n) for n, signal in enumerate(signals))
    return freeze(replace(review, app=app, lanes=lanes), Origin("0", "sha256:0"), review.as_of)


@pytest.fixture(scope="module")
def deck(busy, tmp_path_factory):
    (file,) = export(busy, ["pptx"], tmp_path_factory.mktemp("deck"), EditionOptions(("ja",)))
    return file, Presentation(str(file))


def test_a_figure_of_many_rows_goes_on_on_another_slide(busy, deck):
    figure = edition(busy, EditionOptions()).figures()[0]
    assert count_slides(figure) == 2
    charts = [sum(shape.has_chart for shape in slide.shapes) for slide in deck[1].slides]
    assert [n for n in charts if n] == [MOST_ROWS, 13 - MOST_ROWS, 3]


def test_every_slide_has_a_message_and_every_figure_an_explanation(deck):
    for slide in deck[1].slides:
        title = next(shape for shape in slide.shapes if shape.name == "Title")
        assert title.text_frame.text
        if any(shape.has_chart for shape in slide.shapes):
            assert len(slide.notes_slide.notes_text_frame.text) > 40


def test_nothing_lies_outside_a_slide(deck):
    width, height = deck[1].slide_width, deck[1].slide_height
    for slide in deck[1].slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= width
            assert 0 <= shape.top <= shape.top + shape.height <= height, shape.name


def test_japanese_texts_name_a_japanese_font(deck):
    with zipfile.ZipFile(deck[0]) as archive:
        slide = archive.read("ppt/slides/slide1.xml").decode()
        theme = archive.read("ppt/theme/theme1.xml").decode()
    assert slide.count("<a:r>") == slide.count('<a:ea typeface="Yu Gothic"/>')
    assert '<a:ea typeface=""/>' not in theme


def test_a_presentation_of_ten_signals_stays_small(deck):
    assert deck[0].stat().st_size < 2_000_000


def test_the_html_of_ten_signals_stays_below_three_megabytes(busy, tmp_path):
    (file,) = export(busy, ["html"], tmp_path, EditionOptions())
    assert file.stat().st_size < 3_000_000
