"""Moments on a time axis: the reader's wall clock, ticks in every language, and gaps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tomoni.languages import SOURCE_LANGUAGE
from tomoni.slo.model import BoolArray, FloatArray, IntArray, Line

_DAY_MS = 86_400_000
# Zones change their offset at whole or half hours (UTC).
_SLOT = 1800
# A gap narrower than this share of the period would be a hair on the screen.
_VISIBLE_SHARE = 1 / 400


def wall_clock(times: IntArray, zone: str) -> FloatArray:
    """Milliseconds, shifted so that they read as the zone's clock; `written` makes them what is drawn.

    When clocks go back, an hour is drawn twice.
    """
    if not len(times):
        return np.zeros(0)
    slots = times // _SLOT
    first = int(slots.min())
    offsets = np.array(_offsets(first, int(slots.max()) + 1, zone), dtype=np.int64)
    return np.asarray((times + offsets[slots - first]) * 1000, dtype=np.float64)


def wall(moment: int, zone: str) -> float:
    """One moment for `wall_clock`."""
    return float(wall_clock(np.array([moment], dtype=np.int64), zone)[0])


def written(milliseconds: FloatArray) -> list[str | None]:
    """The moments of `wall_clock` as Plotly's date axes take them: texts, None for NaN.

    Plotly shows texts as they are. Numbers it would shift by the zone of the browser, which need not
    be the app's.
    """
    moments = milliseconds.astype("datetime64[ms]")
    whole_minutes = not np.any(milliseconds % 60_000 > 0)
    texts: list[str | None] = np.datetime_as_string(moments, unit="m" if whole_minutes else "s").tolist()
    for place in np.flatnonzero(np.isnan(milliseconds)).tolist():
        texts[place] = None
    return texts


def written_one(millisecond: float) -> str | None:
    """One moment for `written`."""
    return written(np.array([millisecond]))[0]


@lru_cache(maxsize=64)
def _offsets(first: int, last: int, zone: str) -> tuple[int, ...]:
    """The zone's offset from UTC, in seconds, at the start of each slot from ``first`` to before ``last``."""
    place = ZoneInfo(zone)
    moments = (datetime.fromtimestamp(slot * _SLOT, UTC).astimezone(place) for slot in range(first, last))
    return tuple(int((moment.utcoffset() or timedelta()).total_seconds()) for moment in moments)


def tick_formats(language: str) -> list[dict[str, Any]]:
    """Tick formats by distance, in the order that a language writes dates in."""
    day, far = ("%a %-d", "%-d %b") if language == SOURCE_LANGUAGE else (_numeric(language, "Md"),) * 2
    return [
        {"dtickrange": [None, _DAY_MS - 1], "value": f"%H:%M\n{far}"},
        {"dtickrange": [_DAY_MS, 2 * _DAY_MS - 1], "value": day},
        {"dtickrange": [2 * _DAY_MS, None], "value": far},
    ]


def hover_title(language: str, zone_name: str) -> str:
    """The headline of the hover label: day, time and zone."""
    pattern = "%a %-d %b" if language == SOURCE_LANGUAGE else _numeric(language, "yMd")
    return "%{x|" + pattern + ", %H:%M} " + zone_name


@lru_cache(maxsize=64)
def _numeric(language: str, skeleton: str) -> str:
    """A date in numbers as d3 formats it: it knows English names of months and days alone."""
    from babel import Locale  # noqa: PLC0415 - English does not load it

    pattern = str(Locale.parse(language).datetime_skeletons[skeleton])
    names = {"y": "%Y", "MM": "%m", "M": "%-m", "dd": "%d", "d": "%-d"}
    return re.sub("y+|M+|d+", lambda found: names.get(found[0], names[found[0][0]]), pattern)


def gaps(line: Line, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The stretches of ``[start, end)`` without a value that are wide enough to be seen."""
    times, there = line.times, np.isfinite(line.values)
    if not there.any():
        return ((start, end),)
    step = int(np.median(np.diff(times))) if len(times) > 1 else 0
    least = max(2 * step, (end - start) * _VISIBLE_SHARE)
    found = _missing_runs(times, there, step, (start, end))
    return tuple((first, last) for first, last in found if last - first >= least)


def _missing_runs(times: IntArray, there: BoolArray, step: int, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Every stretch between one value and the next that is longer than a step, ends included."""
    known = times[there]
    opens = np.concatenate(([span[0]], known + step))
    closes = np.concatenate((known, [span[1]]))
    wide = closes > opens
    return [(int(first), int(last)) for first, last in zip(opens[wide], closes[wide], strict=True)]
