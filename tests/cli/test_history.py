"""A new SLO is not judged on its first minutes, and a metric that stopped is not called well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.world import APP, BUCKET, HOUR, NOW, SETTINGS

pytestmark = pytest.mark.slow

END = int(NOW.timestamp())
DAY = 24 * HOUR


def write(config: Path, first: int, last: int = END, bad: str = "10") -> None:
    """Availability from one moment to another; the other files stay as they are."""
    rows = "\n".join(f"{moment},1000,{bad}" for moment in range(first, last, BUCKET))
    (config.parent / "data" / "availability.csv").write_text(f"time,total,bad\n{rows}\n")


def availability(run: Run, *more: str) -> dict[str, Any]:
    answer = json.loads(run("status", "--format", "json", *more).stdout)
    return next(slo for slo in answer["slos"] if slo["slo"] == "availability")


def keys(slo: dict[str, Any]) -> list[str]:
    return [notice["key"] for notice in slo["notices"]]


def test_three_hours_of_28_days_are_no_verdict(config: Path, run: Run) -> None:
    write(config, END - 3 * HOUR)
    slo = availability(run)
    assert slo["state"] == "collecting"
    assert not any(alert["firing"] for alert in slo["alerts"])
    assert (slo["total"], slo["bad"]) == (36_000, 360)  # the numbers are those of what is there
    assert slo["budget"]["remaining"] == pytest.approx(-9)
    assert slo["first_observed"] == "2026-11-18T07:00:00Z"
    assert "collecting" in keys(slo)
    assert "It is judged from 21 Nov, 11:12 JST on" in json.dumps(slo["notices"])


def test_the_table_has_its_own_sign_and_no_budget(config: Path, run: Run) -> None:
    write(config, END - 3 * HOUR)
    row = next(line for line in run("status", "--app", "shop").stdout.splitlines() if "◐" in line)
    assert "Collecting" in row
    assert "-900" not in row


@pytest.mark.parametrize(("seconds", "state"), [(2 * DAY + 67_800, "collecting"), (2 * DAY + 69_300, "exhausted")])
def test_the_verdict_comes_with_a_tenth_of_the_window(config: Path, run: Run, seconds: int, state: str) -> None:
    write(config, END - seconds)
    assert availability(run)["state"] == state


@pytest.mark.parametrize(
    ("written", "state"),
    [("0", "exhausted"), ("0%", "exhausted"), ("3h", "exhausted"), ("4h", "collecting"), ("50%", "collecting")],
)
def test_how_much_history_is_needed_is_agreed_for_an_slo_or_for_all(
    config: Path, run: Run, written: str, state: str
) -> None:
    write(config, END - 3 * HOUR)
    app = config / "apps" / "shop.yaml"
    app.write_text(
        APP.replace("        objective: 99.9\n", f"        objective: 99.9\n        judge_after: {written}\n", 1)
    )
    assert availability(run)["state"] == state
    app.write_text(APP)
    (config / "settings.yaml").write_text(SETTINGS + f"judge_after: {written}\n")
    assert availability(run)["state"] == state


@pytest.mark.parametrize("written", ["150%", "-0.1", "2", "soon", "[1]"])
def test_a_history_that_cannot_be_meant_is_refused_at_its_line(config: Path, run: Run, written: str) -> None:
    (config / "settings.yaml").write_text(SETTINGS + f"judge_after: {written}\n")
    ended = run("check", "--offline")
    assert ended.exit_code == 1
    assert "settings.yaml:2" in ended.stderr


def test_a_metric_that_stopped_five_days_ago_is_told_with_its_last_moment(config: Path, run: Run) -> None:
    write(config, END - 30 * DAY, END - 5 * DAY, bad="0.25")
    slo = availability(run)
    assert (slo["state"], slo["last_observed"]) == ("healthy", "2026-11-13T10:00:00Z")
    assert slo["known_until"] == "2026-11-18T10:00:00Z"
    assert "silent" in keys(slo)
    assert "13 Nov" in run("explain", "--app", "shop", "--slo", "availability").stdout


def test_a_metric_that_stopped_is_no_data_where_that_was_agreed(config: Path, run: Run) -> None:
    write(config, END - 30 * DAY, END - 2 * HOUR, bad="0.25")
    app = config / "apps" / "shop.yaml"
    for after, state in (("1h", "no_data"), ("2h", "no_data"), ("3h", "healthy")):
        silence = f"        silence: {{after: {after}, means: no_data}}\n"
        app.write_text(APP.replace("        objective: 99.9\n", f"        objective: 99.9\n{silence}", 1))
        assert availability(run)["state"] == state


def test_a_gap_inside_a_longer_history_is_coverage(config: Path, run: Run) -> None:
    write(config, END - 30 * DAY, END - 29 * DAY, bad="0.25")
    availability(run, "--at", "2026-10-20T10:00:00Z")  # so that the ledger knows of the day before the window
    rows = "\n".join(f"{moment},1000,0.25" for moment in range(END - 3 * HOUR, END, BUCKET))
    file = config.parent / "data" / "availability.csv"
    file.write_text(file.read_text() + rows + "\n")
    slo = availability(run)
    assert (slo["state"], slo["first_observed"]) == ("healthy", None)
    assert slo["coverage"] < 0.01


def test_a_past_moment_is_judged_by_the_history_of_then(config: Path, run: Run) -> None:
    write(config, END - 10 * DAY)
    assert availability(run)["state"] == "exhausted"
    assert availability(run, "--at", "2026-11-09T10:00:00Z")["state"] == "collecting"
    assert availability(run, "--at", "2026-11-08T09:00:00Z")["state"] == "no_data"


@pytest.mark.parametrize(
    ("no_data", "key", "said"),
    [
        ("ignore", "partly_observed", "counts neither as good nor as bad"),
        ("good", "unobserved_is_good", "counts as good"),
        ("bad", "unobserved_is_bad", "counts as bad"),
    ],
)
def test_the_notice_about_a_gap_says_what_is_done_with_it(
    config: Path, run: Run, no_data: str, key: str, said: str
) -> None:
    write(config, END - 30 * DAY, END - 2 * HOUR, bad="0")
    cut = f"        method: timeslices\n        slice: {{length: 5m, target: 99}}\n        no_data: {no_data}\n"
    (config / "apps" / "shop.yaml").write_text(
        APP.replace("        objective: 99.9\n", f"        objective: 99.9\n{cut}", 1)
    )
    slo = availability(run)
    others = ("silent", "collecting", "total_frozen")  # made-up counts that never change are named, too
    (notice,) = [notice for notice in slo["notices"] if notice["key"] not in others]
    assert (notice["key"], said in notice["text"]) == (key, True)
    assert (slo["bad"] == 24) == (no_data == "bad")
