"""A process that syncs: ``python -m tests.ledger.child URL FIRST LAST PAUSE_SECONDS``.

It writes a line when it is ready, begins when it reads one, writes one after each answer, and at the
end how many requests were answered, so that a test can begin several together and kill them on the way.
"""

from __future__ import annotations

import sys

from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Ledger, SyncReport
from tomoni.store.engine import open_engine

SERIES, DAYS = 200, 3


def refs(first: int = 0, last: int = SERIES) -> list[SeriesRef]:
    return [sli(f"s{i}") for i in range(first, last)]


def outage(_key: str, interval):
    """The same gaps for everybody, so that planning has them to deal with."""
    import numpy as np

    starts = np.arange(interval.start, interval.end, STEP)
    return starts // STEP % 97 < 3


def sync(url: str, first: int = 0, last: int = SERIES, pause_seconds: float = 0.0) -> SyncReport:
    engine = open_engine(url)
    source = MemorySource(gaps=outage, pause_seconds=pause_seconds)
    required = [required_series(ref, DAYS, NOW) for ref in refs(first, last)]
    try:
        return Ledger(engine).sync({"memory": source}, required, NOW, on_progress=tell)
    finally:
        engine.dispose()


def tell(_done: int, _total: int, source: str, _buckets: int) -> None:
    print(source, flush=True)  # noqa: T201


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    report = sync(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    print(sum(source.requests - source.errors for source in report.sources.values()))  # noqa: T201
