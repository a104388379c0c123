"""From the tracks of a query to the columns of a series; pure.

Notices: ``not_finite`` and ``negative_count`` (``role``, ``buckets``), ``bad_above_total`` and
``edge_absent`` (``buckets``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data_sources.base import Notice
from data_sources.gauges import gauge_columns
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.parse import Track
from data_sources.queries import Gauge, Query, TextSignal
from tomoni.slo.model import BoolArray, FloatArray

Columns = Mapping[str, FloatArray]
_SLACK = 1e-9  # relative: what floating-point sums may be off by


def columns_of(query: Query, tracks: Mapping[str, Track]) -> tuple[Columns, tuple[Notice, ...]]:
    """The columns of a form from the track of each role, with notices about them."""
    odd = {role: track.not_finite for role, track in tracks.items() if track.not_finite}
    notices = [Notice("not_finite", {"role": role, "buckets": buckets}) for role, buckets in odd.items()]
    if isinstance(query, TextSignal):
        return {"value": tracks["value"].values}, tuple(notices)
    if isinstance(query, Gauge):
        return gauge_columns(tracks["value"].values, query.good_when), tuple(notices)
    columns, more = _ratio(tracks)
    if isinstance(query, Histogram):
        columns, absent = _only_with_edge(columns)
        more += absent
    return columns, (*notices, *more)


def _only_with_edge(columns: Columns) -> tuple[Columns, list[Notice]]:
    """A histogram without its edge is not one without good events: those buckets are not observed.

    Clients expose all edges at once, so an edge is absent only while the histogram has other ones.
    """
    absent = columns["absent"] == 1
    notices = [Notice("edge_absent", {"buckets": int(absent.sum())})] if absent.any() else []
    return _masked(~absent, **columns), notices


def _ratio(tracks: Mapping[str, Track]) -> tuple[Columns, list[Notice]]:
    role = "good" if "good" in tracks else "bad"
    notices: list[Notice] = []
    total = _counts(tracks["total"], "total", notices)
    absent = ~np.isnan(total) & ~tracks[role].present
    part = np.where(absent, 0.0, _counts(tracks[role], role, notices))
    good = part if role == "good" else np.maximum(total - part, 0.0)
    if role == "bad" and (over := int((part > total * (1 + _SLACK)).sum())):
        notices.append(Notice("bad_above_total", {"buckets": over}))
    observed = ~np.isnan(total) & ~np.isnan(part)
    return _masked(observed, good=good, total=total, absent=absent.astype(np.float64)), notices


def _counts(track: Track, role: str, notices: list[Notice]) -> FloatArray:
    """Counts without negative ones, which are not counts: those buckets are not observed.

    A difference of two equal sums that falls just below zero is zero.
    """
    values = np.where((track.values < 0) & (track.values > -_SLACK), 0.0, track.values)
    negative = values < 0
    if negative.any():
        notices.append(Notice("negative_count", {"role": role, "buckets": int(negative.sum())}))
    return np.where(negative, np.nan, values)


def _masked(observed: BoolArray, **columns: FloatArray) -> Columns:
    return {name: np.where(observed, column, np.nan) for name, column in columns.items()}
