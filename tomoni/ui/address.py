"""What a page's address says and is not applied, as values: parameters that are unknown, unreadable or repeated."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum

from data_sources.exploring import Aggregation
from tomoni.catalog.for_reviews import Step
from tomoni.exploring.address import LABEL, METRIC
from tomoni.languages import LANGUAGES
from tomoni.slo.date_ranges import BETWEEN
from tomoni.slo.model import State
from tomoni.slo.named_periods import RELATIVE
from tomoni.ui.url_state import ACTIONS, BESIDE, DAYS, ID, KNOWN, MAX_TEXT, TABS, View, readable, write_moment


class Reason(StrEnum):
    """Why a parameter is not applied."""

    UNKNOWN = "unknown"  # no page has it
    UNREADABLE = "unreadable"
    REPEATED = "repeated"  # all but the last are not applied
    ABSENT = "absent"  # it names something that is not there
    FUTURE = "future"
    BEFORE_PERIOD = "before_period"  # a moment at which the named period had not begun
    NAMED_PERIOD = "named_period"  # days or dates beside the name of a period
    DATES = "dates"  # days beside dates
    TOO_LONG = "too_long"  # a range of more dates than pages show
    OTHER_APP = "other_app"  # a snapshot of another app


@dataclass(frozen=True, slots=True)
class Unapplied:
    """One parameter of an address with its value, and why it is not applied. ``near`` has the parameters that were
    probably meant (None removes one), ``label`` what these are called where that is not their value."""

    name: str
    value: str
    reason: Reason
    near: Mapping[str, str | None] = field(default_factory=dict)
    label: str = ""


def unread(written: Mapping[str, Sequence[str]]) -> list[Unapplied]:
    """What cannot be read of an address, in its order; parameters of Streamlit itself are left out."""
    found = []
    for name, values in written.items():
        if name.startswith("embed") or not values:
            continue
        value = values[-1]
        if name not in KNOWN:
            near = near_text(name, KNOWN)
            found.append(Unapplied(name, _cut(value), Reason.UNKNOWN, {name: None, near: value} if near else {}, near))
            continue
        if len(values) > 1:
            found.append(Unapplied(name, _cut(value), Reason.REPEATED))
        found += _unreadable(name, value)
    return found


def beside_period(written: Mapping[str, Sequence[str]], view: View) -> list[Unapplied]:
    """The days of an address that also has dates, and both beside the name of a period, where these can be read."""
    found = []
    for name in ("days", "range"):
        value = written.get(name, [""])[-1]
        reason = Reason.NAMED_PERIOD if view.period else Reason.DATES if view.range and name == "days" else None
        if reason and readable(name, value):
            found.append(Unapplied(name, value, reason, {name: None}))
    return found


def _unreadable(name: str, value: str) -> Iterator[Unapplied]:
    if name in _LISTS:
        parts = value.split(",")
        good = [part for part in parts if _LISTS[name].fullmatch(part)]
        for part in parts:
            if part not in good:
                yield Unapplied(name, _cut(part), Reason.UNREADABLE, {name: ",".join(good) or None})
    elif not readable(name, value):
        near = _NEAR[name](value) if name in _NEAR else ""
        yield Unapplied(name, _cut(value), Reason.UNREADABLE, {name: near} if near else {})


_LISTS: Mapping[str, re.Pattern[str]] = {"lanes": ID, "by": LABEL}


def near_text(value: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """The one of some texts that is most like a value, or nothing; capitals do not matter."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(value.strip().lower()[:MAX_TEXT], by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else ""


def _near_id(value: str) -> str:
    """An id in the form that ids have: "Check Out" becomes "check-out"."""
    made = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return made if ID.fullmatch(made) else ""


def _near_moment(value: str) -> str:
    """A moment that lacks its zone or its time, has a blank for its plus, or is in Unix seconds."""
    text = value.strip()
    if re.fullmatch(r"\d{10}", text):
        return write_moment(int(text))
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if re.search(r"\d:\d\d(:\d\d)? \d\d:?\d\d$", text) else text
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return ""
    made = when if when.tzinfo else when.replace(tzinfo=UTC)
    shown = made.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if when.year > 1 else ""
    return shown if readable("at", shown) else ""


