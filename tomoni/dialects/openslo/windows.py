"""OpenSLO's time windows and durations, in which ``m`` are minutes and ``M`` months."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from data_sources.durations import format_duration
from tomoni.dialects.found import DAY
from tomoni.dialects.reading import Given
from tomoni.dialects.report import Fate

_DURATION = re.compile(r"\s*(\d{1,6})\s*([mhdwMQY])\s*")
_SECONDS = {"m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "M": 30 * DAY, "Q": 90 * DAY, "Y": 365 * DAY}
_CALENDAR = {"1d": "day", "24h": "day", "1w": "week", "7d": "week", "1M": "month", "1Q": "quarter", "3M": "quarter"}
_CALENDAR |= {"4Q": "year", "12M": "year", "1Y": "year"}
_LAST_DAY = 28  # that every month has
DEFAULT_WINDOW = "28d"
# Shorter windows are a slip: 1m is a minute, and a month was meant.
_SHORTEST_SECONDS = 3600


def seconds_of(given: Given, key: str) -> int:
    """A duration that must be there; a number alone is minutes. Raises CannotHold."""
    written = given.needed(key)
    found = _DURATION.fullmatch(written if not written.strip().isdecimal() else written + "m")
    if found is None or int(found[1]) == 0:
        raise given.cannot(key, "duration", key=key, written=written[:80])
    if found[2] in "MQY":
        days = f"{_SECONDS[found[2]] * int(found[1]) // DAY}d"
        given.say(key, Fate.APPROXIMATED, "calendar_length", written=written.strip(), length=days)
    return int(found[1]) * _SECONDS[found[2]]


def window_of(spec: Given, asked_for: int | None) -> tuple[object, str | None]:
    """The window as app files write it, and the time zone that it needs. Raises CannotHold."""
    windows = spec.each("timeWindow")
    if not windows:
        assumed = format_duration(asked_for) if asked_for else DEFAULT_WINDOW
        if asked_for is None:
            spec.reading.note(spec.place, Fate.APPROXIMATED, "no_window", window=assumed)
        return assumed, None
    window = windows[0]
    rolling = window.flag("isRolling")
    calendar = window.inside("calendar")
    if calendar is None or rolling:
        if calendar is not None:
            window.lacks("rolling_calendar", "calendar")
        elif not rolling:
            window.say("isRolling", Fate.APPROXIMATED, "no_calendar")
        seconds = seconds_of(window, "duration")
        if seconds < _SHORTEST_SECONDS:
            raise window.cannot("duration", "minutes_or_months", written=str(window.data["duration"]))
        return format_duration(seconds), None
    return _calendar(window, calendar)


def _calendar(window: Given, calendar: Given) -> tuple[object, str | None]:
    written = window.needed("duration").strip()
    unit = _CALENDAR.get(written)
    if written.endswith("m"):
        raise window.cannot("duration", "minutes_or_months", written=written)
    if unit is None:
        length = format_duration(seconds_of(window, "duration"))
        window.say("calendar", Fate.APPROXIMATED, "calendar_as_rolling", written=written, length=length)
        return length, None
    zone, start = _zone(calendar), calendar.text("startTime")
    found: dict[str, object] = {"calendar": unit}
    if start is not None:
        try:
            begins = datetime.fromisoformat(start.strip())
        except ValueError:
            calendar.say("startTime", Fate.NOT_EXPRESSIBLE, "moment", written=start[:40])
            return found, zone
        if begins.tzinfo is not None and zone is not None:
            begins = begins.astimezone(ZoneInfo(zone))
        found |= _beginning(begins, unit)
        if _is_cut(begins, unit):
            calendar.say("startTime", Fate.APPROXIMATED, "off_the_period", written=start.strip(), unit=unit)
    return found, zone


def _zone(calendar: Given) -> str | None:
    """The time zone; one that is none is reported."""
    zone = calendar.text("timeZone")
    try:
        return zone if zone is None or ZoneInfo(zone) else None
    except (KeyError, ValueError, OSError):
        calendar.say("timeZone", Fate.NOT_EXPRESSIBLE, "operator", written=str(zone)[:40])
        return None


def _beginning(begins: datetime, unit: str) -> dict[str, object]:
    """The keys of a calendar window whose periods begin like one that began at a moment of its zone."""
    found: dict[str, object] = {}
    if unit == "quarter":  # of January too: the settings may have another
        found["first_month"] = (begins.month - 1) % 3 + 1
    if unit == "year":
        found["first_month"] = begins.month
    day = begins.isoweekday() if unit == "week" else min(begins.day, _LAST_DAY)
    if unit != "day" and day != 1:
        found["first_day"] = day
    if begins.hour or begins.minute:
        found["starts_at"] = f"{begins.hour:02}:{begins.minute:02}"
    return found


def _is_cut(begins: datetime, unit: str) -> bool:
    """Whether periods begin a little earlier here: not on a day that some months lack, not within a minute."""
    return bool(begins.second or begins.microsecond) or (unit not in ("day", "week") and begins.day > _LAST_DAY)
