"""How cost grows with what is configured and stored: ``python -m bench.growth [SLOS[xDAYS] ...]``.

The ledger is written directly, the source is dead. What is told depends little on what else runs: bytes, CPU of whole
processes and the most memory they held. Pages are asked for by a bare connection.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from bench.processes import cpu_seconds, free_port, wait_until_up
from tomoni.catalog.load import load
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.days import Day
from tomoni.ledger.horizons import Compacting, compact, pending
from tomoni.ledger.rows import remember_series, write_days
from tomoni.slo.model import DAY
from tomoni.store.engine import open_engine, write

USUAL = ("10x28", "100x28", "1000x28", "5000x28", "1000x90", "1000x365")
STEP, SLOS_OF_AN_APP, OBJECTIVE = 300, 5, 99.9
HISTORY_DAYS = 60  # what the overview reads of a window of 28 days: four weeks of lines before it
_DAYS_AT_ONCE = 2000  # series-days of a transaction
_WARMING_SECONDS = 6  # in which a process loads what pages consist of
_APP = ("app", "app=app-0000")
_LOADS = (("first", "", ""), ("overview", "", ""), ("app first", *_APP), ("app", *_APP))
_OVERVIEW = """
import os, sys, time
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni
product, found = open_tomoni(ProcessSettings()), []
for _ in range(2):
    began = time.process_time()
    product.overview()
    found.append(time.process_time() - began)
print(*found)
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many SLOs are configured, and how many days of each are stored."""

    slos: int
    days: int

    @classmethod
    def read(cls, written: str) -> Size:
        """``1000x365``; 28 days where none are written."""
        slos, _, days = written.partition("x")
        return cls(int(slos), int(days or 28))


@dataclass(frozen=True, slots=True)
class Cost:
    """The CPU of a process in seconds, and the most memory that it held."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Grown:
    """What was measured of one size: bytes of the database, processes, and pages by (CPU, bytes that were sent)."""

    size: Size
    megabytes: float
    compacted_megabytes: float
    status: Cost
    overview: tuple[float, float]
    overview_memory: float
    pages: dict[str, tuple[float, float]]
    server_memory: float


def main(sizes: list[Size]) -> None:
    """Measures each size and prints a line of it as soon as it is known."""
    table = Table("SLOs", "days", "database", "of hours", "status", "peak", "overview", "again", "peak", "start",
                  "first page", "as drawn", "again", "sent", "an app", "again", "peak")  # fmt: skip
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="tomoni-growth-") as name:
            found = _measure(Path(name), size)
        pages = [f"{part:.2f}" for part in _of_pages(found)]
        table.add_row(
            str(size.slos), str(size.days), f"{found.megabytes:.1f}", f"{found.compacted_megabytes:.1f}",
            f"{found.status.seconds:.2f}", f"{found.status.megabytes:.0f}", *(f"{each:.2f}" for each in found.overview),
            f"{found.overview_memory:.0f}", *pages, f"{found.server_memory:.0f}",
        )  # fmt: skip
        Console(width=180).print(table)


def _of_pages(found: Grown) -> Iterator[float]:
    yield from (found.pages[name][0] for name in ("start", "cold", "first"))
    yield from (found.pages["overview"][0], found.pages["overview"][1] / 1e6)
    yield from (found.pages["app first"][0], found.pages["app"][0])


def _measure(folder: Path, size: Size) -> Grown:
    now = int(time.time()) // STEP * STEP
    config, database = folder / "config", folder / "tomoni.db"
    write_config(config, size.slos)
    refs = _refs(config)
    _fill(f"sqlite:///{database}", refs, size.days, now)
    megabytes = database.stat().st_size / 1e6
    environ = {
        **os.environ,
        "TOMONI_CONFIG": str(config),
        "TOMONI_DATABASE_URL": f"sqlite:///{database}",
        "TOMONI_NOW": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
    }
    status, _ = run([sys.executable, "cli.py", "status", "--no-sync", "--format", "json"], environ)
    memory, printed = run([sys.executable, "-c", _OVERVIEW], environ)
    first, again = map(float, printed.split())
    cold, _ = _pages(environ, (("cold", "", ""),))
    run([sys.executable, "cli.py", "collect", "--once"], environ)  # draws what others begin with
    pages, peak = _pages(environ)
    pages |= cold
    compacted = _compacted(folder, refs, now)
    return Grown(size, megabytes, compacted, status, (first, again), memory.megabytes, pages, peak)


