"""Texts that two people changed at the same time are merged by lines, and nothing that was written is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomoni.meetings.merging import Merged, merge

WORDS = st.lists(st.sampled_from(["pool", "deploy", "", "limit raised", "- a"]), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb", "A\nb", "a\nB", "A\nB"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("", "x", "x", "x"),
        ("a", "a\nx", "a", "a\nx"),
        ("a", "a", "a\nx", "a\nx"),
        ("a\nb\nc", "x\na\nb\nc", "a\nb\nc\ny", "x\na\nb\nc\ny"),
        ("a", "x\na", "A", "x\nA"),
    ],
)
def test_changes_of_different_lines_are_all_taken(base: str, theirs: str, mine: str, expected: str):
    assert merge(base, theirs, mine) == Merged(expected, conflict=False)
    assert merge(base, mine, theirs) == Merged(expected, conflict=False)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        ("", "theirs", "mine", "theirs\nmine"),
        ("a", "a theirs", "a mine", "a theirs\na mine"),
        ("a\nb", "a\nx\nb", "a\ny\nb", "a\nx\ny\nb"),
        ("a\nb", "a", "a\nb changed", "a\nb changed"),
        ("", "one", "one and more", "one and more"),
        ("", "same\nx", "same\ny", "same\nx\ny"),
    ],
)
def test_of_the_same_lines_both_stay_one_after_the_other(base: str, theirs: str, mine: str, expected: str):
    assert merge(base, theirs, mine) == Merged(expected, conflict=True)


@given(WORDS, WORDS, WORDS)
def test_no_line_that_somebody_wrote_is_missing(base: str, theirs: str, mine: str):
    found = merge(base, theirs, mine).text
    before, seen = base.split("\n"), found.split("\n")
    for side in (theirs, mine):
        for line in side.split("\n"):
            assert line in before or any(each.startswith(line) for each in seen)


@given(WORDS, WORDS, WORDS)
def test_merging_the_same_again_changes_nothing(base: str, theirs: str, mine: str):
    once = merge(base, theirs, mine).text
    assert merge(once, once, once) == Merged(once, conflict=False)
    assert merge(base, mine, mine) == Merged(mine, conflict=False)


@given(WORDS, WORDS)
def test_who_changed_nothing_gets_what_the_other_wrote(base: str, changed: str):
    assert merge(base, changed, base) == merge(base, base, changed) == Merged(changed, conflict=False)


@pytest.mark.parametrize("line", ["", "the same line", "line {}"])
def test_long_texts_of_many_alike_lines_are_merged_at_once(line: str):
    base = [line.format(n) for n in range(20_000)]
    theirs, mine = [*base[:-1], "their end"], ["my beginning", *(f"{each}!" for each in base)]
    found = merge("\n".join(base), "\n".join(theirs), "\n".join(mine))
    assert found == Merged("\n".join([*theirs, *mine]), conflict=True)
