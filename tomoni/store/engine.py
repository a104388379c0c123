"""Opening the database, and the two ways of using it: reading and writing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from tomoni.store.errors import Code, StoreError
from tomoni.store.schema import is_usable, migrate

T = TypeVar("T")
BUSY_SECONDS = 30
_ATTEMPTS = 5
_LATE = "tomoni_late"
_ALONE = "tomoni_alone"
_ROOM_BYTES = 65_536  # what SQLite needs to begin, twice
_WRITING = "tomoni_writing"
# What every write transaction of this thread ends with (`ending_with`).
_LAST: ContextVar[Callable[[Connection], None] | None] = ContextVar("last", default=None)
# SQLSTATE of PostgreSQL for serialization failure, deadlock, lock time-out, and a transaction that was idle too long.
_PASSING_STATES = frozenset({"40001", "40P01", "55P03", "25P03"})
# A process that is paused in the middle of a write must not keep what it locked from the others: a collector, which
# has somebody who waits to take its place, least of all.
_CUT_OFF = "SET LOCAL idle_in_transaction_session_timeout = '%ss'"
_IDLE_SECONDS, _IDLE_SECONDS_WITH_A_CHECK = 30, 10
_ROWS_AT_ONCE = 50

_DISK_FULL = "53100"
_NOT_THERE = frozenset({"42P01", "42703"})  # a table, a column
# A transaction that may only read, and a role that may not write.
_READ_ONLY_STATES = frozenset({"25006", "42501"})


def open_engine(url: str) -> Engine:
    """Opens a database by its SQLAlchemy URL and brings its tables up to date.

    A SQLite file is made where it does not exist, with its folder. Safe in several processes at
    once. Raises StoreError: `database_url_invalid`, `database_unreachable`, `database_newer`,
    `database_locked`, `database_read_only`, `database_failed`.
    """
    parsed = _parse(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        _make_folder(parsed)
        parsed = _as_it_may_be_opened(parsed)
    try:
        # hide_parameters keeps what was stored out of error texts.
        more: dict[str, Any] = {} if sqlite else {"pool_pre_ping": True, "insertmanyvalues_page_size": _ROWS_AT_ONCE}
        engine = create_engine(parsed, hide_parameters=True, **more)
    except (exc.ArgumentError, ImportError) as error:
        raise StoreError("database_url_invalid", str(error)) from None
    if sqlite:
        event.listen(engine, "do_connect", _without_room)
        event.listen(engine, "checkout", _with_room_again)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        # Many rows of an insert are few statements, so small that a network takes each at once.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        event.listen(engine, "do_executemany", _one_by_one)
    try:
        with reading(engine) as connection:
            usable = is_usable(connection)
        if not usable:
            write(engine, migrate)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database. Raises StoreError."""
    with _translated(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading_at_once(engine: Engine) -> Iterator[Connection]:
    """The whole database as of one moment, whatever is written meanwhile. Raises StoreError."""
    with _translated(engine), engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # where each statement sees what was stored before it
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Runs ``work`` in one write transaction: all of it is stored, or nothing.

    It runs again when another writer was in the way, so it must be repeatable. What it left to `at_the_end` runs
    after it. Raises StoreError.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
                return _worked(connection, work)
        except exc.TimeoutError:
            raise _no_connection() from None
        except exc.DBAPIError as error:
            if attempt == _ATTEMPTS or not _passes(error):
                raise _as_store_error(engine, error) from None
            time.sleep(0.05 * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


def _worked(connection: Connection, work: Callable[[Connection], T]) -> T:
    last = _LAST.get()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_CUT_OFF % (_IDLE_SECONDS_WITH_A_CHECK if last else _IDLE_SECONDS))
    connection.info[_LATE] = []
    result = work(connection)
    for late in [*connection.info.pop(_LATE), *([last] if last else [])]:
        late(connection)
    return result


@contextmanager
def ending_with(check: Callable[[Connection], None]) -> Iterator[None]:
    """Every write transaction that this thread begins within ends with a check; where it raises, nothing is stored."""
    before = _LAST.set(check)
    try:
        yield
    finally:
        _LAST.reset(before)


def size_of(engine: Engine) -> int:
    """How many bytes the database takes on its disk. Raises StoreError."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        pages = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")]
    return int(pages[0]) * int(pages[1])


def at_the_end(connection: Connection, work: Callable[[Connection], None]) -> None:
    """Runs ``work`` as the last part of a write transaction; what many transactions lock is then held shortly, and
    after everything else."""
    connection.info[_LATE].append(work)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
        if "\0" in (parsed.database or ""):
            raise ValueError("no file name has a NUL character")
    except (exc.ArgumentError, ValueError) as error:
        # The URL is not repeated: it may hold a password.
        detail = str(error) if isinstance(error, exc.NoSuchModuleError) else ""
        raise StoreError("database_url_invalid", detail) from None
    return parsed


def _make_folder(url: URL) -> None:
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("database_unreachable", str(error), {"database": _shown(url)}) from None


def _as_it_may_be_opened(url: URL) -> URL:
    """The URL of a SQLite file; where nothing may be written, one that opens it for reading alone.

    A file with a write-ahead log beside it may have a writer elsewhere; one without has none, and
    SQLite then must not want to make the log's index either.
    """
    path = Path(url.database or "")
    if not path.is_file() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return url
    alone = {} if path.with_name(f"{path.name}-wal").exists() else {"immutable": "1"}
    name = f"file:{quote(str(path.absolute()))}"
    return url.set(database=name, query={**url.query, "mode": "ro", "uri": "true", **alone})


def _without_room(dialect: Dialect, record: ConnectionPoolEntry, args: list[Any], params: dict[str, Any]) -> Any:  # noqa: ANN401 - a connection of the driver
    """Opens a SQLite file for reading alone where its disk is full: the index of its log, which every process shares,
    could not be made. None: as usual."""
    path = Path(str(args[0])) if args else Path()
    beside = {ending: path.parent / f"{path.name}-{ending}" for ending in ("shm", "wal")}
    has_log = beside["wal"].exists() and beside["wal"].stat().st_size > 0
    if params.get("uri") or not path.is_file() or not _is_full(path) or beside["shm"].exists() or has_log:
        return None
    record.info[_ALONE] = path
    return dialect.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", **{**params, "uri": True})


def _with_room_again(_connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:  # noqa: ANN401 - the driver's
    """Opens it anew, as usual, once there is room."""
    path = record.info.get(_ALONE)
    if path is not None and not _is_full(path):
        del record.info[_ALONE]
        raise exc.DisconnectionError("there is room again")


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _ROOM_BYTES
    except OSError:
        return False


def _one_by_one(cursor: Any, statement: str, rows: Iterable[Any], _context: object) -> bool:  # noqa: ANN401 - the driver's
    """Executes a statement for each of some rows. The driver would send them all before it waits for an answer; of a
    process that is paused then, or after it, PostgreSQL does not see that it is idle, and never cuts it off."""
    for row in rows:
        cursor.execute(statement, row)
    return True


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    _use_wal(cursor)
    # With WAL this is safe against a killed process; a power cut may lose the last merges, which
    # are then fetched again, and never damages the file.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Readers and a writer do not wait for each other. The file remembers it.

    Changing the mode does not honour busy_timeout, and two first openings may collide.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] not in {"wal", "memory"}:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return  # a file system without shared memory keeps its mode, which works too
        except sqlite3.OperationalError as error:
            if "readonly" in str(error):
                return  # it was opened for reading alone
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """A writer takes the write lock first: a transaction that reads and then writes could be refused."""
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except exc.TimeoutError:
        raise _no_connection() from None
    except exc.DBAPIError as error:
        raise _as_store_error(engine, error) from None


def _no_connection() -> StoreError:
    """All connections of this process were in use for longer than SQLAlchemy's pool waits."""
    return StoreError("database_locked", "no connection was free")


def _passes(error: exc.DBAPIError) -> bool:
    return "locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) in _PASSING_STATES


def _as_store_error(engine: Engine, error: exc.DBAPIError) -> StoreError:
    text, state = _masked(str(error.orig).strip(), engine.url), getattr(error.orig, "sqlstate", None)
    if _passes(error):
        return StoreError("database_locked", text)
    if state == _DISK_FULL or _lacks_room(engine.url, text):
        return StoreError("database_full", facts={"database": _shown(engine.url)})
    if "readonly database" in text or state in _READ_ONLY_STATES:
        return StoreError("database_read_only", text)
    if _is_connection_trouble(error, text):
        return StoreError("database_unreachable", text, {"database": _shown(engine.url)})
    return StoreError(_code_of(text, state), text)


def _code_of(text: str, state: str | None) -> Code:
    """The code of what is wrong with the content of a database, or with anything else."""
    if "malformed" in text or "not a database" in text:
        return "database_damaged"
    is_gone = state in _NOT_THERE or "no such table" in text or "no such column" in text
    return "database_incomplete" if is_gone else "database_failed"


def _lacks_room(url: URL, text: str) -> bool:
    """Whether SQLite failed because its disk is full: it does not say so where it could not begin for that."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    refused = "disk I/O error" in text or "readonly database" in text
    return "disk is full" in text or (refused and "mode" not in url.query and _is_full(Path(url.database)))


def _is_connection_trouble(error: exc.DBAPIError, text: str) -> bool:
    if error.connection_invalidated or "unable to open" in text:
        return True
    # PostgreSQL: a failed connection has no SQLSTATE, or one of class 08 (connection), 28
    # (authorization), 3D (no such database), 57 (shut down).
    state = getattr(error.orig, "sqlstate", "none") or ""
    return isinstance(error, exc.OperationalError) and (state == "" or state[:2] in {"08", "28", "3D", "57"})


def _shown(url: URL) -> str:
    """The address for those who run Tomoni: no password, and no parameters, where drivers take one too."""
    return url.set(query={}).render_as_string(hide_password=True)


def without_secrets_of(url: str, text: str) -> str:
    """A text without the password and the parameters of the URL of a database; one that is no URL has none."""
    try:
        return _masked(text, _parse(url))
    except StoreError:
        return text


def _masked(text: str, url: URL) -> str:
    """A driver's own text without any secret of the URL, as it is or as it is written in an address."""
    secrets = [url.password or ""]
    for value in url.query.values():
        secrets += [value] if isinstance(value, str) else list(value)
    for secret in sorted({*secrets, *(quote(secret, safe="") for secret in secrets)}, key=len, reverse=True):
        if len(secret) > 2:
            text = text.replace(secret, "***")
    return text
