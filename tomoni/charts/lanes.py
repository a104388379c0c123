"""A review's tracks and lanes as the rows of the joint figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import numpy as np

from tomoni.catalog.schema import Signal
from tomoni.charts.clock import gaps
from tomoni.charts.closeup import cut, lanes_within, track_within
from tomoni.charts.frame import Frame
from tomoni.charts.ranges import budget_range, signal_range
from tomoni.charts.rows import Curve, Row, Rule, Stroke
from tomoni.charts.success import success_row
from tomoni.charts.units import PERCENT, rate_of, scale_of
from tomoni.review.model import Lane, SloTrack
from tomoni.slo.model import CalendarUnit, FloatArray, Line, RollingWindow, State
from tomoni.words.signals import group_title
from tomoni.words.text import Text, mark

SUCCESS, BUDGET, TRAFFIC = "success", "budget", "traffic"
APP_ROWS = (SUCCESS, BUDGET, TRAFFIC)
_WEIGHT_TOGETHER = 1.5
_FIRST_SIGNAL_COLOR = 3  # the first three belong to the app's own rows
_TO_DATE = {
    CalendarUnit.DAY: mark("this day"),
    CalendarUnit.WEEK: mark("this week"),
    CalendarUnit.MONTH: mark("this month"),
    CalendarUnit.QUARTER: mark("this quarter"),
    CalendarUnit.YEAR: mark("this year"),
}


def row_keys(signals: Sequence[Signal]) -> tuple[str, ...]:
    """The codes by which rows are chosen: the app's own three, then one for each signal."""
    return (*APP_ROWS, *(signal.id for signal in signals))


def rows(
    track: SloTrack, lanes: Sequence[Lane], chosen: Sequence[str], frame: Frame, linear: bool = False
) -> list[Row]:
    """The chosen rows in the order chosen; signals of one group and unit share the first one's row.

    ``linear`` draws the success ratio on an even scale instead of one by nines."""
    if frame.closer:
        track = track_within(track, frame.left, frame.right)
        lanes = lanes_within(lanes, frame.left, frame.right)
    by_id = {lane.signal.id: lane for lane in lanes}
    signals = [lane.signal for lane in lanes]
    own: dict[str, Callable[[SloTrack, Frame], Row]] = {
        SUCCESS: partial(success_row, linear=linear),
        BUDGET: budget_row,
        TRAFFIC: traffic_row,
    }
    made: list[Row] = []
    before = 0
    for keys in keys_of_rows(signals, chosen):
        if keys[0] in own:
            made.append(own[keys[0]](track, frame))
        else:
            made.append(signal_row([by_id[key] for key in keys], frame, before))
            before += len(keys)
    return made


def keys_of_rows(signals: Sequence[Signal], chosen: Sequence[str]) -> list[tuple[str, ...]]:
    """The codes that share each row, from top to bottom; a row is called by the first of them."""
    by_id = {signal.id: signal for signal in signals}
    made: list[tuple[str, ...]] = []
    for key in chosen:
        if key in APP_ROWS:
            made.append((key,))
        elif key in by_id and not any(key in row for row in made):
            made.append(_together(by_id[key], [by_id[each] for each in chosen if each in by_id]))
    return made


def _together(first: Signal, signals: Sequence[Signal]) -> tuple[str, ...]:
    """The signals that are drawn with the first: of its group (where it has one) and unit."""
    if not first.group:
        return (first.id,)
    return tuple(each.id for each in signals if (each.group, each.unit) == (first.group, first.unit))


def budget_row(track: SloTrack, frame: Frame) -> Row:
    """The period's burn-down beside its even pace, and the budget of the SLO's own window."""
    _, theme = frame.text._, frame.theme
    since, name = _period_label(track, frame)
    window = _window_label(track, frame.text)
    curves = (
        Curve(track.pace, theme.muted, "", _("even pace"), Stroke.DASHED),
        Curve(track.rolling, theme.series(2), _("Budget left, %(window)s") % {"window": window}, window, Stroke.PLAIN),
        Curve(track.burn_down, theme.series(0), name, since, Stroke.STRONG),
        *_forecast(track, frame),
    )
    low, high = budget_range(np.concatenate([curve.line.values for curve in curves]))
    return Row(
        key=BUDGET,
        title=_("Budget left"),
        curves=curves,
        low=low,
        high=high,
        scale=PERCENT,
        rules=(Rule(0.0, theme.states[State.EXHAUSTED], ""),) if low < -0.06 else (),
        weight=1.5,
    )


def _forecast(track: SloTrack, frame: Frame) -> tuple[Curve, ...]:
    """How the budget of the SLO's own window goes on, where the figure shows more than its period."""
    if track.forecast is None or frame.right <= frame.end:
        return ()
    line, _ = cut(track.forecast.line, frame.end, frame.right), frame.text._
    return (Curve(line, frame.theme.series(2), _("Budget left, forecast"), _("forecast"), Stroke.FAINT),)


