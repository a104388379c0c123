"""A real VictoriaMetrics from Debian's package, filled with the history of `tests.prometheus_world`.

with running_victoria(tmp_path, "-search.maxUniqueTimeseries=2") as server:
    server.url, server.world
"""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.prometheus_world import HOUR, Samples, World
from tests.real_prometheus import free_port, program, wait_until_ready

_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class RealVictoria:
    """A running server and the world that it was filled with."""

    url: str
    world: World


@contextmanager
def running_victoria(folder: Path, *flags: str, now: float | None = None) -> Iterator[RealVictoria]:
    """Starts a filled server with further flags, and ends it; the history ends at the current hour."""
    world = World(int(now or time.time()) // HOUR * HOUR)
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "victoria.log"
    with log.open("wb") as out:
        process = subprocess.Popen(_command(folder, port, flags), stdout=out, stderr=out)
        try:
            wait_until_ready(f"{url}/health", process, log)
            _fill(url, world.samples(), world.start)
            yield RealVictoria(url, world)
        finally:
            process.terminate()
            process.wait(120)


def _command(folder: Path, port: int, flags: Iterable[str]) -> list[str]:
    return [
        program("victoria-metrics"),
        f"-storageDataPath={folder}/victoria",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=20y",
        "-memory.allowedBytes=256MB",
        *flags,
    ]


def _fill(url: str, samples: Iterable[Samples], start: int) -> None:
    """Imports the samples, and waits until they can be queried."""
    for series in samples:
        times = (start + series.minutes * 60 + series.offset_seconds) * 1000
        line = {"metric": _labels(series.name), "values": series.values.tolist(), "timestamps": times.tolist()}
        _post(f"{url}/api/v1/import", json.dumps(line).encode())
    with urllib.request.urlopen(f"{url}/internal/force_flush", timeout=60):
        pass


def _post(url: str, body: bytes) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=60):
        pass


def _labels(name: str) -> dict[str, str]:
    return {"__name__": name.split("{", 1)[0], **dict(_LABEL.findall(name))}
