"""A backup is everything as of one moment, can be restored on both kinds of database, and is refused if altered."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from tests.store.databases import database_url, engine
from tests.store.postgres import PostgresServer, postgres_server
from tomoni.store import backup
from tomoni.store.engine import open_engine, reading, write
from tomoni.store.errors import StoreError
from tomoni.store.tables import kept_tables, ledger_version, native_slos, record_revisions, records, series, series_days

__all__ = ["database_url", "engine", "postgres_server"]
NOW = 1_795_860_000
ID = "{:024x}".format


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A second database, empty."""
    url = f"sqlite:///{tmp_path}/other.db"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    opened = open_engine(url)
    yield opened
    opened.dispose()


def fill(engine: Engine, count: int = 3) -> None:
    """Rows of every kind of column: binary, nested, null, large, not ASCII, floats."""
    ref = {"key": "k", "source": "s", "form": "f", "query": {"q": ['"\u0000', 0.1, None]}, "step_seconds": 60}
    day = {"series": "k", "missing": 0, "margin": -(2**40), "gap_due": None, "newest_fetch": 5}
    native = {"source": "s", "tried": 1, "answered": None, "error_code": None, "detail": "遅い\n", "facts": {}}

    def work(connection: Connection) -> None:
        connection.execute(insert(series), {**ref, "first_seen": 1})
        for n in range(count):
            connection.execute(insert(series_days), {**day, "day": n, "payload": bytes(range(256)) * 3})
            connection.execute(insert(native_slos), {**native, "name": str(n), "body": [None, {"a": 1e-300}, 7][n % 3]})
            add(connection, n)

    write(engine, work)


def add(connection: Connection, n: int) -> None:
    body = {"text": f"{n} 注文", "a": [1.5, None]}
    row = {"id": ID(n), "kind": "action", "app": "a", "key": None, "revision": 1, "created_at": NOW, "changed_at": NOW}
    connection.execute(insert(records), {**row, "removed_at": None, "body": body})
    connection.execute(insert(record_revisions), {"record": ID(n), "revision": 1, "at": NOW, "body": body})


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in kept_tables()
        }


def test_what_is_restored_is_what_was_there_on_both_kinds_of_database(engine: Engine, other: Engine, tmp_path: Path):
    fill(engine)
    made = backup.back_up(engine, tmp_path / "a.zip", NOW)
    assert (made.rows["records"], made.rows["series_days"], made.rows["notes"]) == (3, 3, 0)
    assert backup.verify(tmp_path / "a.zip") == made
    assert backup.restore(tmp_path / "a.zip", other) == made
    assert content(other) == content(engine)
    backup.back_up(other, tmp_path / "b.zip", NOW)
    with zipfile.ZipFile(tmp_path / "a.zip") as a, zipfile.ZipFile(tmp_path / "b.zip") as b:
        assert a.read(backup.MANIFEST) == b.read(backup.MANIFEST)
    write(other, lambda connection: add(connection, 9))
    assert content(other)["records"][-1][0] == 4


def test_a_backup_is_of_one_moment_while_others_write(engine: Engine, tmp_path: Path):
    fill(engine)
    stop = threading.Event()

    def keep_writing() -> None:
        n = 100
        while not stop.is_set():
            write(engine, partial(add, n=n))
            n += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for n in range(5):
            made = backup.back_up(engine, tmp_path / f"{n}.zip", NOW)
            assert made.rows["records"] == made.rows["record_revisions"]
    finally:
        stop.set()
        writer.join()
    assert backup.verify(tmp_path / "4.zip").rows["records"] >= 3


def test_a_database_that_is_not_empty_is_kept_until_told(engine: Engine, tmp_path: Path):
    fill(engine)
    backup.back_up(engine, tmp_path / "a.zip", NOW)
    before = content(engine)
    write(engine, lambda connection: add(connection, 50))
    with pytest.raises(StoreError, match="database_not_empty") as caught:
        backup.restore(tmp_path / "a.zip", engine)
    assert "password" not in str(caught.value.facts)
    assert len(content(engine)["records"]) == 4
    backup.restore(tmp_path / "a.zip", engine, replace=True)
    assert content(engine) == before


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A backup of a database in SQLite."""
    opened = open_engine(f"sqlite:///{tmp_path}/a.db")
    fill(opened)
    backup.back_up(opened, tmp_path / "a.zip", NOW)
    opened.dispose()
    return tmp_path / "a.zip"


def refused(file: Path) -> StoreError:
    """Why a file is refused; nothing of it is in the database then."""
    opened = open_engine(f"sqlite:///{file.parent}/target.db")
    try:
        with pytest.raises(StoreError) as caught:
            backup.restore(file, opened)
        assert all(not rows for name, rows in content(opened).items() if name != ledger_version.name)
    finally:
        opened.dispose()
    return caught.value


def altered(file: Path, **parts: bytes | None) -> Path:
    """The same with some of its files (by their names without the suffix) written anew, or left out."""
    out = file.with_name("altered.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = parts.get(name.partition(".")[0], old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out


def manifest_with(file: Path, seal: bool = True, **fields: object) -> bytes:
    with zipfile.ZipFile(file) as archive:
        manifest = {**json.loads(archive.read(backup.MANIFEST)), **fields}
    if seal:
        manifest.pop("seal", None)
        plain = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
        manifest["seal"] = hashlib.sha256(plain).hexdigest()
    return json.dumps(manifest).encode()


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_file_is_refused(file: Path, share: float):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert refused(file).code == "backup_damaged"


def test_a_file_with_a_changed_byte_is_refused_or_the_same(file: Path):
    whole = file.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert verified(file) in {"backup_damaged", "backup_unknown", "3"}


def verified(file: Path) -> str:
    """How many records a file has, or why it is refused."""
    try:
        return str(backup.verify(file).rows["records"])
    except StoreError as error:
        return error.code


def test_what_was_altered_is_named(file: Path):
    assert refused(altered(file, records=b"")).facts["part"] == "records.jsonl"
    assert refused(altered(file, series_days=b"{}\n")).facts["part"] == "series_days.jsonl"
    assert refused(altered(file, notes=None)).facts["part"] == "notes.jsonl"
    assert refused(altered(file, manifest=manifest_with(file, seal=False, made_at=1))).facts["part"] == backup.MANIFEST
    assert refused(altered(file, manifest=b"{")).facts["part"] == backup.MANIFEST


def test_a_file_of_something_else_is_no_backup(file: Path):
    assert refused(altered(file, manifest=b'{"format": "other"}')).code == "backup_unknown"
    assert refused(altered(file, manifest=None)).code == "backup_damaged"


def test_a_backup_of_another_version_is_refused_with_both(file: Path):
    error = refused(altered(file, manifest=manifest_with(file, schema="0001")))
    assert (error.code, error.facts["found"]) == ("backup_other_schema", "0001")
