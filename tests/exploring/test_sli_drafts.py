"""“Make this an SLI” says what it measures: by its id, its title and its threshold, for every kind of metric."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from data_sources.exploring import AGGREGATIONS, MetricQuestion, MetricType
from data_sources.kinds import KINDS
from tests.exploring.test_written import COMMENTS, problems
from tomoni.exploring.drafted import read_sli
from tomoni.exploring.likely import Quality
from tomoni.exploring.sli_drafts import DraftedSli, drafted_sli, quality_of, sli_yaml
from tomoni.words.detected import drafted_title
from tomoni.words.text import text_for

COUNTER, GAUGE, HISTOGRAM = MetricType.COUNTER, MetricType.GAUGE, MetricType.HISTOGRAM
NATIVE = MetricType.NATIVE_HISTOGRAM


def drafted(
    name: str, kind: MetricType, labels: tuple[str, ...] = (), unit: str = "", of: str = "prometheus"
) -> DraftedSli | None:
    return drafted_sli(KINDS[of], "prom", MetricQuestion(name, kind, AGGREGATIONS[kind][0]), labels, unit)


Measured = tuple[str, MetricType, tuple[str, ...], Quality, str]
MEASURED: list[Measured] = [
    ("http_requests_total", COUNTER, ("code", "job"), Quality.AVAILABILITY, ""),
    ("mail_tasks_total", COUNTER, ("result",), Quality.AVAILABILITY, ""),
    ("orders_total", COUNTER, ("job",), Quality.THROUGHPUT, ""),
    ("http_request_duration_seconds", HISTOGRAM, (), Quality.LATENCY, "1s"),
    ("http_request_duration_seconds", NATIVE, (), Quality.LATENCY, "1s"),
    ("rpc_duration_milliseconds", HISTOGRAM, (), Quality.LATENCY, "1s"),
    ("rpc_duration_milliseconds", NATIVE, (), Quality.LATENCY, "1s"),
    ("rpc_duration_us", HISTOGRAM, (), Quality.LATENCY, "1s"),
    ("replication_lag_seconds", HISTOGRAM, (), Quality.FRESHNESS, "1s"),
    ("replication_lag_seconds", GAUGE, (), Quality.FRESHNESS, "5m"),
    ("index_age_milliseconds", GAUGE, (), Quality.FRESHNESS, "5m"),
    ("pool_utilization_ratio", GAUGE, (), Quality.SATURATION, "80%"),
    ("disk_used_percent", GAUGE, (), Quality.SATURATION, "80%"),
]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("measured", MEASURED, ids=str)
def test_its_id_and_its_title_say_what_it_measures(tmp_path: Path, measured: Measured, language: str) -> None:
    name, kind, labels, quality, limit = measured
    draft = drafted(name, kind, labels)
    assert draft is not None
    assert (draft.quality, draft.limit) == (quality, limit)
    title = drafted_title(draft.quality, name, draft.limit, text_for(language))
    assert (name in title, limit in title) == (True, True)
    lines = sli_yaml(name, draft, title, COMMENTS)
    assert problems(tmp_path, lines) == []
    (slo,) = yaml.safe_load(lines)["journeys"][0]["slos"]
    assert (slo["id"], slo["title"]) == (quality, title)
    _, form = read_sli(draft.written)
    assert quality_of(form.model_dump(mode="json", exclude_none=True)) == quality, "the workshop names it so too"


@pytest.mark.parametrize(
    ("name", "kind", "unit"),
    [
        ("response_size_bytes", HISTOGRAM, ""),
        ("response.size", HISTOGRAM, "By"),
        ("temperature_celsius", GAUGE, ""),
        ("process_start_time_seconds", GAUGE, ""),
        ("hit_ratio", GAUGE, ""),
        ("threads", GAUGE, ""),
    ],
)
def test_what_has_no_limit_that_is_known_is_no_sli(name: str, kind: MetricType, unit: str) -> None:
    assert drafted(name, kind, unit=unit) is None


@pytest.mark.parametrize(
    ("name", "kind", "keys"),
    [
        (
            "rpc_duration_milliseconds",
            HISTOGRAM,
            {
                "good": 'rpc_duration_milliseconds_bucket{le=~"1000|1000\\\\.0"}',
                "total": "rpc_duration_milliseconds_count",
            },
        ),
        ("index_age_milliseconds", GAUGE, {"gauge": "max(index_age_milliseconds)", "good_when": "<= 300000"}),
        ("disk_used_percent", GAUGE, {"gauge": "max(disk_used_percent)", "good_when": "<= 80"}),
        ("orders_total", COUNTER, {"gauge": "sum(rate(orders_total[$window]))", "good_when": "> 0"}),
    ],
)
def test_thresholds_are_in_the_unit_of_the_metric(name: str, kind: MetricType, keys: dict[str, str]) -> None:
    draft = drafted(name, kind, ("job",))
    assert draft is not None
    assert {key: value for key, value in yaml.safe_load(draft.written).items() if key != "source"} == keys


def test_of_google_a_counter_of_which_nothing_says_what_failed_is_no_sli() -> None:
    assert drafted("run.googleapis.com/requests", COUNTER, ("zone",), of="cloud_monitoring") is None
    assert drafted("run.googleapis.com/requests", COUNTER, ("response_code_class",), of="cloud_monitoring") is not None


@pytest.mark.parametrize(
    ("name", "quality"), [("checkout-latency", Quality.LATENCY), ("checkout-availability", Quality.AVAILABILITY)]
)
def test_what_is_counted_already_is_called_by_its_name(name: str, quality: Quality) -> None:
    draft = drafted(name, COUNTER, of="demo")
    assert draft is not None
    assert draft.quality == quality
