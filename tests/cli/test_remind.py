"""`remind` and `calendar`: each review is announced once, and stands in calendars under one name."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from click.testing import CliRunner, Result

from cli import cli
from tests.use_cases.test_webhooks import SECRET, Chat, serving
from tomoni.settings import ProcessSettings
from tomoni.use_cases.meeting import move, prepared, skip
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

NOW = "2026-10-24T09:00:00Z"
APP = """app: shop
title: {en: Shop, ja: 店舗}
timezone: Europe/Berlin
review: {every: 1 week, starting: 2026-10-20T10:00}
journeys: [{id: buy, slos: [{id: up, objective: 99, window: 28d, sli: {source: demo, counts: a}}]}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "apps").mkdir(parents=True)
    (folder / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n")
    (folder / "apps" / "shop.yaml").write_text(APP)
    other = APP.replace("app: shop", "app: other").replace("{en: Shop, ja: 店舗}", "Other")
    (folder / "apps" / "other.yaml").write_text(other.replace("1 week", "4 weeks"))
    return folder


def environment(config: Path) -> dict[str, str]:
    database = f"sqlite:///{config.parent / 'tomoni.db'}"
    return {"TOMONI_CONFIG": str(config), "TOMONI_DATABASE_URL": database, "TOMONI_NOW": NOW, "LC_ALL": "C"}


def run(config: Path, *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(cli, [*arguments], env=environment(config) | more)


def product(config: Path) -> Tomoni:
    known = environment(config)
    asked: Any = {"config": config, "database_url": known["TOMONI_DATABASE_URL"], "now": known["TOMONI_NOW"]}
    return open_tomoni(ProcessSettings(**asked), {})


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def test_a_review_is_announced_to_each_chat_once(config: Path) -> None:
    with serving(Chat(200)) as slack, serving(Chat(200)) as teams:
        known = {
            "TOMONI_URL": "https://slo.example.com",
            "TOMONI_WEBHOOK_SLACK": slack.address.get_secret_value(),
            "TOMONI_WEBHOOK_TEAMS": teams.address.get_secret_value(),
        }
        first = run(config, "remind", "--days-before", "3", **known)
        assert (first.exit_code, first.stdout.splitlines()) == (
            0,
            ["shop: sent to Slack", "shop: sent to Microsoft Teams"],
        )
        again = run(config, "remind", "--days-before", "3", **known)
        assert again.stdout.splitlines() == ["shop: sent to Slack before", "shop: sent to Microsoft Teams before"]
        assert (len(slack.bodies), len(teams.bodies)) == (1, 1)
        assert "<https://slo.example.com/review?app=shop|Open the review>" in slack.bodies[0]["text"]


def test_an_app_and_a_team_may_have_rooms_of_their_own(config: Path) -> None:
    for app, teams in (("shop", "{app: Sales EU, infra: infra}"), ("other", "{app: 販売, infra: infra}")):
        file = config / "apps" / f"{app}.yaml"
        text = file.read_text().replace("4 weeks", "1 week")
        file.write_text(text.replace("timezone:", f"teams: {teams}\ntimezone:"))
    with serving(Chat(200)) as own, serving(Chat(200)) as sales, serving(Chat(200)) as every:
        known = {
            "TOMONI_URL": "https://a",
            "TOMONI_WEBHOOK_SLACK": every.address.get_secret_value(),
            "TOMONI_WEBHOOK_TEAMS_SALES_EU": sales.address.get_secret_value(),
            "TOMONI_WEBHOOK_SLACK_SHOP": own.address.get_secret_value(),
        }
        sent = run(config, "remind", "--days-before", "3", **known)
        assert sorted(sent.stdout.splitlines()) == [
            "other: sent to Slack",
            "shop: sent to Microsoft Teams (Sales EU)",
            "shop: sent to Slack",
        ]
        assert [len(each.bodies) for each in (own, sales, every)] == [1, 1, 1]
        again = run(config, "remind", "--days-before", "3", **known)
        assert all(line.endswith("before") for line in again.stdout.splitlines())
        assert "is no setting" not in run(config, "check", "--offline", **known).output
        assert "TOMONI_WEBHOOK_SLACK_SHPO" in run(config, "check", "--offline", TOMONI_WEBHOOK_SLACK_SHPO="x").output


def test_what_failed_is_told_without_the_address_and_sent_next_time(config: Path) -> None:
    with serving(Chat(403, 200)) as slack:
        known = {"TOMONI_URL": "https://a", "TOMONI_WEBHOOK_SLACK": slack.address.get_secret_value()}
        first = run(config, "remind", "--days-before", "3", "--app", "shop", **known)
        assert first.exit_code == 1
        assert "HTTP 403" in first.stderr
        assert SECRET not in first.output
        assert run(config, "remind", "--days-before", "3", **known).stdout == "shop: sent to Slack\n"


def test_a_review_that_is_not_due_yet_is_not_announced(config: Path) -> None:
    known = {"TOMONI_URL": "https://a", "TOMONI_WEBHOOK_SLACK": "http://127.0.0.1:9/x"}
    assert run(config, "remind", "--days-before", "2", **known).stdout == "No review is due.\n"


def test_without_a_webhook_or_an_address_nothing_is_sent(config: Path) -> None:
    refused = run(config, "remind", "--format", "json")
    assert ("No webhook is set" in refused.stderr, refused.stdout) == (True, "")
    assert "TOMONI_URL is not set" in run(config, "remind", TOMONI_WEBHOOK_SLACK="http://127.0.0.1:9/x").stderr
    shown = run(config, "remind", "--dry-run", "--days-before", "3")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Review of “Shop”: 27 Oct 2026, 10:00 CET\n- ")


def test_one_that_was_skipped_is_not_announced(config: Path) -> None:
    tomoni = product(config)
    (app,) = tomoni.apps("shop")
    found = prepared(tomoni.meetings.records, app, tomoni.now(), tomoni.now())
    assert found.current is not None
    skip(tomoni.meetings.records, found.current.id, "holidays")
    tomoni.close()
    assert run(config, "remind", "--dry-run", "--days-before", "3").stdout == "No review is due.\n"


def events(config: Path, *arguments: str) -> dict[str, Any]:
    out = config.parent / "reviews.ics"
    assert run(config, "calendar", "--out", str(out), *arguments, TOMONI_URL="https://slo.example.com").exit_code == 0
    found: Any = icalendar.Calendar.from_ical(out.read_bytes())
    return {str(event["UID"]): event for event in found.walk("VEVENT")}


def test_a_calendar_has_the_reviews_at_the_same_local_time_all_year(config: Path) -> None:
    found = events(config, "--app", "shop")
    assert len(found) == 26
    starts = [event["DTSTART"].dt for event in found.values()]
    assert {(start.hour, start.weekday()) for start in starts} == {(10, 1)}
    berlin = ZoneInfo("Europe/Berlin")
    assert {start.astimezone(berlin).utcoffset() for start in starts} == {
        datetime(2027, month, 1, tzinfo=berlin).utcoffset() for month in (1, 6)
    }
    first = next(iter(found.values()))
    assert str(first["URL"]) == "https://slo.example.com/review?app=shop"
    assert first["DURATION"].dt.total_seconds() == 45 * 60
    raw = (config.parent / "reviews.ics").read_bytes()
    assert b"BEGIN:VTIMEZONE" in raw
    assert b"BEGIN:DAYLIGHT" in raw
    assert events(config, "--app", "shop").keys() == found.keys()
    assert (config.parent / "reviews.ics").read_bytes() == raw


def test_a_review_that_is_moved_stays_the_same_entry_and_only_it_changes(config: Path) -> None:
    before = events(config, "--app", "shop")
    tomoni = product(config)
    (app,) = tomoni.apps("shop")
    found = prepared(tomoni.meetings.records, app, tomoni.now(), tomoni.now())
    assert found.current is not None
    assert found.due is not None
    move(tomoni.meetings.records, found.current.id, found.due + 7200)
    tomoni.close()
    after = events(config, "--app", "shop")
    assert after.keys() == before.keys()
    changed = [uid for uid in before if before[uid].to_ical() != after[uid].to_ical()]
    assert len(changed) == 1
    moved = after[changed[0]]
    assert moved["DTSTART"].dt.hour == 12
    assert f"meeting={found.current.id}" in str(moved["URL"])
    assert moved["DTSTAMP"].dt > before[changed[0]]["DTSTAMP"].dt


def test_all_apps_are_in_one_calendar_and_a_skipped_review_is_marked(config: Path) -> None:
    tomoni = product(config)
    (app,) = tomoni.apps("shop")
    found = prepared(tomoni.meetings.records, app, tomoni.now(), tomoni.now())
    assert found.current is not None
    skip(tomoni.meetings.records, found.current.id)
    tomoni.close()
    every = events(config)
    assert {uid.split("-")[0] for uid in every} == {"shop", "other"}
    assert [str(event["STATUS"]) for event in every.values()].count("CANCELLED") == 1
