"""Ranges of dates begin and end by the clocks of a zone."""

from __future__ import annotations

import pytest

from tomoni.slo.date_ranges import date_range
from tomoni.slo.model import DAY, HOUR


def test_both_days_of_a_range_belong_to_it():
    whole = date_range("2026-11-03--2026-11-09", "Asia/Tokyo")
    assert (whole.start % DAY, whole.seconds) == (15 * HOUR, 7 * DAY)


def test_a_range_over_a_change_of_the_clocks_has_the_hours_of_its_days():
    assert date_range("2026-03-29--2026-03-29", "Europe/Berlin").seconds == 23 * HOUR
    assert date_range("2026-10-25--2026-10-26", "Europe/Berlin").seconds == 49 * HOUR


@pytest.mark.parametrize("written", ["", "--", "2026-11-03", "2026-11-09--2026-11-03", "2026-02-30--2026-03-01"])
def test_what_is_no_range_is_refused(written: str):
    with pytest.raises(ValueError, match=r"."):
        date_range(written, "UTC")
