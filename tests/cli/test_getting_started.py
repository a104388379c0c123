"""docs/getting-started.md, walked word for word: its commands and files, in its order, against a real Prometheus."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_sources.prometheus.config import Histogram
from data_sources.queries import Ratio
from tests.real_prometheus import RealPrometheus, free_port, running_prometheus
from tomoni.catalog.load import load

pytestmark = [pytest.mark.slow, pytest.mark.prometheus]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:`(?P<file>[\w./-]+)`:\n\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
SERVE = "python cli.py serve"
STEP = "-- "


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like a checkout: everything of this one, but data and configuration of its own."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in (".git", "data", "my-config"):
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOMONI_", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8"}


def script(url: str) -> str:
    """The page as one script; each command is announced. `make` only looks whether the target exists."""
    return "\n".join(["set -e", 'make() { grep -q "^$1:" Makefile; }', *_steps(url)])


def _steps(url: str) -> Iterator[str]:
    for block in BLOCK.finditer(PAGE.replace("http://127.0.0.1:9090", url)):
        if block["language"] == "sh":
            for command in filter(None, block["text"].splitlines()):
                yield f"echo {shlex.quote(STEP + command.partition('#')[0].strip())}"
                yield command if not command.startswith(SERVE) else "env > served"
        else:
            assert block["file"], "the page does not say which file this is"
            yield f"cat > {block['file']} <<'END'\n{block['text']}END"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPrometheus]:
    with running_prometheus(tmp_path_factory.mktemp("prometheus")) as server:
        yield server


def test_every_step_of_the_page_works_as_it_is_written(
    checkout: Path, environ: dict[str, str], server: RealPrometheus
) -> None:
    done = run(["bash", "-c", script(server.url)], checkout, environ)
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(_by_step(done.stdout))
    assert "2 SLOs" in said["python cli.py init my-config --prometheus"]
    assert said["python cli.py check"].endswith("no problems found.\n")
    assert "Availability" in said["python cli.py status"]
    assert "No data" not in said["python cli.py status"]
    assert not [line for line in done.stderr.splitlines() if "yaml:" in line]
    _served(checkout, environ)


def test_what_init_proposes_from_the_metrics_of_a_server_is_sound(
    checkout: Path, environ: dict[str, str], server: RealPrometheus
) -> None:
    python = str(ROOT / ".venv" / "bin" / "python")
    made = run([python, "cli.py", "init", "own", "--prometheus", server.url], checkout, environ)
    assert (made.returncode, made.stderr) == (0, "")
    journey = load(checkout / "own", {}).apps[0].journeys[0]
    total = 'http_requests_total{app="checkout"}'
    assert {slo.id: slo.sli for slo in journey.slos} == {
        "availability": Ratio(total=total, bad='http_requests_total{app="checkout",code=~"5.."}'),
        "latency": Histogram.model_validate(
            {"histogram": 'http_request_duration_seconds{app="checkout"}', "under": "300ms"}
        ),
    }
    assert "would have" in made.stdout
    checked = run([python, "cli.py", "--config", "own", "check"], checkout, environ)
    assert (checked.returncode, checked.stderr) == (0, "")


def run(command: list[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False)


def _by_step(output: str) -> Iterator[tuple[str, str]]:
    for part in output.split(STEP)[1:]:
        command, _, text = part.partition("\n")
        yield command.partition(" http")[0], text


def _served(checkout: Path, environ: dict[str, str]) -> None:
    """The last command: the pages come up with the configuration that the page has led to."""
    served = dict(line.partition("=")[::2] for line in (checkout / "served").read_text().splitlines() if "=" in line)
    assert load(checkout / served["TOMONI_CONFIG"], {}).problems == ()
    port = free_port()
    command = [str(ROOT / ".venv" / "bin" / "python"), *SERVE.split()[1:], "--port", str(port)]
    with (checkout / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=checkout, env={**environ, "TOMONI_CONFIG": served["TOMONI_CONFIG"]}, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/", process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(120)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the pages did not come up")
