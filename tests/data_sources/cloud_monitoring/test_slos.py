"""Google's own SLOs: their counts, their definitions, and their own figures beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest

from data_sources.base import Interval, NativeFigures, Request
from data_sources.cloud_monitoring.config import Distribution
from data_sources.cloud_monitoring.config import NativeSlo as NativeSloQuery
from data_sources.errors import NotFound
from data_sources.queries import Ratio
from data_sources.underlying import Underlying
from tests.google_stand_in.asking import columns, error_of, source_at
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.slos import NativeSlo
from tests.google_stand_in.world import Bounds, MetricSpec, World, delta, histogram
from tomoni.slo.model import Buckets, CalendarUnit, CalendarWindow, Definition, RollingWindow
from tomoni.slo.status import evaluate

DAY = 86_400
END = 1_790_000_400 // 3600 * 3600
DAYS = 30
START = END - DAYS * DAY
MINUTES = DAYS * 1440
SERVICE = "projects/demo/services/shop"
REQUESTS = MetricSpec("run/requests", "DELTA", "INT64", {"class": "STRING"}, ("cloud_run_revision",))
LATENCY = MetricSpec("run/latency", "DELTA", "DISTRIBUTION", {}, ("cloud_run_revision",), unit="ms")
RANDOM = np.random.default_rng(8)
GOOD, BAD = RANDOM.integers(50, 90, MINUTES), RANDOM.integers(0, 2, MINUTES) * (np.arange(MINUTES) % 61 < 9)
ROWS = RANDOM.integers(0, 5, (1440, 5)).astype(np.float64)


def slo(name: str, **more: object) -> NativeSlo:
    options: dict[str, object] = {
        "goal": 0.999,
        "total": 'metric.type="run/requests"',
        "good": 'metric.type="run/requests" metric.labels.class="2xx"',
        "rolling_seconds": 28 * DAY,
        **more,
    }
    return NativeSlo(f"{SERVICE}/serviceLevelObjectives/{name}", f"The {name}", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", END + 300)
    world.add(delta(REQUESTS, {"class": "2xx"}, GOOD, START), delta(REQUESTS, {"class": "5xx"}, BAD, START))
    world.add(histogram(LATENCY, {}, ROWS, END - DAY, Bounds("explicit", (100, 200, 300, 400))))
    world.services = {SERVICE: "Shop", "projects/demo/services/empty": ""}
    kept = [
        slo("ratio"),
        slo("basic", basic=True, goal=0.9995),
        slo("cut", total='metric.type="run/latency"', good="", below=300.0, goal=0.95, rolling_seconds=DAY),
        slo("slices", slice_seconds=300, slice_target=0.99),
        slo("monthly", rolling_seconds=0, calendar="MONTH"),
        slo("fortnightly", rolling_seconds=0, calendar="FORTNIGHT"),
    ]
    world.slos = {one.name: one for one in kept}
    with running(world) as server:
        yield server


def name_of(slo_id: str) -> str:
    return f"{SERVICE}/serviceLevelObjectives/{slo_id}"


def by_bucket(minutes: np.ndarray, step: int = 300) -> np.ndarray:
    return np.asarray(minutes.reshape(-1, step // 60).sum(axis=1), dtype=np.float64)


def test_the_counts_of_an_slo_are_googles_own(stand_in: StandIn) -> None:
    before = stand_in.calls()
    found = columns(source_at(stand_in), NativeSloQuery(slo=name_of("ratio")), Interval(END - 7 * DAY, END, 300))
    assert stand_in.calls() - before == 1
    week = slice(-7 * 288, None)
    np.testing.assert_array_equal(found["good"], by_bucket(GOOD)[week])
    np.testing.assert_array_equal(found["total"], by_bucket(GOOD + BAD)[week])
    assert not found["absent"].any()


def test_a_distribution_cut_is_not_computed_again_here(stand_in: StandIn) -> None:
    found = columns(source_at(stand_in), NativeSloQuery(slo=name_of("cut")), Interval(END - DAY, END, 3600))
    np.testing.assert_array_equal(found["good"], ROWS[:, :3].sum(axis=1).reshape(24, 60).sum(axis=1))
    np.testing.assert_array_equal(found["total"], ROWS.sum(axis=1).reshape(24, 60).sum(axis=1))


def test_the_windows_of_a_windows_based_slo_are_its_events(stand_in: StandIn) -> None:
    found = columns(source_at(stand_in), NativeSloQuery(slo=name_of("slices")), Interval(END - DAY, END, 300))
    total = by_bucket(GOOD + BAD)[-288:]
    np.testing.assert_array_equal(found["total"], np.ones(288))
    np.testing.assert_array_equal(found["good"], (by_bucket(GOOD)[-288:] / total >= 0.99).astype(float))


def test_our_figures_of_an_slo_are_googles(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    theirs = source.native_figures(name_of("ratio"), END)
    kept = source.native_definition(name_of("ratio"))
    found = columns(source, NativeSloQuery(slo=name_of("ratio")), Interval(END - 28 * DAY, END, 300))
    assert kept.window is not None
    buckets = Buckets(END - 28 * DAY, 300, found["good"], found["total"], found["absent"] == 1)
    ours = evaluate(buckets, Definition(kept.objective, kept.window), END)
    assert theirs.at == END
    assert ours.sli == pytest.approx(theirs.compliance, abs=1e-12)
    assert ours.remaining == pytest.approx(theirs.budget_fraction, abs=1e-9)


def test_figures_before_the_slo_began_are_none(stand_in: StandIn) -> None:
    assert source_at(stand_in).native_figures(name_of("cut"), END - 20 * DAY) == NativeFigures(None, None, None)


def test_definitions_are_kept_as_they_were_written(stand_in: StandIn) -> None:
    slos = {one.name.rsplit("/", 1)[1]: one for one in source_at(stand_in).list_slos(SERVICE)}
    assert slos["ratio"].objective.percent == Decimal("99.9")
    assert slos["basic"].objective.percent == Decimal("99.95")
    assert slos["ratio"].window == RollingWindow(28 * DAY)
    assert slos["monthly"].window == CalendarWindow(CalendarUnit.MONTH, "UTC")
    assert (slos["fortnightly"].window, slos["fortnightly"].period) == (None, "fortnight")
    assert (slos["slices"].method, slos["slices"].slice_seconds) == ("windows_based", 300)
    assert slos["basic"].method == "request_based"
    assert slos["ratio"].service == SERVICE


def test_an_slo_is_made_of_its_filters_and_one_of_windows_of_none_with_labels(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    made = {name: source.underlying(NativeSloQuery(slo=name_of(name))) for name in ("ratio", "basic", "cut", "slices")}
    ratio = Ratio(total='metric.type="run/requests"', good='metric.type="run/requests" metric.labels.class="2xx"')
    cut = Distribution(distribution='metric.type="run/latency"', range=(0, 300))
    assert made == {"ratio": Underlying(ratio), "basic": Underlying(ratio), "cut": Underlying(cut), "slices": None}
    assert source.underlying(ratio) is None


def test_services_are_listed_by_name(stand_in: StandIn) -> None:
    listed = source_at(stand_in).list_services()
    assert [(one.name, one.title) for one in listed] == [("projects/demo/services/empty", ""), (SERVICE, "Shop")]


def test_an_slo_that_does_not_exist_is_said_so(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    error = error_of(source, NativeSloQuery(slo=name_of("gone")), Interval(END - DAY, END, 300))
    assert error.code == "not_found"
    with pytest.raises(NotFound) as raised:
        source.native_definition(name_of("gone"))
    assert raised.value.facts["reason"] == "slo"
    with pytest.raises(NotFound):
        source.list_slos("projects/demo/services/gone")


def test_checking_an_slo_asks_for_its_counts(stand_in: StandIn) -> None:
    interval = Interval(END - DAY, END, 300)
    source = source_at(stand_in)
    assert source.check(Request("one", NativeSloQuery(slo=name_of("ratio")), interval)) == ()
    (found,) = source.check(Request("one", NativeSloQuery(slo=name_of("gone")), interval))
    assert (found.severity, found.code, found.facts["reason"]) == ("error", "not_found", "slo")


def test_nothing_is_ever_changed_at_google(stand_in: StandIn) -> None:
    assert {method for method, _ in stand_in.seen} <= {
        "ListTimeSeries",
        "GetServiceLevelObjective",
        "ListServices",
        "ListServiceLevelObjectives",
    }
