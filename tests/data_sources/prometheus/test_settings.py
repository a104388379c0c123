"""Each setting of a connection, against a server that checks it."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import TextSignal
from data_sources.secrets import file_reference
from tests.data_sources.certificates import issue, server_context
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, FaultServer, Reply, fault_server, healthy, json_reply

Make = Callable[..., PrometheusSource]
HOUR = Interval(NOW - 3600, NOW, 300)


def ask(source: PrometheusSource) -> Answer:
    return answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"]


def reason_of(source: PrometheusSource) -> object:
    error = ask(source).error
    assert error is not None
    return error.facts.get("reason")


# Texts in any language


@pytest.mark.parametrize("password", ["pässwörd", "パスワード", "with blank", "a:b", "🔑"])
def test_a_password_is_sent_in_utf_8(server: FaultServer, make: Make, password: str) -> None:
    assert ask(make(auth={"kind": "basic", "username": "jürgen", "password": password})).error is None
    sent = server.calls[0].headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode("utf-8") == f"jürgen:{password}"


def test_a_header_is_sent_in_utf_8(server: FaultServer, make: Make) -> None:
    assert ask(make(headers={"X-Team": "決済"})).error is None
    assert server.calls[0].headers["X-Team"].encode("latin-1").decode() == "決済"


# Headers, parameters, methods


def test_parameters_are_added_to_every_request(server: FaultServer, make: Make) -> None:
    source = make(params={"dedup": "true", "key": "a&b"})
    assert ask(source).error is None
    source.health()
    assert {call.query for call in server.calls} == {"dedup=true&key=a%26b"}
    assert server.calls[0].form["query"] == "avg_over_time(up[5m])"


def test_parameters_are_added_to_those_of_a_get(server: FaultServer, make: Make) -> None:
    assert ask(make(params={"key": "x"}, http_method="GET")).error is None
    (call,) = server.calls
    assert (call.method, call.form["key"], call.form["query"]) == ("GET", "x", "avg_over_time(up[5m])")


def test_the_method_is_the_one_that_is_set(server: FaultServer, make: Make) -> None:
    assert ask(make(http_method="GET")).error is None
    assert ask(make()).error is None
    assert [call.method for call in server.calls] == ["GET", "POST"]


def test_a_token_may_have_another_scheme(server: FaultServer, make: Make) -> None:
    assert ask(make(auth={"kind": "bearer", "scheme": "ApiKey", "token": "abc"})).error is None
    assert server.calls[0].headers["Authorization"] == "ApiKey abc"


def test_the_data_source_proxy_of_grafana_is_an_address_like_any_other(server: FaultServer, make: Make) -> None:
    source = make(url=f"{server.url}/api/datasources/proxy/uid/abc", auth={"kind": "bearer", "token": "glsa_abc"})
    assert ask(source).error is None
    assert server.calls[0].path == "/api/datasources/proxy/uid/abc/api/v1/query_range"


# Secrets from files


WAYS: dict[str, tuple[Callable[[str], dict[str, Any]], Callable[[Call], str]]] = {
    "token": (lambda at: {"auth": {"kind": "bearer", "token": at}}, lambda call: call.headers["Authorization"][7:]),
    "password": (
        lambda at: {"auth": {"kind": "basic", "username": "me", "password": at}},
        lambda call: base64.b64decode(call.headers["Authorization"][6:]).decode()[3:],
    ),
    "user name": (
        lambda at: {"auth": {"kind": "basic", "username": at, "password": "pw"}},
        lambda call: base64.b64decode(call.headers["Authorization"][6:]).decode()[:-3],
    ),
    "header": (lambda at: {"headers": {"X-Scope-OrgID": at}}, lambda call: call.headers["X-Scope-Orgid"]),
    "parameter": (lambda at: {"params": {"key": at}}, lambda call: call.query.removeprefix("key=")),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_that_was_rotated_is_used_with_the_next_request(
    server: FaultServer, make: Make, tmp_path: Path, way: str
) -> None:
    config, sent = WAYS[way]
    file = tmp_path / "secret"
    source = make(**config(file_reference(file)))
    for value in ("first", "second"):
        # As Kubernetes does it: another file takes the place of the old one.
        (tmp_path / "new").write_text(f"{value}\n")
        os.replace(tmp_path / "new", file)
        assert ask(source).error is None
        assert sent(server.calls[-1]) == value


def test_a_part_of_a_value_may_come_from_a_file(server: FaultServer, make: Make, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("abc")
    assert ask(make(headers={"Authorization": f"Token {file_reference(tmp_path / 'key')}"})).error is None
    assert server.calls[0].headers["Authorization"] == "Token abc"


def unreadable(path: Path) -> None:
    path.mkdir()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "secret_file_missing"),
    "a folder": (unreadable, "secret_file_unreadable"),
    "not UTF-8": (lambda path: path.write_bytes(b"\xff\xfe"), "secret_file_unreadable"),
    "empty": (lambda path: path.write_text(" \n"), "secret_file_empty"),
    "several lines": (lambda path: path.write_text("a\nb"), "header"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_used_is_named(server: FaultServer, make: Make, tmp_path: Path, case: str) -> None:
    write, reason = FILES[case]
    write(tmp_path / "token")
    error = ask(make(auth={"kind": "bearer", "token": file_reference(tmp_path / "token")})).error
    assert error is not None
    assert (error.code, error.facts["reason"]) == ("access_denied", reason)
    assert reason == "header" or error.facts["file"] == str(tmp_path / "token")
    assert server.calls == []


# TLS

NOT_SHOWN = ("tls_client_certificate", "tls_ended", "connection")


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with an authority, a server, and two clients: one of this authority, one of another."""
    ca = issue("authority")
    ca.save(tmp_path / "ca.pem")
    issue("server", ca).save(tmp_path / "server.pem")
    issue("named", ca, host="prometheus.internal").save(tmp_path / "named.pem")
    issue("client", ca, host="client").save(tmp_path / "client.pem")
    issue("stranger", issue("other"), host="client").save(tmp_path / "stranger.pem")
    return tmp_path


