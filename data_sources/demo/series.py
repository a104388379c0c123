"""What a series of the demo is made of, and how its minutes are worked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_sources.demo.shapes import (
    MINUTE,
    MINUTES_A_DAY,
    Effect,
    Frame,
    Gap,
    Profile,
    add_up,
    day_generator,
    drift,
)
from tomoni.slo.model import DAY, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Traffic:
    """The events of users: ``per_minute`` at the busiest hour, and what adds to them a minute.

    SLIs of one traffic share its totals.
    """

    name: str
    per_minute: float
    profile: Profile
    spread: float = 0.06
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """An SLI: the share of bad events of a traffic, with what adds to that share."""

    traffic: Traffic
    bad_share: float
    effects: tuple[Effect, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """An infra signal: a base, what the load adds at its peak, noise (relative), and effects.

    Values stay within ``low`` and ``high`` (a pool that is full stays full).
    """

    profile: Profile
    base: float
    at_peak: float
    noise: float = 0.04
    effects: tuple[Effect, ...] = ()
    gaps: tuple[Gap, ...] = ()
    low: float = 0.0
    high: float = np.inf


def minutes_of(first_day: int, days: int) -> IntArray:
    """The start of every minute of whole UTC days, Unix seconds, shape ``(days, 1440)``."""
    start = first_day * DAY
    return np.arange(start, start + days * DAY, MINUTE, dtype=np.int64).reshape(days, MINUTES_A_DAY)


def _observed(values: FloatArray, gaps: tuple[Gap, ...], times: IntArray, frame: Frame) -> FloatArray:
    for gap in gaps:
        values[gap.covers(times, frame)] = np.nan
    return values


def total_of(traffic: Traffic, frame: Frame, first_day: int, days: int) -> FloatArray:
    """The events of every minute: Poisson counts around profile and drift, shape ``(days, 1440)``."""
    times = minutes_of(first_day, days)
    load = traffic.profile.load(times)
    rate = traffic.per_minute * load + add_up(traffic.effects, times, load, frame)
    rate *= np.exp(traffic.spread * drift(frame, traffic.name, first_day, days))
    rows = [day_generator(frame, traffic.name, first_day + i).poisson(rate[i]) for i in range(days)]
    return np.array(rows, dtype=np.float64)


def counts_of(name: str, series: Counted, frame: Frame, first_day: int, days: int) -> dict[str, FloatArray]:
    """``good`` and ``total`` of every minute of whole UTC days, each of shape ``(days, 1440)``."""
    times = minutes_of(first_day, days)
    load = series.traffic.profile.load(times)
    share = series.bad_share * np.exp(0.3 * drift(frame, name, first_day, days))
    share = np.clip(share + add_up(series.effects, times, load, frame), 0.0, 1.0)
    total = total_of(series.traffic, frame, first_day, days)
    rows = [
        day_generator(frame, name, first_day + i).binomial(total[i].astype(np.int64), share[i]) for i in range(days)
    ]
    good = total - np.array(rows, dtype=np.float64)
    return {
        "good": _observed(good, series.gaps, times, frame),
        "total": _observed(total, series.gaps, times, frame),
    }


def values_of(name: str, series: Measured, frame: Frame, first_day: int, days: int) -> FloatArray:
    """The value of every minute of whole UTC days, shape ``(days, 1440)``."""
    times = minutes_of(first_day, days)
    load = series.profile.load(times)
    white = np.array([day_generator(frame, name, first_day + i).standard_normal(MINUTES_A_DAY) for i in range(days)])
    wobble = 1 + series.noise * (0.8 * drift(frame, name, first_day, days) + 0.6 * white)
    value = (series.base + series.at_peak * load) * wobble + add_up(series.effects, times, load, frame)
    return _observed(np.clip(value, series.low, series.high), series.gaps, times, frame)
