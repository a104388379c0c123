"""Every kind of metric in every way that it offers, whole and by a label, and as one line, against known numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.exploring import AGGREGATIONS, Aggregation, Limits, Metric, MetricQuestion
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.server import running
from tests.google_stand_in.world import Bounds, MetricSpec, Stream, World, cumulative, delta, gauge, histogram

START, STEP, BUCKETS = 1_790_000_100, 300, 12
INTERVAL = Interval(START, START + STEP * BUCKETS, STEP)
LATER = Interval(START + STEP, START + STEP * BUCKETS, STEP)  # a cumulative series counts from its second point
MINUTES = 5 * BUCKETS
EDGES = Bounds("explicit", (100.0, 200.0, 400.0))
ZONES = {"a": 1, "b": 3}  # how much each has
NUMBERS = [(kind, value) for kind in ("DELTA", "CUMULATIVE", "GAUGE") for value in ("INT64", "DOUBLE")]
SIZES = [(kind, "DISTRIBUTION") for kind in ("DELTA", "CUMULATIVE", "GAUGE")]
KINDS = [*NUMBERS, *SIZES, ("GAUGE", "BOOL")]
# What all zones together, and zone b alone, are: a minute has one for each, and ten observations of each size.
COUNTED = {Aggregation.RATE: (4 / 60, 3 / 60), Aggregation.INCREASE: (20, 15)}
MEASURED = {
    Aggregation.MEAN: (2, 3),
    Aggregation.SUM: (4, 3),
    Aggregation.MIN: (1, 3),
    Aggregation.MAX: (3, 3),
    Aggregation.COUNT: (2, 1),
}
YES_OR_NO = {**dict.fromkeys(MEASURED, (0.6, 0.6)), Aggregation.SUM: (1.2, 0.6), Aggregation.COUNT: (2, 1)}
SIZED = {Aggregation.PERCENTILES: (380, 380), Aggregation.RATE: (40 / 60, 30 / 60), Aggregation.HEAT: (40 / 60,) * 2}
UNITS = {"DISTRIBUTION": "milliseconds", "BOOL": "ratio"}


def spec_of(kind: str, value: str) -> MetricSpec:
    unit = "ms" if value == "DISTRIBUTION" else "By"
    return MetricSpec(f"x/{kind}_{value}".lower(), kind, value, {"zone": "STRING"}, unit=unit)


def stream_of(spec: MetricSpec, zone: str, much: int) -> Stream:
    labels = {"zone": zone}
    if spec.value_type == "DISTRIBUTION":
        rows = np.tile([5 * much, 4 * much, much, 0], (MINUTES, 1))
        if spec.kind != "CUMULATIVE":
            return histogram(spec, labels, rows, START, EDGES)
        ends, starts = START + 60 * (1 + np.arange(MINUTES)), np.full(MINUTES, START)
        return Stream(spec, labels, "global", {}, ends, rows.cumsum(axis=0).astype(float), starts, EDGES)
    if spec.kind == "GAUGE":
        yes_or_no = np.tile([1, 0, 1, 0, 1], BUCKETS)
        return gauge(spec, labels, yes_or_no if spec.value_type == "BOOL" else np.full(MINUTES, much), START)
    make = delta if spec.kind == "DELTA" else cumulative
    return make(spec, labels, np.full(MINUTES, much), START)


@pytest.fixture(scope="module")
def source() -> Iterator[CloudMonitoringSource]:
    world = World("demo", START + STEP * BUCKETS)
    world.add(*(stream_of(spec_of(*each), zone, much) for each in KINDS for zone, much in ZONES.items()))
    with running(world) as server:
        source = source_at(server)
        yield source
        source.close()


@pytest.fixture(scope="module")
def listed(source: CloudMonitoringSource) -> dict[str, Metric]:
    return {metric.name: metric for part in source.metrics(lambda: False) for metric in part}


@pytest.mark.parametrize(("kind", "value"), KINDS)
def test_a_kind_is_answered_in_every_way_that_it_offers(
    source: CloudMonitoringSource, listed: dict[str, Metric], kind: str, value: str
) -> None:
    metric = listed[spec_of(kind, value).type]
    assert metric.unit == UNITS.get(value, "bytes")
    known = {"DISTRIBUTION": SIZED, "BOOL": YES_OR_NO}.get(value, MEASURED if kind == "GAUGE" else COUNTED)
    assert set(AGGREGATIONS[metric.type]) == set(known)
    for how, (whole, of_b) in known.items():
        found = source.lines(MetricQuestion(metric.name, metric.type, how), LATER, Limits(), lambda: False)
        if how is Aggregation.HEAT:
            assert found.heat is not None
            assert found.heat.counts.sum(axis=0) == pytest.approx(whole)
            continue
        split = source.lines(
            MetricQuestion(metric.name, metric.type, how, by=("zone",)), LATER, Limits(), lambda: False
        )
        last = [line for line in split.lines if line.labels["zone"] == "b" and line.role in ("", "p99")]
        assert found.lines[0].values == pytest.approx(whole)
        assert last[0].values == pytest.approx(of_b)


@pytest.mark.parametrize(("kind", "value"), KINDS)
def test_a_kind_is_read_as_one_line(
    source: CloudMonitoringSource, listed: dict[str, Metric], kind: str, value: str
) -> None:
    metric = listed[spec_of(kind, value).type]
    how = Aggregation.MEAN if AGGREGATIONS[metric.type][0] is Aggregation.MEAN else Aggregation.RATE
    found = source.one_line(MetricQuestion(metric.name, metric.type, how), LATER, Limits())
    sizes, mean = 40 / 60, 0.6 if value == "BOOL" else 2
    assert found == pytest.approx(sizes if value == "DISTRIBUTION" else mean if kind == "GAUGE" else 4 / 60)
