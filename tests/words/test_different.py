"""What is different, in words: the values that stand out, or that nothing does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tomoni.slo.ranking import RankedSeries, Ranking
from tomoni.slo.shares import SharedOut, ValueShare
from tomoni.words.different import names_something, of_shares, of_signals, share_row, tried, unsplit
from tomoni.words.text import text_for

EN = text_for("en")
CULPRIT = ValueShare("zone", "b", 90, 400, 0.9, 0.4, 0.4, 0.4, 0.5, 1e-6, stands_out=True)
VERSION = replace(CULPRIT, label="version", value="2.9")
CPU = RankedSeries("cpu", 0.2, 0.8, 12.0, 0, 59, 1 / 60, stands_out=True)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (SharedOut((), 3, 2, 100, enough=False), "Too few events were bad here to compare anything."),
        (SharedOut((replace(CULPRIT, stands_out=False),), 3, 90, 1000, enough=True), "Nothing stands out: the bad"),
        (SharedOut((CULPRIT,), 3, 90, 1000, enough=True), "zone “b” stands out: 90% of the bad events, 40% of the"),
        (SharedOut((CULPRIT, VERSION), 3, 90, 1000, enough=True), "The same holds for version = 2.9."),
    ],
)
def test_what_stands_out_is_named_with_its_shares(shares: SharedOut, said: str) -> None:
    assert said in of_shares(shares, EN)
    assert "3 values were compared" in tried(shares, EN)


@pytest.mark.parametrize(("p", "said"), [(1e-6, "under 0.1%"), (0.25, "25%"), (0.9999999999, "over 99.9%")])
def test_what_chance_brings_is_said_as_exactly_as_it_is_known(p: float, said: str) -> None:
    assert share_row(replace(CULPRIT, p=p), EN)[-1] == said


def test_signals_are_named_only_where_there_is_enough_to_compare_with() -> None:
    titles = {"cpu": "Processors"}
    assert of_signals(Ranking((CPU,), 4, 59, 0), titles, EN) == "Moved beyond what they do anyway: Processors."
    assert "too little history" in of_signals(Ranking((CPU,), 4, 7, 0), titles, EN)
    calm = replace(CPU, stands_out=False)
    assert of_signals(Ranking((calm,), 4, 59, 20), titles, EN).startswith("Nothing stands out")


def test_what_moved_together_is_said_only_where_something_is_named() -> None:
    calm = Ranking((replace(CPU, stands_out=False),), 4, 59, 20)
    even = SharedOut((replace(CULPRIT, stands_out=False),), 3, 90, 1000, enough=True)
    few = SharedOut((CULPRIT,), 3, 2, 100, enough=False)
    assert not any(names_something(shares, (calm, None)) for shares in (None, even, few))
    assert names_something(SharedOut((CULPRIT,), 3, 90, 1000, enough=True), (None, None))
    assert names_something(None, (calm, Ranking((CPU,), 4, 59, 0)))
    assert names_something(None, (Ranking((CPU,), 4, 7, 0),))  # in order of how far they moved


@pytest.mark.parametrize("form", ["ratio", "rate", "slo", "counts", "total", "gauge", ""])
def test_what_cannot_be_split_says_why_and_what_to_do(form: str) -> None:
    assert unsplit(form, EN).count(".") >= 2
    assert unsplit(form, text_for("ja")) != unsplit(form, EN)
