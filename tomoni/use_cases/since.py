"""What each SLO of an app did in the period of a meeting, and what changed since the last closed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Record, Records
from tomoni.review.model import PolicyStanding, Review, SloStatus, SloTrack
from tomoni.slo.in_a_row import Run, counted, further_back, missed_in_a_row
from tomoni.slo.tally import Span
from tomoni.snapshots.record.comparing import Change, compare_reviews, unchanged
from tomoni.use_cases.meeting import Held


@dataclass(frozen=True, slots=True)
class SloPeriod:
    """What an SLO did in a period. ``sli`` is that of the period, ``share`` how much of the app's traffic it judges,
    ``run`` in how many periods in a row its objective was missed. Each is None where it is not known."""

    status: SloStatus
    sli: float | None
    share: float | None
    run: Run | None


def slo_periods(review: Review, spans: Sequence[Span]) -> tuple[SloPeriod, ...]:
    """What every SLO of a review did in the first of some periods, the newest first."""
    events = [_events(track, spans[0]) for track in review.tracks]
    whole = _app_events(review, events)
    return tuple(
        _slo_period(track, spans, total / whole if whole else None)
        for track, total in zip(review.tracks, events, strict=True)
    )


def _slo_period(track: SloTrack, spans: Sequence[Span], share: float | None) -> SloPeriod:
    buckets, definition = track.buckets, track.status.slo.definition
    if buckets is None:
        return SloPeriod(track.status, None, share, None)
    found = counted(buckets, definition, *spans[0])
    run = missed_in_a_row(buckets, definition, tuple(further_back(spans, buckets.start)))
    return SloPeriod(track.status, found.sli, share, run)


def _events(track: SloTrack, span: Span) -> float:
    """The events of an SLO in a period, also of what is excluded: it was traffic."""
    line, (start, end) = track.traffic, span
    inside = (line.times >= start) & (line.times < end) & (line.values == line.values)
    seconds = track.status.slo.bucket_seconds if track.buckets is None else track.buckets.step_seconds
    return float(line.values[inside].sum()) * seconds


def _app_events(review: Review, events: Sequence[float]) -> float:
    """The events of an app: of each journey those of its largest SLO, for its SLOs judge the same ones."""
    of = [track.status.journey.id for track in review.tracks]
    pairs = sorted(zip(of, events, strict=True))
    return sum(max(total for _, total in group) for _, group in groupby(pairs, key=lambda pair: pair[0]))


def spans_of(review: Review, past: Sequence[Held]) -> tuple[Span, ...]:
    """The period of a meeting and those of the closed ones before it, as long as each ends where the next begins;
    the newest first."""
    found = [(review.start, review.as_of)]
    for each in sorted(past, key=lambda held: -held.value.as_of):
        if each.value.as_of == found[-1][0]:
            found.append((each.value.start, each.value.as_of))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ActionsSince:
    """What became of an app's actions since a moment: how many are new, done and dropped."""

    added: int
    done: int
    dropped: int

    @property
    def counts(self) -> tuple[int, int, int]:
        """The three of them."""
        return self.added, self.done, self.dropped


@dataclass(frozen=True, slots=True)
class Since:
    """What changed from one review to another, the most important first. ``policy`` is where the worst budget stood
    and stands, where that changed."""

    changes: tuple[Change, ...]
    unchanged: tuple[SloStatus, ...]
    policy: tuple[PolicyStanding | None, PolicyStanding | None] | None
    actions: ActionsSince


def since(before: Review, after: Review, actions: ActionsSince) -> Since:
    """What changed from an earlier to a later review of an app."""
    changes = compare_reviews(before, after)
    was, now = before.policy, after.policy
    moved = _level(was) != _level(now)
    still = unchanged({track.status.path: track.status for track in after.tracks}, changes)
    return Since(tuple(changes), still, (was, now) if moved else None, actions)


def _level(standing: PolicyStanding | None) -> float | None:
    """Below what share of a budget the level begins; 2 where none is reached, None without a policy."""
    if standing is None:
        return None
    return standing.level.below if standing.level else 2.0


def actions_since(records: Records, app: str, moment: int) -> ActionsSince:
    """What became of an app's actions since a moment. Raises StoreError."""
    found = records.listed(Action, app)
    ended = [each for each in found if _ended(each) is not None and (_ended(each) or 0) >= moment]
    states = [each.value.state for each in ended]
    added = sum(each.created_at >= moment for each in found)
    return ActionsSince(added, states.count(ActionState.DONE), states.count(ActionState.DROPPED))


def _ended(each: Record[Action]) -> int | None:
    """When an action ended; None while it is open."""
    return None if each.value.state is ActionState.OPEN else each.value.ended_at or each.changed_at
