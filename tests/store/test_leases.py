"""A lease has one holder at a time, by the database's clock, and passes on by itself."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from tomoni.ledger.rows import begin_merge
from tomoni.store.engine import reading, write
from tomoni.store.errors import StoreError
from tomoni.store.leases import HOLD_SECONDS, Candidate, LeaseLostError, Leases
from tomoni.store.schema import HEAD
from tomoni.store.tables import leases, ledger_version, schema_reach

ONE, OTHER, FIRST_OF_ALL = Candidate(), Candidate(), Candidate(rank=1)


@pytest.fixture
def lease(engine: Engine) -> Leases:
    return Leases(engine, "collector")


def pass_on(engine: Engine, seconds: float) -> None:
    """As if the database's clock had gone on by so much since the lease was written."""
    moved = {leases.c.until: leases.c.until - seconds, leases.c.wanted_until: leases.c.wanted_until - seconds}
    write(engine, lambda connection: connection.execute(update(leases).values(moved)))


def test_the_first_one_holds_it_and_renews_it_and_the_next_one_waits(engine: Engine, lease: Leases) -> None:
    assert not lease.look().is_held
    taken = lease.take(ONE)
    assert (taken.holder, taken.host, taken.process) == (ONE.id, ONE.host, ONE.process)
    assert taken.is_held
    assert lease.take(OTHER).holder == ONE.id
    pass_on(engine, HOLD_SECONDS - 1)
    again = lease.take(ONE, {"sources": {}})
    assert (again.since, again.report) == (taken.since, {"sources": {}})
    assert again.until > taken.until - 1
    pass_on(engine, HOLD_SECONDS - 1)
    assert lease.take(OTHER).holder == ONE.id


def test_one_that_is_gone_loses_it_and_one_that_ends_gives_it_back(engine: Engine, lease: Leases) -> None:
    lease.take(ONE)
    pass_on(engine, HOLD_SECONDS + 0.1)
    taken = lease.take(OTHER)
    assert (taken.holder, lease.take(ONE).holder) == (OTHER.id, OTHER.id)
    lease.release(ONE)  # which it no longer has
    assert lease.look().is_held
    lease.release(OTHER)
    given_back = lease.look()
    assert not given_back.is_held
    assert taken.since <= given_back.until <= given_back.now  # so that pages can say since when nobody is there
    assert lease.take(ONE).holder == ONE.id


def test_a_clock_that_was_set_back_keeps_it_from_nobody(engine: Engine, lease: Leases) -> None:
    lease.take(ONE)
    pass_on(engine, -86_400)
    assert lease.take(OTHER).holder == OTHER.id


def test_many_that_try_at_once_get_one_holder(engine: Engine, lease: Leases) -> None:
    together, found = threading.Barrier(6), []

    def attempt() -> None:
        together.wait(30)
        found.append(lease.take(Candidate()).holder)

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(found), len(set(found))) == (6, 1)


def test_one_of_a_higher_rank_gets_it_when_the_holder_lets_go(engine: Engine, lease: Leases) -> None:
    lease.take(ONE)
    assert lease.take(FIRST_OF_ALL).holder == ONE.id
    assert lease.take(ONE).is_wanted
    lease.release(ONE)
    assert not lease.take(OTHER).is_held  # it is left to the one that waits
    assert lease.take(FIRST_OF_ALL).holder == FIRST_OF_ALL.id
    renewed = lease.take(FIRST_OF_ALL)
    assert not renewed.is_wanted
    assert not lease.take(replace(FIRST_OF_ALL, id="another")).is_wanted  # of one rank nobody gives way


def test_who_waits_for_it_and_dies_leaves_it_to_the_others(engine: Engine, lease: Leases) -> None:
    lease.take(ONE)
    lease.take(FIRST_OF_ALL)
    lease.release(ONE)
    pass_on(engine, HOLD_SECONDS + 0.1)
    assert lease.take(OTHER).holder == OTHER.id


def test_what_is_asked_for_waits_for_a_holder(lease: Leases) -> None:
    lease.ask()
    lease.ask()
    taken = lease.take(ONE)
    assert (taken.asked, taken.answered) == (2, 0)
    lease.answer(2)
    lease.answer(1)
    assert (lease.look().asked, lease.look().answered) == (2, 2)


def test_code_that_has_become_too_old_for_the_tables_is_told_so(engine: Engine, lease: Leases) -> None:
    lease.take(ONE)

    def contract(connection):
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.execute(update(schema_reach).values(oldest="9999"))

    write(engine, contract)
    with pytest.raises(StoreError) as caught:
        lease.take(ONE)
    assert (caught.value.code, caught.value.facts) == ("database_newer", {"found": "9999", "expected": HEAD})


def stored(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(ledger_version.c.version)).scalar_one())


def put(engine: Engine, lease: Leases, candidate: Candidate, since: float) -> None:
    with lease.writing(candidate, since):
        write(engine, begin_merge)


def test_whoever_lost_it_stores_nothing_more(engine: Engine, lease: Leases) -> None:
    before, since = stored(engine), lease.take(ONE).since
    put(engine, lease, ONE, since)
    pass_on(engine, HOLD_SECONDS + 0.1)
    put(engine, lease, ONE, since)  # it ran out, and nobody else is there
    assert lease.take(ONE).since == since  # taken again as late, and still what it was
    pass_on(engine, HOLD_SECONDS + 0.1)
    taken = lease.take(OTHER).since
    with pytest.raises(LeaseLostError):
        put(engine, lease, ONE, since)
    lease.release(OTHER)
    with pytest.raises(LeaseLostError):  # whoever had it in between may have stored something newer
        put(engine, lease, ONE, since)
    again = lease.take(ONE).since
    with pytest.raises(LeaseLostError):
        put(engine, lease, ONE, since)
    with pytest.raises(LeaseLostError):
        put(engine, lease, OTHER, taken)
    put(engine, lease, ONE, again)
    write(engine, begin_merge)  # whoever does not write as the holder is free to
    assert stored(engine) == before + 4


def test_one_that_gave_it_back_may_store_what_it_has_until_another_takes_it(engine: Engine, lease: Leases) -> None:
    since = lease.take(ONE).since
    lease.release(ONE)
    put(engine, lease, ONE, since)
    lease.take(OTHER)
    with pytest.raises(LeaseLostError):
        put(engine, lease, ONE, since)
