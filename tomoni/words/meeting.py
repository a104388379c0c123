"""The meeting in words: how it stands, when it is due, and how long a step has taken."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.for_reviews import Agenda
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark


def in_step(step: str, seconds: int, agenda: Agenda, text: Text) -> str:
    """The time in a step, beside what the agenda has for it: "4 of 10 min"."""
    spent = max(0, seconds) // 60
    planned = agenda.of(step)
    if planned is None:
        return text._("%(spent)s min") % {"spent": spent}
    return text._("%(spent)s of %(planned)s min") % {"spent": spent, "planned": planned.minutes}


def standing(meeting: Meeting, now: int, text: Text) -> str:
    """How a meeting stands: "Draft, due 24 Nov, 10:00 (in 5 min)"."""
    facts = {"when": text.near_moment(meeting.planned_at)}
    if meeting.state is MeetingState.DRAFT:
        late = meeting.planned_at < now
        return text._("Draft; was planned for %(when)s") % facts if late else text._("Draft; due %(when)s") % facts
    if meeting.state is MeetingState.OPEN:
        return text._("Begun %(when)s") % {"when": text.near_moment(meeting.begun_at)}
    if meeting.state is MeetingState.SKIPPED:
        return text._("Not held; was planned for %(when)s") % facts
    return text._("Closed %(when)s") % {"when": text.near_moment(meeting.closed_at or meeting.as_of)}


def correction(meeting: Meeting, text: Text) -> str:
    """Of a meeting that corrects another: which, and of when what stands beside its figures is, for teams went on
    working on that; empty for another meeting."""
    if meeting.corrects is None:
        return ""
    if meeting.closed_at is None:
        phrase = text._("corrects the review %(id)s; actions, decisions and questions as they are now")
        return phrase % {"id": meeting.corrects}
    facts = {"id": meeting.corrects, "moment": text.near_moment(meeting.closed_at)}
    return text._("corrects the review %(id)s; actions, decisions and questions as of %(moment)s") % facts


def open_actions(listed: int, past_due: int, text: Text) -> str:
    """How many actions are open: "4, 1 past due"; "none" without any."""
    if not listed:
        return text._("none")
    if not past_due:
        return text.number(listed, 0)
    return text._("%(open)s, %(late)s past due") % {"open": listed, "late": past_due}


_STATES: Mapping[MeetingState, str] = {
    MeetingState.DRAFT: mark("draft"),
    MeetingState.OPEN: mark("under way"),
    MeetingState.CLOSED: mark("closed"),
    MeetingState.SKIPPED: mark("not held"),
}


def state(found: MeetingState | None, text: Text) -> str:
    """The state of a meeting in a word; that it is planned while there is none yet."""
    return text._("planned") if found is None else text._(_STATES[found])


def due(when: int | None, missed: int, now: int, text: Text) -> str:
    """When a review is due: "24 Nov, 10:00 JST, in 5 min"; where it was, and how many more went by since."""
    if when is None:
        return text._("no rhythm")
    facts = {"when": text.near_moment(when), "in": text.duration(when - now), "n": missed}
    if when > now:
        return text._("%(when)s, in %(in)s") % facts
    if not missed:
        return text._("was planned for %(when)s") % facts
    phrase = text.n_(
        "was planned for %(when)s; %(n)s more went by since",
        "was planned for %(when)s; %(n)s more went by since",
        missed,
    )
    return phrase % facts


def next_review(app: str, current: Meeting | None, when: int | None, now: int, text: Text) -> str:
    """How an app's next review stands, in a sentence; ``app`` is its name in quotation marks."""
    facts = {"app": app, "when": text.near_moment(when)}
    if current is not None and current.state is MeetingState.OPEN:
        return text._("The review of %(app)s is under way.") % facts
    if when is None:
        return text._("Reviews of %(app)s have no rhythm; you can review it now.") % facts
    if when > now:
        return text._("The next review of %(app)s is due %(when)s.") % facts
    return text._("The review of %(app)s was planned for %(when)s and can be held now.") % facts


def queue(due_now: int, minutes: int, coming: str, when: int | None, text: Text) -> str:
    """How many reviews are due and how long they take; else when the next one (of the app ``coming``) is."""
    if due_now:
        facts = {"n": due_now, "time": text.duration(minutes * 60)}
        phrase = text.n_("%(n)s review is due: %(time)s.", "%(n)s reviews are due: %(time)s in all.", due_now)
        return phrase % facts
    if when is None:
        return text._("No review is due: no app has a rhythm of reviews yet.")
    facts = {"app": text.quote(plain(coming)), "when": text.near_moment(when)}
    return text._("No review is due now; the next is that of %(app)s, %(when)s.") % facts
