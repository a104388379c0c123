"""The mistakes that people make with a connection or a credential, and what each is answered with."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from data_sources.base import Interval, Request
from data_sources.errors import SourceError
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import TextSignal
from tests.data_sources.certificates import DAY, issue, server_context
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, failure, fault_server, healthy
from tomoni.words import errors
from tomoni.words.text import text_for

Make = Callable[..., PrometheusSource]
HOUR = Interval(NOW - 3600, NOW, 300)
BEARER = {"kind": "bearer", "token": "t0ken-of-tests"}
BASIC = {"kind": "basic", "username": "me", "password": "pass-of-tests"}


def error_of(source: PrometheusSource) -> SourceError:
    error = answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"].error
    assert error is not None
    return error


def said(error: SourceError, language: str = "en") -> str:
    return " ".join(errors.describe(error.code, error.facts, error.detail, text_for(language)))


def below(prefix: str) -> Callable[[Call], Reply]:
    """A server whose API is below a path, and that knows no other."""

    def answer(call: Call) -> Reply:
        if not call.path.startswith(f"{prefix}/api/v1/"):
            return Reply(b"404 page not found\n", 404, {"Content-Type": "text/plain"})
        return healthy(call)

    return answer


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        ("/graph", ""),
        ("/query", ""),
        ("/targets", ""),
        ("/classic/graph/", ""),
        ("/metrics", ""),
        ("/vmui", ""),
        ("", "/prometheus"),
        ("/graph", "/prometheus"),
        ("/prometheus", ""),
        ("/prometheus/graph", "/prometheus"),
        ("/select/0/vmui", "/select/0/prometheus"),
    ],
)
def test_a_url_that_is_not_the_address_of_the_api_names_the_one_that_is(
    server: FaultServer, make: Make, written: str, prefix: str
) -> None:
    server.answer = below(prefix)
    error = error_of(make(url=server.url + written))
    assert (error.code, error.facts["reason"]) == ("bad_answer", "wrong_path")
    assert f"Write url: {server.url}{prefix} in sources.yaml." in said(error)


GRAFANA = b"<!DOCTYPE html><html><head><title>Grafana</title></head><body>grafanaBootData</body></html>"
STRANGERS = {
    "Grafana": Reply(GRAFANA, 200, {"Content-Type": "text/html"}),
    "Alertmanager": Reply(b"<html><head><title>Alertmanager</title></head></html>"),
    "Pushgateway": Reply(b"<html><title>Prometheus Pushgateway</title></html>"),
    "node_exporter": Reply(b"<html><head><title>Node Exporter</title></head></html>"),
    "MySQLd exporter": Reply(b"<html><head><title>MySQLd exporter</title></head></html>"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_another_server_at_the_address_is_named(server: FaultServer, make: Make, name: str) -> None:
    server.answer = lambda call: STRANGERS[name] if call.path == "/" else Reply(b"404 page not found", 404)
    error = error_of(make())
    assert (error.code, error.facts["reason"]) == ("bad_answer", "other_server")
    assert said(error).startswith(f"{name} answers at this address")


def test_a_login_page_of_grafana_is_named_as_one(server: FaultServer, make: Make) -> None:
    server.answer = lambda call: (
        STRANGERS["Grafana"] if call.path == "/login" else Reply(b"", 302, {"Location": "/login"})
    )
    error = error_of(make())
    assert error.facts["reason"] == "redirected_to_sign_in"


@pytest.mark.parametrize("reply", [Reply(b"<html><center>nginx</center></html>", 404), Reply(b"hello")])
def test_of_an_unknown_server_nothing_is_claimed(server: FaultServer, make: Make, reply: Reply) -> None:
    server.answer = lambda _: reply
    error = error_of(make())
    assert error.code == "bad_answer"
    assert error.facts["reason"] in ("no_api", "not_json")
    assert "/prometheus" not in said(error)


def test_a_redirect_to_the_same_path_elsewhere_names_the_url(server: FaultServer, make: Make) -> None:
    server.answer = lambda call: Reply(b"", 301, {"Location": f"https://metrics.example.com/prom{call.path}"})
    error = error_of(make())
    assert "Write url: https://metrics.example.com/prom in sources.yaml." in said(error)


def test_a_redirect_within_the_server_names_the_url(server: FaultServer, make: Make) -> None:
    server.answer = lambda call: Reply(b"", 302, {"Location": f"/prometheus{call.path}"})
    assert f"Write url: {server.url}/prometheus in sources.yaml." in said(error_of(make()))


def test_a_client_certificate_that_a_web_server_asks_for_is_named(server: FaultServer, make: Make) -> None:
    server.answer = lambda _: Reply(b"<center>No required SSL certificate was sent</center>", 400)
    assert error_of(make()).facts["reason"] == "tls_client_certificate"


DENIALS: dict[str, tuple[dict[str, Any], Reply, str]] = {
    "no credentials": ({}, Reply(b"", 401), "credentials_missing"),
    "wrong password": (
        {"auth": BASIC},
        Reply(b"", 401, {"WWW-Authenticate": 'Basic realm="x"'}),
        "credentials_refused",
    ),
    "a token for basic": ({"auth": BEARER}, Reply(b"", 401, {"WWW-Authenticate": 'Basic realm="x"'}), "auth_scheme"),
    "basic for a token": ({"auth": BASIC}, Reply(b"", 401, {"WWW-Authenticate": "Bearer"}), "auth_scheme"),
    "either": ({"auth": BASIC}, Reply(b"", 401, {"WWW-Authenticate": "Bearer, Basic realm=x"}), "credentials_refused"),
    "a header of one's own": ({"headers": {"X-Api-Key": "key"}}, Reply(b"", 401), "credentials_refused"),
    "no tenant": ({}, Reply(b"no org id\n", 401), "tenant_missing"),
    "no tenant, as JSON": ({}, failure(401, "bad_data", "no org id"), "tenant_missing"),
    "a tenant alone": ({"headers": {"X-Scope-OrgID": "team"}}, Reply(b"", 401), "credentials_missing"),
    "not allowed": ({"auth": BEARER}, Reply(b"", 403), "forbidden"),
    "a proxy": ({}, Reply(b"", 407), "proxy_credentials"),
}


@pytest.mark.parametrize("case", DENIALS)
def test_a_denial_says_why(server: FaultServer, make: Make, case: str) -> None:
    config, reply, reason = DENIALS[case]
    server.answer = lambda _: reply
    error = error_of(make(**config))
    assert (error.code, error.facts["reason"]) == ("access_denied", reason)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gets_no_answer_is_named(server: FaultServer, make: Make, status: int) -> None:
    server.answer = lambda _: Reply(b"<html><center>nginx</center></html>", status)
    error = error_of(make())
    assert (error.code, error.facts["reason"]) == ("server_failed", "gateway")
    server.answer = lambda _: failure(status, "internal", "its own words")
    assert error_of(make()).facts.get("reason") is None


@pytest.mark.parametrize(
    "words",
    [
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"<html><h1>400 Bad Request</h1><center>The plain HTTP request was sent to HTTPS port</center></html>",
        b"Reason: You're speaking plain HTTP to an SSL-enabled server port.",
    ],
)
def test_plain_http_to_a_port_of_tls_is_named(server: FaultServer, make: Make, words: bytes) -> None:
    server.answer = lambda _: Reply(words, 400)
    assert error_of(make()).facts["reason"] == "https_wanted"


@contextmanager
def raw_server(answer: bytes) -> Iterator[int]:
    """What listens on a port and sends some bytes, whatever it is asked."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
                # Closing with bytes unread would reset the connection, and the answer might be lost.
                with suppress(OSError):
                    connection.settimeout(0.2)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):
                        pass

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"\x15\x03\x01\x00\x02\x02\x50", "https_wanted"), (b"SSH-2.0-OpenSSH_9.2\r\n", "not_http"), (b"", "connection")],
)
def test_what_does_not_speak_http_is_named(make: Make, answer: bytes, reason: str) -> None:
    with raw_server(answer) as port:
        assert error_of(make(url=f"http://127.0.0.1:{port}")).facts["reason"] == reason


