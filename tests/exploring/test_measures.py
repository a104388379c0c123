"""What is taken away is in a unit that signals have, with the numbers that were seen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from data_sources.base import QueryText
from data_sources.exploring import Aggregation, Metric, MetricQuestion, MetricType
from data_sources.kinds import KINDS
from data_sources.prometheus.exploring.naming import unit_of
from tests.exploring.test_written import COMMENTS, problems
from tomoni.catalog.schema import Unit
from tomoni.exploring.measures import Measure, measure_of, seconds_in, times, unit_of_answer, unit_told
from tomoni.exploring.rows import row_query
from tomoni.exploring.written import signal_yaml

SECONDS, BYTES, COUNT, PER_SECOND = Unit.SECONDS, Unit.BYTES, Unit.COUNT, Unit.PER_SECOND
MEASURES = {
    "": Measure(COUNT),
    "1": Measure(COUNT),
    "count": Measure(COUNT),
    "ratio": Measure(Unit.RATIO),
    "10^2.%": Measure(Unit.RATIO),
    "percent": Measure(Unit.PERCENT),
    "%": Measure(Unit.PERCENT),
    "s": Measure(SECONDS),
    "seconds": Measure(SECONDS),
    "ms": Measure(SECONDS, Fraction(1, 1_000)),
    "milliseconds": Measure(SECONDS, Fraction(1, 1_000)),
    "µs": Measure(SECONDS, Fraction(1, 1_000_000)),
    "us": Measure(SECONDS, Fraction(1, 1_000_000)),
    "microseconds": Measure(SECONDS, Fraction(1, 1_000_000)),
    "ns": Measure(SECONDS, Fraction(1, 1_000_000_000)),
    "nanoseconds": Measure(SECONDS, Fraction(1, 1_000_000_000)),
    "min": Measure(SECONDS, Fraction(60)),
    "hours": Measure(SECONDS, Fraction(3_600)),
    "d": Measure(SECONDS, Fraction(86_400)),
    "By": Measure(BYTES),
    "bytes": Measure(BYTES),
    "bits": Measure(BYTES, Fraction(1, 8)),
    "kBy": Measure(BYTES, Fraction(1_000)),
    "KiB": Measure(BYTES, Fraction(1_024)),
    "KiBy": Measure(BYTES, Fraction(1_024)),
    "kibibytes": Measure(BYTES, Fraction(1_024)),
    "MiBy": Measure(BYTES, Fraction(1_048_576)),
    "per_second": Measure(PER_SECOND),
    "bytes/s": Measure(PER_SECOND, named="bytes/s"),
    "KiBy/s": Measure(PER_SECOND, Fraction(1_024), "bytes/s"),
    "seconds/s": Measure(COUNT),
    "ms/s": Measure(COUNT, Fraction(1, 1_000)),
    "1/s": Measure(PER_SECOND),
    "celsius": Measure(COUNT, named="celsius"),
    "requests/s": Measure(PER_SECOND, named="requests/s"),
}
NAMED = {
    "rpc_duration_ms": "milliseconds",
    "rpc_duration_milliseconds_bucket": "milliseconds",
    "rpc_latency_us": "microseconds",
    "gc_time_ns_total": "nanoseconds",
    "orders_us_total": "",
    "pods_ns": "",
    "memory_kib": "kibibytes",
    "cpu_seconds_total": "seconds",
    "hit_ratio": "ratio",
    "disk_used_percent": "percent",
    "http_server_requests_seconds_max": "seconds",
    "jvm_memory_max_bytes": "bytes",
    "hikaricp_connections_max": "",
    "redis_commands_latencies_usec": "microseconds",
    "redis_instantaneous_ops_per_sec": "",
    "disk_bytes_per_seconds_max": "",
    "response_time_millis": "milliseconds",
    "envoy_http_downstream_rq_time_bucket": "milliseconds",
    "kong_request_latency": "milliseconds",
}
TOLD = {
    "Replication lag behind master in seconds": "seconds",
    "GPU utilization (in %).": "percent",
    "Age of the oldest message (ms)": "milliseconds",
    "Request(s) that wait": "",
    "Time in seconds, or in milliseconds where it is short": "",
    "Number of requests in seconds": "",
    "Unix timestamp in seconds of the last backup": "",
    "Events in us and eu": "",
}


@pytest.mark.parametrize("written", MEASURES)
def test_a_unit_is_measured_as_the_units_of_signals_are(written: str) -> None:
    assert measure_of(written) == MEASURES[written]


@pytest.mark.parametrize("name", NAMED)
def test_names_say_their_unit_and_no_country_is_a_microsecond(name: str) -> None:
    assert unit_of(name) == NAMED[name]


@pytest.mark.parametrize("written", MEASURES)
@pytest.mark.parametrize("kind", ["prometheus", "cloud_monitoring", "files", "demo"])
def test_a_signal_that_is_taken_away_has_its_unit_or_names_it(kind: str, written: str, tmp_path: Path) -> None:
    name = {"files": "infra.csv:cpu", "cloud_monitoring": "a/b"}.get(kind, "metric_a")
    source = {"prometheus": "prom", "cloud_monitoring": "gcp", "files": "exports", "demo": "demo"}[kind]
    asked, sent = MetricQuestion(name, MetricType.GAUGE, Aggregation.MEAN), [QueryText("value", name)]
    made = signal_yaml(KINDS[kind], source, asked, sent, COMMENTS, written)
    assert problems(tmp_path, made) == []
    (signal,) = yaml.safe_load(made)["infra"]
    measure = MEASURES[written]
    if kind == "prometheus":
        assert (signal["unit"], signal["query"]) == (measure.unit, times(name, measure.factor))
        assert measure.named in signal["title"]
    elif measure.factor == 1:
        assert signal["unit"] == measure.unit
    else:  # what cannot be multiplied is counted, and its title says in what
        assert (signal["unit"], f"({written})" in signal["title"]) == (Unit.COUNT, True)


def test_a_row_of_the_joint_view_is_multiplied_as_well() -> None:
    asked = MetricQuestion("a_ms", MetricType.GAUGE, Aggregation.MEAN)
    texts = [QueryText("mean", "avg(a_ms)")]
    made = [row_query(KINDS["prometheus"], lambda *_: texts, asked, 0, unit) for unit in ("milliseconds", "seconds")]
    assert [yaml.safe_load(each) for each in made] == ["(avg(a_ms)) / 1000", "avg(a_ms)"]


@pytest.mark.parametrize("said", TOLD)
def test_a_sentence_tells_a_unit_where_it_names_one(said: str) -> None:
    assert unit_told(said) == TOLD[said]


LAG = Metric("pg_replication_lag", MetricType.GAUGE, help="Replication lag behind master in seconds")


@pytest.mark.parametrize(
    ("how", "answered", "metric", "unit"),
    [
        (Aggregation.MEAN, "", LAG, "seconds"),
        (Aggregation.MAX, "", LAG, "seconds"),
        (Aggregation.MEAN, "", Metric("lag", MetricType.GAUGE, "milliseconds"), "milliseconds"),
        (Aggregation.MEAN, "bytes", LAG, "bytes"),
        (Aggregation.MEAN, "", None, ""),
        (Aggregation.RATE, "per_second", LAG, "per_second"),
        (Aggregation.INCREASE, "", LAG, ""),
        (Aggregation.COUNT, "count", LAG, "count"),
    ],
)
def test_what_is_answered_is_in_the_unit_that_is_told_of_the_metric(
    how: Aggregation, answered: str, metric: Metric | None, unit: str
) -> None:
    asked = MetricQuestion("pg_replication_lag", MetricType.GAUGE, how)
    assert unit_of_answer(asked, answered, metric) == unit


def test_only_lengths_of_time_are_so_many_seconds() -> None:
    assert [seconds_in(each) for each in ("min", "bytes", "")] == [Fraction(60), None, None]
