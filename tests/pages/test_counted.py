"""Each run that draws a page, or a part of it alone, counts once."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from tomoni.serving.metrics import PAGE_SECONDS, PAGES_DRAWN
from tomoni.ui import frame
from tomoni.words.text import text_for


def counts(page: str) -> tuple[float, float, float]:
    """How many runs of a page were whole, how many failed, and how many were timed."""
    samples = [each for metric in (PAGES_DRAWN, PAGE_SECONDS) for found in metric.collect() for each in found.samples]
    of_page = [each for each in samples if each.labels.get("page") == page]
    drawn = {each.labels["outcome"]: each.value for each in of_page if each.name == "tomoni_pages_drawn_total"}
    timed = sum(each.value for each in of_page if each.name == "tomoni_page_seconds_count")
    return drawn.get("ok", 0), drawn.get("failed", 0), timed


@pytest.mark.parametrize(
    ("name", "alone", "fails", "counted"),
    [
        ("whole", False, False, (1, 0, 1)),
        ("whole-failed", False, True, (0, 1, 1)),
        ("alone", True, False, (1, 0, 1)),
        ("alone-failed", True, True, (0, 1, 1)),
    ],
)
def test_a_run_counts_once_whatever_of_it_fails(
    name: str,
    alone: bool,
    fails: bool,
    counted: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[str],
):
    def draw() -> None:
        if fails:
            raise ZeroDivisionError

    page = f"test-{name}"
    monkeypatch.setattr(frame, "place_name", lambda: page)
    monkeypatch.setattr(frame, "reader", lambda: (None, text_for("en")))
    monkeypatch.setattr(frame, "open_context", lambda: SimpleNamespace(tomoni=None, view=None))
    monkeypatch.setattr(frame, "_draw", lambda *_: frame.part(draw))
    monkeypatch.setattr(frame, "comes_in", lambda *_: True)
    monkeypatch.setattr(frame, "page_first", lambda _: nullcontext())
    if alone:
        frame.part(draw)
    else:
        frame._timed(lambda _context: None, lambda context: context.view, True, text_for("en"))
    assert ["ZeroDivisionError" in each for each in failures] == [True] * fails
    failures.clear()
    assert counts(page) == counted
