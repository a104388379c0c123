"""The row of the success ratio: by nines, so that an objective can be read beside an outage.

The height of a ratio is how many nines it begins with, ``-log10(1 - ratio)``: 90 % is 1 and 99.9 % is 3.
On a linear scale one outage down to 60 % would hide an objective of 99.9 % under the line of 100 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from tomoni.charts.clock import gaps
from tomoni.charts.frame import Frame
from tomoni.charts.ranges import busy, success_range
from tomoni.charts.rows import Curve, Row, Rule, Stroke, Tick
from tomoni.charts.theme import see_through
from tomoni.charts.units import Scale
from tomoni.review.model import SloTrack
from tomoni.slo.model import DAY, HOUR, FloatArray, IntArray, Line

_USUAL_OBJECTIVE = 0.99
_ABOVE_OBJECTIVE = 0.5  # nines, at least
_MOST_ABOVE_OBJECTIVE = 3
_TO_PERFECT = 0.6  # from the highest number of nines to "all good", which has none
_MOST_TICKS = 3.5  # where rows are as low as they get
_ROOM = 0.06
_WEIGHT = 1.5
_VEIL = 0.28
_MOST_STRETCHES = 700  # about as many as there are pixels for two
_LENGTHS = (300, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY)
_NO_TICKS: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class Nines:
    """A scale from ``lowest`` nines to ``highest`` whole ones; above these lies ``top``, where all is good."""

    lowest: float
    highest: int

    @property
    def top(self) -> float:
        """The height of 100 %."""
        return self.highest + _TO_PERFECT

    def heights(self, ratios: FloatArray) -> FloatArray:
        """The height of each ratio: below ``top`` while anything was bad. NaN stays. Shapes ``(n,)``."""
        bad = 1.0 - ratios
        nines = -np.log10(bad, out=np.full(len(bad), -math.inf), where=bad > 0)
        below = np.minimum(nines, self.highest + _TO_PERFECT / 2)
        return np.where(np.isnan(ratios), np.nan, np.where(bad > 0, below, self.top))

    def height(self, ratio: float) -> float:
        """The height of one ratio."""
        return float(self.heights(np.array([ratio]))[0])

    def ticks(self, frame: Frame) -> tuple[Tick, ...]:
        """100 % and whole nines below it, so few that their texts do not touch."""
        ticks = [Tick(self.top, frame.text.percent(1.0))]
        apart = (self.top - self.lowest) / _MOST_TICKS
        for nines in range(self.highest, math.ceil(self.lowest) - 1, -1):
            if ticks[-1].level - nines >= apart:
                ticks.append(Tick(float(nines), frame.text.percent(1 - 10.0**-nines)))
        return tuple(reversed(ticks))


def nines_of(ratios: FloatArray, traffic: FloatArray, objective: float) -> Nines:
    """The scale that holds the worst busy bucket and the objective with room above it.

    Where buckets are usually better than that, it reaches up to them, at most three nines beyond the
    objective. Shapes: ``(n,)``.
    """
    aim = -math.log10(1 - objective) if objective < 1 else 3.0
    shown = ratios[busy(ratios, traffic)]
    bad = 1.0 - shown[shown < 1]
    found = -np.log10(bad) if len(bad) else np.array([aim])
    usual = min(float(np.median(found)), aim + _MOST_ABOVE_OBJECTIVE)
    lowest = max(0.0, min(float(found.min()), aim - 1))
    return Nines(lowest, math.ceil(max(aim + _ABOVE_OBJECTIVE, usual)))


def success_row(track: SloTrack, frame: Frame, linear: bool = False) -> Row:
    """The success ratio of each bucket, with the objective as the level it has to stay above.

    Where there are more buckets than can be told apart, they are a veil behind the ratio of longer stretches.
    """
    objective = track.status.slo.objective
    aim = objective.ratio if objective else _USUAL_OBJECTIVE
    counts = _counts(track)
    if linear:
        low, high = success_range(track.success.values, track.traffic.values, aim)
        scale, level, ticks = None, aim, _NO_TICKS
    else:
        scale = nines_of(track.success.values, track.traffic.values, aim)
        room = _ROOM * (scale.top - scale.lowest)
        low, high, level, ticks = scale.lowest - room, scale.top + room, scale.height(aim), scale.ticks(frame)
    return Row(
        key="success",
        title=frame.text._("Success"),
        curves=_curves(counts, frame, scale, aim),
        low=low,
        high=high,
        scale=Scale(1.0, "", "~%", ".3~%"),
        rules=_rules(track, frame, level),
        gaps=gaps(track.traffic, frame.left, frame.known_right),
        weight=_WEIGHT,
        ticks=ticks,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Good and all events of stretches of one length in seconds, NaN where nothing was observed, and the ratio,
    NaN where nothing happened. Shapes: ``(n,)``."""

    times: IntArray
    good: FloatArray
    total: FloatArray
    ratios: FloatArray
    seconds: int

    def joined(self, seconds: int) -> _Counts:
        """The same counts over longer stretches, of what was observed of each.

        A stretch that the period cuts is left out: what is shown of one must not depend on the period.
        """
        if not len(self.times):
            return self
        starts, first = np.unique(self.times // seconds * seconds, return_index=True)
        good, total = (np.add.reduceat(np.nan_to_num(each), first) for each in (self.good, self.total))
        ratios = np.divide(good, total, out=np.full(len(total), np.nan), where=total > 0)
        whole = (starts >= self.times[0]) & (starts + seconds <= self.times[-1] + self.seconds)
        return _Counts(starts[whole], good[whole], total[whole], ratios[whole], seconds)


def _counts(track: SloTrack) -> _Counts:
    seconds = track.status.slo.series.step_seconds
    total = track.traffic.values * seconds
    good = np.where(total > 0, track.success.values * total, total)
    return _Counts(track.success.times, good, total, track.success.values, seconds)


def _curves(counts: _Counts, frame: Frame, scale: Nines | None, aim: float) -> tuple[Curve, ...]:
    """The ratio of each bucket, behind that of stretches of which the figure can show every one."""
    color = frame.theme.series(0)
    length = _length(counts, frame)
    if length == counts.seconds:
        return (_curve(counts, frame, scale, aim, color),)
    veil = _curve(counts, frame, scale, aim, see_through(color, _VEIL))
    return (replace(veil, stroke=Stroke.THIN), _curve(counts.joined(length), frame, scale, aim, color))


def _length(counts: _Counts, frame: Frame) -> int:
    """The shortest usual length of time, a multiple of the bucket, of which the figure shows not too many."""
    usual = (length for length in _LENGTHS if length > counts.seconds and length % counts.seconds == 0)
    fitting = (length for length in (counts.seconds, *usual) if frame.seconds_in_sight <= _MOST_STRETCHES * length)
    return next(fitting, counts.seconds)


def _curve(counts: _Counts, frame: Frame, scale: Nines | None, aim: float, color: str) -> Curve:
    """One line, with good, total and ratio in its hover label."""
    ratios = counts.ratios
    line = Line(counts.times, ratios if scale is None else scale.heights(ratios))
    digits = 3 if aim == 1 else max(2, math.ceil(-math.log10(1 - aim)))
    shown = {
        "percent": "%{customdata[2]:." + str(digits) + "~%}",
        "good": "%{customdata[0]:,.1~f}",
        "total": "%{customdata[1]:,.1~f}",
    }
    name = frame.text._("Success, %(length)s") % {"length": frame.text.duration(counts.seconds)}
    pattern = frame.text._("%(percent)s, %(good)s of %(total)s good") % shown
    return Curve(line, color, name, facts=np.column_stack((counts.good, counts.total, ratios)), pattern=pattern)


def _rules(track: SloTrack, frame: Frame, level: float) -> tuple[Rule, ...]:
    objective = track.status.slo.objective
    if objective is None:
        return ()
    label = frame.text._("objective %(percent)s") % {"percent": frame.text.objective(objective.percent)}
    return (Rule(level, frame.theme.series(1), label),)
