"""How a Prometheus source presents its credentials, and that nothing else shows them."""

import base64
import logging

import pytest
from google.auth import credentials, exceptions

from data_sources import google_auth
from data_sources.base import Interval, Request
from data_sources.config import GoogleAuth
from data_sources.queries import TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, Call, Reply, failure, healthy

HOUR = Interval(NOW - 3600, NOW, 300)
SECRET = "s3cr3t/pass word+"
AUTHS = {
    "basic": {"auth": {"kind": "basic", "username": "me", "password": SECRET}},
    "bearer": {"auth": {"kind": "bearer", "token": SECRET.replace(" ", "_")}},
    "header": {"headers": {"X-Api-Key": SECRET}},
}


def ask(source):
    return answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"]


def sent(auth: str) -> str:
    if auth == "basic":
        return "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()
    return f"Bearer {SECRET.replace(' ', '_')}" if auth == "bearer" else SECRET


@pytest.mark.parametrize("auth", AUTHS)
def test_credentials_are_shown_to_the_server(server, make, auth):
    assert ask(make(**AUTHS[auth])).error is None
    (call,) = server.calls
    assert call.headers["X-Api-Key" if auth == "header" else "Authorization"] == sent(auth)


def test_credentials_in_the_address_are_used_and_not_shown(server, make):
    source = make(url=server.url.replace("//", "//me:s3cr3t%2Fpw@") + "/")
    assert ask(source).error is None
    (call,) = server.calls
    assert call.headers["Authorization"] == "Basic " + base64.b64encode(b"me:s3cr3t/pw").decode()
    (text,) = source.explain(TextSignal(query="up"), HOUR)
    assert text.url.startswith(f"{server.url}/graph?g0.expr=")
    assert "s3cr3t" not in text.url


def test_a_token_is_not_replaced_by_that_of_a_netrc_file(server, make, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    ask(make(**AUTHS["bearer"]))
    assert server.calls[0].headers["Authorization"] == sent("bearer")


@pytest.mark.parametrize("auth", AUTHS)
@pytest.mark.parametrize("kind", ["json", "text"])
def test_a_server_that_repeats_secrets_is_not_quoted(server, make, auth, kind, caplog):
    caplog.set_level(logging.DEBUG)

    def echoing(call: Call) -> Reply:
        words = " ".join(f"{name}: {value}" for name, value in call.headers.items())
        return failure(400, "bad_data", words) if kind == "json" else Reply(words.encode(), 500)

    server.answer = echoing
    source = make(**AUTHS[auth])
    error = ask(source).error
    assert error is not None
    assert "User-Agent" in error.detail
    shown = " ".join([error.detail, repr(error), str(error), str(error.facts), repr(vars(source)), caplog.text])
    for secret in (SECRET, SECRET.replace(" ", "_"), sent(auth).split()[-1]):
        assert secret not in shown


def test_a_header_that_cannot_be_sent_is_not_quoted(server, make):
    error = ask(make(headers={"X-Api-Key": f"{SECRET}\nX-Other: it"})).error
    assert error is not None
    assert (error.code, error.detail, error.facts) == ("access_denied", "", {"reason": "header"})


def test_a_redirect_does_not_carry_the_headers_elsewhere(server, make):
    server.answer = lambda call: (
        Reply(b"", 307, {"Location": "/elsewhere"}) if "else" not in call.path else healthy(call)
    )
    assert ask(make(**AUTHS["header"])).error is not None
    assert not any("else" in call.path for call in server.calls)


class Credentials(credentials.Credentials):
    """Google credentials that are renewed without anybody being asked."""

    renewed = 0

    def refresh(self, request) -> None:
        self.renewed += 1
        self.token = f"token-{self.renewed}"


def test_a_google_token_is_shown_and_renewed(server, make, monkeypatch):
    given = Credentials()
    monkeypatch.setattr(google_auth, "credentials", lambda auth: given if isinstance(auth, GoogleAuth) else None)
    server.answer = lambda call: (
        Reply(b"", 401) if call.headers.get("Authorization") == "Bearer token-1" else healthy(call)
    )
    assert ask(make(auth={"kind": "google"})).error is None
    assert [call.headers["Authorization"] for call in server.calls] == ["Bearer token-1", "Bearer token-2"]


def test_missing_google_credentials_are_an_error_value(server, make, monkeypatch):
    def missing(auth):
        raise exceptions.DefaultCredentialsError("none were found")

    monkeypatch.setattr(google_auth, "credentials", missing)
    source = make(auth={"kind": "google"})
    error = ask(source).error
    assert error is not None
    assert (error.code, error.facts["reason"]) == ("access_denied", "no_credentials")
    assert not source.health().answered
    assert server.calls == []
