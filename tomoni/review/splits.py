"""The parts of SLOs that are split by the values of labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from data_sources.base import Notice
from data_sources.splits import BEYOND, GOOD, OBSERVED, TOTAL, Values, part_of
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Remembered
from tomoni.review.inputs import Memory, ReviewInputs, SloPlace, last_counted, recall
from tomoni.review.model import SloStatus
from tomoni.review.status import buckets_of, reach_seconds
from tomoni.slo.model import FloatArray
from tomoni.slo.parts import PartCounts, split_figures


def reaches_of_splits(places: Iterable[SloPlace]) -> Iterator[tuple[SeriesRef, int]]:
    """The series of all parts, and how many seconds of each a status looks at."""
    for place in places:
        if (ref := place.slo.split_series) is not None:
            yield ref, reach_seconds(place.slo.definition)


def with_splits(inputs: ReviewInputs, statuses: Sequence[SloStatus]) -> tuple[SloStatus, ...]:
    """The same statuses, those of split SLOs with their parts."""
    return tuple(with_split(inputs, status) for status in statuses)


def with_split(inputs: ReviewInputs, status: SloStatus) -> SloStatus:
    """The status with its parts where the SLO is split."""
    slo, figures = status.slo, status.figures
    ref = slo.split_series
    if ref is None or slo.native_defaults:
        return status
    place = SloPlace(status.app, status.journey, slo)
    end = max(last_counted([place], status.as_of), figures.end)
    memory = recall(inputs, [slo.series, ref], figures.end - reach_seconds(slo.definition), end)
    counts = _counts(memory.series[ref.key])
    if not counts.observed.any():
        facts = {"labels": ", ".join(slo.split.labels)}
        return replace(status, notices=(*status.notices, Notice("split_unknown", {**facts, **_refusal(memory, ref)})))
    buckets = buckets_of(memory, place, status.as_of).buckets
    found = split_figures(slo.split.labels, counts, (buckets, figures), slo.definition, slo.split.at_most)
    return replace(status, split=found)


def _refusal(memory: Memory, ref: SeriesRef) -> dict[str, str]:
    """The code of the error with which the source answered last, if it did."""
    state = memory.states.get(ref.key)
    return {"error": state.error_code} if state and state.error_code else {}


def _counts(remembered: Remembered) -> PartCounts:
    columns: dict[str, dict[Values, FloatArray]] = {GOOD: {}, TOTAL: {}}
    for name, column in remembered.columns.items():
        if named := part_of(name):
            columns[named[0]][named[1]] = column
    observed = ~np.isnan(remembered.column(OBSERVED))
    empty = np.full(len(remembered.interval), np.nan)
    good = {values: columns[GOOD].get(values, empty) for values in columns[TOTAL]}
    return PartCounts(good, columns[TOTAL], remembered.column(BEYOND), observed)
