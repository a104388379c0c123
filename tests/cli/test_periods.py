"""Finished periods: a month is shown as a whole at its end, by its name, in the zone of each app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

BERLIN = "Europe/Berlin"
OCTOBER, NOVEMBER = 1790805600, 1793487600  # 1 October and 1 November 2026, midnight in Berlin
APP = """\
app: {name}
timezone: {zone}
journeys:
  - id: order
    slos:
      - {{id: month, objective: 99.9, window: {{calendar: month}}, sli: {{source: exports, counts: last.csv}}}}
      - {{id: rolling, objective: 99.9, window: 7d, sli: {{source: exports, counts: last.csv}}}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two apps on one file: 1,000 events a bucket, and all that is bad in the last bucket of Berlin's October."""
    config, data = tmp_path / "config", tmp_path / "data"
    (config / "apps").mkdir(parents=True)
    data.mkdir()
    (config / "sources.yaml").write_text("sources: {exports: {kind: files, path: ../data}}\n")
    for name, zone in (("berlin", BERLIN), ("tokyo", "Asia/Tokyo")):
        (config / "apps" / f"{name}.yaml").write_text(APP.format(name=name, zone=zone))
    rows = [
        f"{t},1000,{1000 if t == NOVEMBER - 300 else 0}" for t in range(OCTOBER - 5 * 86_400, NOVEMBER + 86_400, 300)
    ]
    (data / "last.csv").write_text("time,total,bad\n" + "\n".join(rows) + "\n")
    return config


def status(run: Run, *args: str) -> dict[str, dict[str, Any]]:
    ended = run("status", "--format", "json", *args)
    assert ended.exit_code == 0, ended.stderr
    body = json.loads(ended.stdout)
    return {f"{slo['app']}/{slo['slo']}": slo for slo in body["slos"]} | {"": body}


def test_the_name_of_a_month_and_its_last_moment_show_all_of_it(run: Run) -> None:
    for args in (["--period", "2026-10"], ["--at", "2026-10-31T23:00:00Z"]):
        slo = status(run, *args, "--app", "berlin")["berlin/month"]
        assert (slo["bad"], slo["state"]) == (1000, "healthy")
        assert slo["total"] == 1000 * (NOVEMBER - OCTOBER) // 300
        assert (slo["window"]["start"], slo["window"]["end"]) == ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")


def test_a_second_before_the_last_bucket_is_not_whole(run: Run) -> None:
    slo = status(run, "--at", "2026-10-31T22:59:59Z", "--app", "berlin")["berlin/month"]
    assert (slo["bad"], slo["window"]["end"]) == (0, "2026-10-31T22:55:00Z")


def test_each_app_ends_its_month_by_its_own_clock(run: Run) -> None:
    found = status(run, "--period", "2026-10")
    assert found["berlin/month"]["window"]["end"] == "2026-10-31T23:00:00Z"
    assert found["tokyo/month"]["window"]["end"] == "2026-10-31T15:00:00Z"
    assert (found["berlin/month"]["bad"], found["tokyo/month"]["bad"]) == (1000, 0)
    assert found[""]["period"] == "2026-10"
    assert found["berlin/rolling"]["window"]["end"] == "2026-10-31T23:00:00Z"


@pytest.mark.parametrize(
    ("name", "end"), [("2026-W44", "2026-11-01T23:00:00Z"), ("2026-10-31", "2026-10-31T23:00:00Z")]
)
def test_weeks_and_days_have_names_too(run: Run, name: str, end: str) -> None:
    assert status(run, "--period", name, "--app", "berlin")["berlin/rolling"]["window"]["end"] == end


def test_a_period_that_is_not_over_is_as_of_now(run: Run) -> None:
    found = status(run, "--period", "2026-11", "--app", "berlin")
    assert found[""]["as_of"] == "2026-11-18T10:00:00Z"


def test_a_period_before_all_data_has_none(run: Run) -> None:
    assert status(run, "--period", "2026-03", "--app", "berlin")["berlin/month"]["state"] == "no_data"


def test_a_period_that_has_not_begun_is_refused(run: Run) -> None:
    ended = run("status", "--period", "2026-12")
    assert ended.exit_code == 1
    assert "2026-12 has not begun yet" in ended.stderr


@pytest.mark.parametrize(
    "command", [["status"], ["explain", "--app", "berlin", "--slo", "month"], ["portal", "--out", "x"]]
)
def test_what_is_no_period_or_two_moments_is_a_usage_error(run: Run, command: list[str]) -> None:
    wrong = run(*command, "--period", "october")
    assert wrong.exit_code == 2
    assert "2026-W48" in wrong.stderr
    both = run(*command, "--period", "2026-10", "--at", "2026-11-01T00:00:00Z")
    assert (both.exit_code, "not both" in both.stderr) == (2, True)


def test_explain_and_a_snapshot_are_of_the_named_period(run: Run, tmp_path: Path) -> None:
    explained = json.loads(
        run("explain", "--app", "berlin", "--slo", "month", "--period", "2026-10", "--format", "json").stdout
    )
    assert explained["bad"] == 1000
    ended = run(
        "snapshot", "--app", "berlin", "--period", "2026-10", "--out", str(tmp_path / "out"), "--format", "json"
    )
    assert ended.exit_code == 0, ended.stderr
    (file,) = (tmp_path / "out").iterdir()
    review = json.loads(file.read_text())["review"]
    assert (review["start"], review["as_of"]) == (OCTOBER, NOVEMBER)
    verified = run("verify", str(file))
    assert verified.exit_code == 0, verified.stdout + verified.stderr
