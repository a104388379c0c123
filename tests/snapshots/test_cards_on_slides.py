"""Cards on slides: as many as there are, nothing on them lies on anything else, and their labels are whole."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from tests.charts.reviews import review_of
from tomoni.slo.lines import Forecast
from tomoni.slo.model import State
from tomoni.snapshots.document.model import Block, Card, Cards, Cell, Column, Document, Part, Section, Stage, Table
from tomoni.snapshots.document.sections.ahead import message
from tomoni.snapshots.exporters.slides.deck import as_slides
from tomoni.snapshots.exporters.slides.measure import count_lines
from tomoni.words.text import text_for

LABELS = {
    "en": ("budget left, 28 d", "budget left", "28 d", "objective 99.9%", "▼ 13 points in 7 days"),
    "ja": ("残りバジェット、28日", "残りバジェット", "28日", "目標値 99.9%", "▼ 7日間で 13 ポイント"),
}


def card(n: int, lang: str) -> Card:
    label, short, window, objective, note = LABELS[lang]
    title = f"Orders confirmed within {n}00 ms" if lang == "en" else f"{n}00 ミリ秒以内に確定した注文の割合"
    left, sli = Cell(f"{n}%", n / 100), Cell("99.923%", 0.99923)
    state = "● Healthy" if lang == "en" else "● 正常"
    return Card(title, "Order", State.HEALTHY, state, left, label, sli, objective, (note,), short, window)


def opening(block: Block, message: str = "A message.") -> Any:
    part = Part("part", "A title", message, (block,), "", Stage.OPENING)
    shown = Document("App", "teams · period · as of", ("en",), (Section("s", "At a glance", (part,)),))
    return Presentation(BytesIO(as_slides(shown, {})))


def lines_of(shape: Any) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the letters of a text box that is set from its top or in its middle."""
    run = next(run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs)
    size = run.font.size.pt
    height = count_lines(shape.text_frame.text, size, shape.width, bold=bool(run.font.bold)) * Pt(size)
    top = shape.top + ((shape.height - height) / 2 if 'anchor="ctr"' in shape._element.xml else 0)
    return shape.left, top, shape.left + shape.width, top + height


@pytest.mark.parametrize("lang", LABELS)
@pytest.mark.parametrize("count", range(1, 13))
def test_nothing_on_a_card_lies_on_anything_else_and_its_labels_are_whole(count: int, lang: str):
    deck = opening(Cards(tuple(card(n, lang) for n in range(1, count + 1))))
    found = set()
    for slide in deck.slides:
        boxes = [s for s in slide.shapes if s.has_text_frame and s.text_frame.text and not s.is_placeholder]
        found |= {box.text_frame.text for box in boxes}
        for one, other in combinations([(box.text_frame.text, lines_of(box)) for box in boxes], 2):
            (a, (left, top, right, bottom)), (b, (l2, t2, r2, b2)) = one, other
            assert min(right, r2) <= max(left, l2) or min(bottom, b2) <= max(top, t2) + Pt(2), (a, b)
    assert not [text for text in found if "…" in text]
    label, short, window, objective, _ = LABELS[lang]
    assert objective in found
    assert label in found or {short, f"Order · {window}"} <= found


def test_more_cards_than_a_slide_has_room_for_stand_in_rows_on_the_first():
    cards = tuple(card(n, "en") for n in range(1, 13))
    rows = tuple((Cell(each.title), each.main) for each in cards)
    deck = opening(Cards(cards, Table((Column("SLO"), Column("Budget left", True)), rows)))
    (table,) = (shape.table for shape in deck.slides[0].shapes if shape.has_table)
    assert [row.cells[1].text_frame.text for row in table.rows][1:] == [each.main.shown for each in cards]
    assert len(deck.slides) == 1


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("“Orders” ran out of its budget of 99.9% on 27 Oct. ", "Oct."),
        ("「注文」は 99.9% の目標を達成しました。", "。"),
    ],
)
def test_a_title_that_is_too_long_ends_with_a_sentence(sentence: str, end: str):
    title = opening(Cards((card(1, "en"),)), sentence * 12).slides[0].shapes.title.text_frame.text
    assert title.endswith(end)
    assert 1 < title.count(sentence.strip()) < 12


def test_what_cannot_be_forecast_is_not_said_to_last():
    text, tracks = text_for("en", "UTC"), review_of().tracks
    unknown = [replace(track, forecast=None) for track in tracks]
    assert message(unknown, text) == "There is no basis for a forecast."
    lasting = replace(tracks[0], forecast=Forecast(tracks[0].pace, 0.0, None, None))
    assert "that can be forecast" in message([lasting, *unknown], text)
    assert message([lasting], text) == "At this pace every budget lasts at least one window."
