"""Reading an interval again: which of the remembered buckets an answer must not replace.

A source that forgot the beginning of an interval answers with nothing for it, or with zeros where the
query says ``or vector(0)``. Neither may wipe what is remembered, nor may the first bucket that the source
still has, which may be cut. What lies behind its last bucket stays as well: a metric that ended is
no proof that its past was wrong.
"""

from __future__ import annotations

import numpy as np

from tomoni.slo.model import BoolArray, FloatArray


def forgotten(remembered: FloatArray, answered: FloatArray, of_counts: bool) -> BoolArray:
    """Which remembered buckets the source no longer has. Both are the leading column (``total``, or
    ``value`` of an infra signal) over one interval, NaN where nothing was observed."""
    had, has = _something(remembered, of_counts), _something(answered, of_counts)
    places, missing = np.flatnonzero(has), ~np.isnan(remembered) & np.isnan(answered)
    if not len(places):
        return had | missing
    order = np.arange(len(has))
    gone: BoolArray = had & ~has & (order < places[0])
    gone |= missing & ((order < places[0]) | (order > places[-1]))
    if gone[: places[0]].any():
        gone[places[0]] = bool(had[places[0]])
    return gone


def _something(leading: FloatArray, of_counts: bool) -> BoolArray:
    """Which buckets show that a source has data of their time."""
    found: BoolArray = leading > 0 if of_counts else ~np.isnan(leading)
    return found