def test_a_client_certificate_is_shown(make: Make, certificates: Path) -> None:
    context = server_context(certificates / "server.pem", clients=certificates / "ca.pem")
    with fault_server(context) as server:
        known = {"url": server.url, "verify_tls": str(certificates / "ca.pem")}
        assert ask(make(**known, tls={"cert_file": str(certificates / "client.pem")})).error is None
        both = {"cert_file": str(certificates / "client.pem"), "key_file": str(certificates / "client.pem")}
        assert ask(make(**known, tls=both)).error is None
        # In TLS 1.3 the refusal comes after the client's first words, which may be lost with the connection.
        for tls in (None, {"cert_file": str(certificates / "stranger.pem")}):
            assert reason_of(make(**known, tls=tls)) in NOT_SHOWN
        mismatch = {"cert_file": str(certificates / "ca.pem"), "key_file": str(certificates / "client.pem")}
        for tls in ({"cert_file": str(certificates / "none.pem")}, mismatch):
            assert reason_of(make(**known, tls=tls)) == "client_cert_file"


def test_a_client_certificate_that_was_rotated_is_used_with_the_next_connection(make: Make, certificates: Path) -> None:
    context = server_context(certificates / "server.pem", clients=certificates / "ca.pem")
    with fault_server(context) as server:
        own = certificates / "own.pem"
        own.write_bytes((certificates / "stranger.pem").read_bytes())
        source = make(url=server.url, verify_tls=str(certificates / "ca.pem"), tls={"cert_file": str(own)})
        assert reason_of(source) in NOT_SHOWN
        own.write_bytes((certificates / "client.pem").read_bytes())
        assert ask(source).error is None


def test_the_name_in_the_certificate_may_be_another_one(make: Make, certificates: Path) -> None:
    with fault_server(server_context(certificates / "named.pem")) as server:
        known = {"url": server.url, "verify_tls": str(certificates / "ca.pem")}
        assert reason_of(make(**known)) == "tls_other_host"
        assert ask(make(**known, tls={"server_name": "prometheus.internal"})).error is None


