"""What operators are given fits the figures: alerts, the dashboard, and Tomoni's own SLOs on a real Prometheus."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.real_prometheus import free_port, program, wait_until_ready
from tests.use_cases.test_background import wait_until
from tomoni.serving.alone import probes_alone
from tomoni.serving.metrics import PAGE_SECONDS, PAGES_DRAWN, Figures
from tomoni.settings import ProcessSettings
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "tomoni.json"
EXAMPLE = ROOT / "examples" / "self"
_SCRAPE = """\
global: {{scrape_interval: 1s}}
scrape_configs:
  - {{job_name: tomoni, static_configs: [{{targets: ["127.0.0.1:{port}"]}}]}}
"""


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tomoni]:
    """The demo, whose sources were asked and whose pages were read."""
    folder = tmp_path_factory.mktemp("operators")
    given = {"config": ROOT / "config", "database_url": f"sqlite:///{folder}/tomoni.db", "refresh_seconds": 3600}
    tomoni = open_tomoni(ProcessSettings.model_validate(given), {})
    tomoni.collecting.wanted(600)
    wait_until(lambda: tomoni.has_collected, 120)
    tomoni.live()
    for page in ("overview", "app"):
        PAGES_DRAWN.labels(page, "ok").inc()
        PAGE_SECONDS.labels(page).observe(0.2)
    yield tomoni
    tomoni.close()


def figures_of(tomoni: Tomoni) -> set[str]:
    """The names of all samples that are shown, and of those that a source of another kind would have."""
    lines = Figures(lambda: tomoni, lambda: 2).text().decode().splitlines()
    return {re.split(r"[ {]", line.removeprefix("# HELP "))[0] for line in lines if line and "# TYPE" not in line}


def expressions() -> Iterator[tuple[str, str]]:
    """Everything that is asked of the figures, with where."""
    for group in yaml.safe_load((RULES / "tomoni.rules.yml").read_text())["groups"]:
        yield from ((rule["alert"], rule["expr"]) for rule in group["rules"])
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])
    yield "examples/self", (EXAMPLE / "apps" / "tomoni.yaml").read_text().partition("journeys:")[2]


def test_every_figure_that_operators_are_given_something_for_exists(collecting: Tomoni) -> None:
    shown = figures_of(collecting) | {"tomoni_page_seconds"}  # of a histogram an SLI names the family
    asked = {(where, name) for where, text in expressions() for name in re.findall(r"\b(?:tomoni|process)_\w+", text)}
    assert len(asked) > 20
    assert sorted((where, name) for where, name in asked if name not in shown) == []
    documented = (ROOT / "docs" / "operating.md").read_text()
    own = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in shown if name.startswith("tomoni_")}
    assert sorted(name for name in own if name not in documented) == []


@pytest.mark.prometheus
def test_the_alerts_are_valid_and_fire_when_they_should(tmp_path: Path) -> None:
    for command in (["check", "rules", "tomoni.rules.yml"], ["test", "rules", "tomoni.rules.test.yml"]):
        done = subprocess.run([program("promtool"), *command], cwd=RULES, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy(RULES / "tomoni.rules.yml", tmp_path)
    shutil.copy(EXAMPLE / "prometheus.yml", tmp_path)
    subprocess.run([program("promtool"), "check", "config", "prometheus.yml"], cwd=tmp_path, check=True)


@pytest.fixture
def scraping(collecting: Tomoni, tmp_path: Path) -> Iterator[str]:
    """The address of a Prometheus that scrapes the figures."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as listening, probes_alone(collecting, listening):
        (tmp_path / "prometheus.yml").write_text(_SCRAPE.format(port=listening.getsockname()[1]))
        command = [program("prometheus"), f"--config.file={tmp_path}/prometheus.yml"]
        command += [f"--storage.tsdb.path={tmp_path}/data", f"--web.listen-address=127.0.0.1:{port}"]
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                wait_until_ready(f"http://127.0.0.1:{port}/-/ready", process, tmp_path / "log")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(120)


def asked(url: str, query: str) -> list[dict[str, object]]:
    address = f"{url}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(address, timeout=60) as answer:
        found: list[dict[str, object]] = json.load(answer)["data"]["result"]
    return found


@pytest.mark.prometheus
def test_tomonis_own_slos_are_answered_by_a_prometheus_that_scrapes_it(scraping: str, tmp_path: Path) -> None:
    wait_until(lambda: len(asked(scraping, 'tomoni_pages_drawn_total{job="tomoni",outcome="ok"}')) >= 2, 60)
    shutil.copytree(EXAMPLE, tmp_path / "config")
    given = {"config": tmp_path / "config", "database_url": f"sqlite:///{tmp_path}/own.db"}
    own = open_tomoni(ProcessSettings.model_validate(given), {"TOMONI_PROMETHEUS_URL": scraping})
    try:
        assert own.catalog.problems == ()
        found = [problem for problem in own.check() if problem.severity == "error"]
        assert {problem.facts.get("reason") for problem in found} <= {"no_samples_yet"}  # it is seconds old
        for panel in json.loads(DASHBOARD.read_text())["panels"]:
            for target in panel["targets"]:
                query = target["expr"].replace("$job", "tomoni").replace("$__rate_interval", "1m")
                asked(scraping, query)  # Prometheus understands it
        newest = 'max by (source) (tomoni_source_newest_data_timestamp_seconds{job="tomoni"})'
        age = asked(scraping, f"max(time() - {newest})")
        assert 0 < float(age[0]["value"][1]) < 3600  # type: ignore[index]
    finally:
        own.close()
