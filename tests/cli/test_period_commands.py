"""Every command takes the name of a period: sync (again), compare and portal; snapshots carry it everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

OCTOBER, NOVEMBER = 1790805600, 1793487600  # 1 October and 1 November 2026, midnight in Berlin
APP = """\
app: {name}
timezone: {zone}
journeys:
  - id: order
    slos:
      - {{id: month, objective: 99.9, window: {{calendar: month}}, sli: {{source: exports, counts: last.csv}}}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two apps on one file: all that is bad lies in the last bucket of Berlin's October."""
    config, data = tmp_path / "config", tmp_path / "data"
    (config / "apps").mkdir(parents=True)
    data.mkdir()
    (config / "sources.yaml").write_text("sources: {exports: {kind: files, path: ../data}}\n")
    for name, zone in (("berlin", "Europe/Berlin"), ("tokyo", "Asia/Tokyo")):
        (config / "apps" / f"{name}.yaml").write_text(APP.format(name=name, zone=zone))
    times = range(OCTOBER - 35 * 86_400, NOVEMBER + 86_400, 300)
    rows = "\n".join(f"{t},1000,{1000 if t == NOVEMBER - 300 else 0}" for t in times)
    (data / "last.csv").write_text(f"time,total,bad\n{rows}\n")
    return config


def done(run: Run, *args: str) -> str:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_sync_fetches_what_reviews_of_a_period_need(run: Run) -> None:
    assert "buckets" in done(run, "sync", "--period", "2026-10")
    found = json.loads(done(run, "status", "--period", "2026-10", "--format", "json", "--no-sync"))
    assert [slo["coverage"] for slo in found["slos"]] == [1.0, 1.0]
    assert "Nothing was missing" in done(run, "sync", "--period", "2026-10")


def test_sync_again_reads_the_period_of_each_app(run: Run, config: Path) -> None:
    done(run, "sync", "--period", "2026-10")
    file = config.parent / "data" / "last.csv"
    file.write_text(file.read_text().replace(f"{NOVEMBER - 300},1000,1000", f"{NOVEMBER - 300},1000,10"))
    said = done(run, "sync", "--again", "--period", "2026-10")
    assert "berlin/order/month" in said
    found = json.loads(done(run, "status", "--period", "2026-10", "--format", "json", "--no-sync", "--app", "berlin"))
    assert found["slos"][0]["bad"] == 10


@pytest.mark.parametrize(
    "args",
    [
        ["sync", "--period", "2026-10", "--days", "3"],
        ["alerts", "--period", "2026-10", "--days", "28"],
        ["snapshot", "--period", "2026-10", "--days", "28", "--out", "nowhere"],
        ["sync", "--period", "2026-10", "--until", "2026-11-01T00:00Z"],
        ["sync", "--again", "--period", "2026-10", "--from", "2026-11-01T00:00Z"],
        ["sync", "--again"],
        ["sync", "--period", "2026-1O"],
        ["compare", "--period", "2026-10"],
        ["compare", "--app", "berlin", "--period", "2026-10", "--period", "2026-09", "--period", "2026-08"],
        ["compare", "abcdef", "abcdee", "--period", "2026-10"],
    ],
)
def test_what_does_not_go_together_is_a_usage_error(run: Run, args: list[str]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize("args", [["sync"], ["sync", "--again"], ["compare", "--app", "berlin"]])
def test_a_period_that_has_not_begun_is_refused_by_name(run: Run, args: list[str]) -> None:
    result = run(*args, "--period", "2027-01")
    assert (result.exit_code, "2027-01 has not begun yet" in result.stderr) == (1, True)


def test_two_periods_are_compared_with_or_without_snapshots(run: Run, tmp_path: Path) -> None:
    done(run, "sync", "--period", "2026-10")
    from_ledger = done(run, "compare", "--app", "berlin", "--period", "2026-10", "--period", "2026-09")
    assert "budget" in from_ledger
    done(run, "snapshot", "--period", "2026-10", "--out", str(tmp_path), "--format", "json", "--no-sync")
    assert done(run, "compare", "--app", "berlin", "--period", "2026-10") == from_ledger
    out = str(tmp_path / "compared")
    files = done(run, "compare", "--app", "berlin", "--period", "2026-10", "--out", out, "--format", "md").split()
    assert Path(files[0]).name == "berlin-2026-09-to-berlin-2026-10.md"
    assert "September 2026 compared with October 2026" in Path(files[0]).read_text()


def test_a_snapshot_carries_the_name_of_its_period_in_every_format(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    args = ("--app", "berlin", "--period", "2026-10", "--out", str(out), "--language", "ja")
    done(run, "snapshot", *args, "--format", "html,md,csv,json,pptx,parquet")
    names = {file.name for file in out.iterdir()}
    assert {f"berlin-2026-10.{form}" for form in ("html", "md", "csv", "json", "pptx", "parquet")} <= names
    for form in ("html", "md"):
        assert "2026年10月（" in (out / f"berlin-2026-10.{form}").read_text()
    with ZipFile(out / "berlin-2026-10.pptx") as slides:
        assert any("2026年10月（" in slides.read(name).decode(errors="replace") for name in slides.namelist())
    assert "2026-10" in (out / "berlin-2026-10.csv").read_text()
    whole = json.loads((out / "berlin-2026-10.json").read_text())
    assert whole["review"]["period"] == {"name": "2026-10", "start": OCTOBER, "end": NOVEMBER}
    assert whole["status"]["period"] == "2026-10"
    for file in (file for file in out.iterdir() if file.name != "berlin-2026-10-series.csv"):  # has no manifest
        assert run("verify", str(file)).exit_code == 0, file


def test_a_period_under_way_has_its_moment_in_the_name_of_its_files(run: Run, tmp_path: Path) -> None:
    said = done(run, "snapshot", "--app", "berlin", "--period", "2026-11", "--out", str(tmp_path), "--format", "md")
    assert "berlin-2026-11-until-2026-11-18T1000Z.md" in said


def test_the_portal_shows_the_period_and_lists_snapshots_by_its_name(run: Run, tmp_path: Path) -> None:
    done(run, "snapshot", "--app", "berlin", "--period", "2026-10", "--out", str(tmp_path / "a"), "--format", "md")
    done(run, "portal", "--period", "2026-10", "--out", str(tmp_path / "site"), "--no-sync")
    start = (tmp_path / "site" / "index.html").read_text()
    assert "October 2026 · as of" in start
    app = (tmp_path / "site" / "apps" / "berlin.html").read_text()
    assert ">October 2026</a>" in app
    assert any("berlin-2026-10-" in file.name for file in (tmp_path / "site" / "snapshots").iterdir())


def test_a_period_is_complete_once_its_last_buckets_are_in(run: Run, config: Path) -> None:
    (config / "sources.yaml").write_text("sources: {exports: {kind: files, path: ../data, lag_seconds: 43200}}\n")
    for period, complete in (("2026-10", True), ("2026-11-17", False), ("2026-11", False)):
        assert json.loads(done(run, "status", "--period", period, "--format", "json"))["period_complete"] is complete
    late = done(run, "status", "--period", "2026-11-17", "--app", "berlin")
    assert "17 Nov 2026 is not complete yet: its last data has not arrived; figures go up to 17 Nov, 23:00 CET" in late
    assert "November 2026 is not over yet" in done(run, "status", "--period", "2026-11")
    assert "not complete" not in done(run, "status", "--period", "2026-10")


def test_a_snapshot_of_a_period_that_is_not_complete_says_so(run: Run, config: Path, tmp_path: Path) -> None:
    (config / "sources.yaml").write_text("sources: {exports: {kind: files, path: ../data, lag_seconds: 43200}}\n")
    args = ("--app", "berlin", "--period", "2026-11-17", "--out", str(tmp_path), "--format", "md", "--language", "both")
    said = Path(done(run, "snapshot", *args).split()[0]).read_text()
    assert "17 Nov 2026 is not complete yet" in said
    assert "2026年11月17日はまだ揃っていません" in said


def test_a_bucket_that_reaches_over_the_end_is_in_the_month_in_which_it_begins(run: Run, config: Path) -> None:
    for app in ("berlin", "tokyo"):
        (config / "apps" / f"{app}.yaml").unlink()
    body = APP.format(name="kathmandu", zone="Asia/Kathmandu").replace("last.csv}", "hours.csv}, bucket: 60m")
    (config / "apps" / "kathmandu.yaml").write_text(body)
    last = NOVEMBER - 5 * 3600  # 18:00 UTC; the month ends at 18:15
    times = range(last - 40 * 86_400, last + 10 * 86_400, 3600)
    rows = "\n".join(f"{t},1000,{1000 if t == last else 0}" for t in times)
    (config.parent / "data" / "hours.csv").write_text(f"time,total,bad\n{rows}\n")
    found = [json.loads(done(run, "status", "--period", p, "--format", "json")) for p in ("2026-10", "2026-11")]
    assert [each["slos"][0]["bad"] for each in found] == [1000, 0]
    assert found[0]["slos"][0]["total"] == 31 * 24 * 1000
    assert found[0]["slos"][0]["window"]["end"] == "2026-10-31T18:15:00Z"
    assert found[0]["period_complete"]
    files = done(run, "snapshot", "--period", "2026-10", "--out", str(config.parent / "out"), "--format", "json,html")
    for file in files.split():
        assert run("verify", file).exit_code == 0


def test_the_list_of_a_period_holds_what_each_app_calls_so_by_its_own_clocks(run: Run, config: Path) -> None:
    (config / "apps" / "havana.yaml").write_text(APP.format(name="havana", zone="America/Havana"))
    out = str(config.parent / "out")
    done(run, "snapshot", "--period", "2026-10", "--out", out, "--format", "json")  # Havana's ends at 05:00 UTC
    done(run, "snapshot", "--app", "tokyo", "--at", "2026-10-31T15:05:00Z", "--out", out, "--format", "json")
    for args, apps in (
        (["--period", "2026-10"], ["havana", "berlin", "tokyo"]),
        (["--period", "2026-11"], ["tokyo"]),  # 00:05 in Tokyo
        (["--period", "2026-10", "--app", "havana"], ["havana"]),
        (["--period", "2026-11", "--app", "havana"], []),
        (["--period", "2026-10-31"], ["havana", "berlin", "tokyo"]),
    ):
        listed = json.loads(done(run, "snapshots", *args, "--format", "json"))
        assert [each["app"] for each in listed["snapshots"]] == apps, args
