"""Fifty readers for ten minutes: ``python -m bench.endurance``, with ``--minutes`` and ``--viewers`` for less.

Most of them are bare connections that poll as browsers do, some are browsers. It prints what a page takes beyond an
empty one of Streamlit, whether the memory of the server stays what it is, and how often the sources were asked.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from bench.processes import free_port, wait_until_up
from tests.browser.server import ROOT, chromium, settle
from tests.endurance.balancer import Behind
from tests.endurance.viewer import NotDrawnError, Viewer

PAGES = (
    ("", ""),
    ("app", "app=checkout&days=7"),
    ("app", "app=checkout&days=28"),
    ("review", "app=checkout"),
    ("", "lang=ja"),
    ("app", "app=order-mail&days=7"),
    ("review", "app=order-mail"),
)
EMPTY = {"": "show=table&like=overview", "app": "show=figure&like=app", "review": "show=nothing&like=review"}
READS = (15.0, 45.0)  # seconds that somebody looks at a page before the next
EVERY = 5.0  # seconds between looks at the memory
REFRESH = 30  # seconds between rounds of asking the sources


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that a browser opened: the seconds until it was whole, and whether this browser had never opened such a
    one before, so that it had to load what draws it."""

    seconds: float
    is_first: bool


@dataclass
class Seen:
    """What all readers noted. Lists are only ever added to, which threads may do."""

    pages: list[float] = field(default_factory=list)
    browsers: list[Opened] = field(default_factory=list)
    empty_browsers: list[Opened] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds from the start, MB
    failed: list[str] = field(default_factory=list)
    polls: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """How many look, for how long, and where."""

    address: str
    empty: str
    pid: int
    viewers: int
    browsers: int
    seconds: float


def main(minutes: float, viewers: int, browsers: int) -> None:
    """Runs one viewer, then all of them, and prints the rows."""
    with tempfile.TemporaryDirectory(prefix="tomoni-endurance-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        given = {
            "TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db",
            "TOMONI_DEMO_STORY": "true",
            "TOMONI_REFRESH_SECONDS": str(REFRESH),
        }
        server = Behind(folder, given)
        stack.callback(server.end)
        server.start("a")
        server.wait_for("a")
        address, empty = f"http://127.0.0.1:{server.ports['a']}", stack.enter_context(_empty(folder))
        pid = server.running["a"].pid
        alone = Run(address, empty, pid, 1, 0, max(60.0, minutes * 12))
        one, asked_by_one = _phase(alone, None)
        all_of_them = Run(address, empty, pid, viewers - browsers, browsers, minutes * 60)
        seen, asked = _phase(all_of_them, stack.enter_context(chromium()) if browsers else None)
        log = (folder / "a.log").read_text()
    _print(alone, one, asked_by_one, all_of_them, seen, asked)
    if "Traceback" in log or seen.failed:
        sys.stderr.write("\n".join([*seen.failed[:10], log[-2000:]]) + "\n")


