"""Periods by their names in zones, months of changing clocks, leap weeks and fiscal quarters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tomoni.slo.named_periods import named_period

pytestmark = pytest.mark.slow

NOVEMBER = int(datetime(2026, 10, 31, 23, tzinfo=UTC).timestamp())  # in Berlin
APP = """\
app: {app}
title: {app}
timezone: {zone}
teams: {{app: a}}
journeys:
  - id: buy
    title: Buy
    slos:
      - {{id: month, objective: 99.9, window: {{calendar: month}}, sli: {{source: exports, counts: orders.csv}}}}
      - {{id: rolling, objective: 99.9, window: 7d, sli: {{source: exports, counts: orders.csv}}}}
"""


@pytest.fixture
def berlin(config: Path) -> Path:
    """October in Berlin with all its 1,000 bad events in its last bucket; the same counts in Tokyo."""
    (config / "apps" / "shop.yaml").unlink()
    for app, zone in (("berlin", "Europe/Berlin"), ("tokyo", "Asia/Tokyo")):
        (config / "apps" / f"{app}.yaml").write_text(APP.format(app=app, zone=zone))
    times = range(NOVEMBER - 45 * 86_400, NOVEMBER + 17 * 86_400, 300)
    rows = "\n".join(f"{time},1000,{1000 if time == NOVEMBER - 300 else 0}" for time in times)
    (config.parent / "data" / "orders.csv").write_text(f"time,total,bad\n{rows}\n")
    return config


def status(run: Run, *args: str) -> dict[Any, Any]:
    result = run("status", "--format", "json", *args)
    assert result.exit_code == 0, result.output
    body: dict[Any, Any] = json.loads(result.stdout)
    return body | {(each["app"], each["slo"]): each for each in body["slos"]}


@pytest.mark.usefixtures("berlin")
def test_a_month_is_shown_to_its_last_bucket(run: Run) -> None:
    month = ("berlin", "month")
    named = status(run, "--period", "2026-10")
    at = status(run, "--at", "2026-10-31T23:00:00Z")
    for found in (named[month], at[month]):
        assert found["bad"] == 1000
        assert found["total"] == (31 * 24 + 1) * 12 * 1000
        assert found["state"] == "healthy"
        assert found["window"]["end"] == "2026-10-31T23:00:00Z"
    floored = status(run, "--at", "2026-10-31T22:59:59Z")[month]
    assert (floored["bad"], floored["window"]["end"]) == (0, "2026-10-31T22:55:00Z")
    assert named["berlin", "rolling"]["window"]["end"] == "2026-10-31T23:00:00Z"


@pytest.mark.usefixtures("berlin")
def test_each_app_has_the_period_in_its_own_zone(run: Run) -> None:
    named = status(run, "--period", "2026-10")
    tokyo = named["tokyo", "month"]
    assert tokyo["window"]["end"] == "2026-10-31T15:00:00Z"
    assert (tokyo["bad"], named["berlin", "month"]["bad"]) == (0, 1000)


@pytest.mark.usefixtures("berlin")
def test_a_period_under_way_is_as_of_now_and_one_before_the_data_has_none(run: Run) -> None:
    now = status(run, "--period", "2026-11", "--app", "berlin")["berlin", "month"]
    assert (now["window"]["end"], now["bad"]) == ("2026-11-18T10:00:00Z", 0)
    past = status(run, "--period", "2025-03", "--app", "berlin")["berlin", "month"]
    assert (past["state"], past["total"]) == ("no_data", 0)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("command", ["status", "explain --app shop --slo mail", "snapshot --out x", "portal --out x"])
def test_a_period_that_has_not_begun_is_refused_by_name(run: Run, command: str, language: str) -> None:
    result = run("--lang", language, *command.split(), "--period", "2027-01", "--no-sync")
    assert result.exit_code == 1
    assert "2027-01" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["2026-13", "2026-W54", "2025-W53", "2026-Q5", "2026-02-29", "october", "20261", ""])
def test_what_names_no_period_is_refused_with_the_forms(run: Run, name: str) -> None:
    result = run("status", "--period", name, "--no-sync")
    assert result.exit_code == 2
    assert "2026-W48" in result.stderr


def test_a_moment_beside_a_period_is_refused(run: Run) -> None:
    result = run("status", "--period", "2026-10", "--at", "2026-10-01T00:00:00Z", "--no-sync")
    assert result.exit_code == 2
    assert "--at" in result.stderr


@pytest.mark.usefixtures("berlin")
def test_a_snapshot_of_a_month_of_changing_clocks_verifies(run: Run, tmp_path: Path) -> None:
    args = ("--app", "berlin", "--period", "2026-10", "--format", "json", "--out", str(tmp_path / "out"))
    result = run("snapshot", *args)
    assert result.exit_code == 0, result.output
    review = json.loads(Path(result.stdout.split()[0]).read_text())["review"]
    moments = [datetime.fromtimestamp(review[name], UTC).isoformat()[:16] for name in ("start", "end")]
    assert moments == ["2026-09-30T22:00", "2026-10-31T23:00"]
    found = run("verify", result.stdout.split()[0])
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize(
    ("name", "zone", "first_month", "start", "end"),
    [
        ("2026-10", "Europe/Berlin", 1, "2026-09-30T22:00", "2026-10-31T23:00"),
        ("2026-03", "Europe/Berlin", 1, "2026-02-28T23:00", "2026-03-31T22:00"),
        ("2026-W53", "UTC", 1, "2026-12-28T00:00", "2027-01-04T00:00"),
        ("2026-w01", "UTC", 1, "2025-12-29T00:00", "2026-01-05T00:00"),
        ("2026-Q4", "UTC", 1, "2026-10-01T00:00", "2027-01-01T00:00"),
        ("2026-Q4", "UTC", 4, "2027-01-01T00:00", "2027-04-01T00:00"),
        ("2026-Q1", "Asia/Tokyo", 4, "2026-03-31T15:00", "2026-06-30T15:00"),
        ("2026-10-25", "Europe/Berlin", 1, "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-03-29", "Europe/Berlin", 1, "2026-03-28T23:00", "2026-03-29T22:00"),
        ("2026-11-27", "Asia/Kathmandu", 1, "2026-11-26T18:15", "2026-11-27T18:15"),
    ],
)
def test_a_name_is_an_interval_of_the_zone(name: str, zone: str, first_month: int, start: str, end: str) -> None:
    found = [datetime.fromtimestamp(moment, UTC).isoformat()[:16] for moment in named_period(name, zone, first_month)]
    assert found == [start, end]
