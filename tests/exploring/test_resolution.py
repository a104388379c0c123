"""What is explored is asked in whole buckets, as short as a figure can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomoni.exploring.resolution import earlier, whole_buckets

NOW = 1_795_481_700


@pytest.mark.parametrize(
    ("hours", "step"), [(1, 60), (25, 60), (26, 120), (7 * 24, 600), (28 * 24, 1800), (92 * 24, 7200)]
)
def test_looking_closer_refines_the_buckets(hours: int, step: int):
    assert whole_buckets(NOW - hours * 3600, NOW).step_seconds == step


@given(st.integers(0, 4_000_000_000), st.integers(1, 400 * 86_400))
def test_buckets_are_whole_within_the_stretch_and_not_too_many(start: int, seconds: int):
    interval = whole_buckets(start, start + seconds)
    assert 1 <= len(interval) <= 1_500
    if seconds >= 2 * interval.step_seconds:
        assert start <= interval.start < interval.end <= start + seconds
        assert seconds - (interval.end - interval.start) < 2 * interval.step_seconds


def test_an_earlier_interval_has_the_same_buckets():
    interval = whole_buckets(NOW - 86_400, NOW)
    week = earlier(interval, 7 * 86_400)
    assert len(week) == len(interval)
    assert interval.start - week.start == 7 * 86_400
