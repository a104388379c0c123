"""Every file that is written, as it is: what changes in it is read in the difference to the files beside.

``WRITE_GOLDEN=1`` writes them again after a change that is meant.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.dialects.promtool import app_of, check_rules, exported, slo_of
from tomoni.catalog.schema import App
from tomoni.words.dialects import line_text
from tomoni.words.text import text_for

GOLDEN = Path(__file__).parent / "golden" / "exports"
DIALECTS = ("rules", "sloth", "pyrra", "openslo", "terraform", "grafana", "backstage")
REPORT = "report.txt"


def shop() -> App:
    """An app with an SLO of each kind, and with everything that is kept of them."""
    counters = {"total": 'http_requests_total{app="shop"}', "bad": 'http_requests_total{app="shop",code=~"5.."}'}
    marks = {"labels": {"tier": "1"}, "annotations": {"docs": "https://docs.example.com/shop"}}
    kept = {
        "name": "ShopErrors",
        "annotations": {"summary": "Orders fail"},
        "page": {"labels": {"severity": "critical"}},
    }
    ratio = {
        "source": "gcp",
        "total": 'metric.type="loadbalancing.googleapis.com/https/request_count" resource.type="https_lb_rule"',
        "bad": 'metric.type="loadbalancing.googleapis.com/https/request_count" resource.type="https_lb_rule" '
        "metric.labels.response_code_class=500",
    }
    order = [
        slo_of("availability", counters, title="Orders work", description="Orders.", alerting=kept, **marks),
        slo_of("latency", {"histogram": "http_request_duration_seconds", "under": "300ms"}, objective=99.5),
        slo_of("month", counters, window={"calendar": "month"}, objective=99.9),
        slo_of("slices", counters, method="timeslices", slice={"length": "5m", "target": 95}),
    ]
    search = [
        slo_of("probe", {"gauge": 'min(probe_success{job="web"})', "good_when": ">= 1"}, window="30d", alerts=[]),
        slo_of("google", ratio, window="30d"),
        slo_of("native", {"source": "gcp", "slo": "projects/p/services/s/serviceLevelObjectives/o"}),
    ]
    journeys = [{"id": "order", "title": "Place an order", "slos": order}, {"id": "search", "slos": search}]
    cpu = {"id": "cpu", "title": "CPU", "source": "prometheus", "unit": "ratio", "query": "avg(node_cpu_ratio)"}
    teams = {"app": "shop-team", "infra": "platform"}
    return app_of({"app": "shop", "title": "Shop", "teams": teams, "journeys": journeys, "infra": [cpu]})


def written(dialect: str) -> dict[str, str]:
    """The files of a dialect, and its report."""
    found, text = exported(dialect, shop(), url="https://slo.example.com"), text_for("en")
    report = sorted(line_text(line, text) for line in found.lines)
    return {**found.files, REPORT: "\n".join(report) + "\n"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_files_are_as_they_were(dialect: str) -> None:
    folder, files = GOLDEN / dialect, written(dialect)
    if os.environ.get("WRITE_GOLDEN"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    assert sorted(files) == sorted(file.name for file in folder.iterdir())
    for name, content in files.items():
        assert content == (folder / name).read_text(encoding="utf-8"), name


def _queries(panels: list[dict[str, object]]) -> Iterator[str]:
    for panel in panels:
        targets = panel.get("targets", [])
        assert isinstance(targets, list)
        yield from (target["expr"] for target in targets if "expr" in target)


@pytest.mark.slow
@pytest.mark.prometheus
def test_rules_and_the_queries_of_the_dashboard_are_valid(tmp_path: Path) -> None:
    rules = (GOLDEN / "rules" / "shop.rules.yaml").read_text(encoding="utf-8")
    dashboard = json.loads((GOLDEN / "grafana" / "shop.dashboard.json").read_text(encoding="utf-8"))
    queries = [re.sub(r"\$__\w+|\$\{__\w+\}", "5m", query) for query in _queries(dashboard["panels"])]
    assert len(queries) > 10
    asked = [{"record": f"asked:{n}", "expr": query} for n, query in enumerate(queries)]
    check_rules(rules, yaml.safe_dump({"groups": [{"name": "dashboard", "rules": asked}]}), folder=tmp_path)
    recorded = {
        rule["record"] for group in yaml.safe_load(rules)["groups"] for rule in group["rules"] if "record" in rule
    }
    shown = {name for query in queries for name in re.findall(r"tomoni:\w+:\w+", query)}
    assert shown <= recorded


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_reads_its_files_and_would_format_them_like_this() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", GOLDEN / "terraform"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
