"""The counts of a file by the values of its columns."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from data_sources.base import Interval
from data_sources.files.fetch import Written
from data_sources.files.parse import TIME, Rows, read_counts
from data_sources.splits import GOOD, TOTAL, SplitCounts, Values, columns_of_parts, listed
from tomoni.slo.model import BoolArray, FloatArray, IntArray

_PART = "part"  # the number of a row's combination of values


@dataclass(slots=True)
class _Numbered:
    """Combinations of values as numbers, in the order in which they are met."""

    by: Sequence[str]
    numbers: dict[Values, int] = field(default_factory=dict)

    def numbered(self, chunks: Generator[Written]) -> Generator[Written]:
        """The chunks with one number in place of the label columns; none in a row without counts."""
        import pandas as pd

        for chunk in chunks:
            counts = {name: cells for name, cells in chunk.columns.items() if name not in self.by}
            cells = [chunk.columns[name].map(lambda cell: "" if pd.isna(cell) else str(cell)) for name in self.by]
            told = [self.numbers.setdefault(values, len(self.numbers)) for values in zip(*cells, strict=True)]
            written = [cells for name, cells in counts.items() if name != TIME]
            empty = [all(pd.isna(cell) or cell == "" for cell in row) for row in zip(*written, strict=True)]
            parts = pd.Series(["" if none else number for none, number in zip(empty, told, strict=True)], dtype=object)
            yield replace(chunk, columns={**counts, _PART: parts})


@dataclass(frozen=True, slots=True, eq=False)
class SplitRows:
    """The rows of a file, and the values that each row's ``part`` stands for."""

    rows: Rows
    values: tuple[Values, ...]

    def columns(self, query: SplitCounts, interval: Interval, ended: int) -> dict[str, FloatArray]:
        """The columns of an answer; nothing is observed from ``ended`` (Unix seconds) on, nor where no row is."""
        rows, step, length = self.rows, interval.step_seconds, len(interval)
        first, last = np.searchsorted(rows.times, [interval.start, max(interval.start, ended)])
        places = (rows.times[first:last] - interval.start) // step
        parts = rows.columns[_PART][first:last].astype(np.int64)
        good, total = (rows.columns[name][first:last] for name in (GOOD, TOTAL))
        sums = np.array([np.bincount(parts, each, len(self.values)) for each in (total - good, total)])
        found = {self.values[n]: (float(sums[0, n]), float(sums[1, n])) for n in np.unique(parts).tolist()}
        kept = listed(found, query)
        numbers = {values: number for number, values in enumerate(self.values)}
        columns = {}
        for values in kept:
            mine = parts == numbers[values]
            columns[values] = (
                _summed(places[mine], good[mine], length),
                _summed(places[mine], total[mine], length),
            )
        rest = ~np.isin(parts, [numbers[values] for values in kept])
        beyond = _distinct(places[rest], parts[rest], length)
        seen = np.where(np.bincount(places, minlength=length) > 0, 0.0, np.nan)
        return {name: each + seen for name, each in columns_of_parts(columns, beyond, length).items()}


def read_split(source: str, path: Path, named: Mapping[str, str] | None, by: Sequence[str]) -> SplitRows:
    """The counts of a file with the columns whose values tell parts apart. Raises a `SourceError`."""
    numbered = _Numbered(by)
    rows = read_counts(source, path, named, by, numbered.numbered)
    return SplitRows(replace(rows, notices=()), tuple(numbered.numbers))


def _summed(places: IntArray, values: FloatArray, length: int) -> FloatArray:
    there: BoolArray = np.bincount(places, minlength=length) > 0
    return np.where(there, np.bincount(places, values, length), np.nan)


def _distinct(places: IntArray, parts: IntArray, length: int) -> FloatArray:
    """How many different parts there are in each bucket."""
    pairs = np.unique(np.stack([places, parts]), axis=1)
    return np.bincount(pairs[0], minlength=length).astype(np.float64)