def write_config(folder: Path, slos: int) -> None:
    """SLOs of apps of five each, at a server that is not there."""
    (folder / "apps").mkdir(parents=True)
    (folder / "sources.yaml").write_text("sources: {gone: {kind: prometheus, url: 'http://127.0.0.1:9'}}\n")
    for number in range(-(-slos // SLOS_OF_AN_APP)):
        names = range(number * SLOS_OF_AN_APP, min(slos, (number + 1) * SLOS_OF_AN_APP))
        lines = [f"app: app-{number:04}", "journeys:", "  - id: order", "    slos:"]
        for name in names:
            total, bad = f'r{{s="{name}"}}', f'r{{s="{name}",code="500"}}'
            sli = f"{{source: gone, total: '{total}', bad: '{bad}'}}"
            lines.append(f"      - {{id: slo-{name}, objective: {OBJECTIVE}, window: 28d, sli: {sli}}}")
        (folder / "apps" / f"app-{number:04}.yaml").write_text("\n".join(lines) + "\n")


def _refs(config: Path) -> dict[str, SeriesRef]:
    catalog = load(config, {})
    if catalog.errors:
        raise RuntimeError(catalog.errors[0])
    found = [slo.series for app in catalog.apps for journey in app.journeys for slo in journey.slos]
    return {ref.key: ref for ref in found}


def _fill(url: str, refs: dict[str, SeriesRef], days: int, now: int) -> None:
    """Days of whole counts up to now: about 600 events a bucket, one in 2,000 bad."""
    engine, numbers = open_engine(url), np.random.default_rng(1)
    write(engine, lambda connection: remember_series(connection, refs, now))
    batch: dict[tuple[str, int], Day] = {}

    def store(connection: Connection) -> None:
        write_days(connection, batch, set())

    for number in range(now // DAY - days, now // DAY + 1):
        for key in refs:
            batch[key, number] = _day(number, now, numbers)
            if len(batch) == _DAYS_AT_ONCE:
                write(engine, store)
                batch.clear()
    write(engine, store)
    engine.dispose()


def _day(number: int, now: int, numbers: np.random.Generator) -> Day:
    size = DAY // STEP
    hours = np.arange(size) / size
    total = numbers.poisson(600 * (1 - 0.6 * np.cos(2 * np.pi * hours))).astype(np.float64)
    good = total - np.minimum(numbers.poisson(0.3, size), total)
    fetched = np.full(size, min(now, (number + 1) * DAY + 3600), np.int64)
    to_come = number * DAY + (np.arange(size) + 1) * STEP > now - 120
    total[to_come], good[to_come], fetched[to_come] = np.nan, np.nan, 0
    return Day(number, STEP, {"good": good, "total": total, "absent": np.where(to_come, np.nan, 0.0)}, fetched)


def _compacted(folder: Path, refs: dict[str, SeriesRef], now: int) -> float:
    """The size of the database once days older than the overview reads are hours, in MB."""
    engine = open_engine(f"sqlite:///{folder / 'tomoni.db'}")
    left = [Compacting(key, STEP, now // DAY - HISTORY_DAYS, 60) for key in refs]
    while left := pending(engine, left):
        for first in range(0, len(left), 40):
            compact(engine, left[first : first + 40])
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM")
    engine.dispose()
    return (folder / "tomoni.db").stat().st_size / 1e6


def run(command: list[str], environ: dict[str, str]) -> tuple[Cost, str]:
    """The cost of a process that runs to its end, and what it printed."""
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    printed = process.stdout.read() if process.stdout else b""
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), printed.decode()


def _pages(
    environ: dict[str, str], loads: Sequence[tuple[str, str, str]] = _LOADS
) -> tuple[dict[str, tuple[float, float]], float]:
    """What loads of pages cost a server that has just been started: its CPU, and the bytes that it sent; and the
    most memory that it held. The start of the process is told as ``start``."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
    kept = {name: value for name, value in environ.items() if name != "TOMONI_NOW"}
    process = subprocess.Popen(
        [*command, "--server.port", str(port)], env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
        time.sleep(_WARMING_SECONDS)
        before = cpu_seconds(process.pid)
        found = {"start": (before, 0.0)}
        for name, page, query in loads:
            sent = _load(f"http://127.0.0.1:{port}", page, query)
            after = cpu_seconds(process.pid)
            found[name] = (after - before, sent)
            before = after
        return found, _peak(process.pid)
    finally:
        process.kill()
        process.wait(60)


def _load(address: str, page: str, query: str) -> float:
    """Loads a page over a bare connection until its script has ended; the bytes that came."""
    asked, sent = BackMsg(), 0
    asked.rerun_script.query_string, asked.rerun_script.page_name = query, page
    asked.rerun_script.context_info.timezone = "UTC"
    asked.rerun_script.context_info.url = f"{address}/{page}?{query}"
    place = f"{address.replace('http', 'ws')}/_stcore/stream"
    protocols = [Subprotocol("streamlit")]
    with connect(place, origin=Origin(address), subprotocols=protocols, max_size=None) as connection:
        connection.send(asked.SerializeToString())
        while True:
            raw = connection.recv(timeout=600)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            sent += len(raw)
            if message.WhichOneof("type") == "script_finished":
                return sent


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main([Size.read(written) for written in sys.argv[1:] or USUAL])
