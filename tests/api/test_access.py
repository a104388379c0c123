"""Who may ask the API, how much and how often; what it answers to what it does not take."""

from __future__ import annotations

import logging
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.api.conftest import NOW, ROOT, Client, Seconds, client_of
from tomoni.api.body import MOST_BYTES
from tomoni.api.limits import RateLimit
from tomoni.api.problems import ApiProblem
from tomoni.api.routes import CALENDARS, PATHS
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

DEPLOY = {"app": "checkout", "at": "2026-11-24T09:00:00Z", "kind": "deploy", "title": "2.41"}


def problem(response) -> tuple[int, str]:
    error = response.json()["error"]
    assert error["message"]
    assert error["action"]
    return response.status_code, error["code"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "token_missing"),
        ({"Authorization": "Bearer"}, "token_missing"),
        ({"Authorization": "Bearer tomoni_wrong"}, "token_wrong"),
        ({"Authorization": "Basic !!"}, "token_missing"),
        ({"Authorization": "Digest x"}, "token_missing"),
        ({"X-Gitlab-Token": "wrong"}, "token_wrong"),
    ],
)
def test_without_a_token_that_holds_nothing_is_answered(client: Client, headers: dict[str, str], code: str) -> None:
    for path in ("/api/events", "/api/actions", "/api/status"):
        response = client(token=False).get(path, headers=headers)
        assert problem(response) == (401, code)
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_is_told_so(client_on_both: Client, tomoni_on_both: Tomoni) -> None:
    asking = client_on_both()
    assert asking.get("/api/events").status_code == 200
    tomoni_on_both.meetings.tokens.revoke("test")
    assert problem(asking.get("/api/events")) == (401, "token_revoked")
    assert client_on_both().get("/api/events").status_code == 200  # another one of its name


def test_the_secret_of_a_token_is_neither_stored_nor_logged(
    client: Client, tomoni: Tomoni, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, _ = tomoni.meetings.tokens.create("shown once", None)
    asking = client(token=False)
    assert asking.post("/api/events", params={"token": secret}, json=DEPLOY).status_code == 201
    assert secret not in repr(tomoni.meetings.tokens.listed())
    assert secret not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("tomoni"))


@pytest.mark.parametrize("form", ["basic", "gitlab", "address"])
def test_senders_that_cannot_send_a_bearer_send_the_token_otherwise(client: Client, tomoni: Tomoni, form: str) -> None:
    secret, _ = tomoni.meetings.tokens.create("hook", None)
    forms: dict[str, dict[str, Any]] = {
        "basic": {"auth": ("tomoni", secret)},
        "gitlab": {"headers": {"X-Gitlab-Token": secret}},
        "address": {"params": {"token": secret}},
    }
    assert client(token=False).get("/api/events", **forms[form]).status_code == 200


def test_a_token_of_one_app_sees_and_writes_that_app_alone(client: Client) -> None:
    everything, own = client(name="all"), client("checkout", name="own")
    everything.post("/api/events", json={**DEPLOY, "app": "store-search"})
    assert own.post("/api/events", json={**DEPLOY, "app": None}).json()["app"] == "checkout"
    assert [event["app"] for event in own.get("/api/events").json()["events"]] == ["checkout"]
    assert {slo["app"] for slo in own.get("/api/status").json()["slos"]} == {"checkout"}
    for response in (
        own.post("/api/events", json={**DEPLOY, "app": "store-search"}),
        own.get("/api/events?app=store-search"),
        own.get("/api/status?app=store-search"),
        own.post("/api/actions", json={"app": "store-search", "text": "x"}),
    ):
        assert problem(response) == (403, "token_of_another_app")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/events/x/y"])
