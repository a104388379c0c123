"""From the cells of a file to rows: moments, numbers, and problems.

A row whose number cells are all empty is not observed. Any other row that cannot be parsed is left out
and reported in a notice, with the number of such rows and the line of the first.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_sources.base import Notice
from data_sources.bounds import LARGEST_COUNT, LARGEST_VALUE
from data_sources.errors import BadAnswer, NotFound, QueryRefused
from data_sources.files.fetch import Written, read
from tomoni.slo.model import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

Chunks = Generator["Written"]
TIME = "time"
# Numbers outside are not present-day Unix seconds but, say, 20261118 or milliseconds.
EARLIEST, LATEST = 1e8, 1e11
# Two rows far apart may be neighbours in a coarse file, or have a gap between them; the file does not show which.
ENOUGH_MOMENTS = 3
# pandas raises on years that nanoseconds since 1970 cannot hold.
FIRST_YEAR, LAST_YEAR = 1700, 2259
YEAR = r"(?:1[7-9]|2[01])\d\d|22[0-5]\d"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The observed rows of a file in order of time: Unix seconds, and a number per column.

    ``spacing_seconds`` is the shortest time between two of all moments in the file, 0 where there are
    too few of them to know.
    """

    times: IntArray
    columns: Mapping[str, FloatArray]
    notices: tuple[Notice, ...]
    spacing_seconds: int


def read_counts(
    source: str,
    path: Path,
    named: Mapping[str, str] | None = None,
    beside: Sequence[str] = (),
    prepared: Callable[[Chunks], Chunks] = lambda chunks: chunks,
) -> Rows:
    """Columns ``good`` and ``total`` of a file that has two of total, good and bad (total and good where
    it has all). ``named`` are the columns of two of these roles, where they have other names; ``beside`` are
    further columns, of which ``prepared`` makes numbers under other names."""

    def choose(names: Sequence[str]) -> list[str]:
        if named:
            return _wanted(source, path, names, [TIME, *dict.fromkeys(named.values()), *beside])
        if "total" not in names and {"good", "bad"} <= set(names):
            return _wanted(source, path, names, [TIME, "good", "bad", *beside])
        part = "good" if "good" in names or "bad" not in names else "bad"
        return _wanted(source, path, names, [TIME, "total", part, *beside])

    rows = _understood(source, path, prepared(read(source, path, choose)), 0.0, LARGEST_COUNT)
    if named:
        roles = {role: rows.columns[name] for role, name in named.items()}
        more = {name: column for name, column in rows.columns.items() if name not in named.values()}
        rows = replace(rows, columns={**more, **roles})
    return _good_and_total(path, rows)


def _good_and_total(path: Path, rows: Rows) -> Rows:
    """Rows with two of total, good and bad as rows with good and total."""
    if "total" not in rows.columns:
        good = rows.columns["good"]
        return replace(rows, columns={**rows.columns, "good": good, "total": good + rows.columns["bad"]})
    if "good" in rows.columns:
        return rows
    total, bad = rows.columns["total"], rows.columns["bad"]
    over = bad > total
    more = (Notice("bad_above_total", {"file": path.name, "rows": int(over.sum())}),) if over.any() else ()
    columns = {**rows.columns, "good": np.maximum(total - bad, 0.0), "total": total}
    return replace(rows, columns=columns, notices=rows.notices + more)


def read_values(source: str, path: Path, column: str) -> Rows:
    """One column of a file, as ``value``."""

    def choose(names: Sequence[str]) -> list[str]:
        return _wanted(source, path, names, [TIME, column])

    rows = _understood(source, path, read(source, path, choose), -LARGEST_VALUE, LARGEST_VALUE)
    return replace(rows, columns={"value": rows.columns[column]})


def _wanted(source: str, path: Path, names: Sequence[str], wanted: list[str]) -> list[str]:
    for name in wanted:
        if names.count(name) > 1:
            raise QueryRefused(source, facts={"reason": "column_twice", "file": path.name, "column": name})
        if name not in names:
            raise _missing(source, path, name, names)
    return wanted


