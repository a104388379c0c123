"""More bad events than events: which buckets, since when, and how much."""

from __future__ import annotations

import numpy as np

from data_sources.base import Interval, Notice
from data_sources.errors import Facts
from tomoni.slo.model import DAY, FloatArray

_SLACK = 1e-9  # relative: what floating-point sums may be off by
# They count as all bad, so that the ledger does not show it any more: kept as long as a usual window looks back.
_KEPT_SECONDS = 28 * DAY
_NOTABLE = 0.01  # scrapes of two series that are a moment apart make less of a difference


def bad_above_total(total: FloatArray, bad: FloatArray, interval: Interval) -> tuple[Notice, ...]:
    """The notice ``bad_above_total`` (``buckets``, ``since``, ``until``, ``events`` too many, ``keep_until``) where
    a bucket has more bad events than events."""
    above = bad > total * (1 + _SLACK)
    if not above.any():
        return ()
    first, last = (interval.start + int(place) * interval.step_seconds for place in np.flatnonzero(above)[[0, -1]])
    events, until = float(bad[above].sum() - total[above].sum()), last + interval.step_seconds
    facts: Facts = {"buckets": int(above.sum()), "since": first, "until": until, "events": events}
    lasting = {"keep_until": until + _KEPT_SECONDS} if events >= _NOTABLE * bad[above].sum() else {}
    return (Notice("bad_above_total", {**facts, **lasting, "reason": "at_times"}),)
