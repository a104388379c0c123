"""PromQL on Google: the Prometheus source with Google credentials, a stand-in for its address, and a token server."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.errors import SourceError
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio, TextSignal
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, fault_server, healthy, json_reply
from tests.google_stand_in.keys import service_account_in

PREFIX = "/v1/projects/demo/location/global/prometheus"
END = NOW // 300 * 300
HOUR = Interval(END - 3600, END, 300)
QUERY = Ratio(total='http_requests_total{app="a"}', bad='http_requests_total{app="a",code="500"}')


@dataclass
class Tokens:
    """A token server: a new token for each question, each good for so many seconds."""

    server: FaultServer
    lifetime_seconds: int = 3600
    given: list[str] = field(default_factory=list)

    def answer(self, call: Call) -> Reply:
        self.given.append(f"token-{len(self.given) + 1}")
        return json_reply({"access_token": self.given[-1], "expires_in": self.lifetime_seconds, "token_type": "Bearer"})


@dataclass
class Google:
    """An address as Managed Service for Prometheus has it; knows which tokens it has revoked."""

    server: FaultServer
    tokens: Tokens
    revoked: set[str] = field(default_factory=set)

    def answer(self, call: Call) -> Reply:
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens.given or token in self.revoked:
            error = {"code": 401, "message": "Request had invalid authentication credentials.", "status": "X"}
            return json_reply({"error": error}, 401)
        if not call.path.startswith(f"{PREFIX}/api/v1/"):
            return Reply(b"<html>Not Found</html>", 404)
        return healthy(call)

    @property
    def used(self) -> list[str]:
        """The tokens that came, in order."""
        return [call.headers.get("Authorization", "").removeprefix("Bearer ") for call in self.server.calls]


@pytest.fixture
def google() -> Iterator[Google]:
    with fault_server() as api, fault_server() as token_server:
        tokens = Tokens(token_server)
        token_server.answer = tokens.answer
        made = Google(api, tokens)
        api.answer = made.answer
        yield made


@pytest.fixture
def source(google: Google, tmp_path: Path) -> Iterator[PrometheusSource]:
    yield from opened(google, tmp_path, 5)


@pytest.fixture
def hurried(google: Google, tmp_path: Path) -> Iterator[PrometheusSource]:
    """A source that does not wait long for anybody."""
    yield from opened(google, tmp_path, 0.3)


def opened(google: Google, folder: Path, timeout_seconds: float) -> Iterator[PrometheusSource]:
    auth = service_account_in(folder, f"{google.tokens.server.url}/token")
    config = PrometheusConfig.model_validate(
        {"kind": "prometheus", "url": google.server.url + PREFIX, "auth": auth, "timeout_seconds": timeout_seconds}
    )
    source = PrometheusSource("gmp", config, clock=lambda: NOW + 600.0, pause=lambda _seconds: None)
    yield source
    source.close()


def ask(source: PrometheusSource, interval: Interval = HOUR) -> Answer:
    (answer,) = source.fetch([Request("it", QUERY, interval)])
    return answer


def error_of(source: PrometheusSource) -> SourceError:
    error = ask(source).error
    assert error is not None
    return error


def test_buckets_come_with_a_token_that_may_only_read(google: Google, source: PrometheusSource) -> None:
    answer = ask(source)
    assert answer.error is None
    assert answer.series is not None
    assert not np.isnan(answer.series.columns["total"]).any()
    assert set(google.used) == {"token-1"}
    (call,) = google.tokens.server.calls
    claims = call.form["assertion"].split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert payload["scope"] == "https://www.googleapis.com/auth/monitoring.read"
    assert all(call.path.startswith(f"{PREFIX}/api/v1/") for call in google.server.calls)


def test_signals_of_cloud_monitorings_own_metrics_are_promql_too(google: Google, source: PrometheusSource) -> None:
    query = TextSignal(query='avg({"compute.googleapis.com/instance/cpu/utilization"})')
    (answer,) = source.fetch([Request("it", query, HOUR)])
    assert answer.error is None
    assert "compute.googleapis.com/instance/cpu/utilization" in google.server.calls[-1].form["query"]


def test_a_token_is_fetched_once_while_it_is_valid(google: Google, source: PrometheusSource) -> None:
    for _ in range(3):
        assert ask(source).error is None
    assert google.tokens.given == ["token-1"]


def test_a_revoked_token_is_renewed_and_the_query_retried(google: Google, source: PrometheusSource) -> None:
    ask(source)
    google.revoked.add("token-1")
    assert ask(source).error is None
    assert google.tokens.given == ["token-1", "token-2"]
    assert google.used[-1] == "token-2"


def test_a_token_that_is_about_to_expire_is_renewed_before_it_is_sent(google: Google, source: PrometheusSource) -> None:
    google.tokens.lifetime_seconds = 1
    ask(source)
    google.tokens.lifetime_seconds = 3600
    call = len(google.server.calls)
    assert ask(source).error is None
    assert "token-1" not in google.used[call:]


def test_tokens_that_are_always_refused_are_reported(google: Google, source: PrometheusSource) -> None:
    google.revoked |= {f"token-{n}" for n in range(100)}
    assert error_of(source).code == "access_denied"
    assert len(google.tokens.given) < 20


def test_a_deleted_account_is_reported_without_its_key(google: Google, source: PrometheusSource) -> None:
    gone = {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
    google.tokens.server.answer = lambda call: json_reply(gone, 400)
    error = error_of(source)
    assert (error.code, error.facts["reason"]) == ("access_denied", "credentials_expired")
    assert "PRIVATE" not in str(error)
    assert google.server.calls == []


def test_a_key_that_was_rotated_is_used_with_the_next_request(
    google: Google, source: PrometheusSource, tmp_path: Path
) -> None:
    assert ask(source).error is None
    assert ask(source).error is None
    requested = len(google.tokens.server.calls)
    service_account_in(tmp_path, f"{google.tokens.server.url}/token")  # the file is written anew
    assert ask(source).error is None
    assert len(google.tokens.server.calls) == requested + 1


def test_a_silent_token_server_meets_the_time_out(google: Google, hurried: PrometheusSource) -> None:
    google.tokens.server.answer = lambda call: Reply(b"{}", slowly=60)
    started = time.monotonic()
    error = error_of(hurried)
    assert (error.code, error.facts["reason"]) == ("unreachable", "token_server")
    assert time.monotonic() - started < 30


def test_a_silent_google_meets_the_time_out(google: Google, hurried: PrometheusSource) -> None:
    ask(hurried, Interval(END - 300, END, 300))
    google.server.answer = lambda call: Reply(b"{}" * 400, slowly=0.1)
    started = time.monotonic()
    assert error_of(hurried).code == "timed_out"
    assert time.monotonic() - started < 30