def _near_days(value: str) -> str:
    try:
        days = float(value)
    except ValueError:
        return ""
    return "" if math.isnan(days) else str(min(DAYS, key=lambda each: abs(each - days)))


def _near_period(value: str) -> str:
    """A name of a period that is written another way: 2026/10, 2026-1, Q4-2026, 2026W48, "last month"."""
    text = value.strip().upper()
    relative = near_text(re.sub(r"[\s_]+", "-", text), tuple(RELATIVE), 0.8)
    if relative:
        return relative
    for form, write in _PERIOD_FORMS:
        if (found := form.fullmatch(text)) and readable("period", made := write(found)):
            return made
    return ""


def _joined(found: re.Match[str]) -> str:
    parts = {key: value for key, value in found.groupdict().items() if value}
    return "-".join([parts["year"], *(f"{int(parts[key]):02}" for key in ("month", "day") if key in parts)])


_PERIOD_FORMS: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (re.compile(r"(?P<year>\d{4})[-/._ ]?(?P<month>\d\d?)(?:[-/._ ]?(?P<day>\d\d?))?"), _joined),
    (re.compile(r"(?P<year>\d{4})[-/._ ]?W(?P<week>\d\d?)"), lambda m: f"{m['year']}-W{int(m['week']):02}"),
    (re.compile(r"(?P<year>\d{4})[-/._ ]?Q(?P<q>\d)"), lambda m: f"{m['year']}-Q{m['q']}"),
    (re.compile(r"Q(?P<q>\d)[-/._ ]?(?P<year>\d{4})"), lambda m: f"{m['year']}-Q{m['q']}"),
    (re.compile(r"W(?P<week>\d\d?)[-/._ ]?(?P<year>\d{4})"), lambda m: f"{m['year']}-W{int(m['week']):02}"),
)


def _near_range(value: str) -> str:
    """A range that is written another way: a slash or dots between its dates, one day, or the dates swapped."""
    dates = sorted(re.findall(r"\d{4}-\d\d-\d\d", value))
    made = f"{dates[0]}{BETWEEN}{dates[-1]}" if dates else ""
    return made if made and readable("range", made) else ""


def _near_language(value: str) -> str:
    return next((code for code in LANGUAGES if value.lower().startswith(code)), near_text(value, tuple(LANGUAGES), 0.5))


def _near_flag(value: str) -> str:
    return "1" if value.lower() in ("true", "yes", "on") else ""


def _near_metric(value: str) -> str:
    """The name of a metric without what a query has around it."""
    found = METRIC.search(value)
    return found[0] if found else ""


def _near_where(value: str) -> str:
    """Matchers without braces, or with values that lack their quotes."""
    made = re.sub(r"(=~|!~|!=|=)\s*'?([^\"',{}]+)'?", r'\1"\2"', value.strip().strip("{}"))
    return made if readable("where", made) else ""


_NEAR: Mapping[str, Callable[[str], str]] = {
    "app": _near_id,
    "journey": _near_id,
    "slo": _near_id,
    "large": _near_id,
    "at": _near_moment,
    "episode": _near_moment,
    "days": _near_days,
    "period": _near_period,
    "during": lambda value: "" if (near := _near_period(value)) in RELATIVE else near,
    "page": lambda _: "1",
    "range": _near_range,
    "meeting": lambda value: near if readable("meeting", near := value.strip().lower()) else "",
    "postmortem": lambda value: near if readable("postmortem", near := value.strip().lower()) else "",
    "actions": lambda value: near_text(value, ACTIONS),
    "step": lambda value: near_text(value.replace("-", "_").replace(" ", "_"), tuple(Step)),
    "lang": _near_language,
    "present": _near_flag,
    "linear": _near_flag,
    "state": lambda value: near_text(value.replace("-", "_").replace(" ", "_"), tuple(State)),
    "source": _near_id,
    "metric": _near_metric,
    "browse": _near_metric,
    "where": _near_where,
    "how": lambda value: near_text(value, tuple(Aggregation)),
    "beside": lambda value: near_text(value, BESIDE),
    "log": _near_flag,
    "stacked": _near_flag,
    "tab": lambda value: near_text(value, TABS),
}


def _cut(value: str) -> str:
    """A value for a sentence: not longer than it can be read."""
    return value[:MAX_TEXT]
