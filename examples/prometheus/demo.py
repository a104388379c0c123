"""Starts a real Prometheus beside a command, such as the app, and ends it with the command.

    python examples/prometheus/demo.py [--data DIR] [-- COMMAND ...]

The command finds the configuration of this folder through TOMONI_CONFIG, the server through
TOMONI_PROMETHEUS_URL, and a ledger of its own through TOMONI_DATABASE_URL. Everything listens on
127.0.0.1 and keeps its data under DIR (default ``data/demo-prometheus``). A little traffic on the
server's HTTP API keeps its numbers alive. node-exporter is watched too where it is installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import yaml
from traffic import keep_busy, ready

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
READY_SECONDS = 30
MISSING = "Prometheus is not installed here. On Debian or Ubuntu: sudo apt-get install prometheus"


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def installed(*names: str) -> str | None:
    """The path of the first program of these names that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended, and waited for, when the block is left."""
    with log.open("ab") as output:
        # A session of its own: Ctrl-C reaches the app first, and this only when the app has ended.
        process = subprocess.Popen(  # noqa: S603 - the command is made in this file
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_config(path: Path, ports: Mapping[str, int]) -> None:
    """The scrape configuration of this folder with the ports of those jobs that run."""
    config = yaml.safe_load((HERE / "prometheus.yml").read_text(encoding="utf-8"))
    config["scrape_configs"] = [job for job in config["scrape_configs"] if job["job_name"] in ports]
    for job in config["scrape_configs"]:
        job["static_configs"] = [{"targets": [f"127.0.0.1:{ports[job['job_name']]}"]}]
    path.write_text(yaml.safe_dump(config), encoding="utf-8")


def start(stack: ExitStack, program: str, data: Path) -> str:
    """Starts Prometheus (and node-exporter) for as long as the stack lives; the server's address.

    Raises RuntimeError when the server does not become ready.
    """
    ports = {"prometheus": free_port()}
    if exporter := installed("prometheus-node-exporter", "node_exporter"):
        ports["node"] = free_port()
        address = f"--web.listen-address=127.0.0.1:{ports['node']}"
        stack.enter_context(running([exporter, address], data / "node-exporter.log"))
    write_config(data / "prometheus.yml", ports)
    url = f"http://127.0.0.1:{ports['prometheus']}"
    options = {
        "config.file": data / "prometheus.yml",
        "storage.tsdb.path": data / "tsdb",
        "storage.tsdb.retention.time": "15d",
        "web.listen-address": url.removeprefix("http://"),
    }
    command = [program, *(f"--{name}={value}" for name, value in options.items())]
    server = stack.enter_context(running(command, data / "prometheus.log"))
    until = time.monotonic() + READY_SECONDS
    while not ready(url):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"Prometheus did not start; see {data / 'prometheus.log'}")
        time.sleep(0.2)
    return url


def environment(url: str, data: Path) -> dict[str, str]:
    """What the command needs to know. A ledger that the caller has named stays."""
    ledger = os.environ.get("TOMONI_DATABASE_URL", f"sqlite:///{data / 'tomoni.db'}")
    return {
        "TOMONI_PROMETHEUS_URL": url,
        "TOMONI_CONFIG": str(HERE),
        "TOMONI_DATABASE_URL": ledger,
        "TOMONI_REFRESH_SECONDS": os.environ.get("TOMONI_REFRESH_SECONDS", "15"),
    }


def run(command: Sequence[str], added: Mapping[str, str]) -> int:
    """Runs the command to its end; without one, waits until it is told to stop."""
    if command:
        return subprocess.run(command, env={**os.environ, **added}, check=False).returncode  # noqa: S603 - the user's own
    # What the caller has set is the caller's to know; it may hold a password.
    lines = [f"export {name}='{value}'\n" for name, value in added.items() if name not in os.environ]
    sys.stdout.write("".join(lines))
    sys.stdout.flush()
    threading.Event().wait()
    return 0


def stop(_number: int, _frame: FrameType | None) -> None:
    """Ends this process the way Ctrl-C does, so that what it started is ended too."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """Exit codes: the command's; 1 when Prometheus is missing or does not start; 130 when stopped."""
    parser = argparse.ArgumentParser(description="Starts a real Prometheus beside a command.")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "demo-prometheus", help="where data are kept")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND …")
    options = parser.parse_args(arguments)
    program = installed("prometheus")
    if program is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    data = options.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, stop)
    try:
        with ExitStack() as stack:
            url = start(stack, program, data)
            stack.enter_context(keep_busy(url))
            sys.stderr.write(f"Prometheus listens on {url}; its data are in {data}\n")
            return run(
                options.command[1:] if options.command[:1] == ["--"] else options.command, environment(url, data)
            )
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
