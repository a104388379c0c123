"""Every fault of Cloud Monitoring becomes an error value that says what happened; nothing is raised."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudSignal
from data_sources.cloud_monitoring.errors import Circumstances, translated
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.queries import Ratio
from tests.google_stand_in import messages
from tests.google_stand_in.asking import Slept, ask, config_for, error_of, requests_for, source_at
from tests.google_stand_in.keys import service_account_in
from tests.google_stand_in.server import Fault, StandIn, Trouble, running
from tests.google_stand_in.world import MetricSpec, World, delta

START = 1_790_000_100
HOUR = Interval(START, START + 3600, 300)
TOTAL = 'metric.type="lb/requests"'
QUERY = Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.class="5xx"')
QUOTA = {
    "quota_metric": "monitoring.googleapis.com/query_requests",
    "quota_limit": "QueryRequestsPerMinutePerProject",
    "quota_limit_value": "6000",
}


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 7200)
    for number in range(6):
        spec = MetricSpec(f"lb/requests{number or ''}", "DELTA", "INT64", {"class": "STRING"}, delay_seconds=90)
        world.add(delta(spec, {"class": "2xx"}, np.full(60, 5), START))
    with running(world) as server:
        yield server


@pytest.mark.parametrize(
    ("fault", "code", "facts"),
    [
        (Fault("UNAUTHENTICATED", "token?"), "access_denied", {"reason": "credentials_expired"}),
        (
            Fault("PERMISSION_DENIED", "Permission monitoring.timeSeries.list denied"),
            "access_denied",
            {"reason": "permission_denied", "role": "roles/monitoring.viewer", "project": "demo"},
        ),
        (
            Fault("PERMISSION_DENIED", "not enabled", "SERVICE_DISABLED", service="monitoring.googleapis.com"),
            "access_denied",
            {"reason": "service_disabled", "service": "monitoring.googleapis.com"},
        ),
        (
            Fault("PERMISSION_DENIED", "Caller lacks serviceusage", "USER_PROJECT_DENIED"),
            "access_denied",
            {"reason": "quota_project"},
        ),
        (Fault("NOT_FOUND", "Cannot find metric(s)"), "not_found", {"reason": "metric"}),
        (
            Fault("INVALID_ARGUMENT", 'Field filter had an invalid value of "x": no.'),
            "query_refused",
            {"reason": "filter", "field": "filter"},
        ),
        (
            Fault("INVALID_ARGUMENT", "Field interval.startTime had an invalid value: no."),
            "query_refused",
            {"reason": "interval", "field": "interval.startTime"},
        ),
        (Fault("UNIMPLEMENTED", "?"), "bad_answer", {"reason": "not_cloud_monitoring"}),
    ],
)
def test_refusals_are_told_at_once(stand_in: StandIn, fault: Fault, code: str, facts: dict[str, str]) -> None:
    slept = Slept()
    stand_in.fail(fault)
    error = error_of(source_at(stand_in, slept), QUERY, HOUR)
    assert error.code == code
    assert facts.items() <= error.facts.items()
    assert error.facts["project"] == "demo"
    assert error.detail == fault.message
    assert not slept.seconds
    assert stand_in.calls("ListTimeSeries") == 1


@pytest.mark.parametrize(
    ("status", "code", "waits"),
    [
        ("UNAVAILABLE", "server_failed", [0.75, 1.5, 3.0]),
        ("INTERNAL", "server_failed", [0.75, 1.5, 3.0]),
        ("RESOURCE_EXHAUSTED", "rate_limited", [3.0, 6.0, 12.0]),
    ],
)
def test_what_may_pass_is_asked_again_ever_later(stand_in: StandIn, status: str, code: str, waits: list[float]) -> None:
    slept = Slept()
    fault = Fault(status, "later", "RATE_LIMIT_EXCEEDED", **QUOTA)
    stand_in.fail(*[fault] * 4)
    error = error_of(source_at(stand_in, slept), QUERY, HOUR)
    assert error.code == code
    assert error.transient
    assert slept.seconds == waits
    if code == "rate_limited":
        assert (error.facts["quota"], error.facts["limit_value"]) == (QUOTA["quota_metric"], "6000")


def test_what_passed_leaves_no_trace(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    stand_in.fail(Fault("UNAVAILABLE", "later"), Fault("RESOURCE_EXHAUSTED", "later"))
    answer = ask(source, QUERY, HOUR)
    assert answer.error is None
    assert answer.complete
    assert (source.calls["ListTimeSeries"].count, source.calls["ListTimeSeries"].failed) == (3, 2)


def test_too_long_a_question_is_asked_in_halves_once(stand_in: StandIn) -> None:
    stand_in.fail(Fault("DEADLINE_EXCEEDED", "slow"))
    answer = ask(source_at(stand_in), QUERY, HOUR)
    assert answer.series is not None
    np.testing.assert_array_equal(answer.series.columns["total"], np.full(12, 25.0))
    spans = [r.interval.end_time.seconds - r.interval.start_time.seconds for m, r in stand_in.seen if "List" in m]
    assert spans == [3600, 1800, 1800]
    stand_in.fail(Fault("DEADLINE_EXCEEDED", "slow"), Fault("DEADLINE_EXCEEDED", "slow"))
    error = error_of(source_at(stand_in), QUERY, HOUR)
    assert (error.code, error.facts["reason"]) == ("timed_out", "deadline")


def test_a_silent_server_meets_the_time_out(stand_in: StandIn) -> None:
    stand_in.troubles += [Trouble("ListTimeSeries", delay_seconds=0.6) for _ in range(3)]
    error = error_of(source_at(stand_in, timeout_seconds=0.2), QUERY, HOUR)
    assert error.code == "timed_out"
    assert error.facts["timeout_seconds"] == 0.2


def test_a_silent_server_is_not_asked_for_everything(stand_in: StandIn) -> None:
    stand_in.fail(*[Fault("DEADLINE_EXCEEDED", "slow")] * 99)
    queries = [CloudSignal(filter=f"{TOTAL} metric.labels.class={n}", aligner="ALIGN_DELTA") for n in range(40)]
    answers = list(source_at(stand_in).fetch(requests_for(queries, HOUR)))
    assert [answer.error.code for answer in answers if answer.error] == ["timed_out"] * 40
    assert stand_in.calls("ListTimeSeries") < 20


def test_a_partial_answer_is_shown_and_never_final(stand_in: StandIn) -> None:
    stand_in.troubles.append(Trouble("ListTimeSeries", partial="a zone did not answer"))
    answer = ask(source_at(stand_in), QUERY, HOUR)
    assert answer.series is not None
    assert not answer.complete
    assert answer.notices[0].code == "partial_answer"
    assert answer.notices[0].facts["detail"] == "a zone did not answer"


def test_bytes_that_are_no_message_are_a_bad_answer(stand_in: StandIn) -> None:
    stand_in.troubles.append(Trouble("ListTimeSeries", body=b"<html>Sign in</html>"))
    error = error_of(source_at(stand_in), QUERY, HOUR)
    assert (error.code, error.facts["reason"]) == ("bad_answer", "unreadable")


def test_one_refused_query_leaves_the_others_alone(stand_in: StandIn) -> None:
    queries = [QUERY, Ratio(total='metric.type="not/there"', good='metric.type="not/there"'), QUERY]
    answers = {a.request.key: a.error for a in source_at(stand_in).fetch(requests_for(queries, HOUR))}
    assert answers["0"] is None
    assert answers["2"] is None
    assert answers["1"] is not None
    assert (answers["1"].code, answers["1"].facts["reason"]) == ("not_found", "metric")


def test_a_used_up_quota_ends_the_round(stand_in: StandIn) -> None:
    stand_in.fail(*[Fault("RESOURCE_EXHAUSTED", "quota")] * 99)
    queries = [CloudSignal(filter=f"{TOTAL} metric.labels.class={n}", aligner="ALIGN_DELTA") for n in range(60)]
    answers = list(source_at(stand_in).fetch(requests_for(queries, HOUR)))
    assert {answer.error.code for answer in answers if answer.error} == {"rate_limited"}
    assert stand_in.calls("ListTimeSeries") <= 16


@pytest.mark.parametrize("status", ["UNIMPLEMENTED", "PERMISSION_DENIED", "NOT_FOUND"])
def test_points_can_be_read_without_any_descriptor(stand_in: StandIn, status: str) -> None:
    stand_in.fail(Fault(status, "no"), method="GetMetricDescriptor")
    stand_in.fail(Fault(status, "no"), method="ListMetricDescriptors")
    answer = ask(source_at(stand_in), QUERY, HOUR)
    assert answer.series is not None
    assert answer.series.columns["total"].tolist() == [25.0] * 12


def test_a_server_that_only_lists_descriptors_is_understood(stand_in: StandIn) -> None:
    stand_in.fail(Fault("UNIMPLEMENTED", "no"), method="GetMetricDescriptor")
    source = source_at(stand_in)
    assert ask(source, QUERY, HOUR).error is None
    assert source.lag_seconds == 90


def test_pages_that_never_end_are_a_bad_answer(stand_in: StandIn) -> None:
    page = messages.ListTimeSeriesResponse(next_page_token="again").SerializeToString()
    stand_in.troubles += [Trouble("ListTimeSeries", body=page) for _ in range(50)]
    assert error_of(source_at(stand_in), QUERY, HOUR).code == "bad_answer"
    assert stand_in.calls("ListTimeSeries") == 2


def test_an_address_without_tls_is_unreachable(stand_in: StandIn, tmp_path: Path) -> None:
    slept = Slept()
    config = config_for(stand_in.endpoint, insecure=False, auth=service_account_in(tmp_path), timeout_seconds=5)
    source = CloudMonitoringSource("google", config, lambda: START + 7200.0, slept.pauses)
    error = error_of(source, QUERY, HOUR)
    source.close()
    assert (error.code, error.facts["reason"]) == ("unreachable", "connection")


def test_a_source_that_is_down_is_unreachable_at_once() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        slept = Slept()
        source = CloudMonitoringSource(
            "google", config_for(f"127.0.0.1:{closed.getsockname()[1]}"), lambda: START + 7200.0, slept.pauses
        )
        answers = list(source.fetch(requests_for([QUERY] * 5, HOUR)))
        health = source.health()
        source.close()
    assert [answer.error.code for answer in answers if answer.error] == ["unreachable"] * 5
    assert len(slept.seconds) == 4
    assert not health.answered
    assert health.error is not None
    assert health.error.code == "unreachable"


def test_a_web_server_is_no_cloud_monitoring() -> None:
    server = HTTPServer(("127.0.0.1", 0), type("Quiet", (BaseHTTPRequestHandler,), {"log_message": lambda *_: None}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    source = CloudMonitoringSource("google", config_for(f"127.0.0.1:{server.server_port}"), lambda: START + 7200.0)
    error = error_of(source, QUERY, HOUR)
    source.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert (error.code, error.facts["reason"]) == ("bad_answer", "not_cloud_monitoring")


def test_without_credentials_the_answer_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    source = CloudMonitoringSource("google", config_for("127.0.0.1:9", insecure=False), lambda: START + 7200.0)
    error = error_of(source, QUERY, HOUR)
    assert (error.code, error.facts["reason"], error.facts["project"]) == ("access_denied", "no_credentials", "demo")
    assert not source.health().answered


def test_a_closed_source_opens_again(stand_in: StandIn) -> None:
    source = source_at(stand_in)
    assert ask(source, QUERY, HOUR).error is None
    source.close()
    assert ask(source, QUERY, HOUR).error is None
    source.close()


CIRCUMSTANCES = Circumstances("google", "demo", 30.0, {})


@pytest.mark.parametrize(
    ("raised", "code", "reason"),
    [
        (exceptions.RetryError("gave up", exceptions.ServiceUnavailable("x")), "server_failed", None),
        (exceptions.RetryError("gave up", None), "timed_out", None),
        (DefaultCredentialsError("none"), "access_denied", "no_credentials"),
        (RefreshError("invalid_grant: Token has been expired or revoked."), "access_denied", "credentials_expired"),
        (TransportError("no route to oauth2.googleapis.com"), "unreachable", "token_server"),
        (
            exceptions.ServiceUnavailable("Getting metadata from plugin failed with error: ('invalid_grant: Bad', {})"),
            "access_denied",
            "credentials_expired",
        ),
        (
            exceptions.ServiceUnavailable("Getting metadata from plugin failed with error: Max retries exceeded"),
            "unreachable",
            "token_server",
        ),
        (exceptions.ServiceUnavailable("failed to connect to all addresses"), "unreachable", "connection"),
        (
            exceptions.ResourceExhausted("CLIENT: Received message larger than max (9 vs. 4)"),
            "bad_answer",
            "message_too_large",
        ),
        (
            exceptions.InvalidArgument(
                'Field aggregation.perSeriesAligner had an invalid value of "ALIGN_SUM": The aligner cannot be applied '
                "to metrics with kind CUMULATIVE and value type INT64."
            ),
            "query_refused",
            "aligner",
        ),
        (exceptions.Aborted("?"), "server_failed", None),
    ],
)
def test_what_the_library_raises_has_a_meaning(raised: Exception, code: str, reason: str | None) -> None:
    error = translated(raised, CIRCUMSTANCES)
    assert (error.code, error.facts.get("reason")) == (code, reason)
    assert error.source == "google"


def test_a_refused_aligner_names_kind_and_type(stand_in: StandIn) -> None:
    error = error_of(source_at(stand_in), CloudSignal(filter=TOTAL, aligner="ALIGN_COUNT_TRUE"), HOUR)
    told = {name: error.facts[name] for name in ("aligner", "metric_kind", "value_type")}
    assert told == {"aligner": "ALIGN_COUNT_TRUE", "metric_kind": "DELTA", "value_type": "INT64"}
