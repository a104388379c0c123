"""“Make this an SLI” says what it measures: by its id, its title and its threshold, for every kind of metric."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from data_sources.exploring import AGGREGATIONS, Aggregation, Matcher, MetricQuestion, MetricType, Operator
from data_sources.kinds import KINDS
from tests.exploring.test_written import COMMENTS, problems
from tomoni.exploring.detectors.grpc import FAILED as GRPC_FAILED
from tomoni.exploring.detectors.otel_rpc import FAILED as RPC_FAILED
from tomoni.exploring.drafted import read_sli
from tomoni.exploring.likely import Quality
from tomoni.exploring.sli_drafts import DraftedSli, Known, drafted_sli, quality_of, sli_yaml
from tomoni.words.detected import drafted_title
from tomoni.words.text import text_for

COUNTER, GAUGE, HISTOGRAM = MetricType.COUNTER, MetricType.GAUGE, MetricType.HISTOGRAM
NATIVE = MetricType.NATIVE_HISTOGRAM


def drafted(
    name: str, kind: MetricType, labels: tuple[str, ...] = (), unit: str = "", of: str = "prometheus"
) -> DraftedSli | None:
    asked = MetricQuestion(name, kind, AGGREGATIONS[kind][0])
    return drafted_sli(KINDS[of], "prom", asked, Known(labels, unit))


def keys_of(draft: DraftedSli | None) -> dict[str, str] | None:
    """What an SLI is made of, without its source."""
    if draft is None:
        return None
    return {key: value for key, value in yaml.safe_load(draft.written).items() if key != "source"}


Measured = tuple[str, MetricType, tuple[str, ...], Quality, str]
MEASURED: list[Measured] = [
    ("http_requests_total", COUNTER, ("code", "job"), Quality.AVAILABILITY, ""),
    ("mail_tasks_total", COUNTER, ("result",), Quality.AVAILABILITY, ""),
    ("orders_total", COUNTER, ("job",), Quality.THROUGHPUT, ""),
    ("etcd_server_proposals_failed_total", COUNTER, ("job",), Quality.FAULTLESS, ""),
    ("node_network_receive_errs_total", COUNTER, ("device",), Quality.FAULTLESS, ""),
    ("kube_pod_container_status_restarts_total", COUNTER, ("pod",), Quality.FAULTLESS, ""),
    ("redis_keyspace_misses_total", COUNTER, ("job",), Quality.THROUGHPUT, ""),
    ("redis_commands_latencies_usec", HISTOGRAM, (), Quality.LATENCY, "1s"),
    ("vertx_http_server_response_time_millis", HISTOGRAM, (), Quality.LATENCY, "1s"),
    ("http_request_duration", HISTOGRAM, (), Quality.LATENCY, "1s"),
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
    assert keys_of(draft) == keys


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


RPC_LOWER = "unknown|deadline_exceeded|resource_exhausted|unimplemented|internal|unavailable|data_loss"
# The values of a label as exporters write them, and what of them failed.
WHAT_FAILED = {
    ("coredns_dns_responses_total", "rcode", "NOERROR NXDOMAIN SERVFAIL"): '{rcode="SERVFAIL"}',
    ("argocd_app_sync_total", "phase", "Error Failed Succeeded"): '{phase=~"Error|Failed"}',
    ("celery_tasks_total", "state", "FAILURE RECEIVED SUCCESS"): '{state="FAILURE"}',
    ("celery_tasks_total", "state", "RECEIVED SUCCESS"): '{state=~"FAILURE|FAILED|ERROR"}',
    ("jobs_total", "status", "error ok"): '{status="error"}',
    ("jobs_total", "status", "ok"): '{status!="ok"}',
    ("calls_total", "success", "true"): '{success!="true"}',
    ("http_requests_total", "status", "200 404 503"): '{status=~"5.."}',
    ("http_requests_total", "code", "2xx 5xx"): '{code=~"5xx"}',
    ("http_requests_total", "result_code", "200 404"): '{result_code=~"5.."}',
    ("envoy_cluster_upstream_rq_xx", "envoy_response_code_class", "2 4 5"): '{envoy_response_code_class=~"5"}',
    ("grpc_server_handled_total", "grpc_code", "NotFound OK"): f'{{grpc_code=~"{GRPC_FAILED}"}}',
    ("rpc_calls_total", "code", "OK Unavailable"): f'{{code=~"{GRPC_FAILED}"}}',
    ("rpc_calls_total", "grpc_status", "NOT_FOUND OK"): f'{{grpc_status=~"{RPC_FAILED}"}}',
    ("calls_total", "status", "OK UNAVAILABLE"): f'{{status=~"{RPC_FAILED}"}}',
    ("calls_total", "response_code", "internal ok"): f'{{response_code=~"{RPC_LOWER}"}}',
    ("calls_total", "status", "aborted error ok"): '{status="error"}',
    ("rpc_calls_total", "rpc_grpc_status_code", "0 5"): f'{{rpc_grpc_status_code=~"{RPC_FAILED}"}}',
}


@pytest.mark.parametrize("named", WHAT_FAILED, ids=" ".join)
def test_what_failed_is_told_by_the_values_of_a_label(tmp_path: Path, named: tuple[str, str, str]) -> None:
    name, label, values = named
    asked = MetricQuestion(name, COUNTER, Aggregation.RATE)
    known = Known(("job", label), values={label: tuple(values.split())})
    draft = drafted_sli(KINDS["prometheus"], "prom", asked, known)
    assert keys_of(draft) == {"bad": name + WHAT_FAILED[named], "total": name}
    assert draft is not None
    assert problems(tmp_path, sli_yaml(name, draft, "A title", COMMENTS)) == []


@pytest.mark.parametrize("values", ["idle running", "500 503", "GET POST"])
def test_a_label_whose_values_are_no_outcomes_says_nothing_of_failures(values: str) -> None:
    asked = MetricQuestion("orders_total", COUNTER, Aggregation.RATE)
    known = Known(("status",), values={"status": tuple(values.split())})
    assert keys_of(drafted_sli(KINDS["prometheus"], "prom", asked, known)) == {
        "gauge": "sum(rate(orders_total[$window]))",
        "good_when": "> 0",
    }


E, N, M, NM = Operator.EQUAL, Operator.NOT_EQUAL, Operator.MATCHES, Operator.NOT_MATCHES
FILTERED: dict[tuple[Matcher, ...], dict[str, str]] = {
    (Matcher("route", E, "/pay"),): {"bad": 'a_total{route="/pay",code=~"5.."}', "total": 'a_total{route="/pay"}'},
    (Matcher("code", M, "5.."),): {"bad": 'a_total{code=~"5.."}', "total": "a_total"},
    (Matcher("code", E, "200"),): {"good": 'a_total{code="200"}', "total": "a_total"},
    (Matcher("code", NM, "2..|3.."),): {"bad": 'a_total{code!~"2..|3.."}', "total": "a_total"},
    (Matcher("code", NM, "5.."),): {"good": 'a_total{code!~"5.."}', "total": "a_total"},
    (Matcher("level", N, "error"),): {"good": 'a_total{level!="error"}', "total": "a_total"},
    (Matcher("route", E, "/pay"), Matcher("code", E, "503")): {
        "bad": 'a_total{route="/pay",code="503"}',
        "total": 'a_total{route="/pay"}',
    },
}


@pytest.mark.parametrize("matchers", FILTERED, ids=str)
def test_a_filter_says_which_failed_or_whose_they_are(tmp_path: Path, matchers: tuple[Matcher, ...]) -> None:
    asked = MetricQuestion("a_total", COUNTER, Aggregation.RATE, matchers)
    known = Known(("code", "route"), values={"code": ("200", "503")})
    draft = drafted_sli(KINDS["prometheus"], "prom", asked, known)
    assert keys_of(draft) == FILTERED[matchers]
    assert draft is not None
    assert problems(tmp_path, sli_yaml("a_total", draft, "A title", COMMENTS)) == []


@pytest.mark.parametrize(("values", "bad"), [("2xx 5xx", 'monitoring.regex.full_match("5xx")'), ("200 500", '"500"')])
def test_of_google_classes_are_written_as_they_are_there(values: str, bad: str) -> None:
    asked = MetricQuestion("run.googleapis.com/request_count", COUNTER, Aggregation.RATE)
    known = Known(("response_code_class",), values={"response_code_class": tuple(values.split())})
    found = keys_of(drafted_sli(KINDS["cloud_monitoring"], "gcp", asked, known))
    assert found is not None
    assert found["bad"].endswith(f"metric.labels.response_code_class = {bad}")


@pytest.mark.parametrize(
    ("name", "said", "edges", "seconds"),
    [
        ("apiserver_response_sizes", "Response size distribution in bytes for each group", "", False),
        ("tsdb_compaction_chunk_samples", "Final number of samples on their first compaction", "4 6 9", False),
        ("pod_scheduling_attempts", "Number of attempts to successfully schedule a pod.", "1 2 4", False),
        ("http_request_duration", "", "0.005 0.1 10 +Inf", True),
        ("http_request_duration", "", "25 1000 60000 +Inf", False),
        ("batch_run_duration", "", "1 60 3600 +Inf", False),
        ("celery_task_runtime", "Histogram of task runtime measurements.", "0.005 10 +Inf", True),
        ("argocd_app_reconcile", "Application reconciliation performance in seconds.", "0.25 16 +Inf", True),
    ],
)
def test_a_histogram_without_a_unit_has_a_limit_in_seconds_only_where_it_is_in_seconds(
    name: str, said: str, edges: str, seconds: bool
) -> None:
    asked = MetricQuestion(name, HISTOGRAM, Aggregation.PERCENTILES)
    draft = drafted_sli(KINDS["prometheus"], "prom", asked, Known(help=said, values={"le": tuple(edges.split())}))
    assert keys_of(draft) == ({"histogram": name, "under": "1s"} if seconds else None)


@pytest.mark.parametrize(
    ("name", "said", "good_when"),
    [
        ("pg_replication_lag", "Replication lag behind master in seconds", "<= 300"),
        ("DCGM_FI_DEV_GPU_UTIL", "GPU utilization (in %).", "<= 80"),
        ("queue_oldest_age", "Age of the oldest message (ms)", "<= 300000"),
    ],
)
def test_the_unit_that_the_help_of_a_gauge_names_is_that_of_its_limit(name: str, said: str, good_when: str) -> None:
    asked = MetricQuestion(name, GAUGE, Aggregation.MEAN)
    draft = drafted_sli(KINDS["prometheus"], "prom", asked, Known(help=said))
    assert keys_of(draft) == {"gauge": f"max({name})", "good_when": good_when}
