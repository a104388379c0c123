"""The table behind the joint figure: its lines tile the period on the zone's clocks, and hold what the buckets do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.conftest import Open, html_of
from tomoni.review.model import Period
from tomoni.slo.model import DAY, MINUTE
from tomoni.ui.joint.figure_table import intervals
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

ZONES = [
    "UTC",
    "Asia/Tokyo",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2027))


@given(st.integers(FIRST, LAST), st.integers(1, 400 * DAY), st.sampled_from(ZONES))
def test_at_most_32_lines_tile_every_span_in_every_zone(start: int, length: int, zone: str) -> None:
    lines = intervals(start, start + length, text_for("en", zone))
    assert 1 <= len(lines) <= 32
    assert (lines[0][0], lines[-1][1]) == (start, start + length)
    assert all(one[1] == other[0] for one, other in pairwise(lines))
    assert all(left < right for left, right in lines)


@given(st.integers(FIRST, LAST), st.sampled_from(ZONES))
def test_four_weeks_are_cut_at_the_midnights_of_the_zone_over_every_change_of_clocks(start: int, zone: str) -> None:
    inner = [right for _, right in intervals(start, start + 28 * DAY, text_for("en", zone))[:-1]]
    days = [datetime.fromtimestamp(moment, ZoneInfo(zone)) for moment in inner]
    before = [datetime.fromtimestamp(moment - 1, ZoneInfo(zone)) for moment in inner]
    # Where the clocks leave midnight out, as in Havana, a day begins at 01:00.
    assert all(one.date() < other.date() for one, other in zip(before, days, strict=True))
    assert len({day.date() for day in days}) == len(days) == (days[-1].date() - days[0].date()).days + 1


def test_a_line_holds_the_lowest_success_and_the_last_budget_of_its_buckets(open_page: Open, tomoni: Tomoni) -> None:
    shown = html_of(open_page("app_view", app="checkout", slo="availability"))
    table = shown[shown.index("<details class='tm-numbers'>") :]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table) if "<td" in row]
    review = tomoni.review(tomoni.apps("checkout")[0], Period(tomoni.now(), 28))
    track = next(each for each in review.tracks if each.status.slo.id == "availability")
    text = text_for("en", review.app.timezone)
    lines = intervals(review.start, review.end, text)
    assert len(rows) >= len(lines)
    buckets = track.buckets
    assert buckets is not None
    begins = buckets.start + buckets.step_seconds * np.arange(len(buckets.total))
    for (left, right), row in zip(lines, rows, strict=False):
        here = (begins >= left) & (begins < right) & (buckets.total > 0)
        ratios = buckets.good[here] / buckets.total[here]
        assert row[1] == text.sli(float(min(ratios.min(), 1.0)))
    assert row[2] == text.budget(float(track.burn_down.values[-1]))
    assert MINUTE < lines[0][1] - lines[0][0] <= DAY
