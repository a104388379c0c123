"""What teams wrote, as it is told to everybody: closed reviews, postmortems and decisions; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tomoni.meetings.model import (
    Action,
    Choice,
    Conclusion,
    Decision,
    Incident,
    Meeting,
    MeetingState,
    Postmortem,
    Question,
)
from tomoni.meetings.records import Record


class ToldKind(StrEnum):
    """What is told of; the values are part of addresses and of the ids of feeds."""

    REVIEW = "review"
    POSTMORTEM = "postmortem"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is told of an app: ``at`` is when it came, ``changed_at`` when it last changed (Unix seconds).

    ``lines`` are its words, untrusted; of a postmortem ``body`` is what is written of it, in Markdown. ``meeting`` is
    the review that it belongs to (empty: none), ``snapshot`` the hash of what that review closed with, ``span`` when
    the incident of a postmortem was. ``factors`` are the contributing factors of a postmortem.
    """

    kind: ToldKind
    id: str
    app: str
    at: int
    changed_at: int
    title: str
    lines: tuple[str, ...] = ()
    body: str = ""
    language: str = ""
    meeting: str = ""
    snapshot: str = ""
    span: tuple[int, int] | None = None
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An open action of a team, and how many days it is past due (0: it is not)."""

    value: Action
    days_past: int


@dataclass(frozen=True, slots=True)
class AllWritten:
    """All records that are told of, of all apps or of some."""

    meetings: Sequence[Record[Meeting]] = ()
    actions: Sequence[Record[Action]] = ()
    questions: Sequence[Record[Question]] = ()
    conclusions: Sequence[Record[Conclusion]] = ()
    decisions: Sequence[Record[Decision]] = ()
    postmortems: Sequence[Record[Postmortem]] = ()
    incidents: Sequence[Record[Incident]] = ()


def told(written: AllWritten) -> tuple[Told, ...]:
    """Everything that is told, the newest first; of the same moment in the order of their ids."""
    found = [*_reviews(written), *_postmortems(written), *_decisions(written)]
    return tuple(sorted(found, key=lambda each: (-each.at, each.id)))


def _reviews(written: AllWritten) -> Iterator[Told]:
    said = _said(written)
    for each in written.meetings:
        value = each.value
        if value.state is MeetingState.CLOSED and value.closed_at is not None:
            lines = tuple(line for line in said.get(each.id, ()) if line)
            yield Told(
                ToldKind.REVIEW,
                each.id,
                value.app,
                value.closed_at,
                value.closed_at,
                "",
                lines,
                meeting=each.id,
                snapshot=value.snapshot,
                span=(value.start, value.as_of),
            )


def _said(written: AllWritten) -> Mapping[str, list[str]]:
    """The words of each review by its id: decisions, conclusions, actions, questions with their answers."""
    found: dict[str, list[str]] = defaultdict(list)
    for decision in written.decisions:
        found[decision.value.meeting or ""] += [decision.value.text, decision.value.reason]
    for conclusion in written.conclusions:
        if conclusion.value.choice is not Choice.NOT_DISCUSSED:
            found[conclusion.value.meeting].append(conclusion.value.text)
    for action in written.actions:
        found[action.value.meeting or ""] += [f"{action.value.team}: {action.value.text}", action.value.ticket]
    for question in written.questions:
        found[question.value.meeting or ""] += [question.value.text, question.value.answer]
    return found


def _postmortems(written: AllWritten) -> Iterator[Told]:
    incidents = {each.id: each.value for each in written.incidents}
    for each in written.postmortems:
        value, incident = each.value, incidents.get(each.value.incident or "")
        lines = tuple(filter(None, (incident.title, incident.summary))) if incident else ()
        yield Told(
            ToldKind.POSTMORTEM,
            each.id,
            value.app,
            each.created_at,
            each.changed_at,
            value.title,
            lines,
            body=value.body,
            language=value.language,
            span=(incident.start, incident.end) if incident else None,
            factors=value.factors,
        )


def _decisions(written: AllWritten) -> Iterator[Told]:
    closed = {each.id: each.value.snapshot for each in written.meetings if each.value.state is MeetingState.CLOSED}
    for each in written.decisions:
        value = each.value
        until = (value.until.isoformat(),) if value.until else ()
        lines = tuple(filter(None, (value.reason, *until)))
        of = value.meeting if value.meeting in closed else None
        yield Told(
            ToldKind.DECISION,
            each.id,
            value.app,
            each.created_at,
            each.changed_at,
            value.text,
            lines,
            meeting=of or "",
            snapshot=closed.get(of or "", ""),
        )


def of_app(found: Iterable[Told], app: str) -> tuple[Told, ...]:
    """What is told of one app."""
    return tuple(each for each in found if each.app == app)
