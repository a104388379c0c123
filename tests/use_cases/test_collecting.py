"""Of many processes on one database one asks the sources; the others follow, and one of them takes its place."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.review.shop import Shop
from tests.store.postgres import PostgresServer, postgres_server
from tests.use_cases.test_background import wait_until
from tests.use_cases.viewer import opened
from tomoni.settings import ProcessSettings
from tomoni.store import leases
from tomoni.store.leases import Candidate
from tomoni.use_cases import collecting
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

__all__ = ["postgres_server"]
QUICK, PATIENT = 4, 8  # a busy machine may hold up the holder for seconds


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "HOLD_SECONDS", QUICK)
    monkeypatch.setattr(collecting, "HOLD_SECONDS", QUICK)
    monkeypatch.setattr(collecting, "EVERY_SECONDS", 0.1)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    now = int(time.time())
    made.write_orders((now // 300 * 300 - 300 * n, 100.0, 1.0) for n in range(3000, 0, -1))
    made.write_hosts([])
    return made


@dataclass
class Several:
    """Processes of the product on one database; closed at the end."""

    shop: Shop
    open: list[Tomoni] = field(default_factory=list)

    def add(self, candidate: Candidate | None = None, **settings: object) -> Tomoni:
        given = {
            "config": self.shop.folder / "config",
            "database_url": f"sqlite:///{self.shop.folder / 'tomoni.db'}",
            "refresh_seconds": 3600,
            **settings,
        }
        self.open.append(open_tomoni(ProcessSettings.model_validate(given), {}, candidate))
        return self.open[-1]


@pytest.fixture
def several(shop: Shop, quick: None) -> Iterator[Several]:
    made = Several(shop)
    yield made
    for tomoni in made.open:
        tomoni.close()


def test_one_asks_and_the_other_shows_what_it_stored(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomoni.use_cases.product._FOLLOW_EVERY_SECONDS", 0.1)
    one, other = several.add(), several.add()
    one.refresh_in_background()
    wait_until(lambda: one.collecting.holds and one.has_collected)
    other.refresh_in_background()
    wait_until(lambda: other.live().overview.statuses[0].figures.total > 0)
    assert (one.collecting.holds, other.collecting.holds, other.has_collected) == (True, False, False)
    wait_until(lambda: other.refreshes == one.refreshes)  # what the pages say of the sources
    assert other.refreshes["exports"].completed is not None

    other.reload()  # a reader of the other process asks for everything at once
    wait_until(lambda: one._rounds == 2)
    assert not other.has_collected
    wait_until(lambda: (lease := other.collecting.lease) is not None and lease.asked == lease.answered == 1)


def test_a_round_that_the_lease_did_not_last_for_is_no_whole_one(several: Several) -> None:
    one = several.add()
    one._round()  # a process that was too slow to renew stops asking in the middle
    assert not one.has_collected
    one.refresh_in_background()
    wait_until(lambda: one.has_collected)
    assert one.collecting.holds


def test_a_process_at_which_nobody_looks_gives_way(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomoni.use_cases.collecting._LINGER_SECONDS", 0.3)
    one, other = several.add(), several.add()
    one.collecting.wanted(0.3)
    wait_until(lambda: one.collecting.holds)
    wait_until(lambda: not one.collecting.holds)
    other.collecting.wanted(60)
    wait_until(lambda: other.collecting.holds)
    wait_until(lambda: other.has_collected)


def test_the_command_takes_over_from_an_app_and_the_app_from_the_command(several: Several) -> None:
    app, command = several.add(), several.add(Candidate(rank=1))
    app.collecting.wanted(60)
    wait_until(lambda: app.collecting.holds)
    command.collecting.wanted(60)
    wait_until(lambda: command.collecting.holds)
    assert not app.collecting.holds
    command.collecting.close()
    wait_until(lambda: app.collecting.holds)


def test_an_app_that_never_collects_says_for_how_long_nobody_does(several: Several) -> None:
    app = several.add(collect="never")
    app.refresh_in_background()
    wait_until(lambda: app.collecting.lacking_seconds > 0)
    assert not app.collecting.holds
    command = several.add(Candidate(rank=1), collect="never")  # which is for apps alone
    command.collecting.wanted(60)
    wait_until(lambda: command.collecting.holds)
    wait_until(lambda: app.collecting.lacking_seconds == 0)
    assert app.refreshes.keys() <= {"exports"}


def test_one_that_cannot_renew_stops_asking_by_its_own_clock(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    one = several.add()
    one.refresh_in_background()
    wait_until(lambda: one.collecting.holds)
    stuck = threading.Event()
    monkeypatch.setattr(one.collecting._leases, "take", lambda *_: stuck.wait(120))
    other = several.add()
    wait_until(lambda: not one.collecting.holds)
    other.collecting.wanted(60)
    wait_until(lambda: other.collecting.holds)
    assert not one.collecting.holds
    stuck.set()


@pytest.mark.slow
@pytest.mark.postgres
def test_the_sources_of_three_processes_are_asked_by_one_and_by_another_when_it_is_killed(
    shop: Shop, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url, log = postgres_server.new_database(), tmp_path / "log"
    opened(shop.folder, url).close()
    command = [sys.executable, "-m", "tests.use_cases.viewer", str(shop.folder), url, str(log), str(PATIENT)]
    viewers = {p.pid: p for p in (subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(3))}
    try:
        wait_until(lambda: len(said(log, "shows")) == 3 and len(said(log, "asked")) > 0, 60)
        first = said(log, "holds")
        assert first == said(log, "asked")  # the whole history once, by one of them
        assert first.total() == 1
        killed = viewers.pop(next(iter(first)))
        killed.kill()
        killed.communicate(timeout=300)
        wait_until(lambda: len(said(log, "holds")) == 2, 60)
        second = next(pid for pid in said(log, "holds") if pid != killed.pid)
        third = viewers[next(pid for pid in viewers if pid != second)]
        wait_until(lambda: said(log, "round")[second] == 1, 60)
        assert third.stdin is not None
        third.stdin.write("now\n")
        third.stdin.flush()
        wait_until(lambda: said(log, "round")[second] == 2, 60)
        assert third.pid not in said(log, "round")
        asked = said(log, "asked")  # what the first one stored is not asked for again, but what ended since
        assert asked.keys() <= {killed.pid, second}
        assert asked.total() <= 2
    finally:
        for viewer in viewers.values():
            viewer.kill()
            viewer.communicate(timeout=300)


def said(log: Path, what: str) -> Counter[int]:
    """How often each process noted something."""
    lines = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
    return Counter(int(pid) for _moment, pid, said, *_rest in lines if said == what)
