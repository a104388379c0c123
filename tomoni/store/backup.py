"""Everything that a database holds as one file, and back, also into a database of the other kind.

The file is a ZIP: a file of JSON lines for each table, and ``manifest.json`` with the number of rows and the SHA-256
of each, the revision of the tables, and a seal (SHA-256) over all of that. Rows are read and written one after
the other, so that a large database needs little memory.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, RowMapping, Table, func, insert, select, text

from tomoni.store.engine import reading_at_once, write
from tomoni.store.errors import StoreError
from tomoni.store.schema import HEAD, refuse_other
from tomoni.store.tables import drawn, kept_tables, ledger_version

MANIFEST = "manifest.json"
FORMAT = "tomoni-backup"
VERSION = 1
_ROWS_AT_ONCE = 500
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds: when it was made (Unix seconds), the revision of its tables, and the rows of each."""

    made_at: int
    schema: str
    rows: Mapping[str, int]


def back_up(engine: Engine, file: Path, now: int) -> Backup:
    """Writes everything as of one moment into a file; others may write meanwhile. Raises StoreError
    (`database_newer` for tables of a newer version, of which this one would leave out a part), OSError."""
    tables: dict[str, Facts] = {}
    with reading_at_once(engine) as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        refuse_other(connection)
        for table in kept_tables():
            tables[table.name] = _write_table(connection, table, archive)
        manifest = {"format": FORMAT, "version": VERSION, "schema": HEAD, "made_at": now, "tables": tables}
        archive.writestr(MANIFEST, json.dumps({**manifest, "seal": _seal(manifest)}, indent=1))
    return Backup(now, HEAD, {name: facts["rows"] for name, facts in tables.items()})


def verify(file: Path) -> Backup:
    """Reads a whole file and compares it with its hashes.

    Raises StoreError: `backup_damaged`, `backup_unknown`, `backup_other_schema`; OSError.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive)
        for table in kept_tables():
            for _line in _lines(archive, table.name, manifest):
                pass
    return _described(manifest)


def restore(file: Path, engine: Engine, replace: bool = False) -> Backup:
    """Puts what a file holds into an empty database, all of it or nothing; with ``replace`` into one that is not
    empty, whose content is gone then. Raises StoreError as `verify` does, and `database_not_empty`; OSError."""
    verify(file)

    def work(connection: Connection) -> Backup:
        refuse_other(connection)
        _make_room(connection, replace)
        with _opened(file) as archive:
            manifest = _manifest(archive)
            for table in kept_tables():
                _fill(connection, table, _lines(archive, table.name, manifest))
        return _described(manifest)

    return write(engine, work)


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> Facts:
    digest, count = hashlib.sha256(), 0
    rows = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS_AT_ONCE)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in connection.execute(rows).mappings():
            line = json.dumps(_plain(row), separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _plain(row: RowMapping) -> Facts:
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value
        for name, value in row.items()
    }


def _seal(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        if not _began_as_archive(file):
            raise StoreError("backup_unknown", facts={"file": file.name}) from None
        raise _damaged(file.name, file.name) from None


def _began_as_archive(file: Path) -> bool:
    """Whether a file is empty or begins as archives do: a truncated backup, and no other kind of file."""
    with file.open("rb") as opened:
        return opened.read(2) in (b"", b"P", b"PK")


def _manifest(archive: zipfile.ZipFile) -> Facts:
    """The manifest, if this version of the code can restore what it describes. Raises StoreError."""
    name = Path(archive.filename or "").name
    found = _guarded(name, MANIFEST, lambda: json.loads(archive.read(MANIFEST)))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise StoreError("backup_unknown", facts={"file": name})
    if found.pop("seal", None) != _seal(found):
        raise _damaged(name, MANIFEST)
    if found["version"] != VERSION or found["schema"] != HEAD:
        raise StoreError("backup_other_schema", facts={"file": name, "found": found["schema"], "expected": HEAD})
    if set(found["tables"]) != {table.name for table in kept_tables()}:
        raise _damaged(name, MANIFEST)
    return found


def _lines(archive: zipfile.ZipFile, table: str, manifest: Facts) -> Iterator[bytes]:
    """The lines of a table. Raises StoreError at their end where they are not those that were written."""
    name, part, facts = Path(archive.filename or "").name, f"{table}.jsonl", manifest["tables"][table]
    digest, count = hashlib.sha256(), 0
    lines = _guarded(name, part, lambda: archive.open(part))
    with lines:
        while line := _guarded(name, part, lines.readline):
            digest.update(line)
            count += 1
            yield line
    if (count, digest.hexdigest()) != (facts["rows"], facts["sha256"]):
        raise _damaged(name, part)


def _guarded(file: str, part: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is read
    try:
        return read()
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise _damaged(file, part) from None


def _damaged(file: str, part: str) -> StoreError:
    return StoreError("backup_damaged", facts={"file": file, "part": part})


def _described(manifest: Facts) -> Backup:
    rows = {name: facts["rows"] for name, facts in manifest["tables"].items()}
    return Backup(manifest["made_at"], manifest["schema"], rows)


def _make_room(connection: Connection, replace: bool) -> None:
    """Empties the tables; refuses where something is in them that may not go. Every database has a version."""
    for table in reversed(kept_tables()):
        kept = table is not ledger_version and connection.execute(select(table).limit(1)).first()
        if kept and not replace:
            shown = connection.engine.url.set(query={}).render_as_string(hide_password=True)
            raise StoreError("database_not_empty", facts={"database": shown, "table": table.name})
        connection.execute(table.delete())
    connection.execute(drawn.delete())  # it was made from what was here


def _fill(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    while rows := [json.loads(line) for line in islice(lines, _ROWS_AT_ONCE)]:
        for row in rows:
            row |= {name: base64.b64decode(row[name]) for name in binary if row[name] is not None}
        connection.execute(insert(table), rows)
    counted = table.autoincrement_column
    if counted is not None and connection.dialect.name == "postgresql":
        last = select(func.max(counted)).scalar_subquery()
        following = func.setval(
            func.pg_get_serial_sequence(table.name, counted.name), func.coalesce(last, 0) + 1, text("false")
        )
        connection.execute(select(following))
