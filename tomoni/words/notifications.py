"""What is told of budgets: a line each, put together for a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tomoni.catalog.schema import App, Journey, Slo
from tomoni.slo.standing import Happening
from tomoni.words.apart import within_app
from tomoni.words.phrases import plain
from tomoni.words.reminders import BODIES, Reminder
from tomoni.words.text import Text, mark

MOST_LINES = 10
NAMES: Mapping[str, str] = {
    "slack": "Slack",
    "google_chat": "Google Chat",
    "teams": "Microsoft Teams",
    "webhook": "Webhook",
    "email": mark("E-mail"),
}
_LINES: Mapping[Happening, str] = {
    Happening.EXHAUSTED: mark("%(slo)s: the error budget is exhausted."),
    Happening.AT_RISK: mark("%(slo)s: little of the error budget is left (budget left: %(left)s)."),
    Happening.FAST_BURN: mark("%(slo)s: the error budget burns fast (budget left: %(left)s)."),
    Happening.RECOVERED: mark("%(slo)s: the error budget has recovered (budget left: %(left)s)."),
}
OUTCOMES: Mapping[str, str] = {
    "pending": mark("waits"),
    "sending": mark("is being sent"),
    "sent": mark("sent"),
    "passed": mark("not sent: no longer so after the quiet hours"),
    "failed": mark("given up"),
    "unknown": mark("unknown whether it arrived"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a budget: whose (names as teams typed them, the app's first), and how much is left
    (None: unknown)."""

    what: Happening
    names: tuple[str, ...]
    path: str
    at: int
    left: float | None


def names(app: App, journey: Journey, slo: Slo, apps: Mapping[str, str], language: str) -> tuple[str, ...]:
    """What an SLO is called by itself: its app as ``apps`` has it by its id, its journey where there are several, and
    its own title beside the others."""
    of_journey, of_slo = within_app(app, journey, slo, language)
    return (apps.get(app.id) or app.title(language), *((of_journey,) if len(app.journeys) > 1 else ()), of_slo)


def line(each: Line, text: Text) -> str:
    """It in a sentence."""
    name = " / ".join(map(plain, each.names))
    return text._(_LINES[each.what]) % {"slo": name, "left": text.budget(each.left)}


def message(team: str, lines: Sequence[Line], address: str, text: Text) -> Reminder:
    """All that there is to tell a team, in the shape that chats take."""
    n = len(lines)
    title = text.n_("Error budgets of %(team)s: %(n)s change", "Error budgets of %(team)s: %(n)s changes", n)
    said = [f"{line(each, text)} {text.near_moment(each.at)}" for each in lines[:MOST_LINES]]
    if n > MOST_LINES:
        said.append(text.n_("and %(n)s more", "and %(n)s more", n - MOST_LINES) % {"n": n - MOST_LINES})
    facts = {"team": text.quote(plain(team)), "n": text.count(n)}
    return Reminder(title % facts, tuple(said), text._("Open Tomoni"), address)


def body(channel: str, found: Reminder, lines: Sequence[Line]) -> dict[str, Any]:
    """A message as a chat or a plain webhook takes it."""
    if channel in BODIES:
        return BODIES[channel](found)
    changes = [
        {"what": each.what.value, "slo": each.path, "at": each.at, "budget_remaining": each.left} for each in lines
    ]
    return {"title": found.title, "lines": list(found.changes), "url": found.address, "changes": changes}
