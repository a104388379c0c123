"""`export parquet`: the ledger as Parquet files, a folder a day, for DuckDB, BigQuery, pandas and others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tomoni.catalog.schema import SeriesRef
from tomoni.commands.session import Session
from tomoni.ledger import Ledger
from tomoni.ledger.model import Remembered
from tomoni.review.inputs import signals_of, slos_of
from tomoni.slo.model import DAY, HOUR, BoolArray
from tomoni.snapshots.files import make_folder, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1
STATE = "_tomoni.json"
_ROWS_AT_ONCE = 200  # SLOs of one day that are read together
_COLUMNS = {"slos": ("good", "total"), "signals": ("value",)}
_NAMES = {"slos": ("app", "journey", "slo"), "signals": ("app", "signal")}


@dataclass(frozen=True, slots=True)
class LakeOptions:
    """Where to write, only one app (None: all), and only days from one on (Unix seconds)."""

    out: Path
    app: str | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One SLO or signal: its ids, and the series in which the ledger has it."""

    names: tuple[str, ...]
    ref: SeriesRef


@dataclass(slots=True)
class Lake:
    """A folder with what is exported; ``state`` has the hash of each file as it was written."""

    folder: Path
    ledger: Ledger
    state: dict[str, str] = field(default_factory=dict)
    written: int = 0
    kept: int = 0

    def add(self, kind: str, rows: list[Row], since: int) -> None:
        """Writes the days of a kind that changed since they were last written."""
        named = hashlib.sha256(repr([(row.names, row.ref.key) for row in rows]).encode()).hexdigest()
        for day, found in sorted(self.ledger.day_prints({row.ref.key for row in rows}).items()):
            if day < since // DAY:
                continue
            file = Path(kind) / f"day={datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}" / "part.parquet"
            whole = f"{VERSION}:{named}:{found}"
            if self.state.get(str(file)) == whole and (self.folder / file).is_file():
                self.kept += 1
                continue
            self._write(kind, file, day, rows)
            self.state[str(file)] = whole
            self.written += 1

    def _write(self, kind: str, file: Path, day: int, rows: list[Row]) -> None:
        from pyarrow import parquet

        def fill(aside: Path) -> None:
            with parquet.ParquetWriter(aside, schema_of(kind), compression="zstd") as writer:
                for some in (rows[first : first + _ROWS_AT_ONCE] for first in range(0, len(rows), _ROWS_AT_ONCE)):
                    found = self.ledger.read([row.ref for row in some], day * DAY, (day + 1) * DAY)
                    for row in some:
                        writer.write_table(_table(kind, row, found[row.ref.key]))

        make_folder((self.folder / file).parent)
        write_whole(self.folder / file, fill)


def run(session: Session, options: LakeOptions) -> int:
    """Writes what changed since the last time; the exit code. Raises Refusal, StoreError, SnapshotError."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    apps = tomoni.apps(options.app)
    make_folder(options.out)
    lake = Lake(options.out, tomoni.ledger, _state(options.out / STATE))
    slos = [Row((place.app.id, place.journey.id, place.slo.id), place.slo.series) for place in slos_of(apps)]
    signals = [Row((app.id, signal.id), signal.series) for app, signal in signals_of(apps)]
    try:
        lake.add("slos", slos, options.since or 0)
        lake.add("signals", signals, options.since or 0)
    finally:
        _keep(options.out / STATE, lake.state)
    phrase = text.n_(
        "%(folder)s: %(written)s file written, %(kept)s unchanged.",
        "%(folder)s: %(written)s files written, %(kept)s unchanged.",
        lake.written,
    )
    counts = {"written": text.count(lake.written), "kept": text.count(lake.kept)}
    session.done.say(phrase % {"folder": options.out, **counts})
    session.done.facts = {"folder": str(options.out), "written": lake.written, "unchanged": lake.kept}
    return session.report_errors(tomoni.catalog)


def schema_of(kind: str) -> pa.Schema:
    """The columns of a kind of file, as docs/lake.md describes them."""
    import pyarrow as pa

    names = [pa.field(name, pa.string(), nullable=False) for name in (*_NAMES[kind], "source", "series")]
    times = [
        pa.field("start", pa.timestamp("s", "UTC"), nullable=False),
        pa.field("seconds", pa.int32(), nullable=False),
    ]
    values = [pa.field(name, pa.float64()) for name in _COLUMNS[kind]]
    return pa.schema([*names, *times, *values, pa.field("fetched_at", pa.timestamp("s", "UTC"))])


def _table(kind: str, row: Row, found: Remembered) -> pa.Table:
    """The buckets of one SLO or signal that are known; what its source had nothing for is null."""
    import pyarrow as pa

    columns = {name: found.column(name) for name in _COLUMNS[kind]}
    observed = np.logical_and.reduce([~np.isnan(values) for values in columns.values()])
    here = np.flatnonzero((observed | (found.fetched_at > 0)) & _is_row(found))
    step, hours = found.interval.step_seconds, found.hours()
    seconds = np.full(len(here), step) if hours is None else np.where(hours[here], HOUR, step)
    starts = found.interval.start + (here + 1) * step - seconds
    names = dict(zip((*_NAMES[kind], "source", "series"), (*row.names, row.ref.source, row.ref.key), strict=True))
    arrays: dict[str, Any] = {name: np.full(len(here), value, dtype=object) for name, value in names.items()}
    arrays["start"], arrays["seconds"] = starts, seconds
    arrays |= {name: pa.array(values[here], mask=~observed[here]) for name, values in columns.items()}
    arrays["fetched_at"] = pa.array(found.fetched_at[here], mask=found.fetched_at[here] == 0)
    schema = schema_of(kind)
    return pa.table({each.name: _cast(arrays[each.name], each.type) for each in schema}, schema=schema)


def _is_row(found: Remembered) -> BoolArray:
    """Which buckets are a row: of an hour that is stored as one sum the last, in which it stands."""
    hours, interval = found.hours(), found.interval
    if hours is None:
        return np.ones(len(interval), dtype=np.bool_)
    ends = interval.start + np.arange(1, len(interval) + 1) * interval.step_seconds
    rows: BoolArray = ~hours | (ends % HOUR == 0)
    return rows


def _cast(values: Any, kind: pa.DataType) -> pa.Array:  # noqa: ANN401 - an array of either library
    import pyarrow as pa

    array = values if isinstance(values, pa.Array) else pa.array(values)
    return array.cast(kind)


def _state(file: Path) -> dict[str, str]:
    """What was written before; nothing where that is not known, so that everything is written again."""
    try:
        told: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return dict(told["files"]) if told["version"] == VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _keep(file: Path, state: Mapping[str, str]) -> None:
    body = json.dumps({"version": VERSION, "files": state}, indent=1, sort_keys=True)
    write_whole(file, lambda aside: _put(aside, body))


def _put(file: Path, body: str) -> None:
    file.write_text(body, encoding="utf-8")
