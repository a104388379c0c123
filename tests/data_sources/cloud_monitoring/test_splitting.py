"""SLIs of Cloud Monitoring split by the values of labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from data_sources.base import Interval, Request
from data_sources.cloud_monitoring.config import Distribution
from data_sources.queries import Ratio
from data_sources.splits import BEYOND, SplitCounts, part_of
from tests.data_sources.contract import answers_of, series_of
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.world import MetricSpec, World, delta

START = 1_790_000_400 // 3600 * 3600
HOURS = 3
SPEC = MetricSpec("lb/requests", "DELTA", "INT64", {"class": "STRING", "route": "STRING"}, delay_seconds=120)
TOTAL = 'metric.type="lb/requests"'
SLI = Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.class="5xx"')
RATES = {"/pay": (9, 3), "/cart": (50, 1), 'a"b\\c': (4, 0), "": (2, 0)}


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + HOURS * 3600 + 600)
    for route, (good, bad) in RATES.items():
        labels = {"route": route} if route else {}
        world.add(delta(SPEC, {**labels, "class": "2xx"}, np.full(60 * HOURS, good), START))
        if bad:
            world.add(delta(SPEC, {**labels, "class": "5xx"}, np.full(60 * HOURS, bad), START))
    with running(world) as server:
        yield server


def ask(stand_in: StandIn, query: SplitCounts | Ratio):
    source = source_at(stand_in)
    interval = Interval(START, START + HOURS * 3600, 300)
    return answers_of(source, [Request("it", query, interval)])["it"], source, interval


def sums(answer) -> dict[str, tuple[float, float]]:
    columns = answer.series.columns
    named = {part_of(name): float(np.nansum(column)) for name, column in columns.items() if part_of(name)}
    return {values[0]: (named["good", values], named["total", values]) for _, values in filter(None, named)}


@pytest.mark.parametrize("label", ["metric.labels.route", "metric.label.route", "route"])
def test_the_parts_add_up_to_the_whole(stand_in, label):
    answer, source, interval = ask(stand_in, SplitCounts(of=SLI, by=(label,), at_most=10))
    minutes = 60 * HOURS
    assert sums(answer) == {r: (good * minutes, (good + bad) * minutes) for r, (good, bad) in RATES.items()}
    whole = series_of(source, SLI, interval).columns
    assert sum(total for _, total in sums(answer).values()) == whole["total"].sum()


def test_a_bound_keeps_the_worst_and_names_them_in_the_filter(stand_in):
    answer, _, _ = ask(stand_in, SplitCounts(of=SLI, by=("route",), at_most=2))
    assert set(sums(answer)) == {"/pay", "/cart"}
    assert set(answer.series.columns[BEYOND]) == {2.0}
    followed = SplitCounts(of=SLI, by=("route",), at_most=1).following([('a"b\\c',)])
    assert set(sums(ask(stand_in, followed)[0])) == {"/pay", 'a"b\\c'}


def test_a_total_of_another_metric_or_form_is_refused_by_name(stand_in):
    answer, _, _ = ask(stand_in, SplitCounts(of=Distribution(distribution=TOTAL, under="1s"), by=("route",), at_most=2))
    assert answer.error is not None
    assert answer.error.facts["reason"] == "not_a_distribution"
