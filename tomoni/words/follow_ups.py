"""What comes back at a review, in words: actions with their days, decisions in force, and the sentence about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tomoni.meetings.model import Action, ActionState, Decision, Origin
from tomoni.words import choices
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark

_ORIGINS: Mapping[str, str] = {
    "step": "",
    "episode": mark("from an episode"),
    "incident": mark("from an incident"),
    "risk": mark("from a risk"),
    "question": mark("from a question"),
}


def day(value: date, today: date, text: Text) -> str:
    """A day, with its year only where that is another one than now."""
    moment = datetime(value.year, value.month, value.day, 12, tzinfo=ZoneInfo(text.zone)).timestamp()
    return text.day(moment, year=value.year != today.year)


def due(action: Action, today: date, text: Text) -> str:
    """When an open action is due, or was; empty without a day."""
    if action.due is None or action.state is not ActionState.OPEN:
        return ""
    phrase = text._("was due on %(day)s") if action.due < today else text._("due on %(day)s")
    return phrase % {"day": day(action.due, today, text)}


def ended(action: Action, text: Text) -> str:
    """What became of an action, when, and why: "dropped on 8 Dec: the pool is gone"; empty while it is open."""
    if action.state is ActionState.OPEN:
        return ""
    word = choices.action(action.state, text)
    if action.ended_at is not None:
        facts = {"state": word, "day": text.day(action.ended_at, year=False)}
        word = text._("%(state)s on %(day)s") % facts
    return text._("%(what)s: %(why)s") % {"what": word, "why": action.reason} if action.reason else word


def ticket_body(action: Action, app: str, today: date, text: Text) -> str:
    """What a new ticket says besides its title: where it comes from, whose it is, and when it is due."""
    lines = [text._("From the review of %(app)s.") % {"app": text.quote(plain(app))}]
    if action.team:
        lines.append(text._("Team: %(team)s") % {"team": plain(action.team)})
    if action.due:
        lines.append(text._("Due: %(day)s") % {"day": day(action.due, today, text)})
    return "\n".join(lines)


def came_from(origin: Origin | None, text: Text) -> str:
    """Where an action came up, where that is more than a step."""
    phrase = _ORIGINS[origin.place] if origin else ""
    return text._(phrase) if phrase else ""


def until(decision: Decision, today: date, text: Text) -> str:
    """How long a decision holds: "in force until 8 Dec", or "in force until superseded"."""
    if decision.until is None:
        return text._("in force until it is superseded")
    return text._("in force until %(day)s") % {"day": day(decision.until, today, text)}


def headline(actions: int, past: int, decisions: int, text: Text) -> str:
    """The sentence of the first step: how much is open of what was agreed."""
    return text.sentences(open_actions(actions, past, text), _in_force(decisions, text))


def open_actions(n: int, past: int, text: Text) -> str:
    """How many actions are open, and how many of them were due: without blame."""
    if not n:
        return text._("No action is open.")
    opened = text.n_("%(n)s action is open.", "%(n)s actions are open.", n) % {"n": n}
    if not past:
        return opened
    return text.sentences(opened, text.n_("%(n)s was due by now.", "%(n)s were due by now.", past) % {"n": past})


def _in_force(n: int, text: Text) -> str:
    if not n:
        return ""
    return text.n_("%(n)s decision is in force.", "%(n)s decisions are in force.", n) % {"n": n}
