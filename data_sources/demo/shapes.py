"""How the demo's series move: daily profiles, episodes, slopes and repeatable noise.

Everything is worked out minute by minute and by whole UTC days, each day with random numbers of its
own, so that a value does not depend on the requested interval.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tomoni.slo.model import DAY, BoolArray, FloatArray, IntArray

MINUTE, HOUR = 60, 3600
MINUTES_A_DAY = 1440
TOKYO = 9 * HOUR  # Japan has kept UTC+9 without daylight saving since 1952
MONDAY = 4 * DAY  # the first Monday of Unix time began after four days
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the story lies in time: ``anchor`` is the start of a UTC day, Unix seconds."""

    anchor: int
    seed: int

    def moment(self, days_before: int, clock: str) -> int:
        """The Unix time of a Tokyo clock such as ``14:05``, some days before the anchor's Tokyo day.

        A moment on a weekend moves to the Friday before it: there are no deploys on a Sunday.
        """
        hour, minute = (int(part) for part in clock.split(":"))
        day = (self.anchor + TOKYO) // DAY - days_before
        weekday = (day * DAY - MONDAY) // DAY % 7
        day -= max(0, weekday - SATURDAY + 1)
        return day * DAY - TOKYO + hour * HOUR + minute * MINUTE


@dataclass(frozen=True, slots=True)
class Profile:
    """Traffic by the hour of the Tokyo day (24 weights) and on weekends (a factor)."""

    hours: tuple[float, ...]
    weekend: float = 1.0

    def load(self, times: IntArray) -> FloatArray:
        """The load at moments, 1 at the busiest hour of a workday; same shape as ``times``."""
        local = times + TOKYO
        hours = np.arange(25)
        weights = np.array([*self.hours, self.hours[0]]) / max(self.hours)
        daily = np.interp(local % DAY / HOUR, hours, weights)
        weekend = (local - MONDAY) // DAY % 7 >= SATURDAY
        return np.where(weekend, daily * self.weekend, daily)


class Effect(Protocol):
    """Something that adds to a series for a while."""

    def at(self, times: IntArray, load: FloatArray, frame: Frame) -> FloatArray:
        """What it adds at each moment; same shape as ``times``."""
        ...


@dataclass(frozen=True, slots=True)
class Episode:
    """Rises, holds and falls once; lengths in minutes, ``days_before`` the anchor."""

    days_before: int
    clock: str
    minutes: tuple[float, float, float]
    height: float

    def at(self, times: IntArray, load: FloatArray, frame: Frame) -> FloatArray:
        """A trapezium that begins at the episode's moment."""
        edges = frame.moment(self.days_before, self.clock) + MINUTE * np.cumsum((0.0, *self.minutes))
        shape: FloatArray = np.interp(times, edges, (0.0, 1.0, 1.0, 0.0))
        return shape * self.height


@dataclass(frozen=True, slots=True)
class Slope:
    """Grows from 0, ``days_before`` the anchor, to ``height`` at the anchor, and stays there.

    With ``by_load`` it weighs more in busy hours.
    """

    days_before: int
    height: float
    power: float = 1.0
    by_load: bool = False

    def at(self, times: IntArray, load: FloatArray, frame: Frame) -> FloatArray:
        """The height reached at each moment."""
        start = frame.anchor - self.days_before * DAY
        grown: FloatArray = np.interp(times, (start, frame.anchor), (0.0, 1.0)) ** self.power * self.height
        return grown * load if self.by_load else grown


@dataclass(frozen=True, slots=True)
class Sawtooth:
    """Grows to ``height`` over a week and falls back with the restart of Wednesday, 04:00 in Tokyo."""

    height: float

    def at(self, times: IntArray, load: FloatArray, frame: Frame) -> FloatArray:
        """The height reached since the last restart."""
        since = (times + TOKYO - MONDAY - 2 * DAY - 4 * HOUR) % (7 * DAY)
        return since / (7 * DAY) * self.height


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was observed: whole hours, so that no bucket is half observed."""

    days_before: int
    clock: str
    hours: int

    def covers(self, times: IntArray, frame: Frame) -> BoolArray:
        """Which moments lie in it; same shape as ``times``."""
        start = frame.moment(self.days_before, self.clock)
        return (times >= start) & (times < start + self.hours * HOUR)


def add_up(effects: Sequence[Effect], times: IntArray, load: FloatArray, frame: Frame) -> FloatArray:
    """The sum of all effects at each moment; same shape as ``times``."""
    total = np.zeros(times.shape)
    for effect in effects:
        total += effect.at(times, load, frame)
    return total


def day_generator(frame: Frame, name: str, day: int) -> np.random.Generator:
    """The random numbers of one name and UTC day, always the same."""
    return np.random.default_rng([frame.seed % 2**64, zlib.crc32(name.encode()), day])


def drift(frame: Frame, name: str, first_day: int, days: int) -> FloatArray:
    """Slow noise, about normal(0, 1): hourly values joined by lines, shape ``(days, 1440)``."""
    knots = np.concatenate(
        [
            day_generator(frame, f"{name} drift", day).standard_normal(24)
            for day in range(first_day, first_day + days + 1)
        ]
    )
    # Not np.interp: its rounding depends on where in the array a point lies.
    joined: FloatArray = knots[: days * 24, None] + np.diff(knots[: days * 24 + 1])[:, None] * (np.arange(60) / 60)
    return joined.reshape(days, MINUTES_A_DAY)
