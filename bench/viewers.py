"""What a page costs the server by how many look: ``python -m bench.viewers [VIEWERS ...]``.

Everybody looks over a bare connection that polls as a browser does, at the demo, whose sources are asked once. Told are
the server's CPU and memory, which depend little on what else runs. One server sees all numbers of viewers, in turn.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.endurance import PAGES, megabytes
from bench.processes import cpu_seconds
from tests.endurance.balancer import Behind
from tests.endurance.viewer import Viewer

USUAL = (1, 5, 10, 20, 50)
STILL = 20.0  # seconds in which everybody only looks
ROUNDS = 2  # of pages that each of them opens
APART = 0.3  # seconds between two who open a page


@dataclass(frozen=True, slots=True)
class Cost:
    """Of so many viewers: seconds of CPU for a page that is opened, in each second of looking for each of them, and the
    memory of the server in MB."""

    viewers: int
    page: float
    looking: float
    megabytes: float


def main(numbers: Sequence[int]) -> None:
    """Measures each number of viewers, and prints its row as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="tomoni-viewers-") as name:
        given = {"TOMONI_DATABASE_URL": f"sqlite:///{name}/tomoni.db", "TOMONI_DEMO_STORY": "true"}
        given["TOMONI_REFRESH_SECONDS"] = "3600"
        server = Behind(Path(name), given)
        try:
            server.start("a")
            server.wait_for("a")
            address, process = f"http://127.0.0.1:{server.ports['a']}", server.running["a"].pid
            with _open(address, 1) as (viewer,):  # what is made once for everybody, and the demo's story
                for page in PAGES * 2:
                    viewer.visit(*page)
                    viewer.stay(5)
            for number in numbers:
                _print(_measured(address, process, number))
        finally:
            server.end()


@contextlib.contextmanager
def _open(address: str, number: int) -> Iterator[list[Viewer]]:
    with contextlib.ExitStack() as stack:
        viewers = [Viewer(address) for _ in range(number)]
        for each in viewers:
            stack.callback(each.close)
        yield viewers


def _measured(address: str, process: int, number: int) -> Cost:
    with _open(address, number) as viewers:
        _visit(viewers, 0)
        before = cpu_seconds(process)
        _all(viewers, lambda _place, viewer: viewer.stay(STILL))
        looking = (cpu_seconds(process) - before) / (STILL * number)
        before = cpu_seconds(process)
        for turn in range(1, ROUNDS + 1):
            _visit(viewers, turn)
        page = (cpu_seconds(process) - before) / (number * ROUNDS)
        return Cost(number, page, looking, megabytes(process))


def _visit(viewers: Sequence[Viewer], turn: int) -> None:
    """Everybody opens a page, each another one than before."""
    _all(viewers, lambda place, viewer: viewer.visit(*PAGES[(place + turn) % len(PAGES)]))


def _all(viewers: Sequence[Viewer], does: Callable[[int, Viewer], object]) -> None:
    """Lets everybody do something, one a moment after the other."""
    threads = [threading.Thread(target=does, args=each) for each in enumerate(viewers)]
    for thread in threads:
        thread.start()
        time.sleep(APART)
    for thread in threads:
        thread.join()


def _print(cost: Cost) -> None:
    table = Table("viewers", "a page, CPU s", "looking, CPU s a second and viewer", "memory MB")
    table.add_row(str(cost.viewers), f"{cost.page:.3f}", f"{cost.looking:.4f}", f"{cost.megabytes:.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main([int(written) for written in sys.argv[1:]] or USUAL)
