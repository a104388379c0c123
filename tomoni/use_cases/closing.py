"""Closing a review meeting: freezing everything as one snapshot, and correcting one that is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tomoni.catalog.schema import App
from tomoni.meetings.closing import Keep
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.held import Held
from tomoni.meetings.model import Incident, Meeting, MeetingState, RiskEntry
from tomoni.meetings.records import Record, W
from tomoni.review.agreements import next_review
from tomoni.review.model import Review
from tomoni.snapshots.record import meeting as frozen
from tomoni.snapshots.record.snapshot import Beside, Snapshot, freeze
from tomoni.use_cases.meeting import as_seen, begin, period_of
from tomoni.use_cases.risks import merged

if TYPE_CHECKING:
    from tomoni.use_cases.product import Tomoni

F = TypeVar("F")


def close_meeting(tomoni: Tomoni, id_: str) -> Snapshot:
    """Closes an open meeting with a snapshot of all that was seen and written, or returns that of a closed one.

    The meeting is closed exactly when its snapshot is saved. Raises StoreError, MeetingError: `record_unknown`,
    `record_removed`, `meeting_not_open`, `app_unknown`; SnapshotError where a closed one cannot be read.
    """
    meeting = tomoni.meetings.records.read(Meeting, id_)
    if meeting.value.state is not MeetingState.CLOSED:
        app, figures = _app_of(tomoni, meeting.value), figures_of(tomoni, meeting)

        def seal(held: Held) -> Keep:
            return tomoni.snapshots.prepared(sealed(tomoni, figures, held), id_)

        meeting = tomoni.meetings.closing.close(id_, app.timezone, seal, reach_of(figures.review))
    return tomoni.snapshots.read(meeting.value.snapshot)


def reach_of(review: Review) -> int:
    """Since when the figures of a review count (Unix seconds): its period, or a window that begins before it."""
    return min(review.start, *(track.status.figures.start for track in review.tracks), review.as_of)


def preview(tomoni: Tomoni, id_: str, review: Review) -> Snapshot:
    """What closing a meeting would freeze of a review now; nothing is saved, and no signals are compared."""
    held = tomoni.meetings.closing.held(id_, review.app.timezone, reach_of(review))
    return sealed(tomoni, freeze(review, tomoni.origin(), tomoni.now()), held)


def correct_meeting(tomoni: Tomoni, id_: str) -> Record[Meeting]:
    """Opens a new meeting in the place of a closed one: of the same figures, with its notes and conclusions to be
    changed. Where such a correction is open already, that one.

    Raises MeetingError: `record_unknown`, `record_removed`, `meeting_not_closed`.
    """
    return tomoni.meetings.closing.correct(id_)


def begin_meeting(tomoni: Tomoni, id_: str, as_of: int) -> Record[Meeting]:
    """Begins a meeting: its figures are read now, and stay what they are for everybody until it is closed, whatever
    its sources say later. One that has begun stays as it is.

    Raises StoreError, MeetingError: `record_unknown`, `record_removed`, `meeting_closed`, `app_unknown`.
    """
    meeting = tomoni.meetings.records.read(Meeting, id_)
    if meeting.value.state is MeetingState.DRAFT:
        _hold(tomoni, id_, as_seen(meeting.value, as_of))
    begun = begin(tomoni.meetings.records, id_, as_of, tomoni.now())
    if meeting.value.state is MeetingState.DRAFT:
        _hold(tomoni, id_, begun.value)  # somebody may have chosen another period meanwhile
    return begun


def _hold(tomoni: Tomoni, id_: str, meeting: Meeting) -> None:
    """Keeps the figures of a meeting, once."""
    if not tomoni.snapshots.figures.has(id_, meeting):
        figures = tomoni.freeze(_app_of(tomoni, meeting), period_of(meeting))
        tomoni.snapshots.figures.keep(id_, meeting, figures)


def held_figures(tomoni: Tomoni, meeting: Record[Meeting]) -> Snapshot | None:
    """The figures that were read when a meeting began, or those of the meeting that it corrects; None where it has
    not begun. Raises SnapshotError where they cannot be read."""
    if meeting.value.corrects:
        corrected = tomoni.meetings.records.read(Meeting, meeting.value.corrects)
        found: Snapshot | None = tomoni.snapshots.read(corrected.value.snapshot)
    else:
        found = tomoni.snapshots.figures.read(meeting.id, meeting.value)
    return _with_agreements(tomoni, found) if found else None


def _with_agreements(tomoni: Tomoni, figures: Snapshot) -> Snapshot:
    """Figures with what teams agree on beside them as it is now: agendas, risks, trackers and feeds are no figures, and
    no record keeps them."""
    now = tomoni.catalog.app(figures.review.app.id)
    if now is None:
        return figures
    frozen = figures.review.app
    app = replace(frozen, agenda=now.agenda, risks=now.risks, tickets=now.tickets, events=now.events)
    return replace(figures, review=replace(figures.review, app=app))


def figures_of(tomoni: Tomoni, meeting: Record[Meeting]) -> Snapshot:
    """The figures that a meeting looks at, frozen; by the ledger where none were kept.

    Raises MeetingError: `app_unknown`; SnapshotError where what it corrects cannot be read.
    """
    held = held_figures(tomoni, meeting)
    return held or tomoni.freeze(_app_of(tomoni, meeting.value), period_of(meeting.value))


def sealed(tomoni: Tomoni, figures: Snapshot, held: Held, made_at: int | None = None) -> Snapshot:
    """One snapshot of figures and of what was written about them, made at a moment (None: now)."""
    record = replace(_record(tomoni, figures.review, held), figures_at=figures.read_at)
    aside: Beside = replace(figures.beside, meeting=record, notes="")
    return freeze(figures.review, figures.origin, tomoni.now() if made_at is None else made_at, aside)


def _app_of(tomoni: Tomoni, meeting: Meeting) -> App:
    app = tomoni.catalog.app(meeting.app)
    if app is None:
        raise MeetingError("app_unknown", {"app": meeting.app})
    return app


def _record(tomoni: Tomoni, review: Review, held: Held) -> frozen.MeetingRecord:
    following = next_review(review.app, max(held.meeting.value.planned_at + 1, review.as_of))
    return frozen.MeetingRecord(
        id=held.meeting.id,
        value=held.meeting.value,
        agenda=tuple(step.step.value for step in review.app.agenda.steps),
        next_at=int(following.timestamp()) if following else None,
        notes=tuple(frozen.StepNotes(note.step, note.text, note.revision) for note in held.notes),
        actions=_each(frozen.FrozenAction, held.actions),
        incidents=_incidents(tomoni, review, held.incidents),
        reasons=_each(frozen.FrozenReason, held.reasons),
        postmortems=_each(frozen.FrozenPostmortem, held.postmortems),
        questions=_each(frozen.FrozenQuestion, held.questions),
        conclusions=_each(frozen.FrozenConclusion, held.conclusions),
        decisions=_each(frozen.FrozenDecision, held.decisions),
        risks=_risks(tomoni, review.app, held.risks),
        events=_each(frozen.FrozenEvent, held.events),
    )


def _each(kind: Callable[[str, int, W], F], records: Sequence[Record[W]]) -> tuple[F, ...]:
    return tuple(kind(each.id, each.revision, each.value) for each in records)


def _risks(tomoni: Tomoni, frozen_app: App, written: Sequence[Record[RiskEntry]]) -> tuple[frozen.FrozenRisk, ...]:
    """The register: what the app's file has, with what was written over it, in the language of the reviews."""
    app = tomoni.catalog.app(frozen_app.id) or frozen_app
    language = app.agenda.language or tomoni.catalog.settings.languages[0]
    return tuple(
        frozen.FrozenRisk(each.ref, each.record.revision if each.record else 0, each.entry(app.id, language))
        for each in merged(app, written)
    )


def _incidents(
    tomoni: Tomoni, review: Review, incidents: Sequence[Record[Incident]]
) -> tuple[frozen.FrozenIncident, ...]:
    """The incidents with what each of them cost every SLO of the review."""
    costs = tomoni.prices(review, [(each.value.start, each.value.end) for each in incidents]) if incidents else ()
    return tuple(
        frozen.FrozenIncident(
            each.id,
            each.revision,
            each.value,
            tuple(
                frozen.Price(cost.track.status.path, cost.whole[n], cost.account.pricing.prices[n].share_of_budget)
                for cost in costs
            ),
        )
        for n, each in enumerate(incidents)
    )
