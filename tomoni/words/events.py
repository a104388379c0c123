"""What is said of deploys, releases, planned work, flags and alerts."""

from __future__ import annotations

from collections.abc import Collection

from tomoni.meetings.model import EventKind
from tomoni.review.events import ReviewEvent
from tomoni.words.text import Text, mark

KINDS = {
    EventKind.DEPLOY: mark("Deploy"),
    EventKind.RELEASE: mark("Release"),
    EventKind.PLANNED: mark("Planned work"),
    EventKind.FLAG: mark("Feature flag"),
    EventKind.ALERT: mark("Alert"),
    EventKind.OTHER: mark("Event"),
}


def kind(event: EventKind, text: Text) -> str:
    """The name of a kind."""
    return text._(KINDS[event])


def counted(n: int, kinds: Collection[EventKind], text: Text) -> str:
    """So many events, by the name of their kind where they have one in common: "3 deploys"."""
    one = next(iter(kinds)) if len(kinds) == 1 else EventKind.OTHER
    phrases = {
        EventKind.DEPLOY: text.n_("%(n)s deploy", "%(n)s deploys", n),
        EventKind.RELEASE: text.n_("%(n)s release", "%(n)s releases", n),
        EventKind.PLANNED: text._("%(n)s planned"),
        EventKind.FLAG: text.n_("%(n)s flag", "%(n)s flags", n),
        EventKind.ALERT: text.n_("%(n)s alert", "%(n)s alerts", n),
    }
    return phrases.get(one, text.n_("%(n)s event", "%(n)s events", n)) % {"n": text.count(n)}


def when(event: ReviewEvent, text: Text) -> str:
    """When it was: a moment, or from when to when."""
    return text.moment(event.at) if event.until is None else text.span(event.at, event.until)


def named(event: ReviewEvent, text: Text) -> str:
    """An event in one line: its kind, its title and when it was."""
    return f"{kind(event.what, text)} {event.title} · {when(event, text)}"


def burned(share: float | None, text: Text) -> str:
    """What burned right after an event, or nothing where that is not known; what followed, never a cause."""
    if share is None:
        return ""
    return text._("burned within 30 minutes after: %(share)s of the budget") % {"share": text.percent(share)}
