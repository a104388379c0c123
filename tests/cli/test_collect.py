"""`collect`: asks the sources for all, once or until it is stopped."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_process import process
from tests.real_prometheus import free_port
from tomoni.store.engine import open_engine
from tomoni.store.leases import Candidate, Lease, Leases

pytestmark = pytest.mark.slow


@pytest.fixture
def leases(environ: dict[str, str]) -> Leases:
    return Leases(open_engine(environ["TOMONI_DATABASE_URL"]), "collector")


def test_once_fetches_everything_and_gives_the_lease_back(run: Run, leases: Leases, config: Path) -> None:
    mail = config.parent / "data" / "mail.csv"
    mail.rename(config.parent / "away")
    failed = run("collect", "--once")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("exports: ")
    (config.parent / "away").rename(mail)
    done = run("collect", "--once")
    assert (done.exit_code, done.stdout) == (0, "Collected once.\n")
    assert run("status", "--no-sync").stdout == run("status").stdout
    assert not leases.look().is_held


def test_once_leaves_the_sources_to_a_collector_that_is_there(run: Run, leases: Leases) -> None:
    leases.take(Candidate(rank=1))
    done = run("collect", "--once")
    assert (done.exit_code, done.stdout) == (0, "Another process collects already; nothing was left to do.\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_and_gives_the_lease_back(
    environ: dict[str, str], leases: Leases, number: signal.Signals, code: int
) -> None:
    port = free_port()
    started = process(environ, "collect", "--port", str(port))
    held = until(leases, started, lambda lease: lease.is_held)
    assert (held.process, held.rank) == (started.pid, 1)
    for probe in ("healthz", "readyz", "metrics"):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{probe}", timeout=60) as answer:
            assert answer.status == 200
    started.send_signal(number)
    out, err = started.communicate(timeout=300)
    assert (started.returncode, err) == (code, "")
    assert "This process asks exports every 60 s." in out
    assert not leases.look().is_held


def test_a_port_that_is_taken_is_told(run: Run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("collect", "--once", "--port", str(taken.getsockname()[1]))
    assert done.exit_code == 1
    assert "Cannot listen on 127.0.0.1, port " in done.stderr


def until(leases: Leases, started: subprocess.Popen[str], true) -> Lease:
    limit = time.monotonic() + 300
    while not true(found := leases.look()):
        assert started.poll() is None, started.communicate()
        assert time.monotonic() < limit
        time.sleep(0.1)
    return found
