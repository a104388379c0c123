"""The meeting in words: how it stands, when it is due, and how long a step has taken."""

from __future__ import annotations

from tomoni.catalog.for_reviews import Agenda
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.words.text import Text


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


def open_actions(listed: int, past_due: int, text: Text) -> str:
    """How many actions are open: "4, 1 past due"; "none" without any."""
    if not listed:
        return text._("none")
    if not past_due:
        return text.number(listed, 0)
    return text._("%(open)s, %(late)s past due") % {"open": listed, "late": past_due}
