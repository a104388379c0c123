"""`status`: the table for people, the JSON for programs, the same numbers in both."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Run
from tests.cli.world import NOW
from tomoni.commands import status_table
from tomoni.settings import ProcessSettings
from tomoni.slo.model import State
from tomoni.wiring import open_tomoni
from tomoni.words.text import text_for

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, found: str) -> None:
    """Compares with a kept file; WRITE_GOLDEN=1 keeps what is found, to be read before it is committed."""
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN") == "1":
        file.write_text(found)
    assert found == file.read_text()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_is_as_it_was_agreed_on(run: Run, language: str) -> None:
    result = run("--lang", language, "status")
    assert result.exit_code == 0, result.output
    golden(f"status.{language}.txt", result.stdout)
    assert result.stderr == ""


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_json_is_as_it_was_agreed_on(run: Run, language: str) -> None:
    result = run("--lang", language, "status", "--format", "json")
    assert result.exit_code == 0, result.output
    golden(f"status.{language}.json", result.stdout)


def test_the_json_has_the_names_and_kinds_of_the_contract(run: Run) -> None:
    body = json.loads(run("status", "--format", "json").stdout)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    assert body["as_of"] == "2026-11-18T10:00:00Z"
    assert {"as_of", "slos", "problems"} <= set(body)
    for slo in body["slos"]:
        names = "app journey slo source objective method window good total bad sli coverage budget burn alerts state"
        assert set(names.split()) | {"too_few_events", "notices"} <= set(slo)
        assert slo["window"]["kind"] in {"rolling", "calendar"}
        assert moment.fullmatch(slo["window"]["start"])
        assert moment.fullmatch(slo["window"]["end"])
        assert set(slo["budget"]) == {"allowed_bad", "remaining", "allowed_minutes", "spent_minutes"}
        assert list(slo["burn"]) == ["5m", "30m", "1h", "2h", "6h", "1d", "3d"]
        assert all({"severity", "long", "short", "factor", "firing"} <= set(alert) for alert in slo["alerts"])
        assert all(set(notice) == {"key", "text"} for notice in slo["notices"])


def test_the_json_is_in_the_order_of_the_files_and_unrounded(run: Run) -> None:
    slos = json.loads(run("status", "--format", "json").stdout)["slos"]
    assert [slo["slo"] for slo in slos] == ["availability", "latency", "mail", "rows", "files"]
    assert [slo["state"] for slo in slos] == ["healthy", "at_risk", "exhausted", "no_traffic", "no_data"]
    assert slos[0]["sli"] == pytest.approx(0.99975, rel=1e-12)
    assert slos[0]["budget"]["remaining"] == pytest.approx(0.75, rel=1e-9)
    assert slos[0]["budget"]["allowed_minutes"] == pytest.approx(40.32, rel=1e-12)
    assert slos[1]["too_few_events"] is True
    assert (slos[3]["sli"], slos[4]["sli"]) == (None, None)
    assert slos[4]["method"] == "timeslices"
    assert slos[2]["window"] == {"kind": "calendar", "start": "2026-10-31T15:00:00Z", "end": "2026-11-18T10:00:00Z"}


def test_the_table_is_worst_first(run: Run) -> None:
    rows = [line for line in run("status").stdout.splitlines() if line[:1] in "●▲■○?" and " " in line]
    assert [row[0] for row in rows] == ["■", "▲", "?", "○", "●"]


def test_an_earlier_moment_is_honoured(run: Run) -> None:
    body = json.loads(run("status", "--at", "2026-11-10T00:00:00+09:00", "--format", "json").stdout)
    assert body["as_of"] == "2026-11-09T15:00:00Z"
    assert {slo["window"]["end"] for slo in body["slos"]} <= {"2026-11-09T15:00:00Z"}


def test_one_app_is_shown_alone(run: Run, config: Path) -> None:
    other = (config / "apps" / "shop.yaml").read_text().replace("app: shop", "app: depot")
    (config / "apps" / "depot.yaml").write_text(other)
    slos = json.loads(run("status", "--app", "depot", "--format", "json").stdout)["slos"]
    assert {slo["app"] for slo in slos} == {"depot"}


def test_an_unknown_app_is_refused_with_the_nearest(run: Run) -> None:
    result = run("status", "--app", "shpo")
    assert result.exit_code == 1
    assert result.stderr == "There is no app “shpo”; did you mean “shop”? Apps: shop.\n"


def test_without_syncing_only_what_is_remembered_is_shown(run: Run) -> None:
    fresh = json.loads(run("status", "--no-sync", "--format", "json").stdout)
    assert {slo["state"] for slo in fresh["slos"]} == {"no_data"}
    run("sync")
    known = json.loads(run("status", "--no-sync", "--format", "json").stdout)
    assert [slo["state"] for slo in known["slos"]][:3] == ["healthy", "at_risk", "exhausted"]


def test_a_source_that_fails_leaves_what_is_remembered_and_says_so(run: Run, config: Path) -> None:
    run("sync")
    (config.parent / "data" / "mail.csv").unlink()
    later = "2026-11-18T12:00:00Z"
    result = run("status", "--format", "json", TOMONI_NOW=later)
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    mail = next(slo for slo in body["slos"] if slo["slo"] == "mail")
    assert mail["window"]["end"] == "2026-11-18T10:00:00Z"
    assert mail["state"] == "exhausted"
    assert [problem["source"] for problem in body["problems"]] == ["exports"]
    assert "“mail.csv” does not exist" in body["problems"][0]["text"]
    assert result.stderr.startswith("exports: The file “mail.csv” does not exist.")
    assert result.stderr.count("\n") == 1


def test_files_with_errors_leave_the_rest_usable(run: Run, config: Path) -> None:
    text = (
        (config / "apps" / "shop.yaml").read_text().replace("objective: 95, window: 7d", "objective: 195, window: 7d")
    )
    (config / "apps" / "shop.yaml").write_text(text)
    result = run("status", "--format", "json")
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["slos"]) == 4
    assert re.match(r"\S+shop\.yaml:\d+: An objective of 195 is not possible; write percent", result.stderr)


def test_the_table_fits_a_narrow_terminal(environ: dict[str, str], run: Run) -> None:
    run("sync")
    overview = overview_of(environ)
    for width in (60, 80, 100, 140):
        for language in ("en", "ja"):
            shown = status_table.render(overview, text_for(language), status_table.Screen(width, colors=False))
            assert max(cell_len(line) for line in shown.splitlines()) <= width
            assert "75%" in shown


def test_colours_are_for_terminals_only(environ: dict[str, str], run: Run) -> None:
    run("sync")
    overview = overview_of(environ)
    assert "\x1b[" in status_table.render(overview, text_for("en"), status_table.Screen(120, colors=True))
    assert "\x1b[" not in status_table.render(overview, text_for("en"), status_table.Screen(120, colors=False))
    assert "\x1b[" not in run("status", "--no-sync").stdout


def overview_of(environ: dict[str, str]):
    from pydantic import SecretStr

    settings = ProcessSettings(
        config=Path(environ["TOMONI_CONFIG"]), database_url=SecretStr(environ["TOMONI_DATABASE_URL"]), now=NOW
    )
    tomoni = open_tomoni(settings, {})
    try:
        return tomoni.overview(with_trends=False)
    finally:
        tomoni.close()


def test_all_states_are_in_this_world(environ: dict[str, str], run: Run) -> None:
    run("sync")
    assert {status.figures.state for status in overview_of(environ).statuses} == set(State) - {State.COLLECTING}
