"""The joint figure as a sentence and a table, for readers who do not see it and for everybody who wants numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from tomoni.review.alerting import marked
from tomoni.review.events import ReviewEvent
from tomoni.review.model import Lane, SloTrack
from tomoni.slo.model import DAY, HOUR, MINUTE, FloatArray, Line
from tomoni.ui.blocks import number_table, quiet
from tomoni.ui.escape import html
from tomoni.ui.selection import Selection
from tomoni.words import events as words
from tomoni.words.text import Text

_MOST_LINES = 32
_MOST_NAMED = 3  # events of an interval
_STEPS = (5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY, 28 * DAY)
Interval = tuple[int, int]
# The heading of a column, and its cell for one interval.
Column = tuple[str, Callable[[Interval], str]]


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """What a figure shows: one SLO, the lanes beside it, the rows chosen, its period in Unix seconds, and what
    happened."""

    track: SloTrack
    lanes: Sequence[Lane]
    rows: Sequence[str]
    span: tuple[int, int]
    events: Sequence[ReviewEvent] = ()


def figure_table(selection: Selection, rows: Sequence[str], sentence: str) -> str:
    """What the joint figure shows as a folded table, in HTML."""
    start, end = selection.zoom or selection.axis
    span = start, min(end, selection.review.end)
    return numbers_table(
        Numbers(selection.focus, selection.lanes, rows, span, selection.review.events), sentence, selection.text
    )


def numbers_table(numbers: Numbers, sentence: str, text: Text) -> str:
    """Numbers, folded, in HTML: ``sentence``, and a line for each of at most 32 intervals."""
    label = html(text._("Show as a table"))
    return (
        f"<details class='tm-numbers'><summary>{label}</summary>{quiet(sentence)}{_method(text)}"
        f"<div class='tm-rolled' tabindex='0' role='region' aria-label='{label}'>{_table(numbers, text)}</div>"
        "</details>"
    )


def _method(text: Text) -> str:
    return quiet(
        text._(
            "A line is one interval: its lowest success, the budget left at its end, its mean traffic, and the"
            " highest value of each signal."
        )
    )


def _table(numbers: Numbers, text: Text) -> str:
    """The table as HTML."""
    columns = list(_columns(numbers, text))
    when = text._("When (%(zone)s)") % {"zone": text.zone_name(numbers.span[1])}
    shown = intervals(*numbers.span, text)
    body = ((html(text.near_span(*each)), *(html(cell(each)) for _, cell in columns)) for each in shown)
    return number_table((when, *(name for name, _ in columns)), body, texts=2 if _happened(numbers) else 1)


def intervals(start: int, end: int, text: Text) -> list[Interval]:
    """At most 32 intervals from ``start`` to ``end``, of the shortest length that allows it, cut at whole steps of the
    zone's clocks."""
    step = next((each for each in _STEPS if (end - start) / each <= _MOST_LINES - 2), _STEPS[-1])
    zone = ZoneInfo(text.zone)
    midnight = datetime.fromtimestamp(start, zone).replace(hour=0, minute=0, second=0, tzinfo=None)
    # Counted on the clocks, which an hour may leave out or show twice.
    count = (end - start + DAY + 2 * HOUR) // step + 2
    clocks = (midnight + timedelta(seconds=step * n) for n in range(count))
    cuts = sorted({int(clock.replace(tzinfo=zone).timestamp()) for clock in clocks})
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    return list(pairwise(edges)) if end > start else []


def _columns(numbers: Numbers, text: Text) -> Iterator[Column]:
    """The columns of the chosen rows, in the order of the figure."""
    track = numbers.track
    own: dict[str, Column] = {
        "success": (text._("Success"), lambda each: text.sli(_of(track.success, each, np.min))),
        "budget": (text._("Budget left"), lambda each: text.budget(_of(track.burn_down, each, _last))),
        "traffic": (text._("Traffic"), lambda each: text.quantity(_of(track.traffic, each, np.mean), "per_second")),
    }
    lanes = {lane.signal.id: lane for lane in numbers.lanes}
    if happened := _happened(numbers):
        yield text._("Events"), lambda each: _named(happened, each, text)
    for key in numbers.rows:
        if key in own:
            yield own[key]
        elif key in lanes:
            yield _signal(lanes[key], text)


def _happened(numbers: Numbers) -> list[ReviewEvent]:
    """The events that are marked on the figure."""
    first, last = numbers.span
    return [event for event in marked(numbers.track, numbers.events) if first <= event.at < last]


def _named(events: Sequence[ReviewEvent], interval: Interval, text: Text) -> str:
    """The events of an interval, by their names, or how many they are."""
    within = [event for event in events if interval[0] <= event.at < interval[1]]
    if len(within) > _MOST_NAMED:
        return words.counted(len(within), {event.what for event in within}, text)
    return text.listed([f"{words.kind(event.what, text)} {event.title}" for event in within])


def _signal(lane: Lane, text: Text) -> Column:
    unit = lane.signal.unit.value
    return lane.signal.title(text.language), lambda each: text.quantity(_of(lane.values, each, np.max), unit)


def _of(line: Line, interval: Interval, taken: Callable[[FloatArray], float]) -> float | None:
    """One number for the points of a line in an interval; None where nothing was observed."""
    first, last = np.searchsorted(line.times, interval)
    known = line.values[first:last]
    known = known[~np.isnan(known)]
    return float(taken(known)) if len(known) else None


def _last(values: FloatArray) -> float:
    return float(values[-1])
