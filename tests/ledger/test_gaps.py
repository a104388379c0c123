"""Gaps, partial answers, and what was observed once."""

import numpy as np
import pytest

from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli, truth
from tomoni.ledger import Ledger

REF = sli("a")
HOUR = 3600
OUTAGE = (NOW - 5 * HOUR) // STEP * STEP


@pytest.fixture
def ledger(engine):
    return Ledger(engine)


def outage(_key, interval):
    starts = np.arange(interval.start, interval.end, STEP)
    return (starts >= OUTAGE) & (starts < OUTAGE + HOUR)


def everything(_key, interval):
    return np.ones(len(interval), bool)


def sync(ledger, source, now=NOW, days=2.0):
    return ledger.sync({source.id: source}, [required_series(REF, days, now)], now)


def remembered(ledger, now=NOW):
    return ledger.read([REF], NOW - 2 * 86_400, now)[REF.key]


def place(found, moment):
    return (moment - found.interval.start) // STEP


def test_a_gap_stays_a_gap(ledger):
    sync(ledger, MemorySource(gaps=outage))
    found = remembered(ledger)
    first = place(found, OUTAGE)
    missing = np.flatnonzero(~found.buckets().observed[:-1])
    assert missing.tolist() == list(range(first, first + 12))
    assert np.isnan(found.column("good")[missing]).all()
    assert (found.fetched_at[missing] == NOW).all()


def test_a_gap_that_heals_is_filled(ledger):
    source = MemorySource(gaps=outage)
    sync(ledger, source)
    source.gaps = MemorySource.gaps
    sync(ledger, MemorySource(), NOW + 6 * HOUR)
    assert remembered(ledger, NOW + 6 * HOUR).buckets().observed[:-1].all()


def test_one_outage_costs_one_question_at_a_time(ledger):
    source = MemorySource(gaps=outage)
    for minute in range(0, 60 * 24, 5):
        sync(ledger, source, NOW + minute * 60)
    again = [request for request in source.asked[1:] if request.interval.start <= OUTAGE]
    assert 1 <= len(again) <= 6
    assert all(len(request.interval) == 12 for request in again)


def test_an_outage_that_goes_on_is_asked_about_as_one(ledger):
    source = MemorySource()
    sync(ledger, source)
    source.gaps = everything
    for minute in range(5, 125, 5):
        source.asked.clear()
        sync(ledger, source, NOW + minute * 60)
        assert len(source.asked) <= 1
    source.gaps = MemorySource.gaps
    sync(ledger, MemorySource(), NOW + 125 * 60)
    assert remembered(ledger, NOW + 120 * 60).buckets().observed.all()


def test_what_was_observed_stays_when_the_source_forgets(ledger):
    source = MemorySource(lag_seconds=HOUR)
    sync(ledger, source)
    before = remembered(ledger)
    source.gaps = everything
    sync(ledger, source, NOW + 600)
    after = remembered(ledger)
    assert len(source.asked) == 2
    known = before.buckets().observed
    np.testing.assert_array_equal(after.column("total")[known], before.column("total")[known])


def test_a_partial_answer_is_shown_and_asked_for_again(ledger):
    source = MemorySource(complete=False, scale=0.5)
    sync(ledger, source)
    found = remembered(ledger)
    total = truth(REF.key, found.interval)["total"]
    np.testing.assert_array_equal(found.column("total")[:-1], total[:-1] / 2)
    assert not found.fetched_at.any()
    assert found.known_until == (NOW - 60) // STEP * STEP
    sync(ledger, MemorySource(), NOW)
    found = remembered(ledger)
    np.testing.assert_array_equal(found.column("total")[:-1], total[:-1])
    assert (found.fetched_at[:-1] == NOW).all()


def test_a_partial_answer_never_replaces_a_full_one(ledger):
    sync(ledger, MemorySource(gaps=outage, lag_seconds=HOUR))
    before = remembered(ledger)
    source = MemorySource(complete=False, scale=0.5, lag_seconds=HOUR)
    sync(ledger, source, NOW + 12 * HOUR)
    found = remembered(ledger)
    known = before.buckets().observed
    np.testing.assert_array_equal(found.column("total")[known], before.column("total")[known])
    np.testing.assert_array_equal(found.fetched_at[known], before.fetched_at[known])
    gap = place(found, OUTAGE)
    assert found.column("total")[gap] == truth(REF.key, found.interval)["total"][gap] / 2
    assert found.fetched_at[gap] == 0  # still due


def test_an_older_answer_never_replaces_a_newer_one(engine):
    """A sync that began an hour ago and is still running stores its answer after a newer one."""
    ledger, hours = Ledger(engine), iter([0.0, 0.0])
    sync(ledger, MemorySource(), NOW)
    late, slow = MemorySource(scale=0.5, lag_seconds=0), Ledger(engine, lambda: next(hours, HOUR + 1.0))
    slow.sync({"memory": late}, [required_series(REF, 3, NOW - HOUR)], NOW - HOUR)
    found = remembered(ledger)
    np.testing.assert_array_equal(found.column("total")[:-1], truth(REF.key, found.interval)["total"][:-1])
    assert (found.fetched_at[:-1] == NOW).all()


def test_a_day_that_cannot_be_read_is_fetched_again(ledger, engine, caplog):
    from sqlalchemy import func, select, update

    from tomoni.store.tables import series_days

    sync(ledger, MemorySource())
    with engine.begin() as connection:
        today = connection.execute(select(func.max(series_days.c.day))).scalar_one()
        connection.execute(update(series_days).where(series_days.c.day == today).values(payload=b"TB broken"))
    assert not remembered(ledger).buckets().observed[-10:].any()
    sync(ledger, MemorySource(), NOW + STEP)
    assert remembered(ledger).buckets().observed[:-1].all()
    assert f"day {today} cannot be read" in caplog.text
