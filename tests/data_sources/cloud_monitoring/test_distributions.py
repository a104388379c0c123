"""A threshold on a bucket edge counts exactly; any other is an estimate within its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from google.api import distribution_pb2
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import Distribution
from data_sources.cloud_monitoring.distributions import Range, bounds_of, weigh
from data_sources.queries import Ratio
from tests.google_stand_in.asking import ask, columns, error_of, requests_for, source_at
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.world import Bounds, MetricSpec, World, histogram

START = 1_790_000_100
HOURS = Interval(START, START + 7200, 300)
EXPLICIT = Bounds("explicit", (100, 200, 300, 400))
LINEAR = Bounds("linear", (9, 50, 0))
EXPONENTIAL = Bounds("exponential", (66, 1.4, 1))
LAYOUTS = {"explicit": EXPLICIT, "linear": LINEAR, "exponential": EXPONENTIAL}
RANDOM = np.random.default_rng(3)


def rows(bounds: Bounds) -> np.ndarray:
    counts = RANDOM.integers(0, 30, (120, len(bounds.edges()) + 1))
    counts[60:, -1 - len(bounds.edges()) // 9 :] = 0  # trailing zeros are left out on the wire
    return counts.astype(np.float64)


ROWS = {name: rows(bounds) for name, bounds in LAYOUTS.items()}
LATENCIES = {
    name: MetricSpec(f"lat/{name}", "DELTA", "DISTRIBUTION", {"route": "STRING"}, unit="ms") for name in LAYOUTS
}
SIZES = MetricSpec("sizes", "DELTA", "DISTRIBUTION", {}, unit="By")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 7200 + 600)
    for name, bounds in LAYOUTS.items():
        world.add(histogram(LATENCIES[name], {"route": "a"}, ROWS[name], START, bounds))
        world.add(histogram(LATENCIES[name], {"route": "b"}, ROWS[name], START, bounds))
    world.add(histogram(SIZES, {}, ROWS["explicit"], START, EXPLICIT))
    with running(world) as server:
        yield server


def below(name: str, bucket: int) -> np.ndarray:
    """The true count of both routes in the first buckets, by 5 minutes."""
    return np.asarray(2 * ROWS[name][:, :bucket].sum(axis=1).reshape(-1, 5).sum(axis=1))


@pytest.mark.parametrize(
    ("name", "under", "buckets"),
    [("explicit", "300ms", 3), ("explicit", 100.0, 1), ("linear", "0.25s", 6), ("exponential", 1.4**17, 18)],
)
def test_a_threshold_on_an_edge_counts_exactly(stand_in: StandIn, name: str, under: Any, buckets: int) -> None:
    query = Distribution(distribution=f'metric.type="lat/{name}"', under=under)
    answer = ask(source_at(stand_in), query, HOURS)
    assert answer.series is not None
    np.testing.assert_array_equal(answer.series.columns["good"], below(name, buckets))
    np.testing.assert_array_equal(answer.series.columns["total"], below(name, 99))
    assert set(answer.series.columns) == {"good", "total", "absent"}
    assert not answer.notices


def test_a_threshold_inside_a_bucket_is_an_estimate_with_its_range(stand_in: StandIn) -> None:
    query = Distribution(distribution='metric.type="lat/explicit"', under="250ms")
    answer = ask(source_at(stand_in), query, HOURS)
    assert answer.series is not None
    low, high = below("explicit", 2), below("explicit", 3)
    np.testing.assert_array_equal(answer.series.columns["good_low"], low)
    np.testing.assert_array_equal(answer.series.columns["good_high"], high)
    np.testing.assert_allclose(answer.series.columns["good"], (low + high) / 2)
    (notice,) = answer.notices
    assert notice.code == "threshold_between_edges"
    assert notice.facts == {"threshold": 250.0, "unit": "ms", "below": 200.0, "above": 300.0}


def test_a_range_counts_between_both_ends(stand_in: StandIn) -> None:
    query = Distribution(distribution='metric.type="lat/explicit"', range=(100, 300))
    found = columns(source_at(stand_in), query, HOURS)
    np.testing.assert_array_equal(found["good"], below("explicit", 3) - below("explicit", 1))
    whole = Distribution(distribution='metric.type="lat/explicit"', range=(0, 300))
    np.testing.assert_array_equal(columns(source_at(stand_in), whole, HOURS)["good"], below("explicit", 3))


def test_above_the_last_edge_only_the_range_is_known(stand_in: StandIn) -> None:
    query = Distribution(distribution='metric.type="lat/linear"', under=900.0)
    answer = ask(source_at(stand_in), query, HOURS)
    assert answer.notices[0].facts == {
        "threshold": 900.0,
        "unit": "ms",
        "reason": "above_all_edges",
        "below": 450.0,
    }


def test_thresholds_on_one_metric_share_one_call(stand_in: StandIn) -> None:
    text = 'metric.type="lat/explicit" metric.labels.route="a"'
    queries = [Distribution(distribution=text, under=limit) for limit in (100.0, 250.0, 300.0)]
    before = stand_in.calls("ListTimeSeries")
    answers = {a.request.key: a for a in source_at(stand_in).fetch(requests_for(queries, HOURS))}
    assert stand_in.calls("ListTimeSeries") - before == 1
    goods = [answers[key].series.columns["good"].sum() for key in "012"]  # type: ignore[union-attr]
    assert goods[0] < goods[1] < goods[2] == below("explicit", 3).sum() / 2


def test_distributions_count_as_events_of_a_ratio(stand_in: StandIn) -> None:
    text = 'metric.type="lat/explicit"'
    query = Ratio(total=text, good=f'{text} metric.labels.route="a"')
    found = columns(source_at(stand_in), query, HOURS)
    np.testing.assert_array_equal(found["good"] * 2, found["total"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"distribution": 'metric.type="sizes"', "under": "300ms"}, "threshold_unit"),
        ({"distribution": 'metric.type="sizes"', "under": "fast"}, "threshold_unreadable"),
        ({"distribution": 'metric.type="sizes"'}, "one_threshold"),
        ({"distribution": 'metric.type="sizes"', "under": 1.0, "range": (0, 1)}, "one_threshold"),
    ],
)
def test_thresholds_that_do_not_fit_are_refused(stand_in: StandIn, options: dict[str, Any], reason: str) -> None:
    error = error_of(source_at(stand_in), Distribution(**options), HOURS)
    assert (error.code, error.facts["reason"]) == ("query_refused", reason)


def options(bounds: Bounds) -> Any:
    made = distribution_pb2.Distribution.BucketOptions()
    if bounds.kind == "explicit":
        made.explicit_buckets.bounds.extend(bounds.numbers)
    elif bounds.kind == "linear":
        made.linear_buckets.num_finite_buckets, made.linear_buckets.width = 9, 50
    else:
        made.exponential_buckets.num_finite_buckets = 66
        made.exponential_buckets.growth_factor, made.exponential_buckets.scale = 1.4, 1
    return made


@pytest.mark.parametrize("name", LAYOUTS)
def test_bounds_are_those_of_googles_formulas(name: str) -> None:
    np.testing.assert_allclose(bounds_of(options(LAYOUTS[name])), LAYOUTS[name].edges(), rtol=1e-12)


def test_a_distribution_without_options_has_one_bucket() -> None:
    assert bounds_of(distribution_pb2.Distribution.BucketOptions()).shape == (0,)


@given(st.floats(-50, 900), st.floats(0, 500), st.sampled_from(sorted(LAYOUTS)))
def test_the_estimate_lies_between_its_bounds(low: float, width: float, name: str) -> None:
    weights = weigh(LAYOUTS[name].edges(), Range(low, low + width))
    assert (weights.low <= weights.estimate).all()
    assert (weights.estimate <= weights.high + 1e-12).all()
    assert set(np.unique(weights.low)) <= {0.0, 1.0}


@given(st.floats(0.5, 900), st.sampled_from(sorted(LAYOUTS)))
def test_below_and_above_a_threshold_are_all(limit: float, name: str) -> None:
    bounds = LAYOUTS[name].edges()
    under, over = weigh(bounds, Range(-np.inf, limit)), weigh(bounds, Range(limit, np.inf))
    np.testing.assert_allclose((under.estimate + over.estimate)[:-1], 1, atol=1e-9)
    np.testing.assert_array_equal(under.low + over.high, np.ones(len(bounds) + 1))