@contextlib.contextmanager
def _empty(folder: Path) -> Iterator[str]:
    """The address of an empty Streamlit page with one table."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "bench/empty.py", "--server.port", str(port)]
    with (folder / "empty.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _phase(run: Run, browser: Browser | None) -> tuple[Seen, float]:
    """Everybody reads for a while; what they saw, and how often the sources were asked in a minute."""
    seen, ended, began = Seen(), threading.Event(), time.monotonic()
    threads = [threading.Thread(target=_reads, args=(run, seen, ended, number)) for number in range(run.viewers)]
    threads += [threading.Thread(target=_compares, args=(run, seen, ended))]
    threads += [threading.Thread(target=_weighs, args=(run, seen, ended, began))]
    before = _asked(run.address)
    for each in threads:
        each.start()
        time.sleep(min(0.5, 10 / len(threads)))  # nobody opens a page at the same moment
    _browse(run, browser, seen, began + run.seconds)
    ended.set()
    for each in threads:
        each.join(180)
    return seen, (_asked(run.address) - before) / (time.monotonic() - began) * 60


def _reads(run: Run, seen: Seen, ended: threading.Event, number: int) -> None:
    """One reader over a bare connection: looks at a page, stays, goes on."""
    chance = random.Random(number)
    while not ended.is_set():
        try:
            viewer = Viewer(run.address)
            try:
                while not ended.is_set():
                    seen.pages.append(viewer.visit(*chance.choice(PAGES)))
                    viewer.stay(chance.uniform(*READS), ended)
            finally:
                seen.polls += viewer.looks
                viewer.close()
        except (NotDrawnError, OSError, TimeoutError) as error:
            seen.failed.append(f"{type(error).__name__}: {error}")
            ended.wait(1)


def _compares(run: Run, seen: Seen, ended: threading.Event) -> None:
    """One reader of the empty page, in the same minutes on the same machine."""
    viewer = Viewer(run.empty)
    while not ended.is_set():
        seen.empty.append(viewer.visit("", ""))
        ended.wait(2)
    viewer.close()


def _weighs(run: Run, seen: Seen, ended: threading.Event, began: float) -> None:
    while not ended.wait(EVERY):
        seen.memory.append((time.monotonic() - began, megabytes(run.pid)))


def _browse(run: Run, browser: Browser | None, seen: Seen, until: float) -> None:
    """The readers with browsers, in turn: one loads a page while the others' stay open, and then in the same browser,
    which has loaded nothing of it either, an empty page with as many elements."""
    contexts = [browser.new_context(locale="en-GB") for _ in range(run.browsers)] if browser else []
    if not contexts:
        time.sleep(max(0.0, until - time.monotonic()))
        return
    readers = [(context.new_page(), context.new_page(), set[str]()) for context in contexts]
    turn = 0
    while time.monotonic() < until:
        ours, empty, known = readers[turn % len(readers)]
        path, query = PAGES[turn % len(PAGES)]
        is_first = path not in known
        known.add(path)
        _open(ours, f"{run.address}/{path}?{query}", is_first, seen.browsers, seen)
        _open(empty, f"{run.empty}/?{EMPTY[path]}", is_first, seen.empty_browsers, seen)
        empty.wait_for_timeout(1000 * READS[0] / len(readers))
        turn += 1
    for context in contexts:
        context.close()


def _open(page: Page, address: str, is_first: bool, opened: list[Opened], seen: Seen) -> None:
    """Adds the seconds until a page was whole."""
    began = time.monotonic()
    try:
        page.goto(address)
        settle(page)
        opened.append(Opened(time.monotonic() - began - 0.4, is_first))  # so long has a page to be quiet
    except PlaywrightError as error:
        seen.failed.append(f"browser: {error.message.splitlines()[0]}")


def megabytes(pid: int) -> float:
    """What a process holds of the memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _asked(address: str) -> float:
    """How many rounds of asking the sources have ended, of all sources."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:
        text = answer.read().decode()
    found = [family for family in text_string_to_metric_families(text) if family.name == "tomoni_refreshes"]
    return sum(sample.value for family in found for sample in family.samples if sample.name.endswith("_total"))


def grown(memory: list[tuple[float, float]]) -> float:
    """By how much the memory grew over the last half: the middle of the last quarter beside that of the third."""
    values = np.array([megabytes for _, megabytes in memory])
    _, third, last = np.array_split(values[len(values) // 4 :], 3)
    return float(np.median(last) / np.median(third))


def _of_browsers(seen: Seen) -> Iterator[tuple[str, ...]]:
    """The rows of what browsers took, of all pages and of those that one opened for the first time."""
    for what, only_first in (("in a browser, whole", False), ("… for the first time", True)):
        ours, empty = (
            [each.seconds for each in pages if each.is_first or not only_first]
            for pages in (seen.browsers, seen.empty_browsers)
        )
        for share, name in ((50, "median"), (95, "95th")) if ours and empty else ():
            mine, theirs = (float(np.percentile(seconds, share)) for seconds in (ours, empty))
            said = f"{what}, {name} ({len(ours)})", f"{mine:.2f} s", "one with as much", f"{theirs:.2f} s"
            yield *said, f"{mine - theirs:+.2f} s", "+1 s"


def _print(alone: Run, one: Seen, asked_by_one: float, run: Run, seen: Seen, asked: float) -> None:
    title = f"{run.viewers} connections and {run.browsers} browsers for {run.seconds / 60:.0f} minutes"
    table = Table("measured", "all", "beside", "that", "ratio or difference", "goal", title=title)
    ours, empty = np.percentile(seen.pages, [50, 95]), np.percentile(seen.empty, [50, 95])
    single = np.percentile(one.pages, 95)
    for what, mine, theirs in zip(("a page, median", "a page, 95th percentile"), ours, empty, strict=True):
        table.add_row(what, f"{mine:.2f} s", "the empty page", f"{theirs:.2f} s", f"{mine - theirs:+.2f} s", "+1 s")
    table.add_row("the same for one viewer", f"{single:.2f} s", "", "", "", "")
    for row in _of_browsers(seen):
        table.add_row(*row)
    most = max(megabytes for _, megabytes in seen.memory)
    table.add_row("memory at most", f"{most:.0f} MB", "after one viewer", f"{one.memory[-1][1]:.0f} MB", "", "600 MB")
    table.add_row("memory over the last half", "", "", "", f"{grown(seen.memory):.3f}", "1.0")
    often, ratio = f"{asked_by_one:.1f}", asked / asked_by_one if asked_by_one else float("nan")
    table.add_row("sources asked a minute", f"{asked:.1f}", "one viewer", often, f"{ratio:.2f}", "at most 1")
    table.add_row(
        "pages drawn, polls, failures", f"{len(seen.pages)}, {seen.polls}, {len(seen.failed)}", "", "", "", ""
    )
    Console(width=130).print(table)
    quarters = [f"{megabytes:.0f}" for _, megabytes in seen.memory[:: max(1, len(seen.memory) // 20)]]
    Console(width=130).print("MB over time:", " ".join(quarters))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--browsers", type=int, default=3)
    chosen = parser.parse_args()
    main(chosen.minutes, chosen.viewers, chosen.browsers)
