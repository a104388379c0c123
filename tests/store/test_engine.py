"""Opening a database, reading and writing, and what is said when it cannot be done."""

import sqlite3
import threading
import time
from contextlib import ExitStack, suppress

import pytest
from psycopg.types.string import StrDumper
from sqlalchemy import Column, MetaData, String, Table, bindparam, delete, exc, insert, select, text, update
from sqlalchemy.pool import QueuePool

from tomoni.store.engine import open_engine, reading, write
from tomoni.store.errors import StoreError


def test_a_sqlite_file_is_made_with_its_folder(tmp_path):
    open_engine(f"sqlite:///{tmp_path}/a/b/tomoni.db").dispose()
    assert (tmp_path / "a/b/tomoni.db").stat().st_size > 0


def test_sqlite_lets_readers_and_a_writer_work_at_once_and_keeps_foreign_keys(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/tomoni.db")
    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
        write(engine, lambda c: c.execute(text("UPDATE ledger_version SET version = 5")))
    engine.dispose()
    assert found == {"journal_mode": "wal", "foreign_keys": 1}


def test_a_reader_sees_one_state_while_another_writes(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/tomoni.db")
    query = text("SELECT version FROM ledger_version")
    with reading(engine) as connection:
        before = connection.execute(query).scalar()
        write(engine, lambda c: c.execute(text("UPDATE ledger_version SET version = 5")))
        during = connection.execute(query).scalar()
    with reading(engine) as connection:
        assert (before, during, connection.execute(query).scalar()) == (0, 0, 5)
    engine.dispose()


def test_what_fails_half_way_is_not_stored(engine):
    def fail(connection):
        connection.execute(text("UPDATE ledger_version SET version = 7"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        write(engine, fail)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version FROM ledger_version")).scalar() == 0


def test_writers_wait_for_each_other(engine):
    def count(connection):
        connection.execute(text("UPDATE ledger_version SET version = version + 1"))

    def many():
        for _ in range(20):
            write(engine, count)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version FROM ledger_version")).scalar() == 80


def test_a_write_that_another_writer_kept_away_runs_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tomoni.store.engine.time.sleep", lambda _seconds: None)
    engine = open_engine(f"sqlite:///{tmp_path}/tomoni.db")
    tries = []

    def locked_twice(connection):
        tries.append(connection)
        if len(tries) < 3:
            raise exc.OperationalError("x", None, sqlite3.OperationalError("database is locked"))
        return "done"

    assert write(engine, locked_twice) == "done"
    engine.dispose()


def test_that_all_connections_stay_in_use_is_told_as_trouble_of_the_data_base(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/tomoni.db")
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    pool._timeout = 0.01  # SQLAlchemy waits for half a minute
    with ExitStack() as taken:
        while pool.checkedout() < 15:
            taken.enter_context(engine.connect())
        for attempt in (lambda: reading(engine).__enter__(), lambda: write(engine, lambda _connection: None)):
            with pytest.raises(StoreError) as caught:
                attempt()
            assert caught.value.code == "database_locked"
    engine.dispose()


def test_a_data_base_that_stays_locked_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr("tomoni.store.engine.BUSY_SECONDS", 0)
    monkeypatch.setattr("tomoni.store.engine.time.sleep", lambda _seconds: None)
    engine = open_engine(f"sqlite:///{tmp_path}/tomoni.db")
    other = sqlite3.connect(tmp_path / "tomoni.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught:
        write(engine, lambda c: c.execute(text("UPDATE ledger_version SET version = 1")))
    assert caught.value.code == "database_locked"
    other.close()
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("no url", "database_url_invalid"),
        ("oracel://scott:tiger@host/x", "database_url_invalid"),
        ("postgresql://scott:tiger@host:port/x", "database_url_invalid"),
        ("postgresql://scott:tiger@127.0.0.1:1/x", "database_unreachable"),
        ("postgresql://scott@127.0.0.1:1/x?password=tiger", "database_unreachable"),
        ("postgresql://scott:tiger@127.0.0.1:1/x?sslpassword=tiger&sslmode=require", "database_unreachable"),
        ("postgresql://scott@127.0.0.1:1/x?passfile=/tiger&application_name=tiger", "database_unreachable"),
        ("postgresql://scott@127.0.0.1:1/x?no_such_option=tiger", "database_failed"),
        ("sqlite:////proc/nowhere/tomoni.db?password=tiger", "database_unreachable"),
        ("sqlite:////proc/nowhere/tomoni.db", "database_unreachable"),
    ],
)
def test_a_data_base_that_cannot_be_opened_is_told_without_its_password(url, code):
    with pytest.raises(StoreError) as caught:
        open_engine(url)
    assert caught.value.code == code
    assert "tiger" not in f"{caught.value} {caught.value!r} {caught.value.facts}"


def test_a_file_that_is_no_data_base_is_left_as_it_is(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but somebody's notes\n" * 50)
    with pytest.raises(StoreError) as caught:
        open_engine(f"sqlite:///{file}")
    assert caught.value.code == "database_damaged"
    assert file.read_text().startswith("not a database")


@pytest.mark.parametrize("statement", ["UPDATE gone SET version = 1", "UPDATE ledger_version SET gone = 1"])
def test_a_table_or_a_column_that_is_not_there_is_told_as_such(engine, statement):
    with pytest.raises(StoreError) as caught:
        write(engine, lambda connection: connection.execute(text(statement)))
    assert caught.value.code == "database_incomplete"


KEPT = Table("kept", MetaData(), Column("name", String, primary_key=True), Column("said", String))
MANY = {
    "insert": insert(KEPT),
    "update": update(KEPT).where(KEPT.c.name == bindparam("name_")).values(said=bindparam("said")),
    "delete": delete(KEPT).where(KEPT.c.name == bindparam("name_")),
}


class Slow(str):
    """A text before which the process is paused."""

    pause = staticmethod(lambda: None)


class SlowDumper(StrDumper):
    def dump(self, obj):
        obj.pause()
        return super().dump(obj)


@pytest.mark.postgres
@pytest.mark.parametrize("count", [1, 120])
@pytest.mark.parametrize("when", ["within", "after"])
@pytest.mark.parametrize("what", MANY)
def test_one_that_is_paused_while_it_writes_many_rows_is_cut_off(postgres_server, monkeypatch, what, when, count):
    monkeypatch.setattr("tomoni.store.engine._IDLE_SECONDS", "0.5")
    engine, cut_off = open_engine(postgres_server.migrated_database()), []
    rows = [{"name": f"{n}", "said": f"{n}"} for n in range(count)]
    with engine.begin() as connection:
        KEPT.create(connection)
        if what != "insert":
            connection.execute(insert(KEPT), rows)

    def pause(driver):
        monkeypatch.setattr("tomoni.store.engine._IDLE_SECONDS", 30)  # for the next attempt
        until, alive = time.monotonic() + 10, text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            is_there = {"pid": driver.info.backend_pid}
            while other.execute(alive, is_there).scalar() and time.monotonic() < until:
                time.sleep(0.02)
            cut_off.append(not other.execute(alive, is_there).scalar())

    def work(connection):
        if cut_off:
            return
        driver = connection.connection.driver_connection
        monkeypatch.setattr(Slow, "pause", lambda _self: None if when == "after" or cut_off else pause(driver))
        driver.adapters.register_dumper(Slow, SlowDumper)
        given = rows if what == "insert" else [{"name_": row["name"], "said": row["said"]} for row in rows]
        given = [{name: each[name] for name in each if (what, name) != ("delete", "said")} for each in given]
        given[-1] = {name: Slow(value) for name, value in given[-1].items()}
        connection.execute(MANY[what], given)
        if when == "after":
            pause(driver)

    with suppress(StoreError):
        write(engine, work)
    engine.dispose()
    assert cut_off == [True]


def test_many_rows_are_written_whole(engine):
    rows = [{"name": f"{n:03}", "said": f"{n}"} for n in range(120)]

    def stored():
        with reading(engine) as connection:
            return [(each.name, each.said) for each in connection.execute(select(KEPT).order_by(KEPT.c.name))]

    write(engine, KEPT.create)
    write(engine, lambda connection: connection.execute(MANY["insert"], rows))
    assert stored() == [(row["name"], row["said"]) for row in rows]
    changed = [{"name_": row["name"], "said": f"{row['said']}, more"} for row in rows[:70]]
    write(engine, lambda connection: connection.execute(MANY["update"], changed))
    assert stored() == [(row["name"], row["said"] + ", more" * (n < 70)) for n, row in enumerate(rows)]
    write(engine, lambda connection: connection.execute(MANY["delete"], [{"name_": row["name"]} for row in rows[:119]]))
    assert stored() == [("119", "119")]


@pytest.mark.postgres
def test_a_data_base_that_does_not_exist_is_unreachable(postgres_server):
    url = postgres_server.new_database().replace("/tomoni_", "/missing_")
    with pytest.raises(StoreError) as caught:
        open_engine(url)
    assert caught.value.code == "database_unreachable"
    assert "missing_" in str(caught.value.facts["database"])
