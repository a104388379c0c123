"""The numbers of a snapshot as tables: one row for each SLO, and every figure's lines over time.

Columns are named by codes, which no spreadsheet takes for a formula; in CSV texts of others that begin like
one get an apostrophe in front (`formulas.harmless`). Numbers are not rounded and read back equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from tomoni.review.model import SloTrack
from tomoni.slo.model import IntArray, Line
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.snapshots.record.manifest import bytes_hash, manifest, with_parts
from tomoni.snapshots.record.snapshot import Snapshot

MANIFEST_KEY = b"tomoni.manifest"


def numbers(snapshot: Snapshot) -> pa.Table:
    """One row for each SLO, with the names of `status --format json`, nested ones joined by a dot."""
    described = manifest(snapshot)
    titles = [_titles(track) for track in snapshot.review.tracks]
    rows = [_flat(slo) | title for slo, title in zip(described["slos"], titles, strict=True)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    ends = {name: described[name] for name in ("period", "as_of", "snapshot") if name in described}
    for name, value in ends.items():
        made = made.append_column(name, pa.array([value] * len(rows), pa.string()))
    return _with_manifest(made, described)


def lines(snapshot: Snapshot) -> pa.Table:
    """A row for each moment (UTC), a column for each line; null where nothing was observed."""
    columns = dict(_columns(snapshot))
    moments = np.unique(np.concatenate([np.zeros(0, np.int64), *(line.times for line in columns.values())]))
    made = {"time": pa.array(moments * 1_000_000, pa.timestamp("us", tz="UTC"))}
    made |= {name: pa.array(_spread(line, moments), from_pandas=True) for name, line in columns.items()}
    return _with_manifest(pa.table(made), manifest(snapshot))


def _with_manifest(table: pa.Table, described: Mapping[str, Any]) -> pa.Table:
    sealed = with_parts(dict(described), column_hashes(table))
    return table.replace_schema_metadata({MANIFEST_KEY: json.dumps(sealed, ensure_ascii=False).encode()})


def column_hashes(table: pa.Table) -> dict[str, str]:
    """The hash of the values of each column, whatever the file's encoding of them."""
    return {name: _column_hash(table.column(name)) for name in table.column_names}


def _column_hash(column: pa.ChunkedArray) -> str:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    if not pa.types.is_floating(column.type):
        return bytes_hash(json.dumps(column.to_pylist(), ensure_ascii=False).encode())
    missing = column.is_null().to_numpy()
    values = pa.compute.fill_null(column, 0.0).to_numpy()
    return bytes_hash(missing.tobytes() + values.astype("<f8").tobytes())


def as_csv(table: pa.Table) -> bytes:
    """A table as CSV with a heading."""
    for n, name in enumerate(table.column_names):
        column = table.column(n)
        if pa.types.is_timestamp(column.type):
            table = table.set_column(n, name, pa.compute.strftime(column, format="%Y-%m-%dT%H:%M:%SZ"))
        elif pa.types.is_string(column.type):
            texts = [text and harmless(text) for text in column.to_pylist()]
            table = table.set_column(n, name, pa.array(texts, pa.string()))
    out = BytesIO()
    pa_csv.write_csv(table, out)
    return out.getvalue()


def as_parquet(table: pa.Table) -> bytes:
    """A table as Parquet, with the manifest among its metadata."""
    out = BytesIO()
    pa_parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


def _titles(track: SloTrack) -> dict[str, str]:
    status = track.status
    titled = {"app": status.app.title, "journey": status.journey.title, "slo": status.slo.title}
    return {f"{name}_title": title("en") for name, title in titled.items()}


def _flat(slo: Mapping[str, Any]) -> dict[str, Any]:
    """One level of names; lists (alerts, notices, parts) and what is nested deeper as JSON."""
    flat: dict[str, Any] = {}
    for name, value in slo.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": _nested(found) for inner, found in value.items()}
        else:
            flat[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else _number(value)
    return flat


def _nested(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    """A value below a name; a record that is read again has its names in another order than the review."""
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return _number(value)


def _number(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    """Counts may be whole; a column has one type."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _columns(snapshot: Snapshot) -> Iterable[tuple[str, Line]]:
    """Every line of the review under its code."""
    for track in snapshot.review.tracks:
        place = f"{track.status.journey.id}/{track.status.slo.id}"
        yield f"{place}.success", track.success
        yield f"{place}.events_per_second", track.traffic
        yield f"{place}.budget_left_period", track.burn_down
        yield f"{place}.budget_left_window", track.rolling
        if track.forecast is not None:
            yield f"{place}.budget_left_forecast", track.forecast.line
    for lane in snapshot.review.lanes:
        yield f"signal.{lane.signal.id}", lane.values


def _spread(line: Line, moments: IntArray) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A line on the moments of all lines, NaN where it has none. Shape ``(len(moments),)``."""
    out = np.full(len(moments), np.nan)
    out[np.searchsorted(moments, line.times)] = line.values
    return out
