"""Data that cannot be right is found; data of healthy services is not, whatever they are like."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slo.making import DAY, HOUR, START, buckets
from tests.tables import table
from tomoni.slo.model import BoolArray, Buckets, FloatArray, Objective
from tomoni.slo.plausibility import Oddity, oddities, step_at

STEP = 300
WINDOW = 28 * DAY
COUNT = WINDOW // STEP
PLACES = np.arange(COUNT)
END = START + WINDOW
THREE_NINES = Objective(Decimal("99.9"))


def counts(total: FloatArray, bad: FloatArray, step: int = STEP) -> Buckets:
    with np.errstate(all="ignore"):
        good = np.asarray(total - bad, float)
    return Buckets(START, step, good, np.asarray(total, float), np.zeros(len(total), bool))


def traffic(rng: np.random.Generator, mean: float = 300, count: int = COUNT, step: int = STEP) -> FloatArray:
    daily = 1 + 0.5 * np.sin(2 * np.pi * np.arange(count) * step / DAY)
    return rng.poisson(mean * daily).astype(np.float64)


def shop(seed: int = 1, share: float = 0.001) -> tuple[FloatArray, FloatArray]:
    """Total and bad events of a healthy service."""
    rng = np.random.default_rng(seed)
    total = traffic(rng)
    return total, rng.binomial(total.astype(int), share).astype(np.float64)


def found(data: Buckets, objective: Objective | None = THREE_NINES, end: int = END) -> dict[str, Oddity]:
    return {oddity.code: oddity for oddity in oddities(data, objective, START, end)}


def test_good_events_that_are_not_part_of_all_are_named() -> None:
    total, bad = shop()
    good = total * 1.2
    good[: COUNT // 4] = total[: COUNT // 4] - bad[: COUNT // 4]
    oddity = found(replace(counts(total, bad), good=good))["numerator_not_part"]
    assert oddity.facts["since"] == START + COUNT // 4 * STEP
    assert oddity.facts["until"] == END
    assert oddity.facts["excess_ratio"] == pytest.approx(0.2)
    assert oddity.facts["buckets"] == 3 * COUNT // 4


def test_a_few_late_points_make_no_numerator_strange() -> None:
    total, bad = shop()
    good = total - bad
    good[::10] = total[::10] + 3
    good[1::10] = total[1::10] * (1 + 1e-12)
    assert found(replace(counts(total, bad), good=good)) == {}


@pytest.mark.parametrize("value", [50.0, 1234.5])
def test_a_total_that_does_not_change_for_a_day_is_named_with_its_time(value: float) -> None:
    total, bad = shop()
    first, last = COUNT // 2, COUNT // 2 + 500
    total[first:last] = value
    oddity = found(counts(total, np.minimum(bad, total)))["total_frozen"]
    assert oddity.facts == {"since": START + first * STEP, "until": START + last * STEP, "events": value}


@pytest.mark.parametrize(("value", "hours"), [(49.0, 400), (5.0, 400), (1.0, 600), (0.0, 600), (300.0, 23)])
def test_a_probe_or_a_few_equal_hours_are_not_frozen(value: float, hours: int) -> None:
    total, bad = shop()
    total[: hours * 12] = value
    assert "total_frozen" not in found(counts(total, np.minimum(bad, total)))


def test_a_probe_in_buckets_of_an_hour_is_not_frozen() -> None:
    assert found(counts(np.full(672, 360.0), np.zeros(672), HOUR)) == {}


def test_a_counter_that_stands_still_is_named_with_what_was_to_be_expected() -> None:
    total, bad = shop()
    last = COUNT - 100
    total[last:], bad[last:] = 0, 0
    oddity = found(counts(total, bad))["traffic_stopped"]
    assert (oddity.facts["since"], oddity.facts["until"]) == (START + last * STEP, END)
    assert oddity.facts["expected"] == pytest.approx(30_000, rel=0.05)


def office(hours: Callable[[FloatArray], BoolArray]) -> tuple[FloatArray, FloatArray]:
    """A service that only has events at certain hours of the week."""
    total, bad = shop()
    open_now = hours(PLACES * STEP / HOUR % 168)
    return total * open_now, bad * open_now


@table("end", range(COUNT - 288 * 7, COUNT, 61))
def test_nights_and_weekends_are_no_stop_at_any_moment(end: int) -> None:
    total, bad = office(lambda hour: (hour < 120) & (hour % 24 >= 9) & (hour % 24 < 18))
    assert found(counts(total, bad), end=START + end * STEP) == {}


def test_a_stop_of_a_rare_service_or_of_a_young_one_is_not_named() -> None:
    rng = np.random.default_rng(2)
    total = rng.poisson(0.05, COUNT).astype(np.float64)
    total[-200:] = 0
    assert found(counts(total, total * 0)) == {}
    young = traffic(rng)
    young[: COUNT - 288 * 6] = np.nan
    young[-100:] = 0
    assert found(counts(young, young * 0)) == {}


@pytest.mark.parametrize("kind", ["number", "share"])
def test_a_constant_burn_is_named_with_its_time_and_share(kind: str) -> None:
    total, bad = shop()
    first, last = 1000, 1000 + 300
    bad[first:last] = 2.0 if kind == "number" else total[first:last] * 0.01
    oddity = found(counts(total, bad))["burn_constant"]
    assert oddity.facts["since"] == START + first * STEP
    assert oddity.facts["until"] == START + last * STEP
    assert oddity.facts["bad_ratio"] == pytest.approx(0.01, rel=0.5)


def test_buckets_without_events_do_not_hide_a_constant_burn() -> None:
    total, bad = shop()
    bad[:600] = total[:600] * 0.02
    total[:600:7], bad[:600:7] = 0, 0
    assert "burn_constant" in found(counts(total, bad))


def test_an_outage_of_a_yes_or_no_check_is_no_constant_burn() -> None:
    bad = np.zeros(COUNT)
    bad[100:1000] = 1
    assert found(counts(np.ones(COUNT), bad)) == {}


def test_a_million_events_without_a_bad_one_are_named() -> None:
    total, bad = shop()
    oddity = found(counts(total, bad * 0))["no_burn"]
    assert oddity.facts["events"] == total.sum()
    assert oddity.facts["allowed"] == pytest.approx(total.sum() / 1000)
    assert found(counts(total, bad * 0), None) == {}  # slices of time are judged
    one = bad * 0
    one[7] = 1
    assert found(counts(total, one)) == {}


@pytest.mark.parametrize(("objective", "share"), [("100", 1.0), ("99.99", 1.0), ("99.9", 0.4), ("50", 0.4)])
def test_no_bad_event_among_few_or_few_allowed_ones_is_usual(objective: str, share: float) -> None:
    total, _ = shop()
    total = np.floor(total * share)
    assert found(counts(total, total * 0), Objective(Decimal(objective))) == {}


def test_what_is_excluded_or_outside_of_the_window_is_not_looked_at() -> None:
    total, bad = shop()
    total[1000:1400] = 777
    data = counts(total, np.minimum(bad, total))
    assert "total_frozen" in found(data)
    assert found(replace(data, excluded=((START + 1000 * STEP, START + 1400 * STEP),))) == {}
    assert found(data, end=START + 1000 * STEP) == {}


@pytest.mark.parametrize("data", [buckets([]), buckets([None] * 400), buckets([(0, 0)] * 400)])
def test_nothing_is_found_in_nothing(data: Buckets) -> None:
    assert found(data) == {}


def healthy(seed: int) -> tuple[Buckets, Objective]:
    """A random healthy service: its traffic, its nights, gaps, incidents, restarts, estimates of its source."""
    rng = np.random.default_rng(seed)
    step = int(rng.choice([60, 300, 900, 3600]))
    count = int(rng.integers(1, 35)) * DAY // step
    total = traffic(rng, 10 ** rng.uniform(-2, 4) * step / 300, count, step)
    share = 10 ** rng.uniform(-5, -1.5)
    bad = rng.binomial(total.astype(int), share).astype(np.float64)
    hour = np.arange(count) * step / HOUR % 168
    if rng.random() < 0.3:  # a service of office hours
        rests = (hour >= 120) | (hour % 24 < 8) | (hour % 24 >= 19)
        total[rests], bad[rests] = 0, 0
    for _ in range(rng.integers(0, 4)):  # incidents
        first = int(rng.integers(0, count))
        part = slice(first, first + int(rng.integers(1, 5 * HOUR // step + 2)))
        bad[part] = rng.binomial(total[part].astype(int), rng.uniform(0.05, 1))
    if rng.random() < 0.5:  # the source extrapolates
        total, bad = total * rng.uniform(0.98, 1.02, count), bad * rng.uniform(0.98, 1.02, count)
    bad = np.minimum(bad, total)
    for _ in range(rng.integers(0, 4)):  # outages of the scrapes
        first = int(rng.integers(0, count))
        total[first : first + int(rng.integers(1, DAY // step))] = np.nan
    # A service that never fails in a million events is named, and is not among these.
    if np.nansum(total) >= 1e6 and not np.nansum(np.where(np.isnan(total), 0, bad)):
        bad[np.flatnonzero(total > 1)[0]] = 1
    return counts(total, bad, step), Objective(Decimal(str(rng.choice(["99", "99.9", "99.99", "95"]))))


@table("seeds", [range(start, start + 100) for start in range(0, 1000, 100)])
def test_healthy_services_are_never_named(seeds: range) -> None:
    for seed in seeds:
        data, objective = healthy(seed)
        assert found(data, objective, data.end) == {}, seed


def test_two_definitions_that_count_differently_are_named() -> None:
    total, bad = shop()
    one, half = counts(total, bad), counts(total / 2.5, bad)
    at = START + COUNT // 2 * STEP + 17
    oddity = step_at(one, half, at)
    assert oddity is not None
    assert oddity.facts["at"] == at
    assert oddity.facts["before"] == pytest.approx(2.5 * float(oddity.facts["after"]))
    assert step_at(half, one, at) is not None
    assert step_at(one, counts(total * 0, bad * 0), at) is not None


def test_two_definitions_that_count_alike_or_have_nothing_in_common_are_not() -> None:
    total, bad = shop()
    one, at = counts(total, bad), START + COUNT // 2 * STEP
    assert step_at(one, counts(total * 1.9, bad), at) is None
    later = replace(one, start=END)
    assert step_at(one, later, END) is None
    assert step_at(one, replace(one, step_seconds=600), at) is None
    assert step_at(counts(total * 0 + 1e-4, bad * 0), counts(total * 0, bad * 0), at) is None
    gone = total.copy()
    gone[COUNT // 2 - 7 * 288 : COUNT // 2 + 7 * 288 - 11] = np.nan
    assert step_at(one, counts(gone / 3, bad), at) is None


ODD = [math.inf, math.nan, -1.0, 0.0, 5e-324, 1.0, 1e9, 1e100, 1.7976931330646226e308]
stretches = st.lists(st.tuples(st.sampled_from(ODD), st.sampled_from(ODD), st.integers(1, 400)), min_size=1, max_size=6)


@given(stretches, st.sampled_from([300, 3600]))
def test_every_fact_is_a_finite_number_whatever_was_counted(made: list[tuple[float, float, int]], step: int) -> None:
    bad, total = (np.repeat([each[i] for each in made], [each[2] for each in made]) for i in (0, 1))
    end = START + len(total) * step
    one, other = counts(total, bad, step), counts(bad, total, step)
    changed = step_at(one, other, START + len(total) // 2 * step)
    for oddity in (*oddities(one, THREE_NINES, START, end), *([changed] if changed else [])):
        assert all(isinstance(fact, str) or math.isfinite(fact) for fact in oddity.facts.values()), oddity
