"""Data that cannot be right, found in the buckets of a window; pure.

Nothing here changes a figure. Each finding is a code with facts: since when, until when (Unix seconds, ``until``
is where the data ends when it is still so), and how much. Thresholds are such that real traffic does not meet them
by chance; their reasons stand beside them.

    numerator_not_part   good above total in most buckets: ``buckets``, ``busy``, ``excess_ratio``
    total_frozen         the same number of events in every bucket: ``events`` (of a bucket)
    traffic_stopped      no event any more where there always were some: ``expected`` (events)
    burn_constant        the same number or share of bad events in every bucket: ``bad_ratio``
    no_burn              no bad event in a whole window: ``events``, ``allowed``
    traffic_step         two definitions that count differently at the same times: ``before``, ``after``, ``at``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from tomoni.slo.model import DAY, HOUR, WEEK, BoolArray, Buckets, FloatArray, IntArray, Objective
from tomoni.slo.tally import excluded_buckets

Facts = Mapping[str, str | int | float]
# What sums of floating-point numbers may be off by, as a share.
_SLACK = 1e-9
# Poisson counts around 50 repeat the one before with a chance of 1 in 25; not 24 times in a row. A probe that asks
# every ten seconds, or more rarely, gives the same number for days.
_FROZEN_EVENTS, _FROZEN_SECONDS = 50, 6
_FROZEN_BUCKETS = 24
# Half of the busy buckets, and a dozen: late points exceed a total now and then, and in a few buckets together.
_NOT_PART_SHARE, _NOT_PART_BUCKETS = 0.5, 12
# Far longer than any night or weekend of the same window, and far more events than chance could leave out.
_STOPPED_SECONDS, _STOPPED_TIMES, _STOPPED_EVENTS = 6 * HOUR, 3, 1000
# A million events without one failure, where the objective expects a thousand, is rare: clients hang up, hosts end.
_NO_BURN_EVENTS, _NO_BURN_ALLOWED, _NO_BURN_COVERAGE = 1_000_000, 1000, 0.5
# Deployments and campaigns move traffic, but not that of one moment counted by two queries.
_STEP_TIMES, _STEP_BUCKETS, _STEP_EVENTS = 2.0, 12, 100
# Beyond these nothing is a number of events, and a sum or a quotient may exceed what a number can hold.
_LEAST_COUNT, _GREATEST_COUNT = 1e-100, 1e100


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something about the data of a window that cannot be right, as a code with facts."""

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """The counts of a window: NaN where nothing was observed or where nothing counts. Shapes ``(n,)``."""

    start: int
    step_seconds: int
    good: FloatArray
    total: FloatArray
    allowance: float

    @property
    def bad(self) -> FloatArray:
        return np.maximum(self.total - self.good, 0.0)

    def at(self, place: int) -> int:
        """When a bucket begins, Unix seconds."""
        return self.start + place * self.step_seconds

    def span(self, first: int, last: int) -> dict[str, int]:
        """The facts since when and until when for the buckets from first to last, which is one of them."""
        return {"since": self.at(first), "until": self.at(last + 1)}


def oddities(buckets: Buckets, objective: Objective | None, start: int, end: int) -> tuple[Oddity, ...]:
    """All that cannot be right in the buckets of ``[start, end)``, Unix seconds. ``objective`` is that of events;
    None where slices of time are judged, so that no number of bad events is to be expected."""
    window = _window(buckets, objective, start, end)
    if not (window.total > 0).any():
        return ()
    return tuple(found for check in _CHECKS for found in check(window))


def step_at(before: Buckets, after: Buckets, at: int) -> Oddity | None:
    """How differently two definitions count the same events, where the second took the place of the first at a
    moment; None where they agree, or have too little in common."""
    if before.step_seconds != after.step_seconds:
        return None
    start, end = max(before.start, after.start, at - WEEK), min(before.end, after.end, at + WEEK)
    old, new = (_cut(each, start, end) for each in (before, after))
    both = ~np.isnan(old) & ~np.isnan(new)
    sums = float(old[both].sum()), float(new[both].sum())
    if np.count_nonzero(both) < _STEP_BUCKETS or max(sums) < _STEP_EVENTS:
        return None
    if max(sums) <= _STEP_TIMES * min(sums):
        return None
    return Oddity("traffic_step", {"at": at, "before": sums[0], "after": sums[1]})


