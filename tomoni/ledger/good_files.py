"""The last good texts of configuration files, kept in the database: they survive a restart."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from tomoni.catalog.schema import GoodFile, GoodFiles
from tomoni.ledger.rows import begin_merge
from tomoni.store.engine import reading, write
from tomoni.store.errors import StoreError
from tomoni.store.tables import good_files

log = logging.getLogger(__name__)


def read_good_files(engine: Engine, folder: Path) -> GoodFiles:
    """What is kept of the files of a folder, by their names in it. Raises StoreError."""
    with reading(engine) as connection:
        return _read(connection, _name(folder))


def keep_good_files(engine: Engine, folder: Path, before: GoodFiles, now: GoodFiles) -> None:
    """Stores what changed, and removes what is kept of files that were deleted.

    A database that cannot be written (a read-only one) keeps what it has.
    """
    gone, changed = before.keys() - now.keys(), {name: file for name, file in now.items() if before.get(name) != file}
    if not gone and not changed:
        return
    try:
        write(engine, lambda connection: _write(connection, _name(folder), changed, sorted(gone)))
    except StoreError as error:
        log.warning("the last good configuration files could not be kept: %s", error.code)


def _name(folder: Path) -> str:
    return str(folder.absolute())[-500:]


def _read(connection: Connection, folder: str) -> GoodFiles:
    rows = connection.execute(select(good_files).where(good_files.c.folder == folder))
    return {row.file: GoodFile(row.elements, row.texts) for row in rows}


def _write(connection: Connection, folder: str, changed: GoodFiles, gone: list[str]) -> None:
    begin_merge(connection)
    table = good_files.c
    connection.execute(delete(good_files).where(table.folder == folder, table.file.in_([*changed, *gone])))
    rows = [
        {"folder": folder, "file": name, "elements": dict(file.elements), "texts": dict(file.texts)}
        for name, file in changed.items()
    ]
    if rows:
        connection.execute(insert(good_files), rows)
