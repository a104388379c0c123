"""Reading the columns of a CSV or Parquet file as they are written, chunk by chunk, with the line of every row.

pandas and pyarrow are imported inside the functions: without such files they are never loaded.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused
from tomoni.slo.model import IntArray

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# From the names of a file's columns, those to read. Raises a SourceError when they are not there.
Choice = Callable[[Sequence[str]], Sequence[str]]
DELIMITERS = ",;\t"
# Cells as Python objects take some hundred bytes each, and far less once they are numbers.
ROWS_PER_CHUNK = 50_000
LONGEST_LINE = 1_000_000
# All rows of a file are numbers in memory at once: these take some 450 MB while they are read.
MOST_ROWS = 3_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A chunk of columns as they are written, and the line of each row (in Parquet the row's number, from 1).

    ``ragged`` are the lines whose number of cells is not the header's; they are no rows.
    """

    columns: Mapping[str, pd.Series]
    lines: IntArray
    ragged: tuple[int, ...] = ()


def read(source: str, path: Path, choose: Choice) -> Generator[Written]:
    """The chosen columns of a file in one chunk or more; its extension decides how it is read.

    Raises NotFound, AccessDenied, QueryRefused (an unknown ending) or BadAnswer (not readable, or of more than
    ``MOST_ROWS`` rows).
    """
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QueryRefused(source, facts={"reason": "unknown_format", "file": path.name, "known": ", ".join(readers)})
    try:
        before = 0
        # Whoever stops early closes the file at once, and not when memory is cleared.
        with closing(reader(source, path, choose)) as chunks:
            for chunk in chunks:
                before += len(chunk.lines)
                if before > MOST_ROWS:
                    raise BadAnswer(source, facts={"reason": "too_many_rows", "file": path.name, "most": MOST_ROWS})
                yield chunk
    except FileNotFoundError:
        raise NotFound(source, facts={"reason": "no_file", "file": path.name}) from None
    except PermissionError:
        raise AccessDenied(source, facts={"reason": "file", "file": path.name}) from None
    except UnicodeDecodeError:
        raise BadAnswer(source, facts={"reason": "not_utf8", "file": path.name}) from None
    except (csv.Error, OSError, ValueError, OverflowError, NotImplementedError, MemoryError) as error:
        raise _unreadable(source, path, error) from error


def _unreadable(source: str, path: Path, error: Exception) -> BadAnswer:
    # The text of an operating system's error holds the whole path; its short form does not.
    detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return BadAnswer(source, detail, {"reason": "unreadable_file", "file": path.name})


@dataclass(slots=True)
class _Cells:
    """The rows of one chunk of a CSV file while it is read."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)

    def written(self, chosen: Sequence[str]) -> Written:
        import pandas as pd

        by_column = zip(*self.cells, strict=True) if self.cells else [()] * len(chosen)
        columns = {name: pd.Series(list(column), dtype=object) for name, column in zip(chosen, by_column, strict=True)}
        return Written(columns, np.array(self.lines, dtype=np.int64), tuple(self.ragged))


def _read_csv(source: str, path: Path, choose: Choice) -> Generator[Written]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(LONGEST_LINE)
        file.seek(0)
        rows = csv.reader(file, delimiter=max(DELIMITERS, key=first.count))
        header = [name.strip() for name in next(rows, [])]
        if not any(header):
            raise BadAnswer(source, facts={"reason": "empty_file", "file": path.name})
        chosen = choose(header)
        places = [header.index(name) for name in chosen]
        chunk = _Cells()
        for row in rows:
            if len(row) == len(header):
                chunk.cells.append([row[place].strip() for place in places])
                chunk.lines.append(rows.line_num)
            elif row:
                chunk.ragged.append(rows.line_num)
            if len(chunk.cells) + len(chunk.ragged) >= ROWS_PER_CHUNK:
                yield chunk.written(chosen)
                chunk = _Cells()
        yield chunk.written(chosen)


def _read_parquet(source: str, path: Path, choose: Choice) -> Generator[Written]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.exists() and not path.stat().st_size:
        raise BadAnswer(source, facts={"reason": "empty_file", "file": path.name})
    try:
        with pq.ParquetFile(path) as file:
            chosen = list(choose(file.schema_arrow.names))
            before = 0
            for batch in file.iter_batches(ROWS_PER_CHUNK, columns=chosen):
                yield _chunk(pa.Table.from_batches([batch]), chosen, before)
                before += batch.num_rows
            if not before:
                yield _chunk(file.schema_arrow.empty_table(), chosen, before)
    except pa.ArrowException as error:
        raise _unreadable(source, path, error) from error


def _chunk(table: pa.Table, chosen: Sequence[str], before: int) -> Written:
    columns = {name: _plain(table.column(name).to_pandas()) for name in chosen}
    return Written(columns, np.arange(before + 1, before + 1 + table.num_rows, dtype=np.int64))


def _plain(cells: pd.Series) -> pd.Series:
    """Dictionary-encoded and other special columns as plain objects."""
    import pandas as pd

    types = pd.api.types
    if types.is_numeric_dtype(cells) or types.is_datetime64_any_dtype(cells):
        return cells
    # Bytes that are no text must not end the reading of the other rows.
    return cells.astype(object).map(lambda cell: cell.decode(errors="replace") if isinstance(cell, bytes) else cell)
