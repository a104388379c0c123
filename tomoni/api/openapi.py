"""What the API takes and answers, as OpenAPI 3.1, made from the models that read it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tomoni.api.actions import ActionChange, ActionIn
from tomoni.api.events import EventIn
from tomoni.meetings.model import ActionState, EventKind
from tomoni.version import VERSION

Json = dict[str, Any]
_PROBLEMS = {
    "401": "No token, a wrong one, or one that was revoked.",
    "403": "The token is one of another app.",
    "404": "There is no such thing.",
    "405": "This address does not take the method.",
    "413": "The body is larger than 256 KB.",
    "415": "The body is not JSON.",
    "422": "Something in the request is wrong; `code` says what.",
    "429": "Too many requests; `Retry-After` says when to ask again.",
    "503": "The database cannot be used now.",
}


class EventOut(BaseModel):
    """An event as it is stored."""

    id: str
    key: str | None
    app: str
    at: str
    until: str | None
    kind: EventKind
    title: str
    url: str
    sender: str
    name: str
    severity: str
    slo: str
    revision: int


class ActionOut(BaseModel):
    """An action as it is stored."""

    id: str
    app: str
    text: str
    team: str
    due: str | None
    ticket: str
    state: ActionState
    reason: str
    ended_at: str | None
    created_at: str
    revision: int


class EventsOut(BaseModel):
    """Several events."""

    events: list[EventOut]


class ActionsOut(BaseModel):
    """Several actions."""

    actions: list[ActionOut]


class Problem(BaseModel):
    """What is wrong, and what to do about it."""

    code: str
    message: str
    action: str
    field: str = ""


class ProblemOut(BaseModel):
    """The answer where something is wrong."""

    error: Problem


_MODELS = (EventIn, EventOut, EventsOut, ActionIn, ActionChange, ActionOut, ActionsOut, ProblemOut)


def document() -> Json:
    """The whole description."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    bearer = {"type": "http", "scheme": "bearer", "description": "`python cli.py token create NAME` makes one."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tomoni", "version": VERSION},
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {"schemas": schemas["$defs"], "securitySchemes": {"token": bearer}},
    }


def _paths() -> Json:
    app = _query("app", "The app, by its id.")
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 150}}
    since, until = _query("from", "From this moment."), _query("until", "Up to this moment.")
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    state = {"name": "state", "in": "query", "schema": {"type": "string", "enum": [each.value for each in ActionState]}}
    event, action = _or_known("EventIn"), _or_known("ActionChange")
    return {
        "/api/events": {
            "get": _operation("The events of an app or of all.", "200", "EventsOut", [app, since, until]),
            "post": _operation("Stores an event; bodies of known senders too.", "201", "EventOut", [app, key], event),
        },
        "/api/actions": {
            "get": _operation("The actions of an app or of all.", "200", "ActionsOut", [app, state]),
            "post": _operation("Stores an action.", "201", "ActionOut", [app, key], _ref("ActionIn")),
        },
        "/api/actions/{id}": {
            "post": _operation("Changes an action; webhooks of tickets too.", "200", "ActionOut", [id_], action),
        },
        "/api/status": {
            "get": _operation("As `status --format json`.", "200", None, [app, _query("at", "As of this moment.")]),
        },
        "/api/calendar.ics": {"get": _calendar("The reviews of all apps.", [])},
        "/api/calendar/{app}.ics": {"get": _calendar("The reviews of an app.", [{**id_, "name": "app"}])},
    }


def _calendar(summary: str, parameters: list[Json]) -> Json:
    """A calendar to subscribe to, which needs no token."""
    content = {"text/calendar": {"schema": {"type": "string"}}}
    language = _query("lang", "The language of its titles.")
    return {
        "summary": summary,
        "security": [],
        "parameters": [*parameters, language],
        "responses": {"200": {"description": "iCalendar (RFC 5545).", "content": content}},
    }


def _operation(summary: str, status: str, answer: str | None, parameters: list[Json], body: Json | None = None) -> Json:
    problems = {code: _content(text, _ref("ProblemOut")) for code, text in _PROBLEMS.items()}
    good = {status: _content("Done.", _ref(answer) if answer else {"type": "object"})}
    taken = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}} if body else {}
    return {"summary": summary, "parameters": parameters, **taken, "responses": {**good, **problems}}


def _content(text: str, schema: Json) -> Json:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _query(name: str, text: str) -> Json:
    return {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_known(name: str) -> Json:
    """A model of ours, or the body of a sender that is known."""
    return {"anyOf": [_ref(name), {"type": "object", "description": "The body of a known sender (docs/api.md)."}]}
