"""What changed from one snapshot to another, the most important first; and many of them in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from data_sources.base import Notice
from tomoni.review.model import Review, SloStatus
from tomoni.slo.model import State
from tomoni.snapshots.record.codec import encode
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words.notices import DOUBTFUL

NOTICEABLE = 0.01  # of a budget; less is not worth a sentence
_WORSE = {
    State.HEALTHY: 0,
    State.COLLECTING: 1,
    State.NO_TRAFFIC: 1,
    State.NO_DATA: 2,
    State.AT_RISK: 3,
    State.EXHAUSTED: 4,
}


class Kind(StrEnum):
    """What changed. Facts: ``before`` and ``after`` are states, remaining budgets or objectives; a notice was not
    there before."""

    STATE_WORSE = "state_worse"
    STATE_BETTER = "state_better"
    OBJECTIVE = "objective"
    DEFINITION = "definition"
    SLO_ADDED = "slo_added"
    SLO_GONE = "slo_gone"
    BUDGET_DOWN = "budget_down"
    BUDGET_UP = "budget_up"
    NOTICE = "notice"
    SIGNAL_ADDED = "signal_added"
    SIGNAL_GONE = "signal_gone"


# The order of changes; those of one kind by their size.
_ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of an SLO as it was and as it is (None: it was not there), or of a signal's id.

    ``size`` ranks changes of one kind, the largest first. ``notice`` is what is to be known of the SLO since.
    """

    kind: Kind
    before: SloStatus | None = None
    after: SloStatus | None = None
    signal: str = ""
    size: float = 0.0
    notice: Notice | None = None

    @property
    def status(self) -> SloStatus | None:
        """The SLO as it is, or as it was when it is gone."""
        return self.after or self.before


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two snapshots of one app, the earlier first, and what changed between them.

    ``unchanged`` are the SLOs without a notable change.
    """

    before: Snapshot
    after: Snapshot
    changes: tuple[Change, ...]
    unchanged: tuple[SloStatus, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Many snapshots of one app, the earliest first, and what was left of each budget in each of them.

    ``remaining`` is by ``journey/slo``; None where the SLO was not there or could not be judged.
    """

    snapshots: tuple[Snapshot, ...]
    remaining: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)


def compare(one: Snapshot, other: Snapshot) -> Comparison:
    """What changed from the earlier to the later of two snapshots of an app."""
    before, after = sorted((one, other), key=lambda snapshot: snapshot.review.as_of)
    ranked = compare_reviews(before.review, after.review)
    return Comparison(before, after, tuple(ranked), unchanged(_statuses(after.review), ranked))


def compare_reviews(before: Review, after: Review) -> list[Change]:
    """What changed from one review of an app to another, the most important first."""
    signals = sorted(_of_signals(before, after), key=lambda change: _ORDER.index(change.kind))
    return [*compare_statuses(_statuses(before), _statuses(after)), *signals]


def compare_statuses(
    was: Mapping[str, SloStatus], now: Mapping[str, SloStatus], noticeable: float = NOTICEABLE
) -> list[Change]:
    """What changed of SLOs that are named alike, the most important first; a budget that moved by less than
    ``noticeable`` (a share of it) is left out."""
    changes = [change for path in {**was, **now} for change in _of_slo(was.get(path), now.get(path), noticeable)]
    return sorted(changes, key=lambda change: (_ORDER.index(change.kind), -change.size))


def unchanged(now: Mapping[str, SloStatus], changes: Sequence[Change]) -> tuple[SloStatus, ...]:
    """The SLOs that none of the changes is of."""
    changed = {id(change.after) for change in changes}
    return tuple(status for status in now.values() if id(status) not in changed)


def year(snapshots: Sequence[Snapshot]) -> Year:
    """Snapshots of one app in a row."""
    row = tuple(sorted(snapshots, key=lambda snapshot: snapshot.review.as_of))
    paths = {path: None for snapshot in reversed(row) for path in _statuses(snapshot.review)}
    statuses = [_statuses(snapshot.review) for snapshot in row]
    return Year(row, {path: tuple(_left(found.get(path)) for found in statuses) for path in paths})


def _statuses(review: Review) -> dict[str, SloStatus]:
    return {f"{track.status.journey.id}/{track.status.slo.id}": track.status for track in review.tracks}


def _left(status: SloStatus | None) -> float | None:
    """What is left of a budget that something was counted against."""
    return status.figures.remaining if status is not None and status.figures.sli is not None else None


def _of_slo(was: SloStatus | None, now: SloStatus | None, noticeable: float) -> Iterator[Change]:
    if was is None or now is None:
        yield Change(Kind.SLO_ADDED if was is None else Kind.SLO_GONE, was, now)
        return
    step = _WORSE[now.figures.state] - _WORSE[was.figures.state]
    if step:
        yield Change(Kind.STATE_WORSE if step > 0 else Kind.STATE_BETTER, was, now, size=abs(step))
    if was.slo.objective != now.slo.objective:
        yield Change(Kind.OBJECTIVE, was, now)
    elif _defined(was) != _defined(now):
        yield Change(Kind.DEFINITION, was, now)
    before, after = _left(was), _left(now)
    moved = after - before if before is not None and after is not None else 0.0
    if abs(moved) >= noticeable:
        yield Change(Kind.BUDGET_DOWN if moved < 0 else Kind.BUDGET_UP, was, now, size=abs(moved))
    yield from _of_notices(was, now)


# What is worth a sentence when it begins; the rest comes and goes with every refresh, or is told by the state.
_LASTING = frozenset({"silent", "source_changed", "definition_held"})


def _of_notices(was: SloStatus, now: SloStatus) -> Iterator[Change]:
    before = {notice.code for notice in was.notices}
    for notice in now.notices:
        if (notice.code in _LASTING or notice.code in DOUBTFUL) and notice.code not in before:
            yield Change(Kind.NOTICE, was, now, notice=notice)


def _defined(status: SloStatus) -> object:
    return status.slo.series.key, encode(status.slo.definition, type(status.slo.definition))


def _of_signals(before: Review, after: Review) -> Iterator[Change]:
    was, now = ({signal.id for signal in review.app.infra} for review in (before, after))
    for kind, signals in ((Kind.SIGNAL_ADDED, now - was), (Kind.SIGNAL_GONE, was - now)):
        for signal in sorted(signals):
            yield Change(kind, signal=signal)
