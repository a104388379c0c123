"""All that was written of one meeting, chosen from the records of its app; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

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

B = TypeVar("B", Action, Decision, Question)
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

    Actions and questions are those that were open, or ended at or since the meeting before; incidents and reasons those
    within its period or a window of its figures; events those within its period, and what reasons name; postmortems
    those of its period; decisions those in force, and its own. What came up in a meeting that it corrects is its own.
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
    meeting: Record[Meeting],
    notes: Sequence[Noted],
    records: Mapping[str, Sequence[Record[Any]]],
    today: date,
    since: int | None = None,
) -> Held:
    """Chooses from the records of an app by their kinds. ``today`` is the day by the clocks of the app, ``since`` (Unix
    seconds) the begin of the longest window of the figures (None: they reach no further back than the period)."""

    before = corrected(meeting.value, records.get(Meeting.kind, ()))

    def of(kind: type[W]) -> Sequence[Record[W]]:
        return records.get(kind.kind, ())

    def own(kind: type[B]) -> Sequence[Record[B]]:
        return [_as_of_it(each, meeting.id) if each.value.meeting in before else each for each in of(kind)]

    period = meeting.value
    reach = period if since is None else period.model_copy(update={"start": min(since, period.start)})
    reasons = tuple(each for each in of(EpisodeReason) if _within(reach, each.value.start, each.value.end))
    named = {each.value.ref for each in reasons}
    known = {each.id for each in of(Incident) if _within(period, each.value.start, each.value.end)}
    known_decisions = {each.id for each in of(Decision)}
    taken = {each.id for each in own(Decision) if each.value.meeting == meeting.id}

    def decided_here(decision: Record[Decision]) -> bool:
        return decision.value.meeting == meeting.id and decision.value.superseded_by not in taken

    return Held(
        meeting,
        tuple(note for note in notes if note.text.strip()),
        tuple(each for each in own(Action) if _is_followed(each.value, meeting)),
        tuple(each for each in of(Incident) if _within(reach, each.value.start, each.value.end)),
        reasons,
        tuple(each for each in of(Postmortem) if each.value.incident in known),
        tuple(each for each in own(Question) if each.value.state in _LISTED or each.value.meeting == meeting.id),
        tuple(each for each in of(Conclusion) if each.value.meeting == meeting.id),
        tuple(each for each in own(Decision) if decided_here(each) or holds(each.value, known_decisions, today)),
        tuple(of(RiskEntry)),
        tuple(each for each in of(Event) if each.id in named or _is_of(period, each.value)),
    )


def corrected(meeting: Meeting, known: Iterable[Record[Meeting]]) -> frozenset[str]:
    """The meetings that one corrects: the one before it, and those that this one corrects in turn."""
    before = {each.id: each.value.corrects for each in known}
    found: set[str] = set()
    id_ = meeting.corrects
    while id_ is not None and id_ not in found:
        found.add(id_)
        id_ = before.get(id_)
    return frozenset(found)


def _as_of_it(record: Record[B], meeting: str) -> Record[B]:
    return replace(record, value=record.value.model_copy(update={"meeting": meeting}))


def holds(decision: Decision, known: Collection[str], today: date) -> bool:
    """Whether a decision still counts on a day. One that was superseded by what has been removed again (it is not
    among the ``known`` ids) does."""
    return decision.superseded_by not in known and (decision.until is None or today <= decision.until)


def _within(meeting: Meeting, start: int, end: int) -> bool:
    return start < meeting.as_of and meeting.start < end


def _is_of(meeting: Meeting, event: Event) -> bool:
    return _within(meeting, event.at, (event.until or event.at) + 1)


def _is_followed(action: Action, meeting: Record[Meeting]) -> bool:
    """Whether an action is open, was taken here, or ended since the meeting before."""
    if action.state is ActionState.OPEN or action.meeting == meeting.id:
        return True
    return action.ended_at is not None and action.ended_at >= meeting.value.start
