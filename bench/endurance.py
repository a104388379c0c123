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
READS = (15.0, 45.0)  # seconds that somebody looks at a page before the next
EVERY = 5.0  # seconds between looks at the memory
REFRESH = 30  # seconds between rounds of asking the sources


@dataclass
class Seen:
    """What all readers noted. Lists are only ever added to, which threads may do."""

    pages: list[float] = field(default_factory=list)
    browsers: list[float] = field(default_factory=list)
    empty_browsers: list[float] = field(default_factory=list)
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
    """The readers with browsers, in turn: one loads a page while the others' stay open, and then somebody else an empty
    page with as many elements."""
    contexts = (
        [browser.new_context(locale="en-GB") for _ in range(run.browsers + 1)] if browser and run.browsers else []
    )
    if not contexts:
        time.sleep(max(0.0, until - time.monotonic()))
        return
    *pages, bare = [context.new_page() for context in contexts]
    turn = 0
    while time.monotonic() < until:
        path, query = PAGES[turn % len(PAGES)]
        _open(pages[turn % len(pages)], f"{run.address}/{path}?{query}", seen.browsers, seen)
        _open(bare, f"{run.empty}/?show={'figure' if path else 'table'}", seen.empty_browsers, seen)
        bare.wait_for_timeout(1000 * READS[0] / len(pages))
        turn += 1
    for context in contexts:
        context.close()


def _open(page: Page, address: str, taken: list[float], seen: Seen) -> None:
    """Adds the seconds until a page was whole."""
    began = time.monotonic()
    try:
        page.goto(address)
        settle(page)
        taken.append(time.monotonic() - began - 0.4)  # so long has a page to be quiet
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


def _print(alone: Run, one: Seen, asked_by_one: float, run: Run, seen: Seen, asked: float) -> None:
    title = f"{run.viewers} connections and {run.browsers} browsers for {run.seconds / 60:.0f} minutes"
    table = Table("measured", "all", "beside", "that", "ratio or difference", "goal", title=title)
    ours, empty = np.percentile(seen.pages, [50, 95]), np.percentile(seen.empty, [50, 95])
    single = np.percentile(one.pages, 95)
    for what, mine, theirs in zip(("a page, median", "a page, 95th percentile"), ours, empty, strict=True):
        table.add_row(what, f"{mine:.2f} s", "the empty page", f"{theirs:.2f} s", f"{mine - theirs:+.2f} s", "+1 s")
    table.add_row("the same for one viewer", f"{single:.2f} s", "", "", "", "")
    if seen.browsers:
        drawn, bare = np.percentile(seen.browsers, 95), np.percentile(seen.empty_browsers, 95)
        row = f"{drawn:.2f} s", "one with as much", f"{bare:.2f} s", f"{drawn - bare:+.2f} s", "+1 s"
        table.add_row("in a browser, whole, 95th", *row)
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
