"""The files source: CSV or Parquet files that a person or a job puts into a folder.

Rows finer than a bucket are summed (counts) or averaged (values); a row belongs to the bucket in
which its time lies. A file is read again when its size or its time of change differs.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from stat import S_ISREG

import numpy as np

from data_sources.base import Answer, Finding, Health, Interval, QueryText, Request, Series
from data_sources.errors import AccessDenied, NotFound, QueryRefused, SourceError
from data_sources.events import Happened
from data_sources.exploring import Exploring
from data_sources.files.config import FilesConfig, FileSignal
from data_sources.files.events import read_events
from data_sources.files.exploring import FilesExplorer
from data_sources.files.parse import Rows, read_counts, read_values
from data_sources.files.splitting import SplitRows, read_split
from data_sources.queries import Counts, Query
from data_sources.splits import SplitCounts
from tomoni.slo.model import BoolArray, FloatArray


class FilesSource(Exploring):
    """Answers `Counts` (a file's name) and `FileSignal` (a file's name and one of its columns)."""

    kind = "files"

    def __init__(self, source_id: str, config: FilesConfig, clock: Callable[[], float] = time.time) -> None:
        self.id = source_id
        self.lag_seconds = config.lag_seconds or 0
        self._folder = config.path
        self.explorer = FilesExplorer(source_id, config.path, self._series)
        self._clock = clock
        self._lock = threading.Lock()
        self._remembered: dict[tuple[Path, Query], tuple[tuple[int, int], Rows]] = {}
        self._splits: dict[tuple[Counts, tuple[str, ...]], tuple[tuple[int, int], SplitRows]] = {}

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Yields one answer for each request; buckets that have not ended yet are not observed."""
        for request in requests:
            try:
                if isinstance(request.query, SplitCounts):
                    yield Answer(request, series=Series(request.interval, self._split(request.query, request.interval)))
                    continue
                rows = self._rows(request.query, request.interval.step_seconds)
            except SourceError as error:
                yield Answer(request, error=error)
            else:
                columns = self._columns(rows, request.interval)
                yield Answer(request, series=Series(request.interval, columns), notices=rows.notices)

    def check(self, request: Request) -> tuple[Finding, ...]:
        """Errors and notices of the file, and whether it has rows in the interval."""
        try:
            rows = self._rows(request.query, request.interval.step_seconds)
        except SourceError as error:
            return (Finding("error", error.code, error.facts),)
        found = [Finding("warning", notice.code, notice.facts) for notice in rows.notices]
        interval = request.interval
        if not ((rows.times >= interval.start) & (rows.times < interval.end)).any():
            found.append(Finding("warning", "matches_nothing", {"file": _file_of(request.query)}))
        return tuple(found)

    def health(self) -> Health:
        """Whether the folder is there and may be read."""
        began = time.monotonic()
        error: SourceError | None = None
        try:
            os.listdir(self._folder)
        except PermissionError:
            error = AccessDenied(self.id, facts={"reason": "folder", "folder": str(self._folder)})
        except OSError:
            error = NotFound(self.id, facts={"reason": "no_folder", "folder": str(self._folder)})
        return Health(answered=error is None, seconds=time.monotonic() - began, error=error)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The file's name and the columns that are read."""
        if isinstance(query, SplitCounts) and isinstance(query.of, Counts):
            by = ", ".join(query.by)
            whole = self.explain(query.of, interval)
            return tuple(QueryText(f"split_{each.role}", f"{each.text} by {by}", each.url) for each in whole)
        if isinstance(query, Counts):
            return tuple(QueryText(role, f"{query.counts}: {name}") for role, name in _told(query).items())
        return (QueryText("value", f"{query.file}: {query.value}"),) if isinstance(query, FileSignal) else ()

    def happened(self, file: str) -> tuple[Happened, ...]:
        """The events of a file of the folder. Raises SourceError."""
        path = self._inside(file)
        self._stamp(path)
        return read_events(self.id, path)

    def close(self) -> None:
        """Forgets what was read."""
        with self._lock:
            self._remembered.clear()
            self._splits.clear()

    def _rows(self, query: Query, step_seconds: int) -> Rows:
        """The rows that a query is about; raises a SourceError."""
        if not isinstance(query, Counts | FileSignal):
            raise QueryRefused(self.id, facts={"reason": "form_not_answered", "form": type(query).__name__})
        name = _file_of(query)
        path = self._inside(name)
        rows = self._read(path, query)
        if rows.spacing_seconds > step_seconds:
            facts: dict[str, str | int | float] = {"reason": "rows_too_coarse", "file": name}
            facts |= {"spacing_seconds": rows.spacing_seconds, "step_seconds": step_seconds}
            raise QueryRefused(self.id, facts=facts)
        return rows

    def _split(self, query: SplitCounts, interval: Interval) -> dict[str, FloatArray]:
        """The columns of a split. Raises a SourceError."""
        counts = query.of
        self._rows(counts, interval.step_seconds)
        if not isinstance(counts, Counts):
            raise QueryRefused(self.id, facts={"reason": "form_not_answered", "form": type(counts).__name__})
        path = self._inside(counts.counts)
        stamp, name = self._stamp(path), (counts, query.by)
        with self._lock:
            known = self._splits.get(name)
        if known is None or known[0] != stamp:
            known = (stamp, read_split(self.id, path, counts.parts, query.by))
            with self._lock:
                self._splits[name] = known
        return known[1].columns(query, interval, self._ended(interval))

    def _series(self, query: Query, interval: Interval) -> dict[str, FloatArray]:
        rows = self._rows(query, interval.step_seconds)
        columns = self._columns(rows, interval)
        if isinstance(query, Counts):
            partly = _partly_held(rows, interval)
            columns = {name: np.where(partly, np.nan, values) for name, values in columns.items()}
        return columns

    def _inside(self, name: str) -> Path:
        """The path of a file in the folder; refuses one that leads out of it, by dots or by links."""
        try:
            path = (self._folder / name).resolve()
            inside = path.is_relative_to(self._folder.resolve())
        except (ValueError, RuntimeError, OSError):  # a NUL character, links in a circle, a name too long
            inside = False
        if not inside:
            raise QueryRefused(self.id, facts={"reason": "outside_folder", "file": name})
        return path

    def _read(self, path: Path, query: Counts | FileSignal) -> Rows:
        """The rows of a file, read anew when the file has changed."""
        stamp = self._stamp(path)
        with self._lock:
            known = self._remembered.get((path, query))
        if known and known[0] == stamp:
            return known[1]
        if isinstance(query, FileSignal):
            rows = read_values(self.id, path, query.value)
        else:
            rows = read_counts(self.id, path, query.parts)
        with self._lock:
            self._remembered[path, query] = (stamp, rows)
        return rows

    def _stamp(self, path: Path) -> tuple[int, int]:
        """What changes with a file; raises NotFound where there is no regular file."""
        try:
            stat = path.stat()
        except PermissionError:
            raise AccessDenied(self.id, facts={"reason": "file", "file": path.name}) from None
        except OSError:
            raise NotFound(self.id, facts={"reason": "no_file", "file": path.name}) from None
        if not S_ISREG(stat.st_mode):
            raise NotFound(self.id, facts={"reason": "no_file", "file": path.name})
        return stat.st_mtime_ns, stat.st_size

    def _ended(self, interval: Interval) -> int:
        """Up to where the buckets of an interval have ended."""
        return min(interval.end, int(self._clock()) // interval.step_seconds * interval.step_seconds)

    def _columns(self, rows: Rows, interval: Interval) -> dict[str, FloatArray]:
        """The rows of an interval by bucket: sums of counts, means of values, NaN where there is no row."""
        ended = self._ended(interval)
        first, last = np.searchsorted(rows.times, [interval.start, max(interval.start, ended)])
        places = (rows.times[first:last] - interval.start) // interval.step_seconds
        held = np.bincount(places, minlength=len(interval)).astype(np.float64)
        held[held == 0] = np.nan
        sums = {
            name: np.bincount(places, values[first:last], minlength=len(interval)) + held * 0.0
            for name, values in rows.columns.items()
        }
        return {"value": sums["value"] / held} if "value" in sums else {**sums, "absent": held * 0.0}


def _partly_held(rows: Rows, interval: Interval) -> BoolArray:
    """The buckets in which the rows begin or end: what they count is not all that happened in them."""
    starts = interval.start + np.arange(len(interval)) * interval.step_seconds
    if not len(rows.times):
        return np.zeros(len(interval), dtype=bool)
    first, last = int(rows.times[0]), int(rows.times[-1]) + rows.spacing_seconds
    ends = starts + interval.step_seconds
    partly: BoolArray = ((starts < first) & (first < ends)) | ((starts < last) & (last < ends))
    return partly


def _file_of(query: Query) -> str:
    return query.counts if isinstance(query, Counts) else getattr(query, "file", "")


def _told(query: Counts) -> dict[str, str]:
    """The columns of good and of all events, as they are explained."""
    parts = query.parts
    if not parts:
        return {"good": "good (total − bad)", "total": "total"}
    total = parts.get("total") or f"{parts['good']} + {parts['bad']}"
    return {"good": parts.get("good") or f"{total} − {parts['bad']}", "total": total}
