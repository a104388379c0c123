"""Snapshots are deleted, pinned and expire, and what is deleted leaves a trace; on both kinds of database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from tests.snapshots.rows import MADE, digest, row, save
from tests.store.databases import database_url, engine
from tests.store.postgres import postgres_server
from tomoni.catalog.schema import SnapshotRetention
from tomoni.slo.model import DAY
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import Selection
from tomoni.snapshots.record.retention import Dated, expired
from tomoni.snapshots.record.snapshot import Snapshot, as_json
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import write
from tomoni.store.tables import deleted_snapshots
from tomoni.store.tables import snapshots as table

__all__ = ["database_url", "engine", "postgres_server"]

NOW = MADE + 1000 * DAY


@pytest.fixture
def store(engine: Engine) -> SnapshotStore:
    return SnapshotStore(engine)


def code_of(store: SnapshotStore, named: str) -> str:
    with pytest.raises(SnapshotError) as caught:
        store.read(named)
    return caught.value.code


def left(store: SnapshotStore) -> list[str]:
    return [each.hash for each in store.listed()]


def test_what_is_deleted_is_gone_from_the_list_and_says_when(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1), row(2))
    assert store.delete("000001", NOW).hash == digest(1)
    assert left(store) == [digest(2)]
    with pytest.raises(SnapshotError) as caught:
        store.read(digest(1))
    assert caught.value.code == "snapshot_deleted"
    assert caught.value.facts["at"] == NOW
    (trace,) = store.deleted()
    assert (trace.hash, trace.app, trace.title("en"), trace.reason) == (digest(1), "shop", "Shop", "deleted")


def test_a_trace_keeps_no_notes(store: SnapshotStore, engine: Engine, snapshot: Snapshot) -> None:
    noted = replace(snapshot, beside=replace(snapshot.beside, notes="Between us: the pool was too small."))
    store.keep(noted)
    assert [entry.notes for entry in store.listed()] == ["Between us: the pool was too small."]
    store.delete(noted.hash, NOW)
    with engine.connect() as connection:
        (summary,) = connection.execute(select(deleted_snapshots.c.summary)).scalars()
    assert "notes" not in summary
    assert "title" in summary


def test_deleting_again_or_one_that_never_was_says_so(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1))
    store.delete("000001", NOW)
    for named, code in (("000001", "snapshot_deleted"), ("000002", "snapshot_unknown"), ("00000", "snapshot_unknown")):
        with pytest.raises(SnapshotError) as caught:
            store.delete(named, NOW)
        assert caught.value.code == code


def test_a_prefix_of_several_deletes_none(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1), {**row(2), "hash": digest(1)[:-1] + "e"})
    with pytest.raises(SnapshotError) as caught:
        store.delete("000001", NOW)
    assert caught.value.code == "snapshot_ambiguous"
    assert len(left(store)) == 2


def test_a_pinned_one_is_neither_deleted_nor_expires_until_it_is_unpinned(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1), row(2))
    assert store.pin("000001", NOW).pinned
    with pytest.raises(SnapshotError) as caught:
        store.delete("000001", NOW)
    assert caught.value.code == "snapshot_pinned"
    assert store.expire(SnapshotRetention(DAY), NOW) == ()
    assert not store.pin("000001", None).pinned
    assert [each.hash for each in store.expire(SnapshotRetention(DAY), NOW)] == [digest(1)]
    assert code_of(store, digest(1)) == "snapshot_expired"


def test_a_dry_run_deletes_nothing(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1), row(2))
    assert [each.hash for each in store.expire(SnapshotRetention(DAY), NOW, dry_run=True)] == [digest(1)]
    assert len(left(store)) == 2
    assert store.deleted() == ()


def test_the_same_review_can_be_frozen_again(store: SnapshotStore, snapshot: Snapshot) -> None:
    store.keep(snapshot)
    store.delete(snapshot.hash, NOW)
    assert store.keep(snapshot)
    assert as_json(store.read(snapshot.hash)) == as_json(snapshot)
    assert store.deleted() == ()


def dated(*made: int, app: str = "shop", pinned: Iterable[int] = ()) -> list[Dated]:
    return [Dated(f"{app}{n}", app, NOW - days * DAY, NOW - days * DAY, n in pinned) for n, days in enumerate(made)]


@pytest.mark.parametrize(
    ("rule", "found", "gone"),
    [
        (SnapshotRetention(), dated(900, 1), []),
        (SnapshotRetention(400 * DAY), dated(900, 401, 400, 1), ["shop0", "shop1"]),
        (SnapshotRetention(400 * DAY), dated(900), []),  # the last of its app
        (SnapshotRetention(400 * DAY), dated(900, 800), ["shop0"]),
        (SnapshotRetention(400 * DAY, 3), dated(900, 800, 700, 600), ["shop0"]),
        (SnapshotRetention(None, 2), dated(9, 5, 1, 0), ["shop0", "shop1"]),
        (SnapshotRetention(None, 2), dated(9, 5, 1, 0, pinned=[0]), ["shop1"]),
        (SnapshotRetention(DAY), dated(9, 5) + dated(8, 3, app="mail"), ["shop0", "mail0"]),
        (SnapshotRetention(DAY), dated(5, -400), ["shop0"]),  # one was made with a clock that was ahead
    ],
)
def test_a_rule_keeps_the_young_the_last_and_the_pinned(
    rule: SnapshotRetention, found: list[Dated], gone: list[str]
) -> None:
    assert expired(found, rule, NOW) == gone


def test_the_latest_moment_stays_though_another_was_made_after_it() -> None:
    found = [Dated("old month", "shop", NOW - 99 * DAY, NOW - 2 * DAY, False)]
    found += [Dated("latest", "shop", NOW - 9 * DAY, NOW - 9 * DAY, False)]
    found += [Dated("other", "shop", NOW - 50 * DAY, NOW - 8 * DAY, False)]
    assert expired(found, SnapshotRetention(DAY), NOW) == ["other"]


def test_pages_are_full_disjoint_and_in_order_and_one_too_far_is_the_last(store: SnapshotStore, engine: Engine) -> None:
    save(engine, *(row(n) for n in range(23)), row(99, app="mail"))
    pages = [store.page(Selection("shop"), number, 10) for number in (1, 2, 3, 4)]
    assert [len(page.entries) for page in pages] == [10, 10, 3, 3]
    assert {(page.pages, page.total) for page in pages} == {(3, 23)}
    assert pages[3].number == 3
    assert [each.hash for page in pages[:3] for each in page.entries] == [digest(n) for n in range(22, -1, -1)]
    assert pages[0].entries[0].size == 1022
    narrowed = store.page(Selection(None, MADE + 3 * DAY, MADE + 5 * DAY), 1, 10)
    assert [each.hash for each in narrowed.entries] == [digest(5), digest(4)]


def test_the_one_before_is_of_the_same_app_and_an_earlier_moment(store: SnapshotStore, engine: Engine) -> None:
    save(engine, row(1), row(2), row(3, app="mail"), {**row(4), "as_of": MADE + 2 * DAY})
    by_hash = {each.hash: each for each in store.listed()}
    for n, before in ((1, None), (2, digest(1)), (3, None), (4, digest(1))):
        found = store.before(by_hash[digest(n)])
        assert (found.hash if found else None) == before


@pytest.mark.parametrize(
    "summary",
    [None, 7, [], "x", {}, {"title": 7, "states": []}, {"title": {"en": None}, "states": {"new": 1, "healthy": "x"}}]
    + [{"period": wrong} for wrong in (7, {}, {"name": 7}, {"name": "x", "start": "y", "end": None})],
)
def test_a_row_that_says_nothing_readable_hides_no_other(store: SnapshotStore, engine: Engine, summary: object) -> None:
    save(engine, row(1), row(2))
    odd = update(table).where(table.c.hash == digest(1)).values(summary=summary if summary is not None else "null")
    write(engine, lambda connection: connection.execute(odd))
    assert left(store) == [digest(2), digest(1)]
    assert store.delete(digest(1), NOW).app == "shop"
    assert store.deleted()[0].app == "shop"


_DELETE = """
import sys
from tomoni.catalog.schema import SnapshotRetention
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import open_engine
engine = open_engine(sys.argv[1])
store, done = SnapshotStore(engine), 0
for each in store.listed():
    try:
        store.delete(each.hash, 1)
        done += 1
    except SnapshotError as error:
        assert error.code in ("snapshot_deleted", "snapshot_pinned"), error.code
done += len(store.expire(SnapshotRetention(1), 10**10))
print(done)
engine.dispose()
"""


@pytest.mark.slow
def test_processes_that_delete_at_once_delete_each_one_once(
    store: SnapshotStore, engine: Engine, database_url: str
) -> None:
    save(engine, *(row(n) for n in range(40)))
    store.pin(digest(7), NOW)
    working = [
        subprocess.Popen([sys.executable, "-c", _DELETE, database_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=300) for process in working]
    assert [errors for _, errors in ended] == [b""] * 3
    assert sum(int(out) for out, _ in ended) == 39
    assert left(store) == [digest(7)]
    assert len(store.deleted()) == 39
