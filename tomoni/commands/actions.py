"""`actions`: the actions of all apps, those that were due first."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session
from tomoni.meetings.model import Action, ActionState
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.actions import ActionFilter, ListedAction, listed_actions, local_day
from tomoni.words import choices, follow_ups
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark, text_for

ALL = "all"
STATES = (*(state.value for state in ActionState), ALL)
_UNBOUNDED = 10_000  # cells
_HEADINGS = (mark("App"), mark("Action"), mark("Team"), mark("State"), mark("Ticket"))


@dataclass(frozen=True, slots=True)
class ActionsOptions:
    """Which actions: of an app, of a team, in a state (or ``all``); and whether for programs."""

    app: str | None
    team: str | None
    state: str
    as_json: bool


def run(session: Session, options: ActionsOptions) -> int:
    """Prints the actions; the exit code. Raises Refusal for an app or a team that does not exist."""
    tomoni = session.tomoni
    states = frozenset(ActionState) if options.state == ALL else frozenset({ActionState(options.state)})
    chosen = ActionFilter(options.app, options.team, states)
    found = listed_actions(tomoni.meetings.records, tomoni.catalog, tomoni.now(), chosen)
    if not found:  # an app or a team may be gone from the configuration while its actions are still there
        session.known_app(tomoni.catalog, options.app)
        _known_team(session, options.team)
    text = text_for(session.language, tomoni.catalog.settings.timezone)
    click.echo(_as_json(found) if options.as_json else _as_table(found, tomoni.now(), text))
    return 0


def _known_team(session: Session, team: str | None) -> None:
    """Raises Refusal for a team that neither an app nor an action has."""
    written = {record.value.team for record in session.tomoni.meetings.records.listed(Action)}
    known = sorted({name for app in session.tomoni.catalog.apps for name in app.teams.values()} | written - {""})
    if team is None or team in known:
        return
    near, text = get_close_matches(team, known, n=1, cutoff=0.5), session.text
    hint = text._("did you mean %(nearest)s? Teams: %(known)s.") if near else text._("use one of: %(known)s.")
    facts = {"team": text.quote(team), "nearest": text.quote("".join(near)), "known": text.listed(known)}
    raise Refusal([text._("There is no team %(team)s") % facts + "; " + hint % facts])


def _as_json(found: Sequence[ListedAction]) -> str:
    return json.dumps({"actions": [_body(each) for each in found]}, ensure_ascii=False, indent=2)


def _body(listed: ListedAction) -> dict[str, object]:
    action, record = listed.action, listed.record
    return {
        "id": record.id,
        "app": action.app,
        "text": action.text,
        "team": action.team or None,
        "due": action.due.isoformat() if action.due else None,
        "days_past_due": listed.days_past,
        "ticket": action.ticket or None,
        "state": action.state.value,
        "reason": action.reason or None,
        "created_at": rfc3339(record.created_at),
        "ended_at": None if action.ended_at is None else rfc3339(action.ended_at),
        "origin": action.origin.model_dump() if action.origin else None,
    }


def _as_table(found: Sequence[ListedAction], now: int, text: Text) -> str:
    if not found:
        return text._("There are no such actions.")
    out = io.StringIO()
    console = Console(file=out, width=_UNBOUNDED, highlight=False, emoji=False, markup=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in _HEADINGS:
        table.add_column(text._(heading))
    for each in found:
        table.add_row(*(Rich(plain(cell)) for cell in _cells(each, now, text)))
    console.print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    opened = [each for each in found if each.action.state is ActionState.OPEN]
    counted = follow_ups.open_actions(len(opened), sum(1 for each in opened if each.days_past), text)
    return "\n".join([*lines, "", counted])


def _cells(listed: ListedAction, now: int, text: Text) -> tuple[str, ...]:
    action = listed.action
    own = text_for(text.language, listed.app.timezone) if listed.app else text
    state = follow_ups.due(action, local_day(now, own.zone), own) or follow_ups.ended(action, own)
    state = state or choices.action(action.state, text)
    return action.app, action.text, action.team, state, action.ticket
