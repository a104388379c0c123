"""What a snapshot holds of the review meeting that it closed: all that was written, as it stood then."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import (
    Action,
    Conclusion,
    Decision,
    EpisodeReason,
    Event,
    Incident,
    Meeting,
    Postmortem,
    Question,
    RiskEntry,
)


@dataclass(frozen=True, slots=True)
class StepNotes:
    """What was noted at one step, in Markdown, with the revision of it that was frozen."""

    step: str
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class Price:
    """What an incident cost one SLO (``app/journey/slo``): its bad events, and their share of the budget of the
    SLO's window (None: no budget is known). None for ``bad``: nothing was observed."""

    slo: str
    bad: float | None
    share_of_budget: float | None


@dataclass(frozen=True, slots=True)
class _Frozen:
    """The id of a record, and the revision of it that was frozen."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class FrozenAction(_Frozen):
    """An action that was open, or ended since the review before."""

    value: Action


@dataclass(frozen=True, slots=True)
class FrozenIncident(_Frozen):
    """An incident of the period or of an SLO's window, with what it cost each SLO."""

    value: Incident
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenReason(_Frozen):
    """What an episode of the period or of an SLO's window goes with."""

    value: EpisodeReason


@dataclass(frozen=True, slots=True)
class FrozenPostmortem(_Frozen):
    """What was learned from an incident of the period."""

    value: Postmortem


@dataclass(frozen=True, slots=True)
class FrozenQuestion(_Frozen):
    """A question that was open, or was answered at the review."""

    value: Question


@dataclass(frozen=True, slots=True)
class FrozenConclusion(_Frozen):
    """What the review concluded of one SLO."""

    value: Conclusion


@dataclass(frozen=True, slots=True)
class FrozenDecision(_Frozen):
    """A decision of the review, or one from before that was in force."""

    value: Decision


@dataclass(frozen=True, slots=True)
class FrozenRisk(_Frozen):
    """A risk of the app."""

    value: RiskEntry


@dataclass(frozen=True, slots=True)
class FrozenEvent(_Frozen):
    """An event of the period, or one that an episode of a window goes with."""

    value: Event


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A review as it was held: ``value`` is the meeting as it was when it closed, but for the snapshot's own hash.

    ``agenda`` are the codes of its steps in order; ``next_at`` is when the next review is due, ``figures_at`` when its
    figures were read (Unix seconds; None: when it was closed).
    """

    id: str
    value: Meeting
    agenda: tuple[str, ...] = ()
    next_at: int | None = None
    notes: tuple[StepNotes, ...] = ()
    actions: tuple[FrozenAction, ...] = ()
    incidents: tuple[FrozenIncident, ...] = ()
    reasons: tuple[FrozenReason, ...] = ()
    postmortems: tuple[FrozenPostmortem, ...] = ()
    questions: tuple[FrozenQuestion, ...] = ()
    conclusions: tuple[FrozenConclusion, ...] = ()
    decisions: tuple[FrozenDecision, ...] = ()
    risks: tuple[FrozenRisk, ...] = ()
    events: tuple[FrozenEvent, ...] = ()
    figures_at: int | None = None

    @property
    def incidents_of_period(self) -> tuple[FrozenIncident, ...]:
        """The incidents that touch the period; those before it are of an SLO's window alone."""
        start, end = self.value.start, self.value.as_of
        return tuple(each for each in self.incidents if each.value.start < end and start < each.value.end)
