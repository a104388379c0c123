"""Moments on the axis read as the reader's clock, and gaps are found."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tomoni.charts.clock import gaps, hover_title, tick_formats, wall, wall_clock
from tomoni.slo.model import Line

NOON = 1_795_521_600  # 2026-11-24T12:00Z


def read(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", "2026-11-24 12:00"), ("Asia/Tokyo", "2026-11-24 21:00"), ("Asia/Kathmandu", "2026-11-24 17:45")],
)
def test_a_moment_reads_as_the_clock_of_the_zone(zone: str, expected: str):
    assert read(wall(NOON, zone)) == expected


def test_the_clock_jumps_where_daylight_saving_begins():
    before = int(datetime(2026, 3, 29, 0, 55, tzinfo=UTC).timestamp())
    shown = wall_clock(np.array([before, before + 300], dtype=np.int64), "Europe/Berlin")
    assert [read(ms) for ms in shown] == ["2026-03-29 01:55", "2026-03-29 03:00"]


def test_no_moments_make_no_points():
    assert wall_clock(np.zeros(0, dtype=np.int64), "Asia/Tokyo").shape == (0,)


def test_japanese_ticks_and_titles_name_no_month_in_english():
    shown = " ".join(stop["value"] for stop in tick_formats("ja")) + hover_title("ja", "JST")
    assert not any(name in shown for name in ("%b", "%a", "%B", "%A"))
    assert hover_title("en", "JST").endswith(" JST")


def test_a_language_writes_dates_in_its_own_order():
    assert [stop["value"] for stop in tick_formats("de")] == ["%H:%M\n%-d.%-m.", "%-d.%-m.", "%-d.%-m."]
    assert hover_title("de", "MEZ") == "%{x|%-d.%-m.%Y, %H:%M} MEZ"


def series(values: list[float]) -> Line:
    return Line(np.arange(len(values), dtype=np.int64) * 300, np.array(values))


def test_gaps_are_found_inside_and_at_both_ends():
    nan = float("nan")
    line = series([nan, nan, nan, 1, 1, nan, nan, nan, 1, 1])
    assert gaps(line, 0, 6000) == ((0, 900), (1500, 2400), (3000, 6000))


def test_a_gap_of_one_bucket_is_too_narrow_to_be_hatched():
    assert gaps(series([1, float("nan"), 1]), 0, 900) == ()


def test_a_line_without_values_is_one_gap():
    assert gaps(series([float("nan")] * 3), 0, 900) == ((0, 900),)
    assert gaps(Line(np.zeros(0, dtype=np.int64), np.zeros(0)), 0, 900) == ((0, 900),)
