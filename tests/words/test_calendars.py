"""Time zones in calendar files, held against the clocks themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tests.tables import table
from tomoni.words.calendars import Entry, calendar
from tomoni.words.text import text_for

MOMENT = 1_795_982_400


def onsets(part: Any) -> list[datetime]:
    """When a part of a time zone begins, by its own clocks; the first of all times is no change."""
    further = part.get("RDATE")
    lists = further if isinstance(further, list) else [further] if further else []
    found = [part["DTSTART"].dt, *(each.dt for dates in lists for each in dates.dts)]
    return [each for each in found if each.timetuple()[:3] != (1970, 1, 1)]


@table("zone", ["America/New_York", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe", "America/Sao_Paulo"])
def test_a_time_zone_of_a_calendar_changes_when_the_clocks_do(zone: str) -> None:
    entry = Entry("u", "Shop", MOMENT, 45, zone, "https://slo.example.com", MOMENT, is_off=False)
    read: Any = Calendar.from_ical(calendar([entry], "Reviews", text_for("en")))
    changes = [
        (part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td, onset)
        for known in read.timezones
        for part in (*known.daylight, *known.standard)
        for onset in onsets(part)
    ]
    assert len(changes) > 50
    for before, after, onset in changes:
        moment = (onset - before).replace(tzinfo=UTC)
        clocks = [each.astimezone(ZoneInfo(zone)).utcoffset() for each in (moment - timedelta(seconds=1), moment)]
        assert clocks == [before, after], onset
