"""The workshop in words: its table, its reasons, and one page for the review."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from tests.slo.making import DAY, START, definition, steady
from tomoni.slo.model import Objective, TimeSlices
from tomoni.slo.workshop import Beginning, Reason, Suggested, Suggestion, TriedOut, try_out
from tomoni.words import workshop as words
from tomoni.words.text import text_for


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_row_has_a_cell_for_each_candidate(language: str) -> None:
    text, buckets = text_for(language), steady(10 * 288, good=99.95)
    trials = [try_out(buckets, definition(percent, 7 * DAY), START + 10 * DAY) for percent in ("99", "99.9")]
    rows = words.rows([TriedOut(trial) for trial in trials], None, text)
    assert {len(row) for row in rows} == {3}
    assert rows[0][1:] == [text.budget(0.95), text.budget(0.5)]


def test_reasons_name_what_was_achieved_and_what_risks_cost() -> None:
    suggested = Suggestion(Objective(Decimal("99.5")), (Reason.HELD, Reason.RISKS), 0.9961, 456.0)
    said = words.reasons(suggested, True, text_for("en"))
    assert "99.61%" in said
    assert "456 min" in said
    assert "so far" in words.reasons(suggested, False, text_for("en"))


def test_a_page_that_can_never_come_is_told_beside_the_table_once() -> None:
    text, buckets = text_for("en"), steady(10 * 288, good=99.95)
    trials = [
        try_out(buckets, definition(percent, 28 * DAY), START + 10 * DAY) for percent in ("90", "90", "99", "100")
    ]
    said = words.beside_table([TriedOut(trial) for trial in trials], text)
    assert len(said) == 2
    assert "100%" in said[0]
    assert ("90%" in said[1], "10.0×" in said[1], "13.4×" in said[1]) == (True, True, True)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_one_page_has_the_table_where_to_begin_with_its_reasons_and_the_lines(language: str) -> None:
    text, buckets = text_for(language), steady(10 * 288, good=99.95)
    tried = TriedOut(try_out(buckets, definition("99", 7 * DAY), START + 10 * DAY))
    step = Suggestion(Objective(Decimal("99.8")), (Reason.HELD,), 0.9995, None)
    found = Suggested(Beginning((step,), None, 0.9995, 10 * DAY, True, True), {"300ms": 0.95, "1s": 0.99}, "300ms")
    page = words.one_page(words.Page("A | b", [tried], ["- id: a"], found, None), text)
    begun = page.partition("## ")[2].partition("```")[0]
    assert begun.startswith(text._("Where to begin"))
    assert text.duration(7 * DAY) in begun.splitlines()[0]
    listed = [line for line in begun.splitlines() if line.startswith("- ")]
    assert listed == [f"- {line}" for line in words.suggestions(found, text)]
    assert ("99.8%" in listed[0], "99.95%" in listed[0]) == (True, True)
    assert [("300ms" in line, "1s" in line) for line in listed[-2:]] == [(True, False), (False, True)]
    assert "- id: a" in page.partition("```yaml")[2]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_a_history_cannot_tell_is_said(language: str) -> None:
    text, agreed = text_for(language), Suggestion(Objective(Decimal("99.9")), (Reason.HELD,), 0.9995, None)

    def said(
        achieved: float | None, whole: bool = True, few: bool = False, kept: Suggestion | None = None
    ) -> list[str]:
        return words.beside_steps(Beginning((), kept, achieved, DAY, whole, few), text)

    assert len(said(None)) == len(said(0.1)) == len(said(0.9995, kept=agreed)) == 1
    few, kept = said(0.5, whole=False, few=True), said(0.9995, few=True, kept=agreed)
    assert len(few) == len(kept) == 2
    assert len({*said(None), *said(0.1), *few, *kept}) == 6
    assert not {*said(0.1)} & {*few}, "a step that held is never said not to have"


def test_its_yaml_reads_back_as_it_was_tried() -> None:
    tried = definition("99.5", 7 * DAY, slices=TimeSlices(300, Decimal("95")))
    assert yaml.safe_load(words.yaml_of("latency", tried)) == [
        {
            "id": "latency",
            "objective": 99.5,
            "window": "7d",
            "method": "timeslices",
            "slice": {"length": "5m", "target": 95},
        }
    ]
