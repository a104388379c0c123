"""Actions by the API, and what ticket systems say of their tickets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Client
from tests.api.test_access import problem
from tomoni.use_cases.product import Tomoni


def github(action: str) -> dict[str, Any]:
    issue = {"number": 7, "html_url": "https://github.com/acme/checkout/issues/7", "state": "closed"}
    return {"action": action, "issue": issue, "repository": {"full_name": "acme/checkout"}}


def gitlab(action: str) -> dict[str, Any]:
    about = {"iid": 7, "action": action, "url": "https://gitlab.com/acme/checkout/-/issues/7"}
    return {"object_kind": "issue", "event_type": "issue", "object_attributes": about}


def jira(status: str) -> dict[str, Any]:
    category = {"key": "done" if status == "Done" else "new"}
    issue = {
        "self": "https://acme.atlassian.net/rest/api/2/issue/10002",
        "key": "SHOP-7",
        "fields": {"status": {"name": status, "statusCategory": category}},
    }
    changed = {"items": [{"field": "status", "toString": status}]}
    return {"webhookEvent": "jira:issue_updated", "issue": issue, "changelog": changed}


def backlog(status: int) -> dict[str, Any]:
    changes = [{"field": "status", "new_value": str(status), "old_value": "1"}]
    return {"type": 2, "project": {"projectKey": "SHOP"}, "content": {"key_id": 7, "summary": "x", "changes": changes}}


# The link of a ticket, and what is sent when it is closed, reopened, and when something else happens to it.
TRACKERS = {
    "github": ("https://github.com/acme/checkout/issues/7", github("closed"), github("reopened"), github("labeled")),
    "gitlab": ("https://gitlab.com/acme/checkout/-/issues/7", gitlab("close"), gitlab("reopen"), gitlab("update")),
    "jira": ("https://acme.atlassian.net/browse/SHOP-7", jira("Done"), jira("Open"), {**jira("Done"), "changelog": {}}),
    "backlog": ("https://acme.backlog.com/view/SHOP-7", backlog(4), backlog(2), {**backlog(4), "type": 3}),
}


def action_of(asking: TestClient, ticket: str = "", **more: object) -> dict[str, Any]:
    given = {"app": "checkout", "text": "Raise the limit", "team": "platform", "ticket": ticket, **more}
    response = asking.post("/api/actions", json=given)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def test_an_action_is_stored_listed_done_and_opened_again(client_on_both: Client) -> None:
    asking = client_on_both()
    made = action_of(asking, due="2026-12-01")
    assert (made["state"], made["due"], made["ended_at"]) == ("open", "2026-12-01", None)
    done = asking.post(f"/api/actions/{made['id']}", json={"state": "done"}).json()
    assert (done["state"], done["ended_at"]) == ("done", "2026-11-24T10:00:00Z")
    assert asking.post(f"/api/actions/{made['id']}", json={"state": "done"}).json() == done
    assert asking.get("/api/actions?state=open").json() == {"actions": []}
    assert asking.post(f"/api/actions/{made['id']}", json={"state": "open"}).json()["ended_at"] is None
    assert len(asking.get("/api/actions?app=checkout&state=open").json()["actions"]) == 1


def test_a_dropped_action_needs_a_reason(client: Client) -> None:
    asking = client()
    place = f"/api/actions/{action_of(asking)['id']}"
    assert problem(asking.post(place, json={"state": "dropped"})) == (422, "record_invalid")
    assert asking.post(place, json={"state": "dropped", "reason": "No longer needed"}).status_code == 200


@pytest.mark.parametrize("tracker", TRACKERS)
@pytest.mark.parametrize("place", ["own", "by-ticket"])
def test_a_tracker_moves_the_action_of_its_ticket(client: Client, tracker: str, place: str) -> None:
    link, closed, reopened, other = TRACKERS[tracker]
    asking = client()
    made = action_of(asking, link)
    action_of(asking, link + "1")
    address = f"/api/actions/{made['id'] if place == 'own' else place}"
    states = []
    for body in (closed, closed, reopened, closed):
        response = asking.post(address, json=body)
        assert response.status_code == 200, response.text
        states.append([each["state"] for each in response.json()["actions"]])
    assert states == [["done"], ["done"], ["open"], ["done"]]
    assert asking.post(address, json=other).status_code == 202


def test_a_ticket_that_no_action_has_moves_nothing(client: Client) -> None:
    asking = client()
    made = action_of(asking, "https://github.com/acme/checkout/issues/70")
    assert problem(asking.post(f"/api/actions/{made['id']}", json=github("closed"))) == (422, "ticket_unknown")
    assert problem(asking.post("/api/actions/by-ticket", json=github("closed"))) == (404, "ticket_unknown")


def test_an_action_of_another_app_is_not_there(client: Client) -> None:
    made = action_of(client(name="all"))
    other = client("store-search", name="other")
    assert problem(other.post(f"/api/actions/{made['id']}", json={"state": "done"})) == (404, "action_not_found")
    assert problem(other.post("/api/actions/none", json={"state": "done"})) == (404, "action_not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"app": "checkout"}, "field_missing"),
        ({"app": "checkout", "text": ""}, "record_invalid"),
        ({"app": "checkout", "text": "x", "due": "soon"}, "field_wrong"),
        ({"app": "checkout", "text": 5}, "field_wrong"),
        ({"app": "checkout", "text": "x", "person": "y"}, "field_unknown"),
        ({"app": "checkout", "text": "x" * 301}, "record_invalid"),
    ],
)
def test_what_is_wrong_with_an_action_is_told(client: Client, body: dict[str, Any], code: str) -> None:
    answer = client().post("/api/actions", json=body)
    assert problem(answer) == (422, code)
    assert not re.search(r"[a-z]_(type|parsing)", answer.json()["error"]["message"])


def test_a_repeated_action_counts_once(client: Client) -> None:
    asking, key = client(), {"Idempotency-Key": "7"}
    given = {"app": "checkout", "text": "Raise the limit"}
    first = asking.post("/api/actions", json=given, headers=key).json()
    assert asking.post("/api/actions", json=given, headers=key).json() == first
    assert problem(asking.post("/api/actions", json={**given, "text": "other"}, headers=key)) == (422, "key_reused")


def test_what_a_token_writes_is_remembered_under_its_name(client: Client, tomoni: Tomoni) -> None:
    asking = client(name="ci")
    asking.post("/api/actions", json={"app": "checkout", "text": "Raise the limit"})
    newest = tomoni.meetings.audit.found()[0]
    assert (newest.what, newest.app) == ("action.added", "checkout")
    assert (newest.actor.way, newest.actor.who, newest.actor.place) == ("api", "ci", "testclient")
