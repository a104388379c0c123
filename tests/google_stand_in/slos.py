"""Native SLOs of the stand-in, and the selectors that read them.

Known: ``select_slo_counts`` gives DOUBLE counts by ``event_type``; compliance is good over total of the
period so far; the budget fraction is 1 - (1 - compliance) / (1 - goal). Assumed: a distribution cut
spreads values evenly inside a bucket; calendar periods begin in UTC; a window of a windows-based SLO
is one event at its end, and a window without any event is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from tests.google_stand_in.aligning import Window, align
from tests.google_stand_in.filters import Parser
from tests.google_stand_in.world import Bounds, Floats, Ints, MetricSpec, Stream, World

COUNTS = MetricSpec("slo_counts", "DELTA", "DOUBLE", {"event_type": "STRING"}, ("global",))
FIGURE = MetricSpec("slo_figure", "GAUGE", "DOUBLE", {}, ("global",))


@dataclass(frozen=True)
class NativeSlo:
    """An SLO as it is kept. ``rolling_seconds`` or ``calendar`` (DAY, WEEK, FORTNIGHT, MONTH).

    ``below`` makes it a distribution cut; ``slice_seconds`` with ``slice_target`` makes it windows-based;
    ``basic`` makes it a basic SLI where the view is not EXPLICIT.
    """

    name: str
    title: str
    goal: float
    total: str
    good: str = ""
    rolling_seconds: int = 0
    calendar: str = ""
    below: float | None = None
    slice_seconds: int = 0
    slice_target: float = 0.0
    basic: bool = False


def counts(world: World, slo: NativeSlo, start: int, end: int) -> tuple[Ints, Floats, Floats]:
    """Ends, good and total by minute, or by window of a windows-based SLO."""
    step = slo.slice_seconds or 60
    window = Window(start // step * step, end // step * step, step, world.now)
    total = _sum(world, slo.total, window, lambda rows, bounds: rows.sum(axis=1) if bounds else rows)
    if slo.below is not None:
        good = _sum(world, slo.total, window, lambda rows, bounds: _below(rows, bounds, slo.below or 0.0))
    else:
        good = _sum(world, slo.good, window, lambda rows, _: rows)
    if slo.slice_seconds:
        happened = total > 0
        good = np.where(happened, good / np.where(happened, total, 1) >= slo.slice_target, 0.0)
        total = happened.astype(np.float64)
    return window.edges[1:], good, total


def _sum(world: World, text: str, window: Window, count: Callable[[Floats, Bounds | None], Floats]) -> Floats:
    parsed = Parser(text).parse()
    edges = window.edges[1:]
    result = np.zeros(len(edges))
    for stream in world.streams[parsed.metrics[0]]:
        if parsed.test(stream):
            line = align(stream, "ALIGN_DELTA", window)
            result[np.searchsorted(edges, line.ends)] += count(line.values, line.bounds)
    return result


def _below(rows: Floats, bounds: Bounds | None, limit: float) -> Floats:
    assert bounds is not None
    edges = bounds.edges()
    cumulative = np.cumsum(rows, axis=1)[:, : len(edges)]
    return np.array([np.interp(limit, edges, row) for row in cumulative])


def selected(world: World, selector: str, arguments: Sequence[str], start: int, end: int) -> list[Stream]:
    """The series that a selector stands for; an SLO that does not exist is a KeyError."""
    slo = world.slos[arguments[0]]
    assert isinstance(slo, NativeSlo)
    if selector == "select_slo_counts":
        ends, good, total = counts(world, slo, start - 86_400, end)
        seen = total > 0
        parts = {"good": good[seen], "bad": total[seen] - good[seen]}
        spec = (
            COUNTS
            if not slo.slice_seconds
            else MetricSpec(
                COUNTS.type, "DELTA", "DOUBLE", COUNTS.labels, COUNTS.resources, sample_seconds=slo.slice_seconds
            )
        )
        return [Stream(spec, {"event_type": name}, "global", {}, ends[seen], part) for name, part in parts.items()]
    moments = np.arange(-(-start // 60) * 60, end + 1, 60, dtype=np.int64)
    compliance = np.array([_compliance(world, slo, int(moment)) for moment in moments])
    values = {
        "select_slo_compliance": compliance,
        "select_slo_budget_fraction": 1 - (1 - compliance) / (1 - slo.goal),
    }[selector]
    known = ~np.isnan(values)
    return [Stream(FIGURE, {}, "global", {}, moments[known], values[known])]


def _compliance(world: World, slo: NativeSlo, moment: int) -> float:
    _, good, total = counts(world, slo, _period_start(slo, moment), moment)
    return float(good.sum() / total.sum()) if total.sum() else float("nan")


def _period_start(slo: NativeSlo, moment: int) -> int:
    if slo.rolling_seconds:
        return moment - slo.rolling_seconds
    day = datetime.fromtimestamp(moment, UTC).replace(hour=0, minute=0, second=0)
    first = {"DAY": day, "WEEK": day - timedelta(days=day.weekday()), "MONTH": day.replace(day=1)}[slo.calendar]
    return int(first.timestamp())
