"""A clock that was wrong: nothing is lost, nothing stays wrong, and nothing is asked for without end."""

from dataclasses import dataclass

import numpy as np
import pytest

from data_sources.base import Answer, Series, clock_difference
from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli, truth
from tomoni.ledger import Ledger
from tomoni.ledger.clocks import source_now

REF = sli("a")
HOUR, DAY = 3600, 86_400
WRONG = [HOUR, DAY, 30 * DAY, -HOUR, -DAY]


@dataclass
class WorldSource(MemorySource):
    """Has what happened until the ``present``: of the bucket that is open a part, after it nothing."""

    present: int = NOW

    def _answer(self, request):
        answer = super()._answer(request)
        assert answer.series is not None
        columns = dict(answer.series.columns)
        starts = np.arange(request.interval.start, request.interval.end, request.interval.step_seconds)
        for name in ("good", "total"):
            share = np.clip((self.present - starts) / STEP, 0, 1)
            columns[name] = np.where(share > 0, columns[name] * share, np.nan)
        return Answer(request, Series(request.interval, columns))


@dataclass
class ToldSource(WorldSource):
    """Says what time it is, as servers do."""

    clock_seconds: float | None = None


@pytest.fixture
def ledger(engine):
    return Ledger(engine)


def sync(ledger, source, clock, days=2.0):
    source.asked.clear()
    ledger.sync({source.id: source}, [required_series(REF, days, clock)], clock)


def assert_all_true(ledger, now, days=2.0):
    found = ledger.read([REF], int(now - days * DAY), now)[REF.key]
    closed = (np.arange(found.interval.start, found.interval.end, STEP) + STEP) <= now - 60
    for name, column in truth(REF.key, found.interval).items():
        np.testing.assert_array_equal(found.column(name)[closed], column[closed])
    assert (found.fetched_at[closed] <= now).all()


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("later", [0, 7, 1800, DAY // 2])
def test_one_run_with_a_wrong_clock_leaves_no_trace_once_the_clock_is_right(ledger, wrong, later):
    sync(ledger, WorldSource(), NOW + wrong)
    now = NOW + later
    # What was asked for with the clock ahead counts as never asked until that moment has come.
    if wrong < 0 or later < wrong:
        sync(ledger, WorldSource(present=now), now)
        assert_all_true(ledger, now, days=1)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_right_clock_asks_once_for_what_the_wrong_one_fetched(ledger, wrong):
    sync(ledger, WorldSource(), NOW + wrong)
    source = WorldSource()
    sync(ledger, source, NOW)
    sync(ledger, source, NOW + 1)
    assert len(source.buckets_asked(REF.key)) <= 1


@pytest.mark.parametrize("behind", [HOUR, DAY])
def test_a_clock_that_falls_back_asks_once_and_loses_nothing(ledger, behind):
    sync(ledger, WorldSource(), NOW)
    source = WorldSource()
    sync(ledger, source, NOW - behind)
    assert source.asked
    sync(ledger, source, NOW - behind + 60)
    assert len(source.buckets_asked(REF.key)) <= 1
    sync(ledger, source, NOW)
    assert_all_true(ledger, NOW, days=1)


def test_what_lies_after_now_is_not_asked_for(ledger):
    source = WorldSource()
    ledger.sync({source.id: source}, [required_series(REF, 2, NOW + DAY)], NOW)
    assert max(source.buckets_asked(REF.key)) + STEP <= NOW - source.lag_seconds


def test_what_was_observed_survives_a_wrong_clock_and_a_source_that_forgot(ledger):
    sync(ledger, WorldSource(), NOW)
    sync(ledger, WorldSource(gaps=lambda _key, interval: np.ones(len(interval), bool)), NOW - DAY)
    sync(ledger, WorldSource(gaps=lambda _key, interval: np.ones(len(interval), bool)), NOW + 60)
    assert_all_true(ledger, NOW + 60, days=1)


@pytest.mark.parametrize("wrong", [HOUR, DAY, 30 * DAY])
@pytest.mark.parametrize("later", [0, 1800, 40 * DAY])
def test_a_source_that_tells_the_time_leaves_nothing_to_mend(ledger, wrong, later):
    """Even when the next run comes after the moment that the wrong clock showed."""
    sync(ledger, ToldSource(clock_seconds=wrong), NOW + wrong)
    found = ledger.read([REF], NOW - DAY, NOW + wrong)[REF.key]
    assert found.fetched_at.max() <= NOW
    assert (found.known_until or 0) <= NOW
    now = NOW + later
    sync(ledger, ToldSource(present=now, clock_seconds=0.0), now, days=later / DAY + 2)
    assert_all_true(ledger, now, days=later / DAY)


def test_a_source_that_begins_to_tell_the_time_takes_back_what_the_wrong_clock_stored(ledger):
    sync(ledger, WorldSource(), NOW + HOUR)
    now = NOW + 600
    sync(ledger, ToldSource(present=now, clock_seconds=HOUR), now + HOUR)
    assert_all_true(ledger, now, days=1)


def test_a_clock_that_jumps_during_a_run_is_that_of_its_beginning(engine):
    """The clock of the machine is read once; how long a run takes is measured by one that never goes back."""
    seconds = iter(range(0, 10_000, 50))
    ledger = Ledger(engine, lambda: float(next(seconds)))
    sync(ledger, WorldSource(), NOW)
    found = ledger.read([REF], NOW - DAY, NOW)[REF.key]
    assert set(found.fetched_at[:-1].tolist()) == {NOW}


@pytest.mark.parametrize(
    ("ahead", "difference", "now"),
    [
        (None, None, NOW),
        (0.0, None, NOW),
        (-9.0, None, NOW),
        (10.0, None, NOW),
        (11.0, 11.0, NOW - 11),
        (-11.0, -11.0, NOW),
        (86_400.0, 86_400.0, NOW - DAY),
        (-86_400.0, -86_400.0, NOW),
    ],
)
def test_a_few_seconds_are_no_difference(ahead, difference, now):
    source = ToldSource(clock_seconds=ahead)
    assert clock_difference(source) == difference
    assert source_now(source, NOW) == now
    assert source_now(MemorySource(), NOW) == NOW
