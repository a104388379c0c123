"""What a reader should know of figures of old time: what is stored of it by the hour, and what was deleted."""

from __future__ import annotations

import numpy as np

from data_sources.base import Notice
from tomoni.catalog.schema import SeriesRef
from tomoni.review.inputs import Memory
from tomoni.slo.model import DAY, Buckets, Figures

WITHIN_AN_HOUR = "compacted_window"  # the window would begin or end within an hour that is one sum
DELETED = "days_deleted"


def stored_notices(memory: Memory, ref: SeriesRef, buckets: Buckets, figures: Figures, end: int) -> tuple[Notice, ...]:
    """That hours of the window are stored as one sum each, and its figures therefore end at a full hour (``end`` is
    where they would else), and that days of it were deleted."""
    return (*_by_hours(buckets, figures, end), *_deleted(memory, ref, figures))


def _by_hours(buckets: Buckets, figures: Figures, end: int) -> tuple[Notice, ...]:
    places = np.flatnonzero(np.zeros(0) if buckets.hours is None else buckets.hours)
    if not len(places):
        return ()
    until = buckets.start + (int(places[-1]) + 1) * buckets.step_seconds
    if until <= figures.start:
        return ()
    facts = {"until": min(until, figures.end)}
    moved = (Notice(WITHIN_AN_HOUR, {"at": figures.end}),) if figures.end < end else ()
    return (Notice("compacted", facts), *moved)


def _deleted(memory: Memory, ref: SeriesRef, figures: Figures) -> tuple[Notice, ...]:
    horizon = memory.horizons.get(ref.key)
    if horizon is None or horizon.kept_from is None or horizon.kept_from * DAY <= figures.start:
        return ()
    return (Notice(DELETED, {"until": horizon.kept_from * DAY}),)
