"""`examples/prometheus/demo.py`: a real Prometheus beside a command, which ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.real_prometheus import program

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "examples" / "prometheus" / "demo.py"


@pytest.fixture(autouse=True)
def server_program(request: pytest.FixtureRequest) -> None:
    """Fails a test that needs the server where its package is missing."""
    if request.node.get_closest_marker("prometheus"):
        program("prometheus")


def start(data: Path, command: Sequence[str], **environment: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOMONI_")}
    return subprocess.Popen(
        [sys.executable, str(DEMO), "--data", str(data), *command],
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


@pytest.mark.prometheus
def test_the_command_finds_a_ready_server_and_everything_ends_with_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, urllib.request\n"
        "names = ('TOMONI_PROMETHEUS_URL', 'TOMONI_CONFIG', 'TOMONI_DATABASE_URL', 'TOMONI_REFRESH_SECONDS')\n"
        "print(*(os.environ[name] for name in names), sep='\\n')\n"
        "print(urllib.request.urlopen(os.environ['TOMONI_PROMETHEUS_URL'] + '/-/ready').status)\n"
        "sys.exit(3)"
    )
    process = start(tmp_path, ["--", sys.executable, "-c", code], TOMONI_REFRESH_SECONDS="7")
    said, errors = process.communicate(timeout=300)
    url, config, ledger, refresh, status = said.splitlines()
    assert (process.returncode, status, refresh) == (3, "200", "7"), errors
    assert Path(config) == DEMO.parent
    assert ledger == f"sqlite:///{tmp_path / 'tomoni.db'}"
    assert url in errors
    assert not answers(url)
    assert (tmp_path / "tsdb").is_dir()


ASK_EVERYTHING = """
import os, time
from pathlib import Path
from tomoni.catalog.load import load
from data_sources.base import Interval, Request
from data_sources.prometheus.source import PrometheusSource

catalog = load(Path(os.environ["TOMONI_CONFIG"]), os.environ)
source = PrometheusSource("prometheus", catalog.sources["prometheus"])
end = int(time.time()) // 60 * 60
queries = [slo.sli for app in catalog.apps for journey in app.journeys for slo in journey.slos]
queries += [signal.query for app in catalog.apps for signal in app.infra]
requests = [Request(str(i), query, Interval(end - 600, end, 60)) for i, query in enumerate(queries)]
for answer in source.fetch(requests):
    print(answer.error.code if answer.error else "answered")
source.close()
"""


@pytest.mark.prometheus
def test_a_real_server_refuses_no_query_of_the_example(tmp_path: Path) -> None:
    process = start(tmp_path, ["--", sys.executable, "-c", ASK_EVERYTHING], PYTHONPATH=str(ROOT))
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    told = said.split()
    assert len(told) > 10
    # A histogram that was not scraped yet has no edges to be found.
    assert set(told) <= {"answered", "not_found"}
    assert told.count("not_found") <= 2


@pytest.mark.prometheus
def test_without_a_command_it_says_how_to_reach_the_server_and_waits_to_be_stopped(tmp_path: Path) -> None:
    process = start(tmp_path, [], TOMONI_DATABASE_URL="postgresql://reader:secret@localhost/tomoni")
    assert process.stdout is not None
    first = process.stdout.readline()
    url = first.strip().removeprefix("export TOMONI_PROMETHEUS_URL='").removesuffix("'")
    assert answers(url)
    process.send_signal(signal.SIGTERM)
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "secret" not in said + errors
    assert not answers(url)


def test_a_missing_prometheus_is_told_in_one_line_with_what_to_install(tmp_path: Path) -> None:
    process = start(tmp_path, ["--", "true"], PATH=str(tmp_path))
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    assert said == ""
    assert errors.splitlines() == [
        "Prometheus is not installed here. On Debian or Ubuntu: sudo apt-get install prometheus"
    ]


def test_a_prometheus_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "prometheus"
    broken.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    broken.chmod(0o755)
    process = start(tmp_path, ["--", "true"], PATH=f"{tmp_path}:/bin")
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    assert errors.startswith("Prometheus did not start; see ")
    assert "no room" in (tmp_path / "prometheus.log").read_text()
