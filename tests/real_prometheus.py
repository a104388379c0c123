"""A real Prometheus from Debian's package, filled with the history of `tests.prometheus_world`.

    with running_prometheus(tmp_path) as server:
        server.url, server.world

The blocks are built once an hour, below ``build/``, and shared by all test processes; each process
starts a server of its own on links to them.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.prometheus_world import HOUR, World

CACHE = Path(__file__).parent.parent / "build" / "prometheus-history"
START_SECONDS = 180
_CONFIG = """\
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: itself
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""

_JOB = """\
  - job_name: {job}
    static_configs: [{{targets: ["{target}"]}}]
"""


@dataclass(frozen=True)
class RealPrometheus:
    """A running server and the world that it was filled with."""

    url: str
    world: World


def program(name: str) -> str:
    """The path of a server's program; fails the test where its package is missing."""
    found = shutil.which(name)
    if found is None:
        package = {"promtool": "prometheus"}.get(name, name)
        pytest.fail(f"{name} is missing: apt-get install {package} (make test does it)", pytrace=False)
    return found


@contextmanager
def running_prometheus(folder: Path, *flags: str, now: float | None = None) -> Iterator[RealPrometheus]:
    """Starts a filled server in a folder of its own with further flags, and ends it; the history ends at the
    current hour."""
    world = World(int(now or time.time()) // HOUR * HOUR)
    shutil.copytree(_history(world), folder / "data", copy_function=_link)
    with serving(folder, *flags) as url:
        yield RealPrometheus(url, world)


@contextmanager
def serving(folder: Path, *flags: str, jobs: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a Prometheus that serves the blocks in ``data`` of a folder, and scrapes itself and the targets of
    further jobs."""
    port = free_port()
    more = "".join(_JOB.format(job=job, target=target) for job, target in (jobs or {}).items())
    (folder / "prometheus.yml").write_text(_CONFIG.format(port=port) + more)
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(_command(folder, port, flags), stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(f"{url}/-/ready", process, folder / "prometheus.log")
            yield url
        finally:
            process.terminate()
            process.wait(120)


def _command(folder: Path, port: int, flags: Iterable[str]) -> list[str]:
    return [
        program("prometheus"),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        "--storage.tsdb.retention.time=20y",
        f"--web.listen-address=127.0.0.1:{port}",
        *flags,
    ]


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until a server answers at an address; fails the test where it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()[-2000:]}", pytrace=False)


def _history(world: World) -> Path:
    """The folder of the world's blocks, built where it is not there yet."""
    source = b"".join(Path(__file__).with_name(f"{name}_world.py").read_bytes() for name in ("prometheus", "births"))
    blocks = CACHE / hashlib.sha256(source + str(world.end).encode()).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not blocks.exists():
            for old in CACHE.iterdir():
                if old.is_dir() and old.stat().st_mtime < time.time() - 2 * HOUR:
                    shutil.rmtree(old)
            _build(world, blocks)
    return blocks


def _build(world: World, blocks: Path) -> None:
    unfinished = blocks.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    text = unfinished.with_suffix(".txt")
    with text.open("w") as file:
        file.writelines(f"{part}\n" for part in world.openmetrics())
    make_blocks(text, unfinished)
    text.unlink()
    unfinished.rename(blocks)


def make_blocks(openmetrics: Path, folder: Path) -> None:
    """Writes the samples of an OpenMetrics file as blocks into a folder."""
    # promtool reads the whole text once for each block: few long blocks instead of one every two hours.
    command = [program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet"]
    subprocess.run([*command, "--max-block-duration=486h", openmetrics, folder], check=True, capture_output=True)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
