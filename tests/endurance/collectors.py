"""Replicas on one database whose collector is killed again and again: ``python -m tests.endurance.collectors``.

It counts how often the sources are asked by one process and by three, then kills the collector every so many seconds
and starts another process in its place; it prints how long nobody was there to ask, whether two ever were, and how
often the sources were asked then.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tests.review.shop import Shop
from tests.store.postgres import postgres_server

REPLICAS = 3


class Replicas:
    """Processes with a page open each (`tests.use_cases.viewer`), and what they noted."""

    def __init__(self, folder: Path, url: str, log: Path) -> None:
        self.command = [sys.executable, "-m", "tests.use_cases.viewer", str(folder), url, str(log), "6", "5"]
        self.log = log
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, count: int) -> None:
        for _ in range(count):
            started = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
            self.running[started.pid] = started

    def kill(self, pid: int) -> float:
        """Kills one at once; the moment."""
        process = self.running.pop(pid)
        moment = time.time()
        process.kill()
        process.wait(120)
        return moment

    def noted(self, what: str, since: float = 0) -> list[tuple[float, int]]:
        """When each process noted something."""
        lines = [line.split() for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return [(float(at), int(pid)) for at, pid, said, *_ in lines if said == what and float(at) >= since]

    def wait_for(self, what: str, since: float) -> tuple[float, int]:
        while not (found := self.noted(what, since)):
            time.sleep(0.05)
        return found[0]


def main(minutes: float, every: float, url: str, folder: Path) -> None:
    shop = Shop(folder)
    now = int(time.time()) // 300 * 300
    shop.write_orders((now + 300 * n, 100.0, 1.0) for n in range(-3000, 600))
    shop.write_hosts([])
    replicas = Replicas(shop.folder, url, folder / "log")
    try:
        for count in (1, REPLICAS - 1):
            replicas.start(count)
            replicas.wait_for("round", 0)
            began = time.time()
            time.sleep(minutes * 60 / 2)
            tell(f"{len(replicas.running)} replicas", replicas, began)
        killing(replicas, minutes, every)
    finally:
        for pid in list(replicas.running):
            replicas.kill(pid)


def killing(replicas: Replicas, minutes: float, every: float) -> None:
    """Kills whoever collects, every so many seconds."""
    began, gaps = time.time(), []
    holder = replicas.noted("holds")[-1][1]
    while time.time() - began < minutes * 60:
        time.sleep(every)
        killed = replicas.kill(holder)
        replicas.start(1)
        moment, holder = replicas.wait_for("holds", killed)
        gaps.append(moment - killed)
    tell(f"{len(gaps)} collectors killed", replicas, began)
    gaps.sort()
    click.echo(f"nobody asked for {gaps[len(gaps) // 2]:.1f} s in the middle, {gaps[-1]:.1f} s at most")


def tell(what: str, replicas: Replicas, since: float) -> None:
    seconds = time.time() - since
    rounds, asked = replicas.noted("round", since), replicas.noted("asked", since)
    by = len({pid for _, pid in rounds})
    often = f"{len(rounds)} rounds by {by} processes in {seconds:.0f} s ({len(rounds) / seconds * 60:.1f} a minute)"
    click.echo(f"{what}: {often}, {len(asked)} of them with requests; elected {len(replicas.noted('holds', since))}")


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/tomoni.db"
        return
    server = contextlib.contextmanager(postgres_server.__wrapped__)  # type: ignore[attr-defined]
    with server() as running:
        yield running.new_database()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--every", type=float, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database(given.kind, Path(name)) as address:
        main(given.minutes, given.every, address, Path(name) / "shop")