def test_a_server_of_an_old_tls_is_refused_where_a_newer_one_is_required(make: Make, certificates: Path) -> None:
    context = server_context(certificates / "server.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with fault_server(context) as server:
        known = {"url": server.url, "verify_tls": str(certificates / "ca.pem")}
        assert ask(make(**known)).error is None
        assert reason_of(make(**known, tls={"min_version": "TLS13"})) == "tls_version"


# Proxies


@dataclass
class TinyProxy:
    """A proxy on loopback: forwards plain HTTP and tunnels TLS, when it is shown what it wants."""

    url: str = ""
    wants: str = ""
    refuses: int = 0
    heads: list[str] = field(default_factory=list)


@pytest.fixture
def proxy() -> Iterator[TinyProxy]:
    found = TinyProxy()
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
        found.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        accepting = threading.Thread(target=_accept, args=(listening, found), daemon=True)
        accepting.start()
        yield found
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()


def _accept(listening: socket.socket, proxy: TinyProxy) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(client, proxy), daemon=True).start()


def _serve(client: socket.socket, proxy: TinyProxy) -> None:
    with client:
        _forward(client, proxy)


def _forward(client: socket.socket, proxy: TinyProxy) -> None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        if not (part := client.recv(65_536)):
            return
        raw += part
    head, _, rest = raw.partition(b"\r\n\r\n")
    proxy.heads.append(head.decode("latin-1"))
    if proxy.refuses or (proxy.wants and proxy.wants not in proxy.heads[-1]):
        client.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (proxy.refuses or 407))
        return
    method, target, *_ = proxy.heads[-1].split()
    host, _, port = (target if method == "CONNECT" else target.split("/")[2]).partition(":")
    with socket.create_connection((host, int(port or 80))) as server:
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            server.sendall(head.replace(b"keep-alive", b"close") + b"\r\n\r\n" + rest)
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        _copy(client, server)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def test_requests_go_through_the_proxy_with_its_headers_and_user(
    server: FaultServer, make: Make, proxy: TinyProxy
) -> None:
    address = proxy.url.replace("//", "//me:p%C3%A4ss@")
    assert ask(make(proxy={"url": address, "headers": {"X-Team": "payments"}})).error is None
    (head,) = proxy.heads
    assert head.startswith(f"POST {server.url}/api/v1/query_range")
    assert "X-Team: payments" in head
    assert base64.b64encode("me:päss".encode()).decode() in head


def test_tls_goes_through_the_proxy_in_a_tunnel(make: Make, proxy: TinyProxy, certificates: Path) -> None:
    with fault_server(server_context(certificates / "server.pem")) as server:
        known = {"url": server.url, "verify_tls": str(certificates / "ca.pem")}
        source = make(
            **known, proxy={"url": proxy.url, "headers": {"X-Team": "payments"}}, headers={"X-Api-Key": "hidden"}
        )
        assert ask(source).error is None
        assert len(server.calls) == 1
    assert proxy.heads[0].startswith("CONNECT 127.0.0.1:")
    assert "X-Team: payments" in proxy.heads[0]
    assert "hidden" not in proxy.heads[0]


REFUSALS = {407: "proxy_credentials", 403: "proxy_refused", 502: "proxy_target"}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_proxy_that_refuses_a_tunnel_is_named(make: Make, proxy: TinyProxy, status: int) -> None:
    proxy.refuses = status
    assert reason_of(make(url="https://prometheus.example.com", proxy={"url": proxy.url})) == REFUSALS[status]


def test_a_proxy_that_wants_credentials_is_named(server: FaultServer, make: Make, proxy: TinyProxy) -> None:
    proxy.wants = "Proxy-Authorization: "
    assert reason_of(make(proxy={"url": proxy.url})) == "proxy_credentials"
    assert ask(make(proxy={"url": proxy.url.replace("//", "//me:pw@")})).error is None


def test_a_proxy_that_is_not_there_is_named(make: Make) -> None:
    assert reason_of(make(url="http://prometheus.example.com", proxy={"url": "http://127.0.0.1:1"})) == "proxy"


