"""Reading the columns of a CSV or Parquet file as they are written, with the line of every row.

pandas and pyarrow are imported inside the functions: who has no such file does not pay for them.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused
from tomoni.slo.model import IntArray

if TYPE_CHECKING:
    import pandas as pd

# From the names of a file's columns, those to read. Raises a SourceError when they are not there.
Choice = Callable[[Sequence[str]], Sequence[str]]
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Columns as they are written, and the line of each row (in Parquet the row's number, from 1).

    ``ragged`` are the lines whose number of cells is not the header's; they are no rows.
    """

    columns: Mapping[str, pd.Series]
    lines: IntArray
    ragged: tuple[int, ...] = ()


def read(source: str, path: Path, choose: Choice) -> Written:
    """The chosen columns of a file; its extension decides how it is read.

    Raises NotFound, AccessDenied, QueryRefused (an unknown ending) or BadAnswer (not readable).
    """
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QueryRefused(source, facts={"reason": "unknown_format", "file": path.name, "known": ", ".join(readers)})
    try:
        return reader(source, path, choose)
    except FileNotFoundError:
        raise NotFound(source, facts={"reason": "no_file", "file": path.name}) from None
    except PermissionError:
        raise AccessDenied(source, facts={"reason": "file", "file": path.name}) from None
    except UnicodeDecodeError:
        raise BadAnswer(source, facts={"reason": "not_utf8", "file": path.name}) from None
    except (csv.Error, OSError) as error:
        raise _unreadable(source, path, error) from error


def _unreadable(source: str, path: Path, error: Exception) -> BadAnswer:
    # The text of an operating system's error holds the whole path; its short form does not.
    detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return BadAnswer(source, detail, {"reason": "unreadable_file", "file": path.name})


def _read_csv(source: str, path: Path, choose: Choice) -> Written:
    import pandas as pd

    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=max(DELIMITERS, key=first.count))
        header = [name.strip() for name in next(rows, [])]
        if not any(header):
            raise BadAnswer(source, facts={"reason": "empty_file", "file": path.name})
        chosen = choose(header)
        places = [header.index(name) for name in chosen]
        cells: list[list[str]] = []
        lines: list[int] = []
        ragged: list[int] = []
        for row in rows:
            if len(row) == len(header):
                cells.append([row[place].strip() for place in places])
                lines.append(rows.line_num)
            elif row:
                ragged.append(rows.line_num)
    by_column = zip(*cells, strict=True) if cells else [()] * len(chosen)
    columns = {name: pd.Series(list(column), dtype=object) for name, column in zip(chosen, by_column, strict=True)}
    return Written(columns, np.array(lines, dtype=np.int64), tuple(ragged))


def _read_parquet(source: str, path: Path, choose: Choice) -> Written:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.exists() and not path.stat().st_size:
        raise BadAnswer(source, facts={"reason": "empty_file", "file": path.name})
    try:
        with pq.ParquetFile(path) as file:
            chosen = list(choose(file.schema_arrow.names))
            table = file.read(columns=chosen)
        columns = {name: _plain(table.column(name).to_pandas()) for name in chosen}
    except pa.ArrowException as error:
        raise _unreadable(source, path, error) from error
    return Written(columns, np.arange(1, table.num_rows + 1, dtype=np.int64))


def _plain(cells: pd.Series) -> pd.Series:
    """Dictionary-encoded and other special columns as plain objects."""
    import pandas as pd

    types = pd.api.types
    return cells if types.is_numeric_dtype(cells) or types.is_datetime64_any_dtype(cells) else cells.astype(object)
