"""Checking a query tells what is wrong or suspicious about it; explaining asks nobody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data_sources.base import Finding, Interval, Request
from data_sources.cloud_monitoring.config import CloudSignal, Distribution, NativeSlo
from data_sources.kinds import KINDS
from data_sources.queries import Gauge, Query, Ratio
from tests.google_stand_in.asking import ask, source_at
from tests.google_stand_in.server import Fault, StandIn, running
from tests.google_stand_in.world import Bounds, MetricSpec, World, delta, gauge, histogram

START = 1_790_000_100
HOUR = Interval(START, START + 3600, 300)
REQUESTS = MetricSpec("lb/requests", "DELTA", "INT64", {"class": "STRING"}, ("https_lb_rule",))
LATENCY = MetricSpec("lb/latency", "DELTA", "DISTRIBUTION", {}, ("https_lb_rule",), unit="ms")
SLOW = MetricSpec("disk/used", "GAUGE", "DOUBLE", {}, ("gce_instance",), sample_seconds=300)
TOTAL = 'metric.type="lb/requests" resource.type="https_lb_rule"'
GOOD = Ratio(total=TOTAL, good=f'{TOTAL} metric.labels.class="2xx"')


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 7200)
    world.add(delta(REQUESTS, {"class": "2xx"}, np.full(60, 5), START))
    world.add(histogram(LATENCY, {}, np.full((60, 4), 3.0), START, Bounds("explicit", (100, 200, 400))))
    world.add(gauge(SLOW, {}, np.full(12, 0.5), START))
    with running(world) as server:
        yield server


def findings(stand_in: StandIn, query: Query, interval: Interval = HOUR) -> dict[str, Finding]:
    return {found.code: found for found in source_at(stand_in).check(Request("one", query, interval))}


def test_a_sound_query_has_no_findings(stand_in: StandIn) -> None:
    assert findings(stand_in, GOOD) == {}


def test_a_label_that_is_not_there_is_named_with_those_that_are(stand_in: StandIn) -> None:
    query = Ratio(total=TOTAL, good=f'{TOTAL} metric.labels.klass="2xx" resource.label.host="a"')
    found = [f for f in source_at(stand_in).check(Request("one", query, HOUR)) if f.code == "unknown_label"]
    assert [finding.facts["label"] for finding in found] == ["metric.labels.klass", "resource.labels.host"]
    assert found[0].facts["known"] == "class"
    assert "url_map_name" in str(found[1].facts["known"])
    assert {finding.severity for finding in found} == {"error"}


def test_a_metric_that_does_not_exist_is_an_error(stand_in: StandIn) -> None:
    found = findings(stand_in, CloudSignal(filter='metric.type="not/there"'))
    assert found["not_found"].facts["name"] == "not/there"
    assert found["not_found"].facts["nearest"] == ""


@pytest.mark.parametrize("written", ["lb/request", "lb/reqests", "LB/requests", "requests/lb"])
def test_a_metric_that_is_nearly_another_one_names_that(stand_in: StandIn, written: str) -> None:
    found = findings(stand_in, CloudSignal(filter=f'metric.type="{written}"'))
    assert found["not_found"].facts["nearest"] == "lb/requests"


def test_a_wrong_aligner_is_told_with_kind_and_type(stand_in: StandIn) -> None:
    found = findings(stand_in, CloudSignal(filter=TOTAL, aligner="ALIGN_COUNT_TRUE"))["query_refused"]
    assert (found.facts["reason"], found.facts["metric_kind"]) == ("aligner", "DELTA")
    assert "cannot be applied" in str(found.facts["detail"])


def test_a_refused_filter_is_an_error(stand_in: StandIn) -> None:
    found = findings(stand_in, CloudSignal(filter=f'{TOTAL} colour="red"', aligner="ALIGN_RATE"))["query_refused"]
    assert (found.severity, found.facts["reason"]) == ("error", "filter")


def test_what_matches_nothing_is_told_by_its_role(stand_in: StandIn) -> None:
    empty = f'{TOTAL} resource.labels.zone="nowhere"'
    assert findings(stand_in, Ratio(total=empty, good=empty))["matches_nothing"].facts["role"] == "total"
    part = findings(stand_in, Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.class="5xx"'))
    assert part["numerator_matches_nothing"].severity == "warning"
    assert part["numerator_matches_nothing"].facts["role"] == "bad"


def test_a_threshold_between_edges_names_the_nearest_ones(stand_in: StandIn) -> None:
    found = findings(stand_in, Distribution(distribution='metric.type="lb/latency"', under="300ms"))
    assert found["threshold_between_edges"].severity == "warning"
    assert dict(found["threshold_between_edges"].facts) == {
        "threshold": 300.0,
        "unit": "ms",
        "below": 200.0,
        "above": 400.0,
    }


def test_too_few_samples_in_a_bucket_are_told(stand_in: StandIn) -> None:
    query = Gauge(gauge='metric.type="disk/used"', good_when="< 0.9")
    assert dict(findings(stand_in, query)["scrape_interval"].facts) == {"scrape_seconds": 300, "bucket_seconds": 300}
    assert "scrape_interval" not in findings(
        stand_in, query, Interval(START - START % 3600, START + 3600 - START % 3600, 3600)
    )


def test_more_history_than_is_kept_is_told(stand_in: StandIn) -> None:
    long = Interval(HOUR.end - 60 * 86_400, HOUR.end, 300)
    assert findings(stand_in, GOOD, long)["retention_short"].facts["retention_seconds"] == 42 * 86_400


def test_what_failed_is_found_with_its_own_words(stand_in: StandIn) -> None:
    stand_in.fail(Fault("PERMISSION_DENIED", "no"))
    found = findings(stand_in, GOOD)["access_denied"]
    assert (found.facts["reason"], found.facts["detail"]) == ("permission_denied", "no")


def test_health_needs_one_small_call(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    assert source.health().answered
    assert {name: count.count for name, count in source.calls.items()} == {"ListMetricDescriptors": 1}
    stand_in.fail(Fault("UNAUTHENTICATED", "no"), method="ListMetricDescriptors")
    health = source.health()
    assert health.error is not None
    assert health.error.facts["reason"] == "credentials_expired"


@pytest.mark.parametrize(
    ("query", "roles"),
    [
        (GOOD, {"total", "good"}),
        (Distribution(distribution='metric.type="lb/latency"', under=300.0), {"total", "good"}),
        (Gauge(gauge='metric.type="disk/used"', good_when="< 1"), {"gauge"}),
        (NativeSlo(slo="projects/p/services/s/serviceLevelObjectives/o"), {"total", "good", "bad"}),
        (CloudSignal(filter=TOTAL), {"value"}),
        (CloudSignal(filter='metric.type="', aligner="?"), {"value"}),
    ],
)
def test_explaining_shows_what_is_sent_without_asking(stand_in: StandIn, query: Query, roles: set[str]) -> None:
    before = stand_in.calls()
    texts = source_at(stand_in).explain(query, HOUR)
    assert {text.role for text in texts} == roles
    assert stand_in.calls() == before


def test_an_explanation_holds_filter_aligner_and_grouping(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    assert ask(source, GOOD, HOUR).error is None
    total, good = source.explain(GOOD, HOUR)
    assert total.text == f"{TOTAL}\nALIGN_DELTA 5m REDUCE_SUM BY metric.labels.class"
    assert good.text == f'{total.text}\nKEEP metric.labels.class = "2xx"'


def test_a_source_is_built_without_any_google_library() -> None:
    code = (
        "import sys; from data_sources.kinds import KINDS; k = KINDS['cloud_monitoring']; "
        "s = k.load()('g', k.config(kind='cloud_monitoring', project='p')); "
        "import data_sources.google_auth; s.explain; s.calls; s.close(); "
        "print([m for m in sys.modules if m.split('.')[0] in ('google', 'grpc', 'proto')])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert KINDS["cloud_monitoring"].adapter.startswith("data_sources.cloud_monitoring.source:")
