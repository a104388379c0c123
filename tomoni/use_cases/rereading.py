"""Use cases that read an interval again: what sources say of it now replaces what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.base import Interval
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Change, Kept, Ledger, Remembered, RequiredSeries, SyncReport
from tomoni.review.inputs import signals_of, slos_of
from tomoni.use_cases.background import OnProgress
from tomoni.use_cases.configuration import Setup


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read again: the interval ``[start, until)`` in Unix seconds, of one app, SLO or source, or
    of all (None). An SLO is named by its id or by ``app/journey/slo``; infra signals are left out then."""

    start: int
    until: int
    app: str | None = None
    slo: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What the ledger has of a series over an interval: buckets that were observed, events, and bad ones;
    of an infra signal ``mean`` instead of events (None: nothing was observed)."""

    observed: int
    events: float | None = None
    bad: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """One SLO or infra signal that was read again: its path, its sums before and after, the hull of what
    changed (None: nothing did; the whole interval where buckets were filled in), and what its source no
    longer has."""

    path: str
    before: Sums
    after: Sums
    changed: tuple[int, int] | None
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Rereading:
    """What reading again did; ``dropped`` has the sources that keep nothing of the interval, with the
    seconds that they keep: they were not asked."""

    report: SyncReport
    found: tuple[Reread, ...]
    dropped: Mapping[str, int]


def read_again(setup: Setup, ledger: Ledger, now: int, scope: Scope, on_progress: OnProgress | None) -> Rereading:
    """Reads what a scope names again, and compares it with what was stored."""
    named = list(named_series(setup, scope))
    dropped = dict(_dropped(setup, {ref.source for _, ref in named}, scope, now))
    required = {ref.key: _required(ref, scope) for _, ref in named if ref.source not in dropped}
    refs = [series.ref for series in required.values()]
    before = ledger.read(refs, scope.start, scope.until)
    report = ledger.read_again(setup.sources, list(required.values()), now, on_progress)
    after = ledger.read(refs, scope.start, scope.until)
    kept = {each.series: each for each in report.kept}
    found = []
    for path, ref in (each for each in named if each[1].key in required):
        was, is_now = _sums(before[ref.key]), _sums(after[ref.key])
        changed = _hull(report.changes, ref.key) or ((scope.start, scope.until) if was != is_now else None)
        found.append(Reread(path, was, is_now, changed, kept.get(ref.key)))
    return Rereading(report, tuple(found), dropped)


def named_series(setup: Setup, scope: Scope) -> Iterator[tuple[str, SeriesRef]]:
    """The series that a scope names, with the paths of their SLOs and signals."""
    apps = setup.apps(scope.app)
    named = [(place.path, place.slo.series) for place in slos_of(apps) if scope.slo in (None, place.slo.id, place.path)]
    if scope.slo is None:
        named += [(f"{app.id}/infra/{signal.id}", signal.series) for app, signal in signals_of(apps)]
    return ((path, ref) for path, ref in named if scope.source in (None, ref.source))


def _dropped(setup: Setup, names: set[str], scope: Scope, now: int) -> Iterator[tuple[str, int]]:
    """The sources that state that they keep nothing of the interval any more."""
    for name in sorted(names & set(setup.sources)):
        seconds = setup.sources[name].health().retention_seconds
        if seconds is not None and scope.until <= now - seconds:
            yield name, seconds


def _required(ref: SeriesRef, scope: Scope) -> RequiredSeries:
    step = ref.step_seconds
    return RequiredSeries(ref, Interval(scope.start // step * step, -(-scope.until // step) * step, step))


def _hull(changes: Sequence[Change], key: str) -> tuple[int, int] | None:
    own = [change for change in changes if change.series == key]
    return (min(c.start for c in own), max(c.until for c in own)) if own else None


def _sums(remembered: Remembered) -> Sums:
    total, good, values = (remembered.column(name) for name in ("total", "good", "value"))
    if "value" in remembered.columns:
        observed = ~np.isnan(values)
        return Sums(int(observed.sum()), mean=float(values[observed].mean()) if observed.any() else None)
    observed = ~np.isnan(total)
    return Sums(int(observed.sum()), float(np.nansum(total)), float(np.nansum(total - good)))
