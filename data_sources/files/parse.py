"""From the cells of a file to rows: moments, numbers, and problems.

A row whose number cells are all empty is not observed. Any other row that cannot be parsed is left out
and reported in a notice, with the number of such rows and the line of the first.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_sources.base import Notice
from data_sources.errors import BadAnswer, NotFound, QueryRefused
from data_sources.files.read import Written, read
from tomoni.slo.model import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

TIME = "time"
# Numbers outside are not present-day Unix seconds but, say, 20261118 or milliseconds.
EARLIEST, LATEST = 1e8, 1e11
# Two rows far apart may be neighbours in a coarse file, or have a gap between them; the file does not show which.
ENOUGH_MOMENTS = 3


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


def read_counts(source: str, path: Path) -> Rows:
    """Columns ``good`` and ``total`` of a file that has total, and good or bad (good where both)."""

    def choose(names: Sequence[str]) -> list[str]:
        part = "good" if "good" in names or "bad" not in names else "bad"
        return _wanted(source, path, names, [TIME, "total", part])

    rows = _understood(source, path, read(source, path, choose), lowest=0.0)
    if "good" in rows.columns:
        return rows
    total, bad = rows.columns["total"], rows.columns["bad"]
    over = bad > total
    more = (Notice("bad_above_total", {"file": path.name, "rows": int(over.sum())}),) if over.any() else ()
    columns = {"good": np.maximum(total - bad, 0.0), "total": total}
    return replace(rows, columns=columns, notices=rows.notices + more)


def read_values(source: str, path: Path, column: str) -> Rows:
    """One column of a file, as ``value``."""

    def choose(names: Sequence[str]) -> list[str]:
        return _wanted(source, path, names, [TIME, column])

    rows = _understood(source, path, read(source, path, choose), lowest=-np.inf)
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


def _understood(source: str, path: Path, written: Written, lowest: float) -> Rows:
    """The rows that can be understood; raises BadAnswer when there are rows and none of them can."""
    names = [name for name in written.columns if name != TIME]
    moments = _moments(written.columns[TIME])
    blank = np.column_stack([_blank(written.columns[name]) for name in names]).all(axis=1)
    numbers = {name: _numbers(written.columns[name]) for name in names}
    sound = ~np.isnan(moments)
    for values in numbers.values():
        sound &= blank | (np.isfinite(values) & (values >= lowest))
    bad_lines = sorted([*written.lines[~sound].tolist(), *written.ragged])
    if bad_lines and not sound.any():
        raise BadAnswer(source, facts={"reason": "no_good_row", "file": path.name, "first_line": bad_lines[0]})
    kept = np.flatnonzero(sound & ~blank)
    kept = kept[np.argsort(moments[kept], kind="stable")]
    times = np.floor(moments[kept]).astype(np.int64)
    notices = _notices(path, bad_lines, moments[kept], written.lines[kept])
    columns = {name: values[kept] for name, values in numbers.items()}
    return Rows(times, columns, notices, _spacing(moments))


def _spacing(moments: FloatArray) -> int:
    different = np.unique(moments[~np.isnan(moments)])
    return int(np.diff(different).min()) if len(different) >= ENOUGH_MOMENTS else 0


def _notices(path: Path, bad_lines: Sequence[int], moments: FloatArray, lines: IntArray) -> tuple[Notice, ...]:
    repeated = lines[1:][np.diff(moments) == 0]
    found = {"bad_rows": list(bad_lines), "repeated_times": repeated.tolist()}
    return tuple(
        Notice(code, {"file": path.name, "rows": len(where), "first_line": min(where)})
        for code, where in found.items()
        if where
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
    if texts.any():
        parsed = pd.to_datetime(cells[texts], format="ISO8601", utc=True, errors="coerce")
        since = (parsed - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
        moments[texts] = since.to_numpy(dtype=np.float64, na_value=np.nan)
    return moments
