"""SLIs of many services are refreshed in a few calls, and each gets exactly what it would get alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Answer, Interval
from data_sources.cloud_monitoring.config import CloudSignal, Distribution
from data_sources.cloud_monitoring.parse import Call
from data_sources.cloud_monitoring.sharing import shared
from data_sources.queries import Query, Ratio
from tests.google_stand_in.asking import requests_for, source_at
from tests.google_stand_in.server import Fault, StandIn, running
from tests.google_stand_in.world import Bounds, MetricSpec, World, delta, gauge, histogram

START = 1_790_000_100
HOUR = Interval(START, START + 3600, 300)
REQUESTS = MetricSpec("run/requests", "DELTA", "INT64", {"class": "STRING", "service": "STRING"})
LATENCY = MetricSpec("run/latency", "DELTA", "DISTRIBUTION", {"service": "STRING"}, unit="ms")
CPU = MetricSpec("run/cpu", "GAUGE", "DOUBLE", {"service": "STRING", "pod": "STRING"})
NAMES = [f"svc-{number}" for number in range(60)]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    random = np.random.default_rng(2)
    world = World("demo", START + 7200)
    for name in NAMES:
        world.add(delta(REQUESTS, {"class": "2xx", "service": name}, random.integers(1, 50, 60), START))
        world.add(delta(REQUESTS, {"class": "5xx", "service": name}, random.integers(0, 3, 60), START))
        rows = random.integers(0, 9, (60, 4))
        world.add(histogram(LATENCY, {"service": name}, rows, START, Bounds("explicit", (100, 200, 400))))
        for pod in "ab":
            world.add(gauge(CPU, {"service": name, "pod": pod}, random.random(60), START))
    with running(world) as server:
        yield server


def ratio(name: str) -> Ratio:
    total = f'metric.type="run/requests" metric.label."service" = "{name}"'
    return Ratio(total=total, bad=f'{total} metric.labels.class="5xx"')


def latency(name: str) -> Distribution:
    return Distribution(distribution=f'metric.labels.service="{name}" AND metric.type="run/latency"', under="250ms")


def cpu(name: str) -> CloudSignal:
    return CloudSignal(filter=f'metric.type="run/cpu" metric.labels.service="{name}"')


def answers(stand_in: StandIn, queries: list[Query], interval: Interval = HOUR) -> list[Answer]:
    found = {int(a.request.key): a for a in source_at(stand_in).fetch(requests_for(queries, interval))}
    return [found[number] for number in range(len(queries))]


def test_sixty_services_are_refreshed_in_two_calls_and_get_their_own(stand_in: StandIn) -> None:
    for make in (ratio, latency, cpu):
        before = stand_in.calls("ListTimeSeries")
        together = answers(stand_in, [make(name) for name in NAMES])
        assert stand_in.calls("ListTimeSeries") - before <= 2
        for name, answer in zip(NAMES[::9], together[::9], strict=True):
            (alone,) = answers(stand_in, [make(name)])
            assert answer.series is not None
            assert alone.series is not None
            assert alone.notices == answer.notices
            for column, values in alone.series.columns.items():
                np.testing.assert_array_equal(answer.series.columns[column], values)


def test_a_service_without_points_is_empty_beside_the_others(stand_in: StandIn) -> None:
    first, nothing = answers(stand_in, [ratio("svc-1"), ratio("svc-none")])
    assert first.series is not None
    assert nothing.series is not None
    assert np.nansum(first.series.columns["total"]) > 0
    assert np.isnan(nothing.series.columns["total"]).all()


def test_where_the_shared_call_is_refused_each_is_asked_alone(stand_in: StandIn) -> None:
    stand_in.fail(Fault("INVALID_ARGUMENT", "one_of is not for you"))
    before = stand_in.calls("ListTimeSeries")
    found = answers(stand_in, [ratio(name) for name in NAMES[:5]])
    assert all(answer.error is None for answer in found)
    assert stand_in.calls("ListTimeSeries") - before == 6


def test_long_times_are_asked_one_by_one() -> None:
    week = Interval(0, 7 * 86_400, 300)
    calls = [Call(f'metric.type="a" metric.labels.s="{n}"', week, "ALIGN_DELTA") for n in range(5)]
    assert [one.call for one in shared(calls)] == calls


def test_shared_filters_keep_to_googles_length() -> None:
    calls = [Call(f'metric.type="a" metric.labels.s="{n:0100}"', HOUR, "ALIGN_DELTA") for n in range(90)]
    made = shared(calls)
    assert 90 / 19 < len(made) < 10
    assert max(len(one.call.filter) for one in made) <= 2_000


def test_what_differs_in_more_than_one_label_or_otherwise_is_not_shared() -> None:
    filters = [
        'metric.type="a" metric.labels.x="1" metric.labels.y="1"',
        'metric.type="a" metric.labels.x="2" metric.labels.y="2"',
        'metric.type="a" metric.labels.x!="3" metric.labels.y="1"',
        'metric.type="a" metric.labels.x=4 metric.labels.y="1"',
        'metric.type="b" metric.labels.x="1" metric.labels.y="1"',
        'select_slo_counts("projects/p/services/s/serviceLevelObjectives/o")',
    ]
    calls = [Call(text, HOUR, "ALIGN_DELTA") for text in filters]
    calls.append(Call(filters[0], HOUR, "ALIGN_RATE"))
    assert {one.call for one in shared(calls)} == set(calls)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 4), st.integers(0, 4)), max_size=25))
def test_every_call_is_part_of_exactly_one(parts: list[tuple[str, int, int]]) -> None:
    calls = [
        Call(f'metric.type="{kind}" metric.labels.a="{a}" resource.labels.b="{b}"', HOUR, "ALIGN_DELTA")
        for kind, a, b in parts
    ]
    members = [call for one in shared(calls) for call in one.members]
    assert sorted(map(repr, members)) == sorted(map(repr, set(calls)))
