"""Peaks as people write them on the worksheet, a line each, read into the keys of the file.

``Closing: 2026-12-24 to 2026-12-26`` (or with times), ``Rush: weekdays 17:00-19:00``, ``Payday: 25th of each month``,
``Month-end: last day of each month 09:00-18:00``, ``Sale: FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27``, and the same in
Japanese (``給料日: 毎月25日``). Without a time of day the whole day is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from pydantic import ValidationError

from tomoni.catalog.occurrences import ever_happens
from tomoni.catalog.profile import Peak
from tomoni.catalog.profiles import PeakEntry
from tomoni.catalog.schema import Recurring

Keys = Mapping[str, str]

_DAY = r"\d{4}-\d{2}-\d{2}"
_MOMENT = rf"{_DAY}(?:[T ]\d{{1,2}}:\d{{2}})?"
_TO = r"\s*(?:to|until|through|[-–—~〜～]|から)\s*"
_UP_TO = r"(?:\s*まで)?"
_ONCE = re.compile(rf"(?P<start>{_MOMENT})(?:{_TO}(?P<end>{_MOMENT}){_UP_TO})?")
_CLOCK = r"\d{1,2}:\d{2}"
_HOURS = re.compile(rf"(?P<rule>.*?)[\s,、]*(?P<start>{_CLOCK}){_TO}(?P<end>{_CLOCK}){_UP_TO}")
_TITLED = re.compile(r"(?P<title2>.+?)\s*[(（](?P<when2>.+)[)）]|(?P<title>.+?)\s*[:：]\s*(?P<when>.+)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_JAPANESE = "月火水木金土日"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RULES: Sequence[tuple[str, Callable[[re.Match[str]], str]]] = (
    (r"freq=[\w=;,+-]+", lambda found: found[0].upper()),
    (r"every day|daily|each day|毎日", lambda _: "FREQ=DAILY"),
    (r"(?:on )?weekdays|every weekday|(?:毎)?平日", lambda _: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    (r"(?:on )?weekends|every weekend|週末", lambda _: "FREQ=WEEKLY;BYDAY=SA,SU"),
    (rf"(?:every|each|on)?\s*({'|'.join(_ENGLISH)})s?", lambda found: _weekly(_ENGLISH.index(found[1]))),
    (rf"毎週\s*([{_JAPANESE}])(?:曜日?)?", lambda found: _weekly(_JAPANESE.index(found[1]))),
    (
        r"(?:the )?last day of (?:each|every|the) month|month[- ]end|毎月末日?|月末",
        lambda _: "FREQ=MONTHLY;BYMONTHDAY=-1",
    ),
    (
        r"(?:(?:the )?(\d{1,2})(?:st|nd|rd|th)|(?:on )?day (\d{1,2})) of (?:each|every|the) month"
        r"|毎月\s*(\d{1,2})\s*日",
        lambda found: f"FREQ=MONTHLY;BYMONTHDAY={int(found[1] or found[2] or found[3])}",
    ),
    (
        rf"every year on (\d{{1,2}}) ({'|'.join(_MONTHS)})[a-z]*",
        lambda found: _yearly(_MONTHS.index(found[2]) + 1, int(found[1])),
    ),
    (r"毎年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日", lambda found: _yearly(int(found[1]), int(found[2]))),
)


def peak_keys(line: str, today: date) -> Keys | None:
    """The keys of a peak; None of a line that says no time that is understood. ``today`` is when a repetition is
    written to begin."""
    titled = _TITLED.fullmatch(line.strip())
    if titled is None:
        return None
    title, when = (titled["title"] or titled["title2"]).strip(), (titled["when"] or titled["when2"]).strip()
    try:
        found = _once(when) or _again(when, today)
        keys = {"title": title, **found} if found else None
        return keys if keys and _happens(PeakEntry.model_validate(keys)) else None
    except (ValueError, ValidationError):  # a 31 February, 25 o'clock, or a rule that is none
        return None


def keys_of(peak: Peak, title: str) -> Keys:
    """The keys of a peak that the file has already, by its title in one language."""
    if peak.repeats:
        repeated = {"repeats": peak.repeats, "starting": _moment(peak.starting), "lasts": _length(peak.seconds)}
        return {"title": title, **repeated}
    ends = peak.starting + timedelta(seconds=peak.seconds)
    return {"title": title, "start": _moment(peak.starting), "end": _moment(ends)}


def _happens(entry: PeakEntry) -> bool:
    """Whether there is such a day at all, as the reading of the file asks."""
    if entry.repeats is None or entry.starting is None or entry.lasts is None:
        return True
    return ever_happens(Recurring(entry.repeats, entry.starting, entry.lasts), "UTC")


def _once(when: str) -> Keys | None:
    """From one moment to another; a day without a time is meant as a whole, the last one too."""
    found = _ONCE.fullmatch(when)
    if found is None:
        return None
    last = found["end"] or found["start"]
    start, end = (datetime.fromisoformat(_padded(each)) for each in (found["start"], last))
    if re.fullmatch(_DAY, last):
        end += timedelta(days=1)
    return {"start": _moment(start), "end": _moment(end)} if end > start else None


def _again(when: str, today: date) -> Keys | None:
    """By a rule of days, with hours or the whole day."""
    hours = _HOURS.fullmatch(when)
    rule = _rule((hours["rule"] if hours else when).strip(" ,、").lower())
    if not rule:
        return None
    begins = datetime.combine(today, time.fromisoformat(_padded(hours["start"])) if hours else time())
    seconds = 86_400
    if hours:
        until = datetime.combine(today, time.fromisoformat(_padded(hours["end"])))
        seconds = int((until - begins).total_seconds()) % 86_400 or 86_400
    return {"repeats": rule, "starting": _moment(begins), "lasts": _length(seconds)}


def _rule(words: str) -> str:
    for pattern, made in _RULES:
        if found := re.fullmatch(pattern, words):
            return made(found)
    return ""


def _weekly(day: int) -> str:
    return f"FREQ=WEEKLY;BYDAY={_WEEKDAYS[day]}"


def _yearly(month: int, day: int) -> str:
    date(2028, month, day)  # refuses what no year has
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"


def _padded(written: str) -> str:
    return re.sub(r"(^|[T ])(\d):", r"\g<1>0\2:", written)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def _length(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
