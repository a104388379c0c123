"""A process with a page open: ``python -m tests.use_cases.viewer FOLDER DATABASE_URL LOG [HOLD_SECONDS [EVERY]]``.

It notes in the log when it becomes the one that asks the sources, what it asks them, each round of that, and each
version of the ledger that it shows; ``now`` on its standard input is a reader who wants everything fetched at once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from tomoni.settings import ProcessSettings
from tomoni.store import leases
from tomoni.use_cases import collecting
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni


def opened(folder: Path, url: str, seconds: int = 3600) -> Tomoni:
    settings = {"config": folder / "config", "database_url": url, "refresh_seconds": seconds}
    return open_tomoni(ProcessSettings.model_validate(settings), {})


def watched(tomoni: Tomoni, log: Path) -> None:
    """Notes what is asked of the sources, a line each: the moment, the process, the source and the requests."""
    fetch = tomoni.ledger.sync

    def noting(sources, required, *args, **more):
        report = fetch(sources, required, *args, **more)
        for source, counts in report.sources.items():
            note(log, f"asked {source} {counts.requests}")
        return report

    tomoni.ledger.sync = noting  # type: ignore[method-assign]


def note(log: Path, line: str) -> None:
    with log.open("a") as out:
        out.write(f"{time.time():.3f} {os.getpid()} {line}\n")


def quickly(hold_seconds: float) -> None:
    """Shortens how long a lease is held, and everything with it."""
    for module in (leases, collecting):
        vars(module)["HOLD_SECONDS"] = hold_seconds
    collecting.EVERY_SECONDS = hold_seconds / 3


def main(folder: Path, url: str, log: Path, hold_seconds: float = 6, every: int = 3600) -> None:
    quickly(hold_seconds)
    tomoni = opened(folder, url, every)
    watched(tomoni, log)
    threading.Thread(target=heard, args=(tomoni,), daemon=True).start()
    held, rounds, shown = False, 0, 0
    while True:
        tomoni.refresh_in_background()
        if tomoni.collecting.holds and not held:
            note(log, "holds")
        held = tomoni.collecting.holds
        if tomoni._rounds != rounds:
            rounds = tomoni._rounds
            note(log, f"round {rounds}")
        if tomoni.live().version != shown:
            shown = tomoni.live().version
            note(log, f"shows {shown}")
        time.sleep(0.1)


def heard(tomoni: Tomoni) -> None:
    for line in sys.stdin:
        if line.strip() == "now":
            tomoni.reload()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), *(int(each) for each in sys.argv[4:]))