def traffic_row(track: SloTrack, frame: Frame) -> Row:
    """Events a second, a minute or an hour, whichever reads well."""
    title = frame.text._("Traffic")
    low, high = signal_range(track.traffic.values, [])
    scale, unit = rate_of(_highest(track.traffic.values, 1.0))
    value = f"%{{y:{scale.hover}}} {frame.text._(unit)}"
    return Row(
        key=TRAFFIC,
        title=title,
        curves=(Curve(track.traffic, frame.theme.series(9), title, stroke=Stroke.AREA, pattern=value),),
        low=low,
        high=high,
        scale=scale,
        gaps=gaps(track.traffic, frame.left, frame.known_right),
        unit=frame.text._(unit),
    )


def signal_row(lanes: Sequence[Lane], frame: Frame, before: int) -> Row:
    """Infra signals of one group and unit; ``before`` signals have taken their colours already."""
    first = lanes[0].signal
    values = np.concatenate([lane.values.values for lane in lanes])
    low, high = signal_range(values, [s.limit for s in (lane.signal for lane in lanes) if s.limit is not None])
    colors = [frame.theme.series(_FIRST_SIGNAL_COLOR + before + i) for i in range(len(lanes))]
    titles = [escape(lane.signal.title(frame.text.language), quote=False) for lane in lanes]
    alone = len(lanes) == 1
    scale = scale_of(first.unit, _highest(values, high))
    rules, limits = _limits(lanes, colors, high, frame.text)
    curves = tuple(
        Curve(lane.values, color, title, "" if alone else title)
        for lane, color, title in zip(lanes, colors, titles, strict=True)
    )
    return Row(
        key=first.id,
        title=titles[0] if alone else escape(group_title(first, frame.text), quote=False),
        curves=curves,
        low=low,
        high=high,
        scale=scale,
        rules=rules,
        gaps=_common_gaps(lanes, frame),
        unit=limits,
        weight=1.0 if alone else _WEIGHT_TOGETHER,
    )


def _limits(lanes: Sequence[Lane], colors: Sequence[str], high: float, text: Text) -> tuple[tuple[Rule, ...], str]:
    """The limits that are within the range, each once, and what to say of several of them. They take the color of
    their signal and have no labels: beside the names of the signals there is no room for them."""
    known: dict[float, tuple[str, str]] = {}
    for lane, color in zip(lanes, colors, strict=True):
        limit, unit = lane.signal.limit, lane.signal.unit
        if limit is not None and limit <= high:
            known.setdefault(limit, (color, text.quantity(limit, unit)))
    said = text._("limit %(value)s") % {"value": " / ".join(value for _, (_, value) in sorted(known.items()))}
    label = said if len(known) == 1 else ""
    rules = tuple(Rule(limit, color, label) for limit, (color, _) in known.items())
    return rules, said if len(known) > 1 else ""


def _common_gaps(lanes: Sequence[Lane], frame: Frame) -> tuple[tuple[int, int], ...]:
    """Where no lane has data; a gap of one of several is a break of its own line."""
    lines = [lane.values for lane in lanes]
    known = np.concatenate([line.times[np.isfinite(line.values)] for line in lines])
    times = np.unique(np.concatenate([line.times for line in lines]))
    together = Line(times, np.where(np.isin(times, known), 1.0, np.nan))
    return gaps(together, frame.left, frame.known_right)


def _highest(values: FloatArray, high: float) -> float:
    there = np.abs(values[np.isfinite(values)])
    return float(there.max()) if len(there) else high


def _period_label(track: SloTrack, frame: Frame) -> tuple[str, str]:
    """What the burn-down of the shown period is the budget of, and its full name.

    Of a period that is not as long as the SLO's window it is another budget than the card's: a quarter of the
    time has a quarter of the budget. So the length stands in both.
    """
    _, day = frame.text._, frame.text.day(frame.start, year=False)
    since, seconds, window = _("since %(day)s") % {"day": day}, frame.end - frame.start, track.status.slo.window
    if isinstance(window, RollingWindow) and window.seconds == seconds:
        return since, _("Budget left, %(window)s") % {"window": since}
    facts = {"length": frame.text.duration(seconds), "day": day}
    return (
        _("%(length)s since %(day)s") % facts,
        _("Left of a budget of %(length)s, since %(day)s") % facts,
    )


def _window_label(track: SloTrack, text: Text) -> str:
    """What the rolling line is the budget of."""
    window = track.status.slo.window
    if window is None:
        return text.duration(None)
    if isinstance(window, RollingWindow):
        return text._("last %(duration)s") % {"duration": text.duration(window.seconds)}
    return text._("this period") if window.moved else text._(_TO_DATE[window.unit])
