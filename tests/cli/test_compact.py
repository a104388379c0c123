"""`compact`: old buckets become hours, and all that is asked of full hours and of snapshots stays true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.conftest import Run
from tests.cli.test_lake import sums
from tests.cli.world import NOW

LATER = (NOW + timedelta(days=75)).isoformat()
OFF = NOW - timedelta(hours=3, minutes=25)  # within an hour, and within its bucket's own five minutes
MOMENTS = [NOW, NOW - timedelta(days=1, hours=5), OFF, NOW - timedelta(days=2, minutes=10)]
PLACE = "shop/place-order"


@pytest.fixture
def rules(config: Path) -> Path:
    settings = config / "settings.yaml"
    settings.write_text(settings.read_text() + "ledger: {compact_after: 63d}\n")
    exclusions = config / "exclusions"
    exclusions.mkdir()
    start = NOW.replace(tzinfo=None) - timedelta(days=3, minutes=50)
    span = {
        "id": "works",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
    }
    (exclusions / "shop.yaml").write_text(json.dumps({"app": "shop", "exclusions": [{**span, "reason": "Works"}]}))
    return config


def slos(run: Run, at: str) -> dict[str, dict[str, Any]]:
    result = run("status", "--no-sync", "--format", "json", "--at", at, TOMONI_NOW=LATER)
    assert result.exit_code == 0, result.output
    return {slo["slo"]: slo for slo in json.loads(result.stdout)["slos"]}


SAID = {
    "compacted": "only sums of full hours are stored",
    "compacted_window": "The window ends with a full hour",
    "days_deleted": "were deleted, as the configuration says",
}


def codes(slo: dict[str, Any]) -> set[str]:
    told = "\n".join(map(str, slo["notices"]))
    return {code for code, words in SAID.items() if words in told}


def figures(slo: dict[str, Any]) -> dict[str, Any]:
    """All that is told of an SLO but what hours cannot tell, burn below one, and what a reader should know."""
    left = {name: value for name, value in slo.items() if name not in ("notices", "burn", "alerts")}
    burn = slo["burn"]
    return {**left, **{f"burn {window}": burn[window] for window in burn if window[-1] != "m"}}


def frozen(run: Run, tmp_path: Path, at: str, name: str) -> Path:
    out = tmp_path / name
    result = run(
        "snapshot", "--app", "shop", "--at", at, "--days", "7", "--out", str(out), "--format", "json", "--no-sync"
    )
    assert result.exit_code == 0, result.output
    return next(iter(out.glob("*.json")))


def verified(run: Run, file: Path) -> Iterator[str]:
    result = run("verify", str(file), "--format", "json", TOMONI_NOW=LATER)
    yield from (check["code"] for check in json.loads(result.stdout)["checks"])


def test_figures_at_full_hours_and_snapshots_are_as_before(run: Run, rules: Path, tmp_path: Path) -> None:
    assert run("sync").exit_code == 0
    kept, lost = (frozen(run, tmp_path, at.isoformat(), name) for at, name in ((OFF, "kept"), (MOMENTS[3], "lost")))
    listed = json.loads(run("snapshots", "--format", "json").stdout)["snapshots"]
    before = {at: slos(run, at.isoformat()) for at in MOMENTS}
    gone = next(each["hash"] for each in listed if each["as_of"].startswith(MOMENTS[3].isoformat()[:16]))
    assert run("snapshots", gone, "--delete").exit_code == 0

    lake = tmp_path / "lake"
    assert run("export", "parquet", "--out", str(lake)).exit_code == 0
    exported = sums(lake)

    would = run("compact", "--dry-run", TOMONI_NOW=LATER).output
    assert slos(run, NOW.isoformat()) == before[NOW]
    done = run("compact", TOMONI_NOW=LATER)
    assert done.exit_code == 0, done.output
    assert "shop/import/files stays as it is: its slices of time need their own buckets." in done.output
    assert would.splitlines()[1].replace("would be ", "").replace("would become", "became") in done.output
    assert run("compact", TOMONI_NOW=LATER).output.splitlines()[1].startswith("0 hours")

    for at in (NOW, MOMENTS[1], OFF):  # the snapshot relies on the border of OFF
        after = slos(run, at.isoformat())
        for name, slo in after.items():
            now, then = figures(slo), figures(before[at][name])
            cut = {key for key in now if at == OFF and name != "files" and key.startswith("burn ")}
            assert now == {**then, **dict.fromkeys(cut)}, (at, name)
        assert all("compacted" in codes(slo) for name, slo in after.items() if name != "files")
        assert not any("compacted_window" in codes(slo) for slo in after.values())
    within = slos(run, MOMENTS[3].isoformat())
    full = slos(run, (MOMENTS[3] - timedelta(minutes=50)).isoformat())
    for name in ("availability", "latency", "rows"):
        assert "compacted_window" in codes(within[name])
        assert within[name]["budget"] == full[name]["budget"]
        assert within[name]["window"] == full[name]["window"]
    assert run("export", "parquet", "--out", str(lake), TOMONI_NOW=LATER).exit_code == 0
    assert {slo: found[:2] for slo, found in sums(lake).items()} == {slo: found[:2] for slo, found in exported.items()}
    assert set(pd.read_parquet(lake / "slos")["seconds"]) == {300, 3600}
    assert {"ledger_agrees"} == {code for code in verified(run, kept) if code.startswith("ledger")}
    assert "ledger_cannot" in set(verified(run, lost))
    assert "ledger_differs" not in set(verified(run, lost)), run("verify", str(lost), TOMONI_NOW=LATER).output

    app = rules / "apps" / "shop.yaml"
    app.write_text(app.read_text().replace("95, window: 7d", '95, window: {calendar: week, starts_at: "06:30"}'))
    assert (
        "/rows stays as it is: its days begin within an hour." in run("compact", "--dry-run", TOMONI_NOW=LATER).output
    )


def test_days_that_are_older_than_the_rule_are_deleted_and_nothing_else(run: Run, rules: Path, tmp_path: Path) -> None:
    (rules / "settings.yaml").write_text("timezone: Asia/Tokyo\nledger: {keep: 90d}\n")
    assert run("sync").exit_code == 0
    file = frozen(run, tmp_path, NOW.isoformat(), "kept")
    recent = slos(run, NOW.isoformat())
    assert "would be deleted" in run("compact", "--dry-run", TOMONI_NOW=LATER).output
    assert slos(run, NOW.isoformat()) == recent
    done = run("compact", TOMONI_NOW=LATER)
    assert "days of series deleted." in done.output, done.output
    after = slos(run, NOW.isoformat())
    assert "days_deleted" in codes(after["availability"])
    assert after["availability"]["coverage"] < recent["availability"]["coverage"]
    assert figures(after["rows"]) == figures(recent["rows"])  # of 7 days, which are all there
    found = set(verified(run, file))
    assert "ledger_cannot" in found
    assert "ledger_differs" not in found
    assert run("snapshots").output.count("shop") == 1
