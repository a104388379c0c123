"""`/api/events`: deploys, releases, planned work, flags and alerts, from programs and from known senders."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tomoni.api.call import LONGEST_KEY, Call, moment_of
from tomoni.api.endpoint import Answer
from tomoni.api.fields import fields_of
from tomoni.api.problems import ApiProblem
from tomoni.api.senders import Sent, sent_in
from tomoni.meetings.model import Event, EventKind, SharedUrl
from tomoni.meetings.records import Record, validated
from tomoni.slo.model import DAY
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.events import store_event

_PAST, _FUTURE, _LONGEST = 10 * 366 * DAY, DAY, 366 * DAY
_PLANNED_FUTURE = 2 * 366 * DAY
_TITLE = 300
_LINK: TypeAdapter[str] = TypeAdapter(SharedUrl)


class EventIn(BaseModel):
    """An event in our own form. ``id`` is the sender's: the same one of an app counts once."""

    model_config = ConfigDict(extra="forbid")

    app: str | None = None
    at: str | int | float = Field(description="RFC 3339 with a zone, or Unix seconds.")
    until: str | int | float | None = None
    kind: EventKind = EventKind.OTHER
    title: str
    url: str = ""
    severity: str = Field(default="", max_length=40, description="Of an alert, such as page or ticket.")
    slo: str = Field(default="", max_length=200, description="Of an alert: app/journey/slo.")
    id: str | int | None = None


def add(call: Call) -> Answer:
    """Stores the events of a body; what is delivered again counts once, in whatever order."""
    sent = sent_in(call.headers, call.body)
    if sent is None:
        return Answer(as_json(_own(call)), 201)
    values = [
        _checked(call, replace(each, url=_usable(each.url))) for each in sent
    ]  # all of them are checked before one is stored
    records = call.tomoni.meetings.records
    stored = [store_event(records, value, _short(each.key)) for value, each in zip(values, sent, strict=True)]
    return Answer({"events": [as_json(each) for each in stored]}, 201 if stored else 202)


def _usable(url: object) -> str:
    """The link of a sender that we know, empty where nobody could follow it or should see it: what happened counts for
    more, and addresses of queries are often too long."""
    try:
        return _LINK.validate_python(url)
    except ValidationError:
        return ""


def _own(call: Call) -> Record[Event]:
    given = fields_of(EventIn, call.body)
    key = None if given.id is None else str(given.id)
    if key is not None and (not 0 < len(key) <= LONGEST_KEY or "\0" in key):
        raise ApiProblem(422, "field_wrong", {"field": "id", "reason": f"1–{LONGEST_KEY}"})
    sent = Sent("", given.at, given.title, given.kind, "api", given.until, given.url, given.app, _said(given))
    value, records = _checked(call, sent), call.tomoni.meetings.records
    if key is not None:
        return store_event(records, value, f"api:{key}")
    record = records.add(value, call.idempotency_key)
    if records.history(Event, record.id)[0].value != value:
        raise ApiProblem(422, "key_reused")
    return record


def _said(given: EventIn) -> dict[str, str]:
    """What an event in our own form says of an alert."""
    return (
        {"name": given.title[:200], "severity": given.severity, "slo": given.slo}
        if given.kind is EventKind.ALERT
        else {}
    )


def _short(key: str) -> str:
    """The key of a sender, which may be of any length, in the room that there is for it."""
    if len(key) <= LONGEST_KEY and "\0" not in key:
        return key
    return f"{key.partition(':')[0]}:{sha256(key.encode()).hexdigest()}"


def _checked(call: Call, sent: Sent) -> Event:
    """An event that may be stored. Raises ApiProblem: 403, 422; MeetingError."""
    app = call.app(call.query.get("app") or (str(sent.app) if sent.app else None)).id
    at = moment_of(sent.at, "at")
    until = None if sent.until is None else moment_of(sent.until, "until")
    future = _PLANNED_FUTURE if sent.what is EventKind.PLANNED else _FUTURE
    if not max(0, call.now - _PAST) <= at <= call.now + future:
        raise ApiProblem(422, "time_absurd", {"field": "at"})
    if until is not None and until - at > _LONGEST:
        raise ApiProblem(422, "time_absurd", {"field": "until"})
    fields = {"app": app, "at": at, "until": until, "what": sent.what, "title": str(sent.title)[:_TITLE]}
    return validated(Event, {**fields, "url": sent.url, "sender": sent.sender, **sent.alert})


def listed(call: Call) -> Answer:
    """The events of ``?app=`` (default: all that the token may see) that touch ``[from, until)``, by time."""
    call.takes("app", "from", "until")
    start, end = call.moment("from"), call.moment("until")
    if start is not None and end is not None and start >= end:
        raise ApiProblem(422, "interval_wrong")
    found = [each for each in call.tomoni.meetings.records.listed(Event, call.chosen_app()) if _in(each, start, end)]
    found.sort(key=lambda each: (each.value.at, each.id))
    return Answer({"events": [as_json(each) for each in found]})


def _in(record: Record[Event], start: int | None, end: int | None) -> bool:
    last = record.value.at if record.value.until is None else record.value.until
    return (start is None or last >= start) and (end is None or record.value.at < end)


def as_json(record: Record[Event]) -> dict[str, Any]:
    """An event as the API shows it."""
    value = record.value
    return {
        "id": record.id,
        "key": record.key,
        "app": value.app,
        "at": rfc3339(value.at),
        "until": None if value.until is None else rfc3339(value.until),
        "kind": value.what.value,
        "title": value.title,
        "url": value.url,
        "sender": value.sender,
        "name": value.name,
        "severity": value.severity,
        "slo": value.slo,
        "revision": record.revision,
    }
