"""Events by the API: our own form, known senders, repeated and out-of-order deliveries."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from tests.api.conftest import Client
from tests.api.test_access import problem

START, END = "2026-11-24T09:00:00Z", "2026-11-24T09:20:00Z"
DEPLOY = {"app": "checkout", "at": START, "kind": "deploy", "title": "2.41", "id": "build-7"}
GITHUB = {
    "deployment": {
        "id": 145988746,
        "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        "ref": "v2.41.0",
        "payload": {},
        "environment": "production",
        "created_at": START,
    },
    "repository": {"full_name": "acme/checkout", "html_url": "https://github.example/acme/checkout"},
}
GITLAB = {
    "object_kind": "deployment",
    "deployment_id": 15,
    "deployable_url": "https://gitlab.example/acme/checkout/-/jobs/796",
    "environment": "production",
    "project": {"id": 30, "web_url": "https://gitlab.example/acme/checkout"},
    "short_sha": "279484c0",
    "ref": "v2.41.0",
}
ALERT = {
    "status": "firing",
    "labels": {"alertname": "HighErrorRate", "app": "checkout", "severity": "page"},
    "annotations": {"summary": "Many errors"},
    "startsAt": "2026-11-24T09:00:00.123Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.example/graph",
    "fingerprint": "c1a5d1b9a8f0e3d2",
}
ALERTS = {"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "tomoni", "alerts": [ALERT]}


def github(state: str, at: str) -> dict[str, Any]:
    return {**GITHUB, "deployment_status": {"id": 1, "state": state, "created_at": at}}


def gitlab(state: str, at: str) -> dict[str, Any]:
    return {**GITLAB, "status": state, "status_changed_at": at}


def resolved() -> dict[str, Any]:
    return {**ALERTS, "status": "resolved", "alerts": [{**ALERT, "status": "resolved", "endsAt": END}]}


def of_grafana(alerts: dict[str, Any]) -> dict[str, Any]:
    return {**alerts, "version": "1", "orgId": 1, "title": "[FIRING:1]", "state": "alerting"}


def rollout(action: str, at: str) -> dict[str, Any]:
    release = "projects/1/locations/r/deliveryPipelines/p/releases/rel-241"
    attributes = {
        "Action": action,
        "Resource": f"{release}/rollouts/rel-241-to-prod-0001",
        "ResourceType": "Rollout",
        "ReleaseId": "rel-241",
        "TargetId": "prod",
    }
    data = base64.b64encode(json.dumps({"app": "checkout"}).encode()).decode()
    message = {"attributes": attributes, "data": data, "messageId": at, "publishTime": at}
    return {"message": message, "subscription": "projects/p/subscriptions/tomoni"}


# What each sender delivers of one thing that happened, from 09:00 to 09:20, and its title.
DELIVERIES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "github": (
        [GITHUB, github("in_progress", "2026-11-24T09:01:00Z"), github("success", END)],
        "v2.41.0 (production)",
    ),
    "gitlab": (
        [gitlab("running", "2026-11-24 18:00:00 +0900"), gitlab("success", "2026-11-24 09:20:00 UTC")],
        "v2.41.0 (production)",
    ),
    "alertmanager": ([ALERTS, resolved()], "Many errors"),
    "grafana": ([of_grafana(ALERTS), of_grafana(resolved())], "Many errors"),
    "cloud-deploy": ([rollout("Start", START), rollout("Succeed", END)], "rel-241 (prod)"),
}


def test_an_event_is_stored_and_listed(client_on_both: Client) -> None:
    asking = client_on_both()
    made = asking.post("/api/events", json=DEPLOY)
    assert made.status_code == 201
    event = made.json()
    shown = [event[name] for name in ("app", "at", "until", "kind", "title", "sender")]
    assert shown == ["checkout", START, None, "deploy", "2.41", "api"]
    assert asking.get("/api/events?app=checkout").json() == {"events": [event]}


def test_a_repeated_delivery_counts_once(client_on_both: Client) -> None:
    asking = client_on_both()
    first = asking.post("/api/events", json=DEPLOY)
    assert asking.post("/api/events", json=DEPLOY).json() == first.json()
    key = {"Idempotency-Key": "7"}
    once = asking.post("/api/events", json={**DEPLOY, "id": None}, headers=key)
    again = asking.post("/api/events", json={**DEPLOY, "id": None}, headers=key)
    assert (again.status_code, again.json()) == (once.status_code, once.json())
    assert len(asking.get("/api/events").json()["events"]) == 2
    other = asking.post("/api/events", json={**DEPLOY, "id": None, "title": "2.42"}, headers=key)
    assert problem(other) == (422, "key_reused")


@pytest.mark.parametrize(
    ("sender", "order"), [(name, order) for name, (bodies, _) in DELIVERIES.items() for order in permutations(bodies)]
)
def test_a_sender_is_understood_in_whatever_order_it_delivers(
    client: Client, sender: str, order: tuple[dict[str, Any], ...]
) -> None:
    asking = client()
    for body in (*order, *order):  # everything is delivered twice
        response = asking.post("/api/events", params={"app": "checkout"}, json=body)
        assert response.status_code == 201, response.text
    (event,) = asking.get("/api/events").json()["events"]
    shown = (event["at"], event["until"], event["title"], event["sender"])
    assert shown == (START, END, DELIVERIES[sender][1], sender)


def test_an_annotation_of_grafana_says_its_kind_and_its_app_by_tags(client: Client) -> None:
    at = 1_795_510_800_000
    body = {"dashboardUID": "x", "time": at, "timeEnd": at, "tags": ["deploy", "app:checkout"], "text": "2.41"}
    (event,) = client().post("/api/events", json=body).json()["events"]
    shown = (event["kind"], event["app"], event["until"], event["at"])
    assert shown == ("deploy", "checkout", None, START)


def test_what_tells_of_nothing_that_happened_is_taken_and_not_stored(client: Client) -> None:
    asking = client()
    ping = asking.post("/api/events", json={"zen": "x", "hook_id": 1}, headers={"X-GitHub-Event": "ping"})
    gone = asking.post("/api/events?app=checkout", json=github("inactive", END))
    assert [(each.status_code, each.json()) for each in (ping, gone)] == [(202, {"events": []})] * 2
    assert asking.get("/api/events").json() == {"events": []}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"app": "nothing"}, "app_unknown"),
        ({"app": None}, "app_missing"),
        ({"at": "2026-11-24T09:00:00"}, "zone_missing"),
        ({"at": "yesterday"}, "time_wrong"),
        ({"at": "1970-01-01T00:00:00Z"}, "time_absurd"),
        ({"at": "2027-11-24T09:00:00Z"}, "time_absurd"),
        ({"at": 1e300}, "time_absurd"),
        ({"until": "2026-11-24T08:00:00Z"}, "record_invalid"),
        ({"until": "2036-11-24T08:00:00Z"}, "time_absurd"),
        ({"kind": "party"}, "field_wrong"),
        ({"title": ""}, "record_invalid"),
        ({"titel": "2.41"}, "field_unknown"),
        ({"url": "javascript:alert(1)"}, "record_invalid"),
        ({"id": "x" * 151}, "field_wrong"),
        ({"id": "a\0b"}, "field_wrong"),
    ],
)
def test_what_is_wrong_is_refused_with_its_cause(client: Client, change: dict[str, Any], code: str) -> None:
    asking = client()
    refused = asking.post("/api/events", json={**DEPLOY, **change})
    assert problem(refused) == (422, code)
    assert ("'deploy', 'release', 'planned'" in refused.text) is ("kind" in change)  # what a kind may be is said
    assert asking.get("/api/events").json() == {"events": []}


@pytest.mark.parametrize("written", ['"at": 1e400', '"id": "\\ud800"', '"title": "\\udfff"', '"until": -Infinity'])
def test_what_is_no_number_and_no_text_is_refused(client: Client, written: str) -> None:
    asking = client()
    body = json.dumps(DEPLOY)[:-1] + ", " + written + "}"
    answer = asking.post("/api/events", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer) == (422, "json_invalid")


def rolled_out(name: str) -> dict[str, Any]:
    sent = rollout("Start", START)
    attributes = sent["message"]["attributes"]
    return {**sent, "message": {**sent["message"], "attributes": {**attributes, "Resource": name}}}


def annotated(text: str) -> dict[str, Any]:
    return {"time": 1_795_510_800_000, "tags": ["deploy"], "text": text}


@pytest.mark.parametrize(
    "sent",
    [lambda name: {**ALERTS, "alerts": [{**ALERT, "fingerprint": name}]}, rolled_out, annotated],
    ids=["alerts", "rollouts", "annotations"],
)
def test_a_sender_may_name_its_events_as_long_as_it_likes(client: Client, sent: Callable[[str], Any]) -> None:
    asking = client()
    for name in ("x" * 160 + "1", "x" * 160 + "2", "x" * 160 + "1"):
        assert asking.post("/api/events?app=checkout", json=sent(name)).status_code == 201
    first, second = asking.get("/api/events").json()["events"]
    assert max(len(event["key"]) for event in (first, second)) < 150


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"generatorURL": "https://p.example/graph?g0.expr=a"}, {"url": "https://p.example/graph?g0.expr=a"}),
        ({"generatorURL": "https://p.example/graph?g0.expr=" + "a" * 2_000}, {"url": ""}),
        ({"generatorURL": "/graph?g0.expr=a"}, {"url": ""}),
        ({"generatorURL": "https://reader:hush@p.example/graph"}, {"url": ""}),
        ({"annotations": {"summary": " \n"}}, {"title": "HighErrorRate"}),
        ({"annotations": {"summary": 5}, "labels": {}}, {"title": "5"}),
        ({"annotations": None, "labels": {"alertname": " "}}, {"title": "alert"}),
    ],
)
def test_an_alert_counts_whatever_its_link_and_its_words_are(
    client: Client, change: dict[str, Any], shown: dict[str, str]
) -> None:
    sent = client().post("/api/events?app=checkout", json={**ALERTS, "alerts": [{**ALERT, **change}]})
    (event,) = sent.json()["events"]
    assert event | shown == event


def test_a_missing_field_is_named(client: Client) -> None:
    asking = client()
    without = {name: value for name, value in DEPLOY.items() if name != "title"}
    assert asking.post("/api/events", json=without).json()["error"]["field"] == "title"
    broken = asking.post("/api/events?app=checkout", json={**GITHUB, "deployment": {"id": 1, "ref": "x"}})
    assert broken.json()["error"]["field"] == "created_at"


def test_a_body_of_several_is_stored_whole_or_not_at_all(client: Client) -> None:
    asking = client()
    other = {**ALERT, "labels": {"alertname": "x"}, "fingerprint": "2"}
    assert problem(asking.post("/api/events", json={**ALERTS, "alerts": [ALERT, other]})) == (422, "app_missing")
    assert asking.get("/api/events").json() == {"events": []}


def test_events_are_listed_by_what_they_touch(client: Client) -> None:
    asking = client()
    for hour, until in ((6, None), (7, "2026-11-24T08:30:00Z"), (9, None)):
        at = f"2026-11-24T{hour:02}:00:00Z"
        asking.post("/api/events", json={"app": "checkout", "at": at, "until": until, "title": str(hour)})
    listed = asking.get("/api/events?from=2026-11-24T08:00:00Z&until=2026-11-24T09:00:00Z").json()
    assert [event["title"] for event in listed["events"]] == ["7"]
    assert problem(asking.get("/api/events?from=then")) == (422, "time_wrong")
    for unknown in ("/api/events?since=2026-11-24T08:00:00Z", "/api/actions?team=sales", "/api/status?period=2026-10"):
        assert problem(asking.get(unknown)) == (422, "parameter_unknown")
    for doubled in ("/api/events?app=checkout&app=search", "/api/actions?state=open&state=open"):
        assert problem(asking.get(doubled)) == (422, "parameter_twice")
    assert problem(asking.get("/api/status?at=2030-01-01T00:00:00Z")) == (422, "time_ahead")
    assert "open, done, dropped" in asking.get("/api/actions?state=late").text
    swapped = "/api/events?from=2026-11-24T09:00:00Z&until=2026-11-24T08:00:00Z"
    assert problem(asking.get(swapped)) == (422, "interval_wrong")
    seconds = asking.get("/api/events?from=1795507200&until=1795510800").json()
    assert seconds == listed
