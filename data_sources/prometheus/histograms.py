"""What is queried for a histogram, classic or native.

A classic histogram is a counter for each edge (``NAME_bucket``) and one of all events; its threshold is
one of the edges. A native one is a series of histograms (``NAME``), and has a count below any threshold:
exact at the edges of its buckets, interpolated within one. While an app moves from one to the other,
both exist, and one target may expose the same events in both forms: those count once, as native ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.durations import format_duration
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.selectors import Selector, le_matcher


@dataclass(frozen=True, slots=True)
class Shape:
    """In which forms a server has a histogram: how its edge is written in the classic form (empty: there
    is none with such an edge), and whether there is a native one."""

    spellings: Sequence[str] = ()
    native: bool = False


def histogram_parts(
    selector: Selector, under: float, shape: Shape, step_seconds: int, dialect: Dialect
) -> Mapping[str, Counters | str]:
    """What is queried for all events and those at or under a threshold."""
    bucket = selector.part("_bucket", le_matcher(shape.spellings)) if shape.spellings else ""
    count = selector.part("_count")
    if not shape.native:
        return {
            "total": Counters(count, count, step_seconds, dialect),
            "good": Counters(bucket, count, step_seconds, dialect),
        }
    total, good = _native(str(selector), under, step_seconds)
    if bucket:
        length = format_duration(step_seconds)
        total, good = (
            f"{total} or increase({count}[{length}])",
            f"({good}) or ignoring (le) increase({bucket}[{length}])",
        )
    return {"total": f"sum({total})", "good": f"sum({good})"}


def _native(selector: str, under: float, step_seconds: int) -> tuple[str, str]:
    """All events of each series, and those under the threshold: none of none, whose share is no number."""
    increase = f"increase({selector}[{format_duration(step_seconds)}])"
    count = f"histogram_count({increase})"
    share = f"histogram_fraction(-Inf, {np.format_float_positional(under, trim='-')}, {increase})"
    return count, f"({share} * {count} >= 0) or ({count} == 0)"
