"""Processes that are killed in a sync, and processes that sync at once, leave the ledger they should."""

import random
import time

import numpy as np
import pytest

from tests.ledger import child
from tests.ledger.fakes import NOW, truth
from tomoni.ledger import Ledger
from tomoni.store.engine import open_engine

pytestmark = pytest.mark.slow

BEGIN = NOW - child.DAYS * 86_400


def prepare(url, first=0, last=child.SERIES, pause_seconds=0.0):
    """A process that waits for the word to begin, and finds a data base with its tables."""
    open_engine(url).dispose()
    process, speaking = child.forked(url, first, last, pause_seconds)
    assert speaking.recv() == "ready"
    return process, speaking


def begin(process):
    process[1].send("begin")
    return process


def kill_after(process, answers, seconds):
    """Kills it some time after it got so many answers; it stores them by 64."""
    started, speaking = process
    for _ in range(answers):
        speaking.recv()
    time.sleep(seconds)
    started.kill()
    started.join(60)
    speaking.close()


def finish(process):
    """How many requests were answered."""
    started, speaking = process
    said = [speaking.recv()]
    while not isinstance(said[-1], int):
        said.append(speaking.recv())
    started.join(60)
    assert started.exitcode == 0
    speaking.close()
    return said[-1]


def contents(url):
    """All that the ledger remembers of the series, and their states, by key."""
    engine = open_engine(url)
    ledger = Ledger(engine)
    found = ledger.read(child.refs(), BEGIN, NOW)
    states = ledger.states(found)
    engine.dispose()
    return found, states


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('uninterrupted')}/ledger.db"
    child.sync(url)
    return contents(url)


def assert_same(one, other):
    assert one[1] == other[1]
    for key, found in one[0].items():
        np.testing.assert_array_equal(found.fetched_at, other[0][key].fetched_at)
        assert set(found.columns) == set(other[0][key].columns)
        for name, column in found.columns.items():
            np.testing.assert_array_equal(column, other[0][key].column(name))


def assert_nothing_half_written(found, states):
    """A series has all of its answer or none of it, and a state exactly when it has it."""
    for key, one in found.items():
        known = one.fetched_at > 0
        assert known[:-1].all() or not known.any()
        assert (key in states) == known.any()
        seen = one.buckets().observed
        np.testing.assert_array_equal(one.column("total")[seen], truth(key, one.interval)["total"][seen])


def test_a_sync_that_was_killed_goes_on_where_it_was(database_url, uninterrupted):
    moments = random.Random(7)
    done: list[int] = []
    for answers in (10, 65, 1):  # before the first is stored, behind it, and at once
        kill_after(begin(prepare(database_url, pause_seconds=0.001)), answers, moments.uniform(0, 0.1))
        found, states = contents(database_url)
        assert_nothing_half_written(found, states)
        done.append(len(states))
    assert done == sorted(done)
    assert done[-1] > 0
    finish(begin(prepare(database_url)))
    assert_same(contents(database_url), uninterrupted)


def test_a_killed_sync_does_not_ask_again_for_what_was_stored(database_url):
    kill_after(begin(prepare(database_url, pause_seconds=0.01)), 70, 0)
    stored = len(contents(database_url)[1])
    assert 0 < stored < child.SERIES
    assert child.sync(database_url).sources["memory"].requests == child.SERIES - stored


def test_several_processes_may_sync_at_once(database_url, uninterrupted):
    parts = ((0, 200), (50, 200), (0, 150))
    processes = [prepare(database_url, *part, 0.002) for part in parts]
    for process in processes:
        begin(process)
    asked = [finish(process) for process in processes]  # one that is late asks for nothing that is there already
    assert sum(asked) >= child.SERIES
    assert all(number <= last - first for number, (first, last) in zip(asked, parts, strict=True))
    assert_same(contents(database_url), uninterrupted)
