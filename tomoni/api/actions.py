"""`/api/actions`: what teams agreed to do, for programs and for the webhooks of ticket systems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from tomoni.api.call import Call
from tomoni.api.endpoint import Answer
from tomoni.api.fields import fields_of
from tomoni.api.problems import ApiProblem
from tomoni.api.tickets import Ticket, same_link, ticket_in
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Record, Records, validated
from tomoni.snapshots.record.status import rfc3339

_BY_TICKET = "by-ticket"


class ActionIn(BaseModel):
    """A new action: what a team (never a person) does by when."""

    model_config = ConfigDict(extra="forbid")

    app: str | None = None
    text: str
    team: str = ""
    due: date | None = None
    ticket: str = ""


class ActionChange(BaseModel):
    """What changes of an action; a dropped one needs a reason."""

    model_config = ConfigDict(extra="forbid")

    state: ActionState | None = None
    text: str | None = None
    team: str | None = None
    due: date | None = None
    ticket: str | None = None
    reason: str | None = None


def listed(call: Call) -> Answer:
    """The actions of ``?app=`` (default: all that the token may see), of ``?state=`` if it is given."""
    call.takes("app", "state")
    state = call.query.get("state")
    if state and state not in set(ActionState):
        raise ApiProblem(422, "field_wrong", {"field": "state", "reason": ", ".join(ActionState)})
    found = call.tomoni.meetings.records.listed(Action, call.chosen_app())
    return Answer({"actions": [as_json(each) for each in found if not state or each.value.state == state]})


def add(call: Call) -> Answer:
    """Stores an action; the same ``Idempotency-Key`` counts once."""
    given = fields_of(ActionIn, call.body)
    app = call.app(given.app or call.query.get("app")).id
    value = validated(Action, {**given.model_dump(mode="json"), "app": app})
    record = call.tomoni.meetings.records.add(value, call.idempotency_key)
    first = call.tomoni.meetings.records.history(Action, record.id)[0].value
    if first != value:
        raise ApiProblem(422, "key_reused")
    return Answer(as_json(record), 201)


def change(call: Call) -> Answer:
    """Changes an action, or the one whose ticket a ticket system says was closed or reopened."""
    ticket = ticket_in(call.headers, call.body)
    if ticket is not None:
        return _moved_by_ticket(call, ticket)
    changes = fields_of(ActionChange, call.body).model_dump(mode="json", exclude_unset=True)
    record = _found(call, call.place["id"])
    return Answer(as_json(_changed(call, record, changes)))


def _moved_by_ticket(call: Call, ticket: Ticket) -> Answer:
    """Moves the actions that link the ticket: that of the address, or all that have it (``by-ticket``)."""
    records, place = call.tomoni.meetings.records, call.place["id"]
    if ticket.closed is None:
        return Answer({"actions": []}, 202)  # a comment or a label: nothing to do, and nothing wrong
    candidates = records.listed(Action, call.chosen_app()) if place == _BY_TICKET else (_found(call, place),)
    linked = [each for each in candidates if same_link(each.value.ticket, ticket)]
    if not linked:
        raise ApiProblem(422 if place != _BY_TICKET else 404, "ticket_unknown")
    state = ActionState.DONE if ticket.closed else ActionState.OPEN
    movable = [each for each in linked if each.value.state is not ActionState.DROPPED]
    return Answer({"actions": [as_json(_changed(call, each, {"state": state.value})) for each in movable]})


def _changed(call: Call, record: Record[Action], changes: Mapping[str, Any]) -> Record[Action]:
    """The action with its changes, and when it ended."""
    state = changes.get("state")
    ended: dict[str, Any] = {}
    if state is not None and state != record.value.state:
        ended = {"ended_at": None if state == ActionState.OPEN else call.now}
    return call.tomoni.meetings.records.change(Action, record.id, {**changes, **ended})


def _found(call: Call, id_: str) -> Record[Action]:
    """The action of an id, if the token may see it. Raises ApiProblem: 403, 404."""
    record = _read(call.tomoni.meetings.records, id_)
    call.allowed(record.value.app)
    return record


def _read(records: Records, id_: str) -> Record[Action]:
    try:
        return records.read(Action, id_)
    except MeetingError:
        raise ApiProblem(404, "action_not_found") from None


def as_json(record: Record[Action]) -> dict[str, Any]:
    """An action as the API shows it."""
    value = record.value
    return {
        "id": record.id,
        "app": value.app,
        "text": value.text,
        "team": value.team,
        "due": value.due.isoformat() if value.due else None,
        "ticket": value.ticket,
        "state": value.state.value,
        "reason": value.reason,
        "ended_at": None if value.ended_at is None else rfc3339(value.ended_at),
        "created_at": rfc3339(record.created_at),
        "revision": record.revision,
    }
