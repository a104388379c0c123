"""`actions`: the open actions of all apps for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from tests.cli.conftest import Run
from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Records
from tomoni.settings import ProcessSettings
from tomoni.use_cases.actions import set_state
from tomoni.wiring import open_tomoni

TICKET = "https://tracker.example/1"


@pytest.fixture
def records(environ: dict[str, str]) -> Iterator[Records]:
    names = {"config": "TOMONI_CONFIG", "database_url": "TOMONI_DATABASE_URL", "now": "TOMONI_NOW"}
    tomoni = open_tomoni(ProcessSettings.model_validate({key: environ[name] for key, name in names.items()}), {})
    records = tomoni.meetings.records
    records.add(Action(app="gone", text="Later", team="platform"))
    records.add(
        Action(app="gone", text="Raise\x1b[31m the limit", team="platform", due=date(2026, 1, 8), ticket=TICKET)
    )
    done = records.add(Action(app="gone", text="Draw the pool", team="payments"))
    set_state(records, done.id, ActionState.DONE, tomoni.now())
    yield records
    tomoni.close()


def test_the_open_actions_are_listed_with_those_first_that_were_due(run: Run, records: Records) -> None:
    result = run("actions")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "Raise [31m the limit" in lines[2]
    assert "was due on 8 Jan" in lines[2]
    assert TICKET in lines[2]
    assert "Later" in lines[3]
    assert lines[-1] == "2 actions are open. 1 was due by now."
    assert "Draw the pool" not in result.stdout
    assert "\x1b" not in result.stdout


def test_programs_read_them_as_json(run: Run, records: Records) -> None:
    found = json.loads(run("actions", "--state", "all", "--format", "json").stdout)["actions"]
    assert [(each["text"], each["state"]) for each in found][1:] == [("Later", "open"), ("Draw the pool", "done")]
    first = {name: found[0][name] for name in ("app", "team", "due", "ticket", "reason", "ended_at", "origin")}
    assert first == {
        "app": "gone",
        "team": "platform",
        "due": "2026-01-08",
        "ticket": TICKET,
        "reason": None,
        "ended_at": None,
        "origin": None,
    }
    assert found[0]["days_past_due"] > 200
    assert found[2]["ended_at"].endswith("Z")


def test_they_are_chosen_by_app_team_and_state(run: Run, records: Records) -> None:
    assert "Draw the pool" in run("actions", "--team", "payments", "--state", "done").stdout
    assert run("actions", "--app", "gone", "--state", "dropped", "--lang", "ja").exit_code == 1
    refused = run("actions", "--team", "platfrm")
    assert refused.exit_code == 1
    assert "There is no team “platfrm”; did you mean “platform”?" in refused.stderr


def test_without_any_it_says_so(run: Run) -> None:
    result = run("actions", "--lang", "ja")
    assert (result.exit_code, result.stdout) == (0, "該当するアクションはありません。\n")
