"""Collectors that are paused for longer than they hold the lease, and wake when another one has taken over.

A pause is that of a process (SIGSTOP), as of a machine that is moved or has no memory left; the moment is random, from
before anything was asked to after everything was stored.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_killed import closing_engine, contents
from tests.review.shop import STEP, Shop
from tests.store.databases import KINDS
from tests.store.postgres import postgres_server
from tomoni.ledger.payload import ASKED, unpack
from tomoni.store.engine import reading
from tomoni.store.leases import Leases
from tomoni.store.tables import series_days

__all__ = ["postgres_server"]
pytestmark = pytest.mark.slow
PAUSES = int(os.environ.get("PAUSES", "1"))  # by hand: PAUSES=25
HOLD, EVERY = 4, 5  # seconds that a lease is held here, and between two rounds
PATIENCE = 20  # seconds for another one to take over
AWAKE = 1.0  # so long one that woke has to write whatever it will
SOON = 0.6  # seconds within which a collector is paused, from when it holds the lease
SLOS = 40  # so that storing takes some time
BUCKETS = 6000


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/paused.db"
    url: str = request.getfixturevalue("postgres_server").new_database()
    return url


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """One whose counts are split into many SLOs, each of which is a series of its own."""
    made = Shop(tmp_path / "shop")
    made.write_hosts([])
    lines = "\n".join(
        f"      - {{id: slo-{n}, objective: 99, window: 7d, sli: {{source: exports, counts: orders-{n}.csv}}}}"
        for n in range(SLOS)
    )
    config = made.folder / "config" / "apps" / "shop.yaml"
    config.write_text(f"app: shop\njourneys:\n  - id: buy\n    slos:\n{lines}\n")
    (made.folder / "config" / "settings.yaml").write_text("recheck_days: 0\n")  # nothing else writes meanwhile
    return made


def write_counts(shop: Shop, end: int, bad: float) -> None:
    """Whole counts up to a moment, of which all say the same number of bad events."""
    rows = "\n".join(f"{end - STEP * n},100,{bad}" for n in range(BUCKETS, 0, -1))
    for number in range(SLOS):
        path = shop.folder / "data" / f"orders-{number}.csv"
        path.with_suffix(".new").write_text(f"time,total,bad\n{rows}\n")
        path.with_suffix(".new").replace(path)


@dataclass(frozen=True)
class Started:
    """A process that collects, and the file in which it notes what it does."""

    process: subprocess.Popen[bytes]
    log: Path

    def has_stored(self) -> bool:
        """Whether it has stored all that it asked for."""
        return self.log.exists() and " asked exports" in self.log.read_text()


@contextmanager
def collectors(shop: Shop, url: str) -> Iterator[tuple[Callable[[], Started], list[Started]]]:
    """Starts processes that collect; ended with the test, paused or not."""
    command = [sys.executable, "-m", "tests.use_cases.viewer", str(shop.folder), url]
    started: list[Started] = []

    def start() -> Started:
        log = shop.folder / f"log-{len(started)}"
        process = subprocess.Popen([*command, str(log), str(HOLD), str(EVERY)], stdin=subprocess.PIPE)
        started.append(Started(process, log))
        return started[-1]

    try:
        yield start, started
    finally:
        for each in started:
            each.process.kill()
            each.process.wait(120)
            if each.process.stdin:
                each.process.stdin.close()


def wait_for(is_so: Callable[[], bool], seconds: float = 300) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.02)


def bad_counts(url: str) -> set[float]:
    """What all stored buckets say of bad events."""
    found: set[float] = set()
    with closing_engine(url) as engine, reading(engine) as connection:
        for (payload,) in connection.execute(series_days.select().with_only_columns(series_days.c.payload)):
            columns = unpack(payload)
            seen = columns[ASKED] > 0
            found |= set(np.round(columns["total"] - columns["good"], 6)[seen].tolist())
    return {each for each in found if not np.isnan(each)}


@dataclass
class Trial:
    """A collector that is paused while it works, and another one that takes its place."""

    lease: Leases
    start: Callable[[], Started]
    running: list[Started]

    def held_by(self, one: Started) -> bool:
        found = self.lease.look()
        return found.is_held and found.process == one.process.pid

    def paused(self, after: float) -> Started:
        """One that was paused some seconds after it got the lease, which has run out meanwhile."""
        started = self.start()
        wait_for(lambda: self.held_by(started))
        time.sleep(after)
        started.process.send_signal(signal.SIGSTOP)
        wait_for(lambda: not self.lease.look().is_held)
        return started

    def successor(self) -> Started | None:
        """One that took over and has stored all; None where nobody can write, since the paused one does."""
        started = self.start()
        try:
            wait_for(lambda: self.held_by(started), PATIENCE)
        except AssertionError:
            return None
        wait_for(started.has_stored)
        return started

    def end(self) -> None:
        """Ends all, awake or not; the next trial begins with a lease that is free."""
        for each in self.running:
            each.process.kill()
            each.process.wait(120)
        wait_for(lambda: not self.lease.look().is_held)


def test_one_that_wakes_when_another_collects_changes_nothing(shop: Shop, database_url: str) -> None:
    chance, seen, woken = random.Random(PAUSES), set[float](), 0
    with closing_engine(database_url) as engine, collectors(shop, database_url) as (start, running):
        trial = Trial(Leases(engine, "collector"), start, running)
        for number in range(PAUSES):
            write_counts(shop, int(time.time()) // STEP * STEP, number)
            one = trial.paused(chance.uniform(0, SOON))
            other = trial.successor()
            if other is not None:
                other.process.send_signal(signal.SIGSTOP)  # nobody but the one that wakes could write now
            before = contents(database_url, hidden=frozenset())
            one.process.send_signal(signal.SIGCONT)
            time.sleep(AWAKE)
            one.process.send_signal(signal.SIGSTOP)
            after = contents(database_url, hidden=frozenset())
            if other is not None and trial.held_by(other):  # a busy machine may need longer than the lease is held
                assert {name for name in after if after[name] != before[name]} == set()
                woken += 1
            trial.end()
            seen |= bad_counts(database_url)
    assert seen <= set(range(PAUSES))
    assert woken >= PAUSES // 2