def test_an_address_that_is_not_there_is_told_so_as_json(client: Client, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert problem(client(token=False).request(method, path)) == (404, "not_found")


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_is_not_taken_names_those_that_are(client: Client, path: str) -> None:
    response = client().request("PUT", path)
    assert problem(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == ", ".join(sorted(PATHS[path]))


def test_bodies_that_are_too_large_too_deep_or_no_json_are_refused(client: Client) -> None:
    asking, kind = client(), {"Content-Type": "application/json"}
    stream = (b" " * 65_536 for _ in range(5))
    for content, headers, expected in (
        (b'{"a": 1}', {"Content-Type": "text/plain"}, (415, "not_json")),
        (b"{}", {}, (415, "not_json")),
        (b"x" * (MOST_BYTES + 1), kind, (413, "body_too_large")),
        (stream, kind, (413, "body_too_large")),
        (b"{", kind, (422, "json_invalid")),
        (b"\xff\xfe", kind, (422, "json_invalid")),
        (b'{"at": NaN}', kind, (422, "json_invalid")),
        (b"[" * 100 + b"]" * 100, kind, (422, "json_too_deep")),
        (b"[" * 200_000, kind, (422, "json_invalid")),
        (b"[]", kind, (422, "body_unknown")),
    ):
        assert problem(asking.post("/api/events", content=content, headers=headers)) == expected


def test_who_asks_too_often_is_told_when_to_ask_again(client: Client, seconds: Seconds) -> None:
    asking = client()
    answers = [asking.get("/api/openapi.json" if n < 0 else "/api/events").status_code for n in range(121)]
    assert answers == [200] * 120 + [429]
    response = asking.get("/api/events")
    assert problem(response) == (429, "too_many_requests")
    seconds.now += int(response.headers["retry-after"])
    assert asking.get("/api/events").status_code == 200


def test_who_guesses_tokens_is_stopped_soon(client: Client) -> None:
    asking = client(token=False)
    codes = [asking.get("/api/events", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(20)]
    assert (codes[0], codes[-1]) == (401, 429)


def test_answers_speak_japanese_to_those_who_ask_for_it(client: Client) -> None:
    response = client(token=False).get("/api/events", headers={"Accept-Language": "ja,en;q=0.5"})
    assert "トークン" in response.json()["error"]["message"]


def test_an_unexpected_error_tells_nothing_of_itself(client: Client, tomoni: Tomoni, monkeypatch) -> None:
    asking = client()
    monkeypatch.setattr(type(tomoni), "overview", lambda *_a, **_k: 1 / 0)
    response = asking.get("/api/status")
    assert problem(response) == (500, "unexpected")
    assert "division" not in response.text


def test_a_limit_keeps_to_its_burst_and_its_rate_and_a_clock_that_jumps_back_gives_nothing() -> None:
    clock = Seconds()
    limit = RateLimit(60, 2, clock)
    limit.take("a")
    limit.take("a")
    with pytest.raises(ApiProblem):
        limit.take("a")
    limit.take("b")
    clock.now = 1.0
    limit.take("a")
    clock.now = 0.5
    with pytest.raises(ApiProblem):
        limit.take("a")


def test_the_description_names_every_address_and_every_method(client: Client) -> None:
    described = client(token=False).get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    found = {path: {method.upper() for method in each} for path, each in described["paths"].items()}
    assert found == {path: set(handlers) for path, handlers in PATHS.items()} | {key: {"GET"} for key in CALENDARS}
    assert {"app", "at", "kind", "title"} <= set(described["components"]["schemas"]["EventIn"]["properties"])


def test_a_hidden_app_takes_a_token_of_its_own(seconds: Seconds, tmp_path: Path) -> None:
    copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "config" / "access.yaml").write_text("hidden: [order-mail]\n")
    told = {"config": tmp_path / "config", "database_url": f"sqlite:///{tmp_path / 'tomoni.db'}", "now": NOW}
    product = open_tomoni(ProcessSettings.model_validate(told), {})
    make = client_of(product, seconds)
    whole, own = make(name="all"), make("order-mail", name="own")
    assert own.post("/api/events", json={**DEPLOY, "app": "order-mail"}).status_code == 201
    made = own.post("/api/actions", json={"text": "tell nobody"}).json()
    for path in ("/api/events", "/api/actions", "/api/status"):
        assert "order-mail" not in whole.get(path).text
        assert "order-mail" in own.get(path).text
        assert problem(whole.get(f"{path}?app=order-mail")) == problem(whole.get(f"{path}?app=nothing"))
    assert problem(whole.post("/api/events", json={**DEPLOY, "app": "order-mail"})) == (422, "app_unknown")
    assert problem(whole.post(f"/api/actions/{made['id']}", json={"state": "done"})) == (404, "action_not_found")
    deeds = [(each.what, each.app, each.actor.who) for each in product.meetings.audit.all() if each.actor.way == "api"]
    assert deeds == [("event.added", "order-mail", "own"), ("action.added", "order-mail", "own")]
    product.close()
