"""An objective split by labels, from its file to the status, the explanation and every file of a snapshot."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.world import NOW

STEP, HOURS = 300, 30
ROUTES = {"/pay": (100, 20), "": (300, 0), "<b>x</b>|*y*": (10, 5), "/cart": (500, 1)}
APP = """\
app: split-shop
journeys:
  - id: order
    slos:
      - id: routes
        objective: 99
        window: 1d
        judge_after: 0.1
        split_by: {labels: [route], at_most: 2}
        sli: {source: split-exports, counts: orders.csv}
      - id: slices
        objective: 99
        window: 1d
        judge_after: 0.1
        method: timeslices
        slice: {length: 10m, target: 99}
        split_by: {labels: [route], at_most: 2}
        sli: {source: split-exports, counts: orders.csv}
      - id: zones
        objective: 99.9
        window: 1d
        split_by: [zone, version]
        sli: {source: demo, counts: checkout-availability}
"""


@pytest.fixture
def split(config: Path) -> Path:
    """A world with an app whose objectives are split."""
    (config / "apps" / "split-shop.yaml").write_text(APP)
    sources = config / "sources.yaml"
    text = sources.read_text()
    demo = "" if "kind: demo" in text and "demo:" in text else "  demo: {kind: demo}\n"
    sources.write_text(f"{text.rstrip()}\n{demo}  split-exports: {{kind: files, path: {config.parent / 'split'}}}\n")
    (config.parent / "split").mkdir()
    now = int(NOW.timestamp()) // STEP * STEP
    rows = [
        f'{at},{total},{bad},"{route}"'
        for at in range(now - HOURS * 3600, now, STEP)
        for route, (total, bad) in ROUTES.items()
    ]
    (config.parent / "split" / "orders.csv").write_text("\n".join(["time,total,bad,route", *rows]) + "\n")
    return config


def statuses(run: Run) -> dict[str, Any]:
    result = run("status", "--app", "split-shop", "--format", "json")
    assert result.exit_code == 0, result.stderr
    return {slo["slo"]: slo for slo in json.loads(result.stdout)["slos"]}


@pytest.mark.usefixtures("split")
def test_the_status_tells_the_parts_the_worst_first_and_their_sum_is_the_whole(run: Run) -> None:
    found = statuses(run)
    routes = found["routes"]["split"]
    assert [part["values"] for part in routes["parts"]] == [{"route": "/pay"}, {"route": "<b>x</b>|*y*"}]
    assert routes["other"]["combinations"] == 2
    assert routes["parts"][0]["state"] == "exhausted"
    assert routes["other"]["state"] == "healthy"
    assert found["zones"]["split"]["other"] is None
    assert len(found["zones"]["split"]["parts"]) == 6
    for slo in found.values():
        every = [*slo["split"]["parts"], *filter(None, [slo["split"]["other"]])]
        for name in ("bad", "total"):
            assert sum(part[name] for part in every) == slo["split"][name]
            assert slo["method"] == "timeslices" or slo["split"][name] == slo[name]
        assert sum(part["share_of_bad"] for part in every) == pytest.approx(1)
    told = run("explain", "--app", "split-shop", "--slo", "routes", "--no-sync").stdout
    assert "/pay: 80.00% good; 5,760 of 28,800 bad, 76.9% of all bad events, 11% of the traffic" in told
    assert "split_total: orders.csv: total by route" in told
    told = run("explain", "--app", "split-shop", "--slo", "slices", "--no-sync").stdout
    assert "/pay: 0.00% of time slices good; 5,760 of 28,800 events bad" in told


@pytest.mark.usefixtures("split")
def test_a_snapshot_keeps_the_parts_and_is_verified_by_calculating_them_again(run: Run, tmp_path: Path) -> None:
    statuses(run)
    out = str(tmp_path / "out")
    result = run(
        "snapshot", "--app", "split-shop", "--days", "1", "--out", out, "--format", "html,md,json,csv,parquet,pptx"
    )
    assert result.exit_code == 0, result.stdout + result.stderr
    (page,) = (tmp_path / "out").rglob("*.html")
    (minutes,) = (tmp_path / "out").rglob("*.md")
    assert "<b>x</b>|*y*" not in page.read_text(encoding="utf-8")
    assert "&lt;b&gt;x&lt;/b&gt;|*y*" in page.read_text(encoding="utf-8")
    assert "/pay" in minutes.read_text(encoding="utf-8")
    tables = [file for kind in ("csv", "parquet") for file in (tmp_path / "out").rglob(f"*-1d.{kind}")]
    rows = {row["slo"]: row for row in csv.DictReader(tables[0].read_text(encoding="utf-8").splitlines())}
    parts = json.loads(rows["routes"]["split.parts"])
    assert [part["values"]["route"] for part in parts] == ["/pay", "<b>x</b>|*y*"]
    assert sum(part["bad"] for part in parts) + json.loads(rows["routes"]["split.other"])["bad"] == float(
        rows["routes"]["bad"]
    )
    (deck,) = (tmp_path / "out").rglob("*.pptx")
    for file in (page, minutes, *tables, deck):
        verified = run("verify", str(file))
        assert verified.exit_code == 0, verified.stdout + verified.stderr


@pytest.mark.usefixtures("split")
def test_a_column_that_is_not_there_leaves_the_whole_as_it_is_and_is_told(run: Run, config: Path) -> None:
    file = config / "apps" / "split-shop.yaml"
    file.write_text(file.read_text().replace("[route]", "[rout]"))
    routes = statuses(run)["routes"]
    assert (routes["split"], routes["state"]) == (None, "exhausted")
    told = run("check").stderr
    assert told.count("rout") >= 1
    file.write_text(file.read_text().replace("[rout]", "[region]"))
    data = config.parent / "split" / "orders.csv"
    first, *rows = data.read_text().splitlines()
    data.write_text("\n".join([f"{first},region", *(f"{row}," for row in rows)]) + "\n")
    assert "region: all events are in one part" in run("check").stderr
    assert "split_unknown" in [notice["key"] for notice in routes["notices"]]
