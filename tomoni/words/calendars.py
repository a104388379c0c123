"""Reviews as a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tomoni.words.phrases import plain
from tomoni.words.text import Text

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """A review in a calendar. ``uid`` never changes; ``changed_at`` (Unix seconds) is when something of it did, and
    ``revision`` how often."""

    uid: str
    app: str
    at: int
    minutes: int
    zone: str
    address: str
    changed_at: int
    is_off: bool
    revision: int = 0


def calendar(entries: Sequence[Entry], name: str, text: Text) -> bytes:
    """The calendar file; the same entries give the same bytes."""
    from icalendar import Calendar  # noqa: PLC0415 - only who asks for a calendar pays for it

    made = Calendar()
    made.add("prodid", "-//Tomoni//Reviews//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", plain(name))
    made.add("refresh-interval", timedelta(hours=6), {"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, text))
    made.add_missing_timezones()
    for zone in made.timezones:
        for part in (*zone.daylight, *zone.standard):
            _begin_by_the_clocks_of_before(part)
    return bytes(made.to_ical())


def _begin_by_the_clocks_of_before(part: Any) -> None:  # noqa: ANN401 - the package types no values of its components
    """Lets a part of a time zone begin by the clocks before it, as RFC 5545 (3.6.5) has it: where clocks go forward,
    the library has the first time after them."""
    forward = part["TZOFFSETTO"].td - part["TZOFFSETFROM"].td
    if forward <= timedelta():
        return
    part["DTSTART"].dt -= forward
    further = part.get("RDATE")
    for dates in further if isinstance(further, list) else [further] if further else []:
        for each in dates.dts:
            each.dt -= forward


def _event(entry: Entry, text: Text) -> Event:
    from icalendar import Event  # noqa: PLC0415 - likewise

    start = datetime.fromtimestamp(entry.at, UTC).astimezone(ZoneInfo(entry.zone))
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", datetime.fromtimestamp(entry.changed_at, UTC))
    made.add("sequence", entry.revision)  # programs take a moved or cancelled review by it
    made.add("dtstart", start)
    made.add("duration", timedelta(minutes=entry.minutes))
    made.add("summary", text._("Review of %(app)s") % {"app": text.quote(plain(entry.app))})
    phrase = text._("What was seen, what comes, what is to be decided: %(address)s")
    made.add("description", phrase % {"address": entry.address})
    made.add("url", entry.address)
    made.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    return made
