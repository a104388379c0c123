"""A process that syncs, forked from one that has its libraries loaded.

It says when it is ready, begins when it is told to, says one thing after each answer, and at the end how many requests
were answered, so that a test can begin several together and kill them on the way.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Ledger, SyncReport
from tomoni.store.engine import open_engine
from tomoni.store.errors import StoreError

SERIES, DAYS = 200, 3


def refs(first: int = 0, last: int = SERIES) -> list[SeriesRef]:
    return [sli(f"s{i}") for i in range(first, last)]


def outage(_key: str, interval):
    """The same gaps for everybody, so that planning has them to deal with."""
    import numpy as np

    starts = np.arange(interval.start, interval.end, STEP)
    return starts // STEP % 97 < 3


def sync(
    url: str, first: int = 0, last: int = SERIES, pause_seconds: float = 0.0, told: Connection | None = None
) -> SyncReport:
    engine = open_engine(url)
    source = MemorySource(gaps=outage, pause_seconds=pause_seconds)
    required = [required_series(ref, DAYS, NOW) for ref in refs(first, last)]

    def tell(_done: int, _total: int, source: str, _buckets: int) -> None:
        if told is not None:
            told.send(source)

    try:
        return Ledger(engine).sync({"memory": source}, required, NOW, on_progress=tell)
    finally:
        engine.dispose()


def forked(url: str, first: int, last: int, pause_seconds: float) -> tuple[ForkServerProcess, Connection]:
    """A process that waits for the word to begin, and what it is spoken to by."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "pytest"])
    ours, its = context.Pipe()
    process = context.Process(target=_run, args=(its, url, first, last, pause_seconds))
    process.start()
    its.close()
    return process, ours


def _run(told: Connection, url: str, first: int, last: int, pause_seconds: float) -> None:
    told.send("ready")
    told.recv()
    try:
        report = sync(url, first, last, pause_seconds, told)
    except StoreError as error:
        raise error from error.__context__  # which statement it was, since it is not said elsewhere what happened here
    told.send(sum(source.requests - source.errors for source in report.sources.values()))