def test_the_proxy_of_the_environment_is_used_unless_it_is_left_out(
    server: FaultServer, make: Make, proxy: TinyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    assert ask(make()).error is None
    assert len(proxy.heads) == 1
    for direct in ({"from_environment": False}, {"no_proxy": "127.0.0.1"}, {"url": proxy.url, "no_proxy": "127.0.0.1"}):
        assert ask(make(proxy=direct)).error is None
    assert len(proxy.heads) == 1


# OAuth 2.0


@dataclass
class Tokens:
    """A token server, and a server that takes its newest token only."""

    endpoint: FaultServer
    config: dict[str, Any]
    issued: int = 0
    seconds: int = 3600

    def grant(self, _: Call) -> Reply:
        self.issued += 1
        return json_reply({"access_token": f"token-{self.issued}", "token_type": "Bearer", "expires_in": self.seconds})

    def guard(self, call: Call) -> Reply:
        return healthy(call) if call.headers.get("Authorization") == f"Bearer token-{self.issued}" else Reply(b"", 401)


@pytest.fixture
def tokens(server: FaultServer) -> Iterator[Tokens]:
    with fault_server() as endpoint:
        auth = {
            "kind": "oauth2",
            "client_id": "tomoni",
            "client_secret": "s3cr3t-ö",
            "token_url": f"{endpoint.url}/token",
        }
        found = Tokens(endpoint, auth)
        endpoint.answer, server.answer = found.grant, found.guard
        yield found


def test_a_token_is_requested_once_and_used(make: Make, tokens: Tokens) -> None:
    source = make(auth={**tokens.config, "scopes": ["a", "b"], "params": {"audience": "metrics"}})
    assert ask(source).error is None
    assert ask(source).error is None
    (call,) = tokens.endpoint.calls
    assert call.form == {"grant_type": "client_credentials", "scope": "a b", "audience": "metrics"}
    assert base64.b64decode(call.headers["Authorization"][6:]).decode() == "tomoni:s3cr3t-ö"


def test_the_client_may_be_sent_in_the_body(make: Make, tokens: Tokens) -> None:
    assert ask(make(auth={**tokens.config, "client_auth": "body"})).error is None
    (call,) = tokens.endpoint.calls
    assert (call.form["client_id"], call.form["client_secret"]) == ("tomoni", "s3cr3t-ö")
    assert "Authorization" not in call.headers


def test_a_token_that_ends_is_renewed_before(make: Make, tokens: Tokens) -> None:
    tokens.seconds = 5
    source = make(auth=tokens.config)
    assert ask(source).error is None
    assert ask(source).error is None
    assert tokens.issued == 2


def test_a_token_that_was_revoked_is_renewed(make: Make, tokens: Tokens) -> None:
    source = make(auth=tokens.config)
    assert ask(source).error is None
    tokens.issued += 1  # the server takes another token from now on
    assert ask(source).error is None
    assert len(tokens.endpoint.calls) == 2


def test_a_rotated_client_secret_requests_a_new_token(make: Make, tokens: Tokens, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    source = make(auth={**tokens.config, "client_secret": file_reference(file), "client_auth": "body"})
    for value in ("first", "second"):
        file.write_text(value)
        assert ask(source).error is None
        assert tokens.endpoint.calls[-1].form["client_secret"] == value


GRANTS: dict[str, tuple[Reply, str]] = {
    "another client": (json_reply({"error": "invalid_client"}, 401), "oauth2_client"),
    "no such scope": (json_reply({"error": "invalid_scope", "error_description": "no"}, 400), "oauth2_scope"),
    "a page": (Reply(b"<html>"), "oauth2_refused"),
    "not there": (Reply(b"", 404), "oauth2_refused"),
    "no token": (json_reply({"token_type": "Bearer"}), "oauth2_refused"),
    "a list": (json_reply([1]), "oauth2_refused"),
    "odd seconds": (json_reply({"access_token": "a", "token_type": "Bearer", "expires_in": "soon"}), "oauth2_refused"),
    "elsewhere": (Reply(b"", 302, {"Location": "http://127.0.0.1:1/login"}), "oauth2_refused"),
}


@pytest.mark.parametrize("case", GRANTS)
def test_a_token_server_that_issues_none_says_why(make: Make, tokens: Tokens, case: str) -> None:
    reply, reason = GRANTS[case]
    tokens.endpoint.answer = lambda _: reply
    error = ask(make(auth=tokens.config)).error
    assert error is not None
    assert (error.code, error.facts["reason"]) == ("access_denied", reason)
    assert "s3cr3t" not in str(error)


def test_a_token_server_that_is_not_there_is_named(make: Make, tokens: Tokens) -> None:
    assert reason_of(make(auth={**tokens.config, "token_url": "http://127.0.0.1:1/token"})) == "oauth2_server"
