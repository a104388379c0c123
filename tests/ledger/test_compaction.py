"""Days that were compacted to hours say of all full hours exactly what they said before."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import select

from data_sources.base import Interval
from tests.ledger.fakes import NOW, MemorySource, sli
from tomoni.ledger import Compacting, Horizon, Ledger, RequiredSeries
from tomoni.ledger.compaction import compacted
from tomoni.ledger.days import Day
from tomoni.ledger.horizons import compact, forget, pending
from tomoni.slo.hours import cut_hours, in_hours
from tomoni.slo.lines import rolling_remaining
from tomoni.slo.model import (
    DAY,
    HOUR,
    AlertRule,
    Buckets,
    CalendarUnit,
    CalendarWindow,
    Definition,
    Objective,
    RollingWindow,
    Severity,
)
from tomoni.slo.pricing import whole_price
from tomoni.slo.status import evaluate
from tomoni.slo.tally import tally
from tomoni.store.engine import open_engine, reading
from tomoni.store.tables import series_days, series_horizons

LAG, DAYS = 60, 24
KILLS = min(20, int(os.environ.get("KILLS", "6")))  # by hand: KILLS=20, a kill for each day
FIRST = NOW // DAY - DAYS
WINDOWS = (
    RollingWindow(DAY),
    RollingWindow(7 * DAY),
    RollingWindow(50 * HOUR),
    CalendarWindow(CalendarUnit.WEEK, "Asia/Tokyo"),
    CalendarWindow(CalendarUnit.MONTH, "America/New_York"),
    CalendarWindow(CalendarUnit.DAY, "UTC"),
)
FIGURES = ("good", "total", "bad", "sli", "coverage", "allowed_bad", "remaining", "spent_minutes", "state", "clamped")
MORE = (
    "absent",
    "excluded_seconds",
    "projected",
    "observed_since",
    "observed_until",
    "start",
    "end",
    "allowed_minutes",
)


def world(chance: random.Random, step: int) -> list[Day]:
    """Days of traffic with outages, gaps, nights without events, absent numerators and good above total."""
    days = []
    size = DAY // step
    rate = chance.choice([0, 3, 200, 100_000])
    for number in range(FIRST, FIRST + DAYS):
        numbers = np.random.default_rng(chance.randrange(2**32))
        total = numbers.poisson(rate, size).astype(float)
        bad = np.minimum(numbers.poisson(rate / 500 + 0.05, size), total)
        for _ in range(chance.randrange(3)):
            at, length = chance.randrange(size), chance.randrange(1, size // 3)
            kind = chance.choice(["gap", "outage", "quiet"])
            here = slice(at, at + length)
            bad[here] = total[here] if kind == "outage" else 0
            total[here] = {"gap": np.nan, "outage": total[here], "quiet": 0.0}[kind]
        good, absent = total - bad, (numbers.random(size) < 0.01).astype(float)
        good[numbers.random(size) < 0.002] += 1e6
        ends = number * DAY + np.arange(1, size + 1, dtype=np.int64) * step
        fetched = ends + numbers.integers(2 * LAG, 9 * DAY, size)
        fetched[numbers.random(size) < 0.002] = 0
        absent[np.isnan(total)] = np.nan
        days.append(Day(number, step, {"good": good, "total": total, "absent": absent}, fetched))
    return days


def joined(days: list[Day]) -> Buckets:
    def column(name: str):
        return np.concatenate([d.columns.get(name, np.full(len(d.fetched_at), np.nan)) for d in days])

    hours = column("hours") == 1
    step = days[0].step_seconds
    return Buckets(
        FIRST * DAY, step, column("good"), column("total"), column("absent") == 1, hours=hours if hours.any() else None
    )


def borders(spans: list[tuple[int, int]]) -> set[int]:
    return {border // HOUR for span in spans for border in span if border % HOUR}


def smaller(days: list[Day], keep: set[int]) -> list[Day]:
    """The days but the newest, compacted."""
    found = []
    for day in days[:-2]:
        marked = np.array([day.number * 24 + hour in keep for hour in range(24)])
        found.append(compacted(day, marked, LAG) or day)
    return [*found, *days[-2:]]


def definition(chance: random.Random) -> Definition:
    rule = AlertRule(Severity.PAGE, HOUR, 300, given_factor=14.4), AlertRule(Severity.TICKET, DAY, 2 * HOUR, None, 3.0)
    return Definition(Objective(Decimal(chance.choice(["99", "99.9", "100"]))), chance.choice(WINDOWS), rules=rule)


@pytest.mark.parametrize("seed", range(60))
def test_all_figures_at_full_hours_are_exactly_those_of_the_buckets(seed):
    chance = random.Random(seed)
    step = chance.choice([60, 300, 300, 900])
    days = world(chance, step)
    spans = [
        (at, at + chance.randrange(60, 9000)) for at in (chance.randrange(FIRST, FIRST + DAYS) * DAY for _ in "ab")
    ]
    spans = [(start + chance.randrange(0, DAY, 60), end + chance.randrange(DAY, 2 * DAY, 60)) for start, end in spans]
    wanted = definition(chance)
    whole = replace(joined(days), excluded=tuple(spans))
    small = replace(joined(smaller(days, borders(spans))), excluded=tuple(spans))
    assert small.hours is not None
    for _ in range(6):
        at = chance.randrange((FIRST + 8) * DAY, (FIRST + DAYS) * DAY, HOUR)
        one, other = evaluate(whole, wanted, at), evaluate(small, wanted, at)
        assert [getattr(one, name) for name in (*FIGURES, *MORE)] == [
            getattr(other, name) for name in (*FIGURES, *MORE)
        ]
        assert all(other.burn[w] == one.burn[w] for w in one.burn if w % HOUR == 0)
        assert all(other.burn[w] in (None, one.burn[w]) for w in one.burn)
        assert other.alerts[1] == one.alerts[1]
        assert not other.alerts[0].firing or one.alerts[0].firing
        begin = chance.randrange(FIRST * DAY, at, HOUR)
        assert whole_price(in_hours(small), wanted, (begin, at)) == pytest.approx(
            whole_price(whole, wanted, (begin, at))
        )
    times = np.arange((FIRST + 8) * DAY, (FIRST + DAYS) * DAY, HOUR)
    np.testing.assert_array_equal(
        rolling_remaining(whole, wanted, times).values, rolling_remaining(small, wanted, times).values
    )


@pytest.mark.parametrize("seed", range(60, 80))
def test_a_moment_within_a_full_hour_has_the_figures_of_the_hour_before_and_never_others(seed):
    chance = random.Random(seed)
    days, wanted = world(chance, 300), definition(chance)
    whole, small = joined(days), joined(smaller(days, set()))
    for _ in range(20):
        at = chance.randrange((FIRST + 8) * DAY, (FIRST + DAYS) * DAY, 300)
        found = evaluate(small, wanted, at)
        assert found.end == at or (at - found.end < HOUR and found.end % HOUR == 0)
        same = evaluate(whole, wanted, found.end)
        assert [getattr(found, name) for name in FIGURES] == [getattr(same, name) for name in FIGURES]
        value = rolling_remaining(small, wanted, np.array([at])).values
        np.testing.assert_array_equal(value, rolling_remaining(whole, wanted, np.array([found.end])).values)


def test_buckets_of_an_hour_have_the_sums_of_what_they_are_made_of():
    days = world(random.Random(7), 300)
    small = joined(smaller(days, set()))
    whole, hourly = (
        tally(joined(days), definition(random.Random(1)), FIRST * DAY, (FIRST + DAYS) * DAY),
        in_hours(small),
    )
    assert hourly.step_seconds == HOUR
    assert np.nansum(hourly.total) == whole.total[-1]
    assert np.nansum(hourly.total - hourly.good) == whole.bad[-1]
    assert in_hours(joined(days)).step_seconds == 300


def test_what_is_held_of_an_hour_without_its_sum_is_not_taken_for_all_of_it():
    small = joined(smaller(world(random.Random(7), 300), set()))
    assert small.hours is not None
    place = int(np.flatnonzero(small.hours)[0])
    held = slice(0, place + 5)
    good, total, absent = small.good[held], small.total[held], small.absent[held]
    part = replace(small, good=good, total=total, absent=absent, hours=small.hours[held])
    wanted = replace(definition(random.Random(1)), window=CalendarWindow(CalendarUnit.MONTH, "UTC"))
    assert evaluate(part, wanted, part.end).end == small.start + place * 300
    assert in_hours(part).end == small.start + place * 300


def test_an_exclusion_that_comes_later_takes_a_full_hour_out_whole():
    small = joined(smaller(world(random.Random(2), 300), set()))
    assert small.hours is not None
    at = int(np.flatnonzero(small.hours)[0]) * 300 + small.start
    excluded = replace(small, excluded=((at + 600, at + 900),))
    assert cut_hours(small, np.array([at, at + 600])).tolist() == [False, True]
    found = tally(excluded, definition(random.Random(1)), at, at + HOUR).clean
    assert found.excluded.all()
    assert found.total.sum() == 0


def hours_after(day: Day):
    found = compacted(day, np.zeros(24, bool), LAG)
    assert found is not None
    return found.columns["hours"]


def test_what_sums_would_not_tell_stays_as_it_is():
    (day, *_) = world(random.Random(11), 300)
    day.columns["total"][:] = np.maximum(np.nan_to_num(day.columns["total"]), 10)
    day.columns["good"][:] = day.columns["total"]
    day.fetched_at[:] = day.ends + 2 * LAG
    none = np.zeros(24, bool)
    assert (hours_after(day) == 1).all()
    assert compacted(day, ~none, LAG) is None
    for hour, spoil in enumerate(["gap", "above", "unsettled", "unknown", "negative", "huge"]):
        place = hour * 12 + 3
        match spoil:
            case "gap":
                day.columns["total"][place] = np.nan
            case "above":
                day.columns["good"][place] += 1
            case "unsettled":
                day.fetched_at[place] -= 1
            case "unknown":
                day.fetched_at[place] = 0
            case "negative":
                day.columns["good"][place] = -1
            case "huge":
                day.columns["total"][place] = 1e101
    marked = hours_after(day).reshape(24, 12)
    assert np.isnan(marked[:6]).all()
    assert (marked[6:] == 1).all()
    day.columns["good_low"] = day.columns["good"].copy()
    assert compacted(day, none, LAG) is None


REF = sli("a")


def filled(engine, source=None, ref=REF, days=6):
    """A ledger of some days, and the interval of its first."""
    ledger, source = Ledger(engine, lambda: 0.0), source or MemorySource()
    begin = (NOW // DAY - days) * DAY
    ledger.sync({source.id: source}, [RequiredSeries(ref, Interval(begin, NOW // 300 * 300, 300))], NOW)
    return ledger, source, begin


def everything(ledger, begin):
    return ledger.read([REF], begin, NOW)[REF.key]


def rule(until, keep=frozenset()):
    return Compacting(REF.key, 300, until, LAG, keep)


def test_compacting_goes_on_where_it_was_and_asks_no_source_again(engine):
    ledger, source, begin = filled(engine)
    before = everything(ledger, begin).buckets()
    for until in (begin // DAY + 2, begin // DAY + 4):
        assert ledger.to_compact([rule(until)]) == [rule(until)]
        planned = ledger.compact([rule(until)], dry_run=True)
        done = ledger.compact([rule(until)])
        assert (done.days, done.hours) == (2, 48)
        assert planned == done
        assert done.bytes_after < 0.6 * done.bytes_before
        assert ledger.to_compact([rule(until)]) == []
    after = everything(ledger, begin).buckets()
    assert after.hours is not None
    assert after.hours.sum() == 4 * 288
    assert np.nansum(after.total) == pytest.approx(np.nansum(before.total), rel=1e-12)
    assert ledger.horizons([REF.key]) == {REF.key: Horizon(None, begin // DAY + 4)}
    asked = len(source.asked)
    ledger.sync({source.id: source}, [RequiredSeries(REF, Interval(begin, NOW // 300 * 300, 300))], NOW)
    assert len(source.asked) == asked


@pytest.mark.parametrize(("first", "until", "taken"), [(0, 12, True), (3, 12, False), (0, 7, False), (12, 36, True)])
def test_what_comes_later_replaces_full_hours_and_no_part_of_one(engine, first, until, taken):
    ledger, _, begin = filled(engine)
    until_day = begin // DAY + 2
    ledger.compact([rule(until_day)])
    before = everything(ledger, begin)
    corrected = MemorySource(scale=2.0)
    interval = Interval(begin + first * 300, begin + until * 300, 300)
    report = ledger.read_again({"memory": corrected}, [RequiredSeries(REF, interval)], NOW)
    after = everything(ledger, begin)
    here = slice(first, until)
    if not taken:
        np.testing.assert_array_equal(after.column("total"), before.column("total"))
        assert report.changes == ()
        return
    assert np.isnan(after.column("hours")[here]).all()
    assert after.column("total")[here].sum() == pytest.approx(2 * before.column("total")[here].sum())
    (change,) = report.changes
    assert change.after["total"] == pytest.approx(2 * change.before["total"])
    assert ledger.to_compact([rule(until_day)])
    ledger.compact([rule(until_day)])
    assert everything(ledger, begin).buckets().hours[: 2 * 288].all()
    known = ledger.as_known_at(NOW - 1).read([REF], begin, NOW)[REF.key]
    np.testing.assert_array_equal(known.column("total"), before.column("total"))


def test_the_same_data_read_again_is_no_change(engine):
    ledger, source, begin = filled(engine)
    ledger.compact([rule(begin // DAY + 2)])
    interval = Interval(begin, begin + DAY, 300)
    assert ledger.read_again({"memory": source}, [RequiredSeries(REF, interval)], NOW).changes == ()
    assert everything(ledger, begin).buckets().hours[:288].sum() == 0


def test_days_that_are_forgotten_are_gone_and_come_back_when_they_are_fetched(engine):
    ledger, source, begin = filled(engine)
    day = begin // DAY + 2
    assert ledger.forgettable({REF.key: day})[REF.key] > 0
    assert ledger.forget({REF.key: day}) == 2
    assert ledger.forgettable({REF.key: day}) == {}
    assert np.isnan(everything(ledger, begin).column("total")[: 2 * 288]).all()
    assert ledger.horizons([REF.key])[REF.key].kept_from == day
    ledger.sync({source.id: source}, [RequiredSeries(REF, Interval(begin, begin + DAY, 300))], NOW)
    assert ledger.horizons([REF.key])[REF.key].kept_from == begin // DAY
    assert ledger.forgettable({REF.key: day})


def compact_all(url, wanted, begun):
    """What a process does that is killed on the way: a few series in each transaction."""
    engine = open_engine(url)
    forget(engine, {one.key: one.until - 9 for one in wanted[:5]})
    while left := pending(engine, wanted):
        compact(engine, left[:2])
        begun.send("a transaction")
    engine.dispose()


def stored(url):
    engine = open_engine(url)
    with reading(engine) as connection:
        days = connection.execute(select(series_days).order_by(series_days.c.series, series_days.c.day)).all()
        horizons = connection.execute(select(series_horizons).order_by(series_horizons.c.series)).all()
    engine.dispose()
    return days, horizons


@pytest.mark.slow
def test_kills_at_random_moments_leave_what_an_undisturbed_run_leaves(database_url, tmp_path):
    refs, days, chance = [sli(f"s{i}") for i in range(30)], 21, random.Random(3)
    begin, other = (NOW // DAY - days) * DAY, f"sqlite:///{tmp_path}/undisturbed.db"
    for url in (database_url, other):
        engine = open_engine(url)
        required = [RequiredSeries(ref, Interval(begin, NOW // 300 * 300, 300)) for ref in refs]
        Ledger(engine).sync({"memory": MemorySource()}, required, NOW)
        engine.dispose()
    forked, midway = multiprocessing.get_context("fork"), 0
    hears, tells = multiprocessing.Pipe()
    for done in range(21 - KILLS, 21):
        wanted = [Compacting(ref.key, 300, begin // DAY + done, LAG) for ref in refs]
        process = forked.Process(target=compact_all, args=(database_url, wanted, tells))
        process.start()
        for _ in range(chance.randrange(8)):
            hears.recv()
        time.sleep(chance.uniform(0, 0.01))  # into the next one
        process.kill()
        process.join()
        while hears.poll():
            hears.recv()
        midway += len({row.compacted_until for row in stored(database_url)[1]}) > 1
    assert midway > KILLS // 4
    for url in (database_url, other):
        compact_all(url, wanted, tells)
    assert stored(database_url) == stored(other)
    assert len(stored(other)[0]) == 30 * (days + 1) - 5 * 11
