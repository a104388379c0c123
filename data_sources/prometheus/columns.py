"""From the tracks of a query to the columns of a series; pure.

Notices: ``not_finite`` and ``negative_count`` (``role``, ``buckets``), ``edge_absent`` (``buckets``), ``not_a_share``
(``role``, ``buckets``, ``worst``), and ``bad_above_total`` (`data_sources.excess`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data_sources.base import Interval, Notice
from data_sources.excess import bad_above_total
from data_sources.gauges import gauge_columns
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.parse import Track
from data_sources.queries import Gauge, Query, RecordedRatio, TextSignal
from tomoni.slo.model import BoolArray, FloatArray

Columns = Mapping[str, FloatArray]
_SLACK = 1e-9  # relative: what floating-point sums may be off by


def columns_of(query: Query, tracks: Mapping[str, Track], interval: Interval) -> tuple[Columns, tuple[Notice, ...]]:
    """The columns of a form from the track of each role in an interval, with notices about them."""
    odd = {role: track.not_finite for role, track in tracks.items() if track.not_finite}
    notices = [Notice("not_finite", {"role": role, "buckets": buckets}) for role, buckets in odd.items()]
    if isinstance(query, TextSignal):
        return {"value": tracks["value"].values}, tuple(notices)
    if isinstance(query, Gauge):
        return gauge_columns(tracks["value"].values, query.good_when), tuple(notices)
    if isinstance(query, RecordedRatio):
        columns, more = recorded_ratio(tracks)
        return columns, (*(notice for notice in notices if notice.facts["role"] == "weight"), *more)
    columns, more = _ratio(tracks, interval)
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


def _ratio(tracks: Mapping[str, Track], interval: Interval) -> tuple[Columns, list[Notice]]:
    notices: list[Notice] = []
    if "total" not in tracks:
        return _good_and_bad(tracks, notices), notices
    role = "good" if "good" in tracks else "bad"
    total = _counts(tracks["total"], "total", notices)
    absent = ~np.isnan(total) & ~tracks[role].present
    part = np.where(absent, 0.0, _counts(tracks[role], role, notices))
    good = part if role == "good" else np.maximum(total - part, 0.0)
    if role == "bad":
        notices += bad_above_total(total, part, interval)
    observed = ~np.isnan(total) & ~np.isnan(part)
    return _masked(observed, good=good, total=total, absent=absent.astype(np.float64)), notices


def recorded_ratio(tracks: Mapping[str, Track]) -> tuple[Columns, list[Notice]]:
    """The events of a recorded ratio: one a bucket, or as many as its weight counts. NaN is a division by
    nothing, so that nothing happened; what is no share is left out."""
    role = "error" if "error" in tracks else "success"
    ratio, notices = tracks[role], list[Notice]()
    one = np.where(ratio.present, 1.0, np.nan)
    weight = _counts(tracks["weight"], "weight", notices) if "weight" in tracks else one
    absent = ~np.isnan(weight) & ~ratio.present
    nothing = ratio.present & np.isnan(ratio.values)
    share = np.where(absent | nothing, 0.0, _shares(ratio, role, notices))
    total = np.where(nothing, 0.0 * weight, weight)
    observed = ~np.isnan(share) & ~np.isnan(total)
    good = total * (1 - share if role == "error" else share)
    return _masked(observed, good=good, total=total, absent=absent.astype(np.float64)), notices


def _shares(track: Track, role: str, notices: list[Notice]) -> FloatArray:
    """Shares from 0 to 1; what is none is NaN. Floating-point sums may be just outside."""
    values = track.values
    outside = (values < -_SLACK) | (values > 1 + _SLACK)
    if outside.any():
        worst = float(values[outside][np.argmax(np.abs(values[outside]))])
        notices.append(Notice("not_a_share", {"role": role, "buckets": int(outside.sum()), "worst": worst}))
    return np.where(outside, np.nan, np.clip(values, 0.0, 1.0))


def _good_and_bad(tracks: Mapping[str, Track], notices: list[Notice]) -> Columns:
    """All events are the good and the bad ones: where only one of both exists, the other one counts 0."""
    present = {role: track.present for role, track in tracks.items()}
    observed = present["good"] | present["bad"]
    counts = {role: np.where(present[role], _counts(track, role, notices), 0.0) for role, track in tracks.items()}
    total = counts["good"] + counts["bad"]
    absent = (present["good"] != present["bad"]).astype(np.float64)
    return _masked(observed & ~np.isnan(total), good=counts["good"], total=total, absent=absent)


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