def test_what_does_not_speak_http_is_asked_once(make: Make, waits: list[float]) -> None:
    """A second attempt, cut short, would hide what the first one told."""
    with raw_server(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        error_of(make(url=f"http://127.0.0.1:{port}"))
    assert waits == []


CERTIFICATES: dict[str, tuple[dict[str, Any], str | None]] = {
    "expired": ({"since": -3 * DAY, "until": -DAY}, "tls_expired"),
    "not yet valid": ({"since": DAY, "until": 3 * DAY}, "tls_not_yet_valid"),
    "of another host": ({"host": "other.example.com"}, "tls_other_host"),
    "sound": ({}, None),
}


@pytest.mark.parametrize("case", CERTIFICATES)
def test_what_is_wrong_with_a_certificate_is_named(make: Make, tmp_path: Path, case: str) -> None:
    changes, reason = CERTIFICATES[case]
    authority = issue("authority")
    ca = authority.save(tmp_path / "ca.pem")
    file = issue("server", authority, **changes).save(tmp_path / "server.pem")
    with fault_server(server_context(file)) as server:
        source = make(url=server.url, verify_tls=str(ca))
        answer = answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"]
        assert (answer.error.facts["reason"] if answer.error else None) == reason
        if not reason:
            assert error_of(make(url=server.url)).facts["reason"] == "tls_unknown_authority"


def test_a_certificate_signed_by_itself_is_named(make: Make, tmp_path: Path) -> None:
    with fault_server(server_context(issue("it").save(tmp_path / "it.pem"))) as server:
        assert error_of(make(url=server.url)).facts["reason"] == "tls_self_signed"


def test_no_version_of_tls_in_common_is_named(make: Make, tmp_path: Path) -> None:
    context = server_context(issue("it").save(tmp_path / "it.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with fault_server(context) as server:
        error = error_of(make(url=server.url, tls={"min_version": "TLS13"}))
    assert error.facts["reason"] == "tls_version"


def test_the_time_before_a_connection_is_not_that_of_a_slow_query(make: Make) -> None:
    # A full backlog: connections are neither accepted nor refused.
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        error = error_of(make(url=f"http://127.0.0.1:{address[1]}", timeout_seconds=1))
        for each in waiting:
            each.close()
    assert error.facts.get("reason") == "no_connection_in_time"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", DENIALS)
def test_the_sentences_have_a_cause_and_what_to_do(server: FaultServer, make: Make, case: str, language: str) -> None:
    config, reply, _ = DENIALS[case]
    server.answer = lambda _: reply
    error = error_of(make(**config))
    what, hint = errors.describe(error.code, error.facts, error.detail, text_for(language))
    assert what
    assert hint
    assert "?" not in what + hint.replace("?…", "")
