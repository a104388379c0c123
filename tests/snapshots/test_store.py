"""Snapshots are kept once, found again, and never changed."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from tests.snapshots.world import NOW, frozen, hostile_shop
from tomoni.review.model import Period
from tomoni.slo.model import State
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import Selection
from tomoni.snapshots.record.packing import pack
from tomoni.snapshots.record.snapshot import as_json, freeze
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import open_engine, write
from tomoni.store.tables import snapshots as table


@pytest.fixture
def engine(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine):
    return SnapshotStore(engine)


def code_of(store: SnapshotStore, named: str) -> str:
    with pytest.raises(SnapshotError) as caught:
        store.read(named)
    return caught.value.code


def test_a_snapshot_is_kept_once(store, snapshot):
    assert [store.keep(snapshot), store.keep(snapshot)] == [True, False]
    assert len(store.listed()) == 1


def test_it_comes_back_as_it_was_by_its_hash_or_the_beginning_of_it(store, snapshot):
    store.keep(snapshot)
    for named in (snapshot.hash, snapshot.hash.removeprefix("sha256:"), snapshot.hash[7:19]):
        assert as_json(store.read(named)) == as_json(snapshot)


def test_a_hash_that_nobody_has_is_unknown(store, snapshot):
    store.keep(snapshot)
    for named in ("sha256:" + "0" * 64, "", "abc", "%%%%%%%%", "sha256:______"):
        assert code_of(store, named) == "snapshot_unknown"


def test_the_list_is_newest_first_and_says_how_the_slos_stood(store, snapshot):
    older = freeze(replace(snapshot.review, as_of=NOW - 86_400), snapshot.origin, NOW)
    for each in (older, snapshot):
        store.keep(each)
    listed = store.listed("shop")
    assert [found.as_of for found in listed] == [NOW, NOW - 86_400]
    assert sum(listed[0].states.values()) == 3
    assert listed[0].states[State.NO_DATA] == 1
    assert store.listed("other") == ()


def test_a_row_that_cannot_be_read_says_so(store, engine, snapshot):
    store.keep(snapshot)
    write(engine, lambda connection: connection.execute(update(table).values(payload=b"nothing")))
    assert code_of(store, snapshot.hash) == "record_damaged"
    write(engine, lambda connection: connection.execute(update(table).values(payload=zlib.compress(b"{}"))))
    assert code_of(store, snapshot.hash) == "record_damaged"
    other = pack(freeze(replace(snapshot.review, as_of=NOW - 86_400), snapshot.origin, NOW))
    write(engine, lambda connection: connection.execute(update(table).values(payload=other)))
    assert code_of(store, snapshot.hash) == "record_altered"  # as a whole, with a hash of its own


def test_a_snapshot_outlives_its_definitions_and_its_data(tmp_path):
    shop = hostile_shop(tmp_path)
    tomoni = shop.open(NOW)
    tomoni.sync(days=6)
    kept = frozen(tomoni)
    tomoni.snapshots.keep(kept)
    tomoni.close()
    shop.write_orders([])
    (tmp_path / "config" / "apps" / "shop.yaml").write_text(
        "app: other\njourneys: [{id: j, slos: [{id: s, objective: 50, window: 1d,"
        " sli: {source: exports, counts: orders.csv}}]}]\n"
    )
    later = shop.open(NOW + 400 * 86_400)
    try:
        assert later.apps("shop") == ()
        assert as_json(later.snapshots.read(kept.hash)) == as_json(kept)
        assert later.review(later.apps()[0], Period(NOW, 1)).tracks
    finally:
        later.close()


def test_the_list_says_what_is_wrong_with_a_record_and_nothing_else_of_it(store, engine, snapshot):
    store.keep(snapshot)
    other = pack(freeze(replace(snapshot.review, as_of=NOW - 86_400), snapshot.origin, NOW))
    for payload, code in ((b"nothing", "record_damaged"), (other, "record_altered")):
        change = update(table).values(payload=payload)
        write(engine, partial(Connection.execute, statement=change))
        (entry,) = store.page(Selection(), 1, 25).entries
        assert entry.trouble is not None
        assert (entry.trouble.code, dict(entry.states), entry.notes, entry.title("en")) == (code, {}, "", "")
    write(engine, lambda connection: connection.execute(update(table).values(payload=pack(snapshot))))
    (entry,) = store.page(Selection(), 1, 25).entries
    assert (entry.trouble, sum(entry.states.values())) == (None, 3)


@pytest.mark.parametrize(
    "said",
    [
        {"summary": {"title": {"en": "Shop"}, "states": {"healthy": 3}}},
        {"summary": {"notes": "All is well."}},
        {"summary": {"year": "2026"}},
        {"summary": []},
        {"start": NOW - 1},
        {"as_of": NOW + 86_400},
        {"made_at": 0},
    ],
)
def test_a_list_that_says_otherwise_gives_way_to_the_record(store, engine, snapshot, said):
    store.keep(snapshot)
    (true,) = store.page(Selection(), 1, 25).entries
    write(engine, lambda connection: connection.execute(update(table).values(**said)))
    (entry,) = store.page(Selection(), 1, 25).entries
    assert entry.trouble is not None
    assert (entry.trouble.code, entry) == ("entry_altered", true)


def test_a_row_of_an_older_version_that_says_less_is_as_it_was_written(store, engine, snapshot):
    store.keep(snapshot)
    (entry,) = store.page(Selection(), 1, 25).entries
    less = {"title": dict(entry.title.by_language), "states": {state.value: n for state, n in entry.states.items()}}
    write(engine, lambda connection: connection.execute(update(table).values(summary=less)))
    assert store.page(Selection(), 1, 25).entries[0].trouble is None
