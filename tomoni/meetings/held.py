"""All that was written of one meeting, chosen from the records of its app; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tomoni.meetings.model import (
    Action,
    ActionState,
    Conclusion,
    Decision,
    EpisodeReason,
    Event,
    Incident,
    Meeting,
    Postmortem,
    Question,
    QuestionState,
    RiskEntry,
)
from tomoni.meetings.records import Record, W

_LISTED = frozenset({QuestionState.OPEN, QuestionState.PARKED})


@dataclass(frozen=True, slots=True)
class Noted:
    """The notes of one step, in Markdown, and the revision of them."""

    step: str
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a meeting saw, decided and left open, each in the order in which it was written.

    Actions and questions are those that were open, or ended at or since the meeting before; incidents, reasons and
    events those within its period; decisions those in force, and its own.
    """

    meeting: Record[Meeting]
    notes: tuple[Noted, ...] = ()
    actions: tuple[Record[Action], ...] = ()
    incidents: tuple[Record[Incident], ...] = ()
    reasons: tuple[Record[EpisodeReason], ...] = ()
    postmortems: tuple[Record[Postmortem], ...] = ()
    questions: tuple[Record[Question], ...] = ()
    conclusions: tuple[Record[Conclusion], ...] = ()
    decisions: tuple[Record[Decision], ...] = ()
    risks: tuple[Record[RiskEntry], ...] = ()
    events: tuple[Record[Event], ...] = ()


def held(
    meeting: Record[Meeting], notes: Sequence[Noted], records: Mapping[str, Sequence[Record[Any]]], today: date
) -> Held:
    """Chooses from the records of an app by their kinds. ``today`` is the day by the clocks of the app."""

    def of(kind: type[W]) -> Sequence[Record[W]]:
        return records.get(kind.kind, ())

    period = meeting.value
    incidents = tuple(each for each in of(Incident) if _within(period, each.value.start, each.value.end))
    known = {each.id for each in incidents}
    decided = {each.id for each in of(Decision)}
    return Held(
        meeting,
        tuple(note for note in notes if note.text.strip()),
        tuple(each for each in of(Action) if _is_followed(each.value, meeting)),
        incidents,
        tuple(each for each in of(EpisodeReason) if _within(period, each.value.start, each.value.end)),
        tuple(each for each in of(Postmortem) if each.value.incident in known),
        tuple(each for each in of(Question) if each.value.state in _LISTED or each.value.meeting == meeting.id),
        tuple(each for each in of(Conclusion) if each.value.meeting == meeting.id),
        tuple(each for each in of(Decision) if each.value.meeting == meeting.id or holds(each.value, decided, today)),
        tuple(of(RiskEntry)),
        tuple(each for each in of(Event) if _within(period, each.value.at, (each.value.until or each.value.at) + 1)),
    )


def holds(decision: Decision, known: Collection[str], today: date) -> bool:
    """Whether a decision still counts on a day. One that was superseded by what has been removed again (it is not
    among the ``known`` ids) does."""
    return decision.superseded_by not in known and (decision.until is None or today <= decision.until)


def _within(meeting: Meeting, start: int, end: int) -> bool:
    return start < meeting.as_of and meeting.start < end


def _is_followed(action: Action, meeting: Record[Meeting]) -> bool:
    """Whether an action is open, was taken here, or ended since the meeting before."""
    if action.state is ActionState.OPEN or action.meeting == meeting.id:
        return True
    return action.ended_at is not None and action.ended_at >= meeting.value.start
