"""What is different in the demo's incident, found by a job."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import NativeSlo as Asked
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.exploring import Cancelled, Explores, Limits, Line, Lines, Matcher, Metric, MetricQuestion, Operator
from data_sources.queries import Counts, Query, Ratio, RecordedRate, RecordedRatio
from data_sources.underlying import Underlying
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.server import running
from tests.google_stand_in.slos import NativeSlo
from tests.google_stand_in.world import MetricSpec, World, delta
from tomoni.exploring.splitting import splitting_of
from tomoni.slo.model import DAY
from tomoni.use_cases.different import Different, Marked, find_different, split_interval
from tomoni.use_cases.jobs import Jobs

NOW = 20_780 * DAY + 3600
INCIDENT = (20_775 * DAY + 5 * 3600, 20_775 * DAY + 6 * 3600)  # 14:00 in Tokyo, five days ago


def found(span: tuple[int, int]) -> Different:
    source = DemoSource("demo", DemoConfig(kind="demo"), lambda: NOW)
    assert isinstance(source, Explores)
    marked = Marked(span, (), (), source, splitting_of(Counts(counts="checkout-availability")))
    job = Jobs(time.monotonic).start("a", find_different(marked))
    assert job.wait(60)
    assert job.error is None
    assert job.result is not None
    return job.result


def test_the_version_and_the_zone_of_the_incident_stand_out_and_no_route_does() -> None:
    shares = found(INCIDENT).shares
    assert shares is not None
    assert {(each.label, each.value) for each in shares.outstanding} == {("version", "2.9"), ("zone", "b")}
    assert sum(each.share_of_bad for each in shares.shares if each.label == "zone") == pytest.approx(1)


def test_a_quiet_hour_says_that_nothing_stands_out() -> None:
    shares = found((INCIDENT[0] + DAY, INCIDENT[1] + DAY)).shares
    assert shares is not None
    assert not shares.outstanding


def test_days_before_an_interval_are_read_in_bounded_buckets() -> None:
    for seconds in (60, 3600, 3 * DAY, 60 * DAY):
        interval = split_interval((NOW, NOW + seconds))
        assert len(interval) <= 2_502
        assert interval.start <= NOW - 7 * DAY
        assert interval.end >= NOW + seconds


def test_metrics_with_labels_are_ranked_and_those_without_are_left_out() -> None:
    source = DemoSource("demo", DemoConfig(kind="demo"), lambda: NOW)
    assert isinstance(source, Explores)
    where = (Matcher("app", Operator.EQUAL, "checkout"), Matcher("pod", Operator.EQUAL, "a"))
    job = Jobs(time.monotonic).start("a", find_different(Marked(INCIDENT, (), (), None, None, source, where)))
    assert job.wait(60)
    assert job.error is None
    assert job.result is not None
    ranking = job.result.metrics
    assert ranking is not None
    assert {each.name for each in ranking.series} == {"checkout-cpu", "checkout-db-cpu", "checkout-memory"}
    assert ranking.series[-1].name == "checkout-memory"  # which is off by one usual spread alone
    assert all(each.z > 3 for each in ranking.series[:2])


@pytest.mark.parametrize("native", [False, True], ids=["filters", "an SLO that Google keeps"])
def test_the_route_that_carried_the_bad_events_of_cloud_monitoring_stands_out(native: bool) -> None:
    end, minutes, routes = 1_790_000_000 // 3600 * 3600, 3 * DAY // 60, [f"/r{number}" for number in range(8)]
    spec = MetricSpec("run/requests", "DELTA", "INT64", {"code": "STRING", "route": "STRING"}, ("cloud_run_revision",))
    world, rng = World("demo", end), np.random.default_rng(5)
    for place, route in enumerate(routes):
        good, bad = rng.poisson(40, minutes), rng.poisson(0.05, minutes)
        if place == 3:
            bad[-60:] += 12
        for code, counts in (("200", good), ("500", bad)):
            world.add(delta(spec, {"code": code, "route": route}, counts, end - minutes * 60))
    both = 'metric.type = "run/requests"'
    splitting = None if native else splitting_of(Ratio(total=both, bad=f'{both} AND metric.labels.code = "500"'))
    name = "projects/demo/services/shop/serviceLevelObjectives/it"
    well = f'{both} AND metric.labels.code = "200"'
    world.services = {"projects/demo/services/shop": "Shop"}
    world.slos = {name: NativeSlo(name, "It", goal=0.99, total=both, good=well, rolling_seconds=DAY)}
    with running(world) as server:
        source = source_at(server)
        assert isinstance(source, Explores)
        marked = Marked((end - 3600, end), (), (), source, splitting, sli=Asked(slo=name) if native else None)
        job = Jobs(time.monotonic).start("a", find_different(marked))
        assert job.wait(60)
        source.close()
    assert job.error is None
    assert job.result is not None
    assert job.result.shares is not None
    assert [(each.label, each.value) for each in job.result.shares.outstanding] == [("route", "/r3")]


HELD = Matcher("job", Operator.EQUAL, "shop")


@dataclass
class RuledSource:
    """A source whose recorded ratio is made of rates by job, and these of counters by job and route."""

    made: Mapping[str, Underlying]
    id: str = "ruled"

    def underlying(self, query: Query) -> Underlying | None:
        return self.made.get(type(query).__name__)

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        assert matchers[0] == HELD
        return {"http_total": ("code", "job", "route")}.get(metric, ("job",))

    def lines(self, ask: MetricQuestion, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        (label,) = ask.by
        bad = any(each.label == "code" for each in ask.matchers)
        values = {"a": 0.0 if bad else 90.0, "b": 30.0} if label == "route" else {"shop": 30.0}
        size = len(interval)
        return Lines(interval, tuple(Line({label: name}, np.full(size, each)) for name, each in values.items()))

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        raise NotImplementedError

    label_values = cost = texts = metrics


def test_rules_of_rules_are_followed_until_series_have_a_label_that_tells_something() -> None:
    ratio = RecordedRatio.model_validate({"ratio": {"error": "job:bad:ratio"}})
    rates = RecordedRate.model_validate({"rate": {"total": "job:all:rate5m", "bad": "job:bad:rate5m"}})
    counters = Ratio(total="http_total", bad='http_total{code="500"}')
    source: Any = RuledSource({"RecordedRatio": Underlying(rates, (HELD,)), "RecordedRate": Underlying(counters)})
    assert isinstance(source, Explores)
    marked = Marked(INCIDENT, (), (), source, splitting_of(ratio), sli=ratio)
    job = Jobs(time.monotonic).start("a", find_different(marked))
    assert job.wait(60)
    assert job.result is not None
    assert job.result.shares is not None
    assert [(each.label, each.value, each.share_of_bad) for each in job.result.shares.shares[:1]] == [("route", "b", 1)]
