"""A database that is damaged, newer, full or read-only: each by its code, with what still works."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from tomoni.store.engine import open_engine, reading, write
from tomoni.store.errors import StoreError


def of_a_newer_version(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute("UPDATE schema_reach SET oldest = '9999'")
    connection.commit()
    connection.close()


def half_overwritten(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + os.urandom(len(content) // 2))


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def without(statement: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        connection = sqlite3.connect(file)
        connection.execute(statement)
        connection.commit()
        connection.close()

    return change


TROUBLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "of a newer version": (of_a_newer_version, "database_newer"),
    "no database": (lambda file: file.write_bytes(b"a note, and no database\n" * 500), "database_damaged"),
    "half overwritten": (half_overwritten, "database_damaged"),
    "cut off": (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "database_damaged"),
    "a table is gone": (without("DROP TABLE ledger_version"), "database_incomplete"),
    "a column is gone": (without("ALTER TABLE ledger_version RENAME COLUMN version TO v"), "database_incomplete"),
    "a folder": (a_folder, "database_unreachable"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    open_engine(f"sqlite:///{tmp_path}/tomoni.db").dispose()
    return tmp_path / "tomoni.db"


def more(file: Path) -> None:
    """Opens it, reads everything, and writes."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        with reading(engine) as connection:
            for table in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars():
                connection.execute(text(f'SELECT * FROM "{table}"')).all()
        write(engine, lambda connection: connection.execute(text("UPDATE ledger_version SET version = version + 1")))
    finally:
        engine.dispose()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_cannot_be_read_is_told_by_its_code_and_left_as_it_is(file: Path, trouble: str) -> None:
    make, code = TROUBLES[trouble]
    make(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(StoreError) as caught:
        more(file)
    assert caught.value.code == code
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_full_disk_lets_everything_be_read_and_what_is_open_go_on_once_there_is_room(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))
    engine = open_engine(f"sqlite:///{file}")

    def count(connection):
        return connection.execute(text("UPDATE ledger_version SET version = version + 1"))

    with reading(engine) as connection:
        assert connection.execute(text("SELECT version FROM ledger_version")).scalar() == 0
    assert not file.with_name("tomoni.db-shm").exists()
    with pytest.raises(StoreError) as caught:
        write(engine, count)
    assert (caught.value.code, str(file) in str(caught.value.facts["database"])) == ("database_full", True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 30))
    write(engine, count)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version FROM ledger_version")).scalar() == 1
    engine.dispose()
