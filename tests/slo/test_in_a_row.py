"""Whether an objective was met in each of several periods in a row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tomoni.slo.in_a_row import Run, counted, further_back, missed_in_a_row
from tomoni.slo.model import DAY, HOUR, Buckets, Definition, Objective, RollingWindow

DEFINITION = Definition(Objective(Decimal("99")), RollingWindow(28 * DAY))
DAYS = [(n * DAY, (n + 1) * DAY) for n in (3, 2, 1, 0)]  # the newest first


def buckets(*bad: float) -> Buckets:
    """Days of a hundred events an hour, of which so many are bad in each hour of a day."""
    good = np.repeat(100.0 - np.array(bad), 24)
    return Buckets(0, HOUR, good, np.full(len(good), 100.0), np.zeros(len(good), dtype=bool))


@pytest.mark.parametrize(
    ("bad", "run"),
    [
        ((0, 0, 0, 0), Run(0)),
        ((5, 5, 5, 1), Run(0)),  # 99 % is what was agreed: met
        ((0, 0, 0, 2), Run(1)),
        ((0, 2, 2, 2), Run(3)),
        ((2, 0, 2, 2), Run(2)),
        ((2, 2, 2, 2), Run(4, or_more=True)),
    ],
)
def test_periods_in_a_row_are_counted_back_from_the_newest(bad: tuple[float, ...], run: Run):
    assert missed_in_a_row(buckets(*bad), DEFINITION, DAYS) == run


def test_what_is_not_remembered_is_not_counted():
    held = replace(buckets(2, 2), start=2 * DAY)
    assert missed_in_a_row(held, DEFINITION, DAYS) == Run(2, or_more=True)


def test_a_period_in_which_nothing_counted_was_not_missed():
    nothing = counted(buckets(2), DEFINITION, 5 * DAY, 6 * DAY)
    assert (nothing.total, nothing.sli, nothing.missed) == (0, None, None)


def test_excluded_time_does_not_count():
    held = replace(buckets(50), excluded=((0, 12 * HOUR), (13 * HOUR, DAY)))
    assert counted(held, DEFINITION, 0, DAY).total == 100


def test_periods_of_the_same_length_come_before_the_known_ones():
    assert list(further_back([(50, 60), (30, 50)], 5)) == [(50, 60), (30, 50), (20, 30), (10, 20)]
