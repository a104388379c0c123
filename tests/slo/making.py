"""Buckets and definitions for tests: by hand, and any that hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from tomoni.slo.model import (
    Buckets,
    CalendarUnit,
    CalendarWindow,
    Definition,
    NoData,
    Objective,
    RollingWindow,
    TimeSlices,
    Window,
)

START = 1_789_948_800  # 2026-09-21 00:00 UTC, a Monday
HOUR = 3600
DAY = 86_400
Pair = tuple[float, float] | None


def buckets(pairs: Sequence[Pair], step: int = 300, start: int = START) -> Buckets:
    """Buckets of (good, total) pairs; None was not observed."""
    columns = np.array([pair or (np.nan, np.nan) for pair in pairs], dtype=np.float64).reshape(-1, 2)
    return Buckets(start, step, columns[:, 0], columns[:, 1], np.zeros(len(pairs), dtype=np.bool_))


def steady(count: int, good: float = 99, total: float = 100, step: int = 300, start: int = START) -> Buckets:
    """The same counts in every bucket."""
    return buckets([(good, total)] * count, step, start)


def definition(objective: str = "99", window: int | Window = DAY, **more: object) -> Definition:
    """An SLO; a window in seconds is a rolling one."""
    rolled = RollingWindow(window) if isinstance(window, int) else window
    return replace(Definition(Objective(Decimal(objective)), rolled), **more)  # type: ignore[arg-type]


def spiked(count: int, spikes: dict[int, float], total: float = 100) -> Buckets:
    """Buckets without anything bad but for the given places."""
    return buckets([(total - spikes.get(place, 0), total) for place in range(count)])


whole_pairs = st.one_of(
    st.none(), st.integers(0, 1000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
)
fractional_pairs = st.one_of(
    st.none(),
    # Counts are nothing, or large enough to be one: sums are on a grid that is far finer than that.
    st.one_of(st.just(0.0), st.floats(1e-9, 1e6)).flatmap(
        lambda total: st.tuples(st.floats(0, 1).map(lambda share: share * total), st.just(total))
    ),
)
whole_buckets = st.lists(whole_pairs, min_size=1, max_size=80).map(buckets)
fractional_buckets = st.lists(fractional_pairs, min_size=1, max_size=80).map(buckets)
objectives = st.sampled_from(["50", "90", "99", "99.5", "99.9", "99.99", "100", "33.333333333"])
slices = st.builds(
    TimeSlices,
    st.sampled_from([300, 600, 1800]),
    st.sampled_from([Decimal(text) for text in ("50", "95", "99.9", "100")]),
    st.sampled_from(NoData),
)
calendars = st.builds(
    CalendarWindow,
    st.sampled_from(CalendarUnit),
    st.sampled_from(["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"]),
    st.integers(1, 12),
    st.integers(1, 7),
    st.integers(0, 1439),
)
rolling = st.builds(RollingWindow, st.integers(1, 60).map(lambda steps: steps * 150))
definitions = st.builds(
    lambda objective, window, cut: definition(objective, window, slices=cut),
    objectives,
    st.one_of(rolling, calendars),
    st.one_of(st.none(), slices),
)
moments = st.integers(START - 2 * HOUR, START + 9 * HOUR)
