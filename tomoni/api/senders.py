"""What known senders say of deploys and alerts, as events; times are as they were sent.

The shapes are those that the public documentation of each sender shows: GitHub `deployment` and
`deployment_status`, GitLab deployment events, Alertmanager's webhook (version 4), Grafana's alert webhook and
annotations, Cloud Deploy's Pub/Sub push.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tomoni.api.body import parsed
from tomoni.api.problems import ApiProblem
from tomoni.meetings.model import EventKind
from tomoni.use_cases.fired_alerts import alert_fields

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as a sender tells it: ``key`` names it among all that the sender sends, ``at`` and ``until`` are
    times as they were written, ``app`` is None where the sender does not say. ``alert`` has what an event says of an
    alert: its name, severity and SLO."""

    key: str
    at: object
    title: str
    what: EventKind
    sender: str
    until: object = None
    url: str = ""
    app: str | None = None
    alert: Mapping[str, str] = field(default_factory=dict)


def sent_in(headers: Mapping[str, str], body: object) -> tuple[Sent, ...] | None:
    """The events of a body of a known sender, none where it tells of nothing that happened yet; None of other bodies.

    Raises ApiProblem: 422 where a known sender's body lacks something.
    """
    if not isinstance(body, dict):
        return None
    for known, read in _SENDERS:
        if known(headers, body):
            try:
                return tuple(read(headers, body))
            except KeyError as missing:
                raise ApiProblem(422, "field_missing", {"field": str(missing.args[0])}) from None
            except (TypeError, AttributeError, IndexError):
                raise ApiProblem(422, "body_unknown") from None
    return None


def _github(headers: Mapping[str, str], body: Body) -> Iterator[Sent]:
    """A deployment begins when it was made and ends with its first state that is final."""
    if "deployment" not in body:
        return  # a ping
    deployment, state = body["deployment"], body.get("deployment_status") or {}
    ended = state.get("state") in ("success", "failure", "error")
    if not ended and state.get("state") == "inactive":
        return  # another took its place
    place = deployment.get("environment") or ""
    named = deployment.get("ref") or deployment["sha"][:12]
    payload = deployment.get("payload") or {}
    yield Sent(
        key=f"github:{deployment['id']}",
        at=deployment["created_at"],
        until=state["created_at"] if ended else None,
        title=f"{named} ({place})" if place else named,
        what=EventKind.DEPLOY,
        sender="github",
        url=state.get("environment_url") or state.get("target_url") or body["repository"].get("html_url", ""),
        app=payload.get("app") if isinstance(payload, dict) else None,
    )


def _gitlab(headers: Mapping[str, str], body: Body) -> Iterator[Sent]:
    """Each state of a deployment has a time of its own: the first one known is when it began."""
    state = body["status"]
    if state not in ("running", "success", "failed", "canceled"):
        return
    place = body.get("environment") or ""
    named = body.get("ref") or body["short_sha"]
    changed = body["status_changed_at"]
    yield Sent(
        key=f"gitlab:{body['project']['id']}:{body['deployment_id']}",
        at=changed,
        until=None if state == "running" else changed,
        title=f"{named} ({place})" if place else named,
        what=EventKind.DEPLOY,
        sender="gitlab",
        url=body.get("deployable_url") or "",
    )


def _alertmanager(headers: Mapping[str, str], body: Body) -> Iterator[Sent]:
    """An alert from when it fired until it was resolved; Grafana's alerts have the same shape."""
    sender = "grafana" if "orgId" in body or "grafana" in headers.get("user-agent", "").lower() else "alertmanager"
    for alert in body["alerts"]:
        labels = alert.get("labels") or {}
        ended = alert.get("status") == "resolved"
        yield Sent(
            key=f"{sender}:{alert['fingerprint']}:{alert['startsAt']}",
            at=alert["startsAt"],
            until=alert["endsAt"] if ended else None,
            title=_first((alert.get("annotations") or {}).get("summary"), labels.get("alertname"), "alert"),
            what=EventKind.ALERT,
            sender=sender,
            url=alert.get("generatorURL") or "",
            app=labels.get("app"),
            alert=alert_fields(labels),
        )


def _first(*said: object) -> str:
    """The first of some texts that is not blank."""
    return next((text for text in (str(each or "").strip() for each in said) if text), "")


def _annotation(headers: Mapping[str, str], body: Body) -> Iterator[Sent]:
    """An annotation as Grafana's own API takes it; its tags say of which kind it is and of which app."""
    tags = [str(tag) for tag in body.get("tags") or ()]
    kinds = [EventKind(tag) for tag in tags if tag in set(EventKind)]
    app = next((tag[4:] for tag in tags if tag.startswith(("app:", "app="))), None)
    until, named = body.get("timeEnd") or None, f"{body['time']}:{body['text']}"
    yield Sent(
        key=f"grafana:{body.get('id') or named}",
        at=body["time"],
        until=None if until == body["time"] else until,
        title=body["text"],
        what=kinds[0] if kinds else EventKind.OTHER,
        sender="grafana",
        app=app or body.get("app"),
    )


def _cloud_deploy(headers: Mapping[str, str], body: Body) -> Iterator[Sent]:
    """A rollout, from its start to its end; the details are in the attributes of the message."""
    message = body["message"]
    said = {**_data(message), **(message.get("attributes") or {})}
    action = said.get("Action", "")
    if said.get("ResourceType") != "Rollout" or action not in ("Start", "Succeed", "Failure"):
        return
    at = message.get("publishTime") or message["publish_time"]
    resource = said["Resource"]
    yield Sent(
        key=f"cloud-deploy:{resource}",
        at=at,
        until=None if action == "Start" else at,
        title=f"{said.get('ReleaseId', resource.rpartition('/')[2])} ({said.get('TargetId', '-')})",
        what=EventKind.DEPLOY,
        sender="cloud-deploy",
        app=said.get("app"),
    )


def _data(message: Body) -> Body:
    """What a message carries in base64, where it is JSON with names."""
    if not message.get("data"):
        return {}
    try:
        found = parsed(base64.b64decode(message["data"], validate=True))
    except (binascii.Error, ValueError):
        raise ApiProblem(422, "field_wrong", {"field": "message.data", "reason": "base64"}) from None
    return found if isinstance(found, dict) else {}


def _is_alerts(_headers: Mapping[str, str], body: Body) -> bool:
    return isinstance(body.get("alerts"), list) and ("groupKey" in body or str(body.get("version")) in ("1", "4"))


_Known = Callable[[Mapping[str, str], Body], bool]
_Read = Callable[[Mapping[str, str], Body], Iterator[Sent]]
_SENDERS: tuple[tuple[_Known, _Read], ...] = (
    (lambda headers, body: "x-github-event" in headers or ("deployment" in body and "repository" in body), _github),
    (lambda _headers, body: body.get("object_kind") == "deployment", _gitlab),
    (_is_alerts, _alertmanager),
    (lambda _headers, body: "message" in body and "subscription" in body, _cloud_deploy),
    (lambda _headers, body: "text" in body and "time" in body and "title" not in body, _annotation),
)