def _missing(source: str, path: Path, name: str, names: Sequence[str]) -> NotFound:
    """The error for a missing column; it names the columns there are and the nearest one."""
    nearest = get_close_matches(name, names, n=1, cutoff=0.6)
    facts = {"file": path.name, "column": name, "known": ", ".join(names), "nearest": "".join(nearest)}
    return NotFound(source, facts={"reason": "no_column_near" if nearest else "no_column", **facts})


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """A chunk of a file as numbers: NaN where a moment is none; ``bad`` are the lines that cannot be parsed."""

    moments: FloatArray
    columns: Mapping[str, FloatArray]
    kept: BoolArray
    lines: IntArray
    bad: IntArray


def _understood(source: str, path: Path, chunks: Generator[Written], lowest: float, highest: float) -> Rows:
    """The rows that can be understood; raises BadAnswer when there are rows and none of them can."""
    with closing(chunks):
        parsed = [_parsed(chunk, lowest, highest) for chunk in chunks]
    bad = np.concatenate([chunk.bad for chunk in parsed])
    lines = np.concatenate([chunk.lines for chunk in parsed])
    if bad.size and not np.setdiff1d(lines, bad).size:
        raise BadAnswer(source, facts={"reason": "no_good_row", "file": path.name, "first_line": int(bad.min())})
    moments = np.concatenate([chunk.moments for chunk in parsed])
    kept = np.flatnonzero(np.concatenate([chunk.kept for chunk in parsed]))
    kept = kept[np.argsort(moments[kept], kind="stable")]
    times = np.floor(moments[kept]).astype(np.int64)
    notices = _notices(path, bad, moments[kept], lines[kept])
    columns = {name: np.concatenate([chunk.columns[name] for chunk in parsed])[kept] for name in parsed[0].columns}
    return Rows(times, columns, notices, _spacing(moments))


def _parsed(written: Written, lowest: float, highest: float) -> _Chunk:
    names = [name for name in written.columns if name != TIME]
    moments = _moments(written.columns[TIME])
    blank = np.column_stack([_blank(written.columns[name]) for name in names]).all(axis=1)
    numbers = {name: _numbers(written.columns[name]) for name in names}
    sound = ~np.isnan(moments)
    for values in numbers.values():
        sound &= blank | ((values >= lowest) & (values <= highest))
    bad = np.concatenate([written.lines[~sound], np.array(written.ragged, dtype=np.int64)])
    return _Chunk(moments, numbers, sound & ~blank, written.lines, bad)


def _spacing(moments: FloatArray) -> int:
    different = np.unique(moments[~np.isnan(moments)])
    return int(np.diff(different).min()) if len(different) >= ENOUGH_MOMENTS else 0


def _notices(path: Path, bad_lines: IntArray, moments: FloatArray, lines: IntArray) -> tuple[Notice, ...]:
    repeated = lines[1:][np.diff(moments) == 0]
    found = {"bad_rows": bad_lines, "repeated_times": repeated}
    return tuple(
        Notice(code, {"file": path.name, "rows": len(where), "first_line": int(where.min())})
        for code, where in found.items()
        if where.size
    )


def _blank(cells: pd.Series) -> BoolArray:
    blank: BoolArray = (cells.isna() | (cells.astype(str) == "")).to_numpy(dtype=np.bool_)
    return blank


def _numbers(cells: pd.Series) -> FloatArray:
    """Cells as floats, NaN where they are no number."""
    import pandas as pd

    numbers: FloatArray = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _moments(cells: pd.Series) -> FloatArray:
    """Cells as Unix seconds, NaN where they are not a time: ISO 8601 (UTC without an offset) or Unix seconds."""
    import pandas as pd

    seconds = _numbers(cells) if not pd.api.types.is_datetime64_any_dtype(cells) else np.full(len(cells), np.nan)
    with np.errstate(invalid="ignore"):
        moments = np.where((seconds >= EARLIEST) & (seconds < LATEST), seconds, np.nan)
    texts = np.isnan(seconds) & ~_blank(cells)
    texts[texts] = _years_fit(cells[texts])
    if texts.any():
        parsed = pd.to_datetime(cells[texts], format="ISO8601", utc=True, errors="coerce")
        since = (parsed - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
        moments[texts] = since.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(moments < LATEST, moments, np.nan)


def _years_fit(cells: pd.Series) -> BoolArray:
    """Whether pandas can hold each of the times."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(cells):
        fit = cells.dt.year.between(FIRST_YEAR, LAST_YEAR)
    else:
        fit = cells.astype(str).str.match(YEAR)
    years: BoolArray = fit.to_numpy(dtype=np.bool_)
    return years