def _cut(buckets: Buckets, start: int, end: int) -> FloatArray:
    first, last = ((moment - buckets.start) // buckets.step_seconds for moment in (start, max(start, end)))
    return _countable(buckets.total[first:last])


def _window(buckets: Buckets, objective: Objective | None, start: int, end: int) -> _Window:
    step = buckets.step_seconds
    first = max(0, -((buckets.start - start) // step))
    last = max(first, min(len(buckets.total), (end - buckets.start) // step))
    begins = buckets.start + first * step
    good, total = (_countable(counts[first:last]) for counts in (buckets.good, buckets.total))
    if buckets.excluded:
        left_out = excluded_buckets(buckets.excluded, begins, begins + len(total) * step, step)
        total = np.where(left_out, np.nan, total)
    allowance = float(objective.allowance) if objective else 0.0
    return _Window(begins, step, good, total, allowance)


def _countable(counts: FloatArray) -> FloatArray:
    """Counts, with NaN in place of those that are too great, and zero in place of those too small to be any."""
    kept: FloatArray = np.where(counts <= _GREATEST_COUNT, counts, np.nan)
    return np.where(kept < _LEAST_COUNT, 0.0, kept)


def _not_part(window: _Window) -> Iterator[Oddity]:
    busy = window.total > 0
    above = busy & (window.good > window.total * (1 + _SLACK))
    count, of = np.count_nonzero(above), np.count_nonzero(busy)
    if count >= max(_NOT_PART_BUCKETS, _NOT_PART_SHARE * of):
        first, last = np.flatnonzero(above)[[0, -1]]
        excess = float(window.good[above].sum() / window.total[above].sum()) - 1
        facts: Facts = {"buckets": int(count), "busy": int(of), "excess_ratio": excess}
        yield Oddity("numerator_not_part", {**window.span(int(first), int(last)), **facts})


def _frozen(window: _Window) -> Iterator[Oddity]:
    total = window.total
    same = np.zeros(len(total), dtype=bool)
    fewest = max(_FROZEN_EVENTS, window.step_seconds / _FROZEN_SECONDS)
    same[1:] = _equal(total[1:], total[:-1]) & (total[1:] >= fewest)
    first, last = _longest_run(same)
    if _lasts_a_day(window, first, last):
        yield Oddity("total_frozen", {**window.span(first, last), "events": float(total[last])})


def _stopped(window: _Window) -> Iterator[Oddity]:
    observed = np.flatnonzero(~np.isnan(window.total))
    total = window.total[observed]
    busy = np.flatnonzero(total > 0)
    quiet, needed = len(total) - 1 - int(busy[-1]), _STOPPED_SECONDS // window.step_seconds
    if quiet < needed or int(busy[-1]) * window.step_seconds < WEEK:
        return
    longest = int(np.diff(busy).max(initial=1)) - 1
    expected = float(total.sum()) / (int(busy[-1]) + 1) * quiet
    if quiet >= _STOPPED_TIMES * longest and expected >= _STOPPED_EVENTS:
        first, last = int(observed[busy[-1]]) + 1, int(observed[-1])
        yield Oddity("traffic_stopped", {**window.span(first, last), "expected": expected})


def _constant_burn(window: _Window) -> Iterator[Oddity]:
    busy = np.flatnonzero(window.total > 0)
    total, bad = window.total[busy], window.bad[busy]
    if np.count_nonzero(bad) < _FROZEN_BUCKETS:
        return
    alike = _equal(bad[1:] / total[1:], bad[:-1] / total[:-1]) | _equal(bad[1:], bad[:-1])
    # A yes-or-no bucket that stays bad is an outage, and has nothing to vary.
    one_event = (total[1:] == 1) & (bad[1:] == 1)
    same = np.zeros(len(busy), dtype=bool)
    same[1:] = alike & (bad[1:] > 0) & ~one_event
    first, last = _longest_run(same)
    if _lasts_a_day(window, int(busy[first]), int(busy[last]), last - first + 1):
        run = slice(first, last + 1)
        share = float(bad[run].sum() / total[run].sum())
        yield Oddity("burn_constant", {**window.span(int(busy[first]), int(busy[last])), "bad_ratio": share})


def _no_burn(window: _Window) -> Iterator[Oddity]:
    observed = ~np.isnan(window.total)
    events = float(window.total[observed].sum())
    allowed = events * window.allowance
    enough = events >= _NO_BURN_EVENTS and allowed >= _NO_BURN_ALLOWED
    if enough and observed.mean() >= _NO_BURN_COVERAGE and not window.bad[observed].any():
        first, last = np.flatnonzero(observed)[[0, -1]]
        if (last - first + 1) * window.step_seconds >= WEEK:
            yield Oddity("no_burn", {**window.span(int(first), int(last)), "events": events, "allowed": allowed})


def _equal(values: FloatArray, others: FloatArray) -> BoolArray:
    same: BoolArray = np.abs(values - others) <= _SLACK * np.abs(values)
    return same


def _longest_run(same: BoolArray) -> tuple[int, int]:
    """The first and last place of the longest run of elements of which each but the first is the same as the one
    before it. A run of one where there is none."""
    if not len(same):
        return 0, 0
    begins: IntArray = np.flatnonzero(~same)  # the first element is never the same as one before
    lengths = np.diff(np.append(begins, len(same)))
    longest = int(np.argmax(lengths))
    return int(begins[longest]), int(begins[longest] + lengths[longest]) - 1


def _lasts_a_day(window: _Window, first: int, last: int, count: int | None = None) -> bool:
    """Whether the buckets from first to last are many (``count``: of them), and a day long."""
    many = (last - first + 1 if count is None else count) >= _FROZEN_BUCKETS
    return many and (last - first + 1) * window.step_seconds >= DAY


_CHECKS: tuple[Callable[[_Window], Iterator[Oddity]], ...] = (_not_part, _frozen, _stopped, _constant_burn, _no_burn)
