"""Calendars that programs subscribe to: without a token, the same until something changes."""

from __future__ import annotations

import re
from itertools import pairwise

import icalendar

from tests.api.conftest import Client
from tomoni.use_cases.meeting import move, prepared, skip
from tomoni.use_cases.product import Tomoni


def test_a_calendar_is_the_same_until_something_changes(client: Client, tomoni: Tomoni) -> None:
    ask = client(token=False)
    first = ask.get("/api/calendar/checkout.ics")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = icalendar.Calendar.from_ical(first.content).walk("VEVENT")
    assert {str(event["URL"]) for event in events} == {"http://testserver/review?app=checkout"}
    kept = {"If-None-Match": first.headers["ETag"]}
    assert ask.get("/api/calendar/checkout.ics", headers=kept).status_code == 304
    (app,) = tomoni.apps("checkout")
    found = prepared(tomoni.meetings.records, app, tomoni.now(), tomoni.now())
    assert found.current is not None
    move(tomoni.meetings.records, found.current.id, found.current.value.planned_at - 3_600)
    moved = ask.get("/api/calendar/checkout.ics", headers=kept).content
    skip(tomoni.meetings.records, found.current.id)
    skipped = ask.get("/api/calendar/checkout.ics", headers=kept).content
    seen = []
    for content in (first.content, moved, skipped):
        assert content.count(b"\n") == content.count(b"\r\n")
        assert max(map(len, content.split(b"\r\n"))) <= 75
        entries = content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")
        seen += [dict(re.findall(r"(\w+)[:;](.*)\r", each)) for each in entries if str(events[0]["UID"]) in each]
    assert [each["STATUS"] for each in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert seen[0]["DTSTART"] > seen[1]["DTSTART"] == seen[2]["DTSTART"]
    assert all(int(before["SEQUENCE"]) < int(after["SEQUENCE"]) for before, after in pairwise(seen))


def test_all_apps_are_in_one_and_in_the_language_that_is_asked_for(client: Client) -> None:
    ask = client(token=False)
    every = ask.get("/api/calendar.ics").text
    assert "app=checkout" in every.replace("\r\n ", "")
    assert "app=store-search" in every.replace("\r\n ", "")
    assert "購入手続き" in ask.get("/api/calendar/checkout.ics?lang=ja").text.replace("\r\n ", "")
    assert ask.get("/api/calendar.ics?lang=xx").status_code == 200


def test_what_is_not_there_and_what_is_not_allowed_is_told(client: Client) -> None:
    ask = client(token=False)
    assert ask.get("/api/calendar/nobody.ics").json()["error"]["code"] == "not_found"
    assert ask.get("/api/calendar/checkout.txt").status_code == 404
    assert ask.post("/api/calendar.ics").json()["error"]["code"] == "method_not_allowed"
    assert ask.head("/api/calendar.ics").content == b""
