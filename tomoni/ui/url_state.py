"""The view of a page in its URL, as codes that do not depend on language or defaults.

State flows one way: a widget's callback writes the URL (`change_view`), the next run reads it (`current_view`)
and sets the widgets. So the back button works, and every link restores its view. Malformed values are not applied;
`ui.address` names them.
Streamlit's own `bind=` writes labels, which break when the language changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from data_sources.exploring import Aggregation
from tomoni.exploring.address import LABEL, METRIC, MOST_CHARACTERS, read_matchers, written_matchers
from tomoni.exploring.candidates import read_candidates
from tomoni.exploring.drafted import read_sli
from tomoni.languages import LANGUAGES
from tomoni.slo.date_ranges import dates_of, written_range
from tomoni.slo.model import State
from tomoni.slo.named_periods import RELATIVE, named_period
from tomoni.ui.written_address import address, write_address

DAYS = (7, 14, 28)
DEFAULT_DAYS = 28
ACTIONS = ("open", "done", "dropped", "all")
BESIDE = ("week", "day", "deploy")
TABS = ("look", "different", "workshop")
MAX_TEXT = 100
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HASH = re.compile(r"[0-9a-f]{6,64}")
_BETWEEN = "--"  # from and to, where ISO 8601 writes a slash: it needs no escape in an address
_OTHER_AXIS = ("app", "days", "period", "range", "episode")  # what has another time axis, so that a zoom ends
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows. ``at`` freezes the page at a moment (Unix seconds); None is live. ``period`` is the name
    of a calendar period, which is shown instead of the last ``days``, as far as it has come at that moment;
    ``range`` is one from a first to a last day without a name.

    ``episode`` is a moment within the burn episode that the joint view shows. ``lanes`` are the
    rows of the joint figure in their order, None for all; ``large`` is the one that is enlarged. ``linear`` draws its
    success on an even scale, and ``zoom`` is the part of its time axis that is in sight, None for all of it.
    ``team``, ``state`` and ``find`` narrow the overview. ``snapshot`` is open and compared with
    ``other``; both are prefixes of hashes. The list of snapshots shows the ``page`` (from 1) of those of the
    period ``during``. ``meeting`` is the id of the one that is led, ``step`` where it is, ``postmortem`` the one
    that is open. ``actions`` is the state of the actions that are listed, or ``all``. Ids are well
    formed, but may not exist.

    What is explored: ``metric`` of ``source``, of the series that ``where`` (matchers as text) leaves, aggregated
    ``how``, ``by`` labels; or ``query``, a text in the source's own language. ``beside`` is the earlier time that lies
    under it; ``log`` and ``stacked`` say how it is drawn; ``mark`` is a stretch that the reader marked; ``tab`` is the
    part of the page; ``tries`` are the candidates of the workshop, ``sli`` the one that they are tried on where no
    file has it, as YAML; ``browse`` is what the names of the metrics begin with whose pictures are shown, ``job`` the
    scrape job whose targets have them.
    """

    app: str | None = None
    journey: str | None = None
    slo: str | None = None
    at: int | None = None
    days: int = DEFAULT_DAYS
    period: str | None = None
    episode: int | None = None
    lanes: tuple[str, ...] | None = None
    lang: str | None = None
    present: bool = False
    team: str | None = None
    state: str | None = None
    find: str | None = None
    linear: bool = False
    snapshot: str | None = None
    other: str | None = None
    during: str | None = None
    page: int = 1
    zoom: tuple[int, int] | None = None
    large: str | None = None
    range: str | None = None
    meeting: str | None = None
    postmortem: str | None = None
    step: str | None = None
    actions: str = "open"
    source: str | None = None
    metric: str | None = None
    where: str | None = None
    how: str | None = None
    by: tuple[str, ...] | None = None
    query: str | None = None
    beside: str | None = None
    log: bool = False
    stacked: bool = False
    mark: tuple[int, int] | None = None
    tab: str = "look"
    tries: tuple[str, ...] | None = None
    sli: str | None = None
    browse: str | None = None
    job: str | None = None


def parse(params: Mapping[str, str]) -> View:
    """The view of URL parameters; missing or malformed ones take their defaults."""
    known: dict[str, Any] = {}
    for name, read in _READERS.items():
        value = read(params[name]) if name in params else None
        if value is not None:
            known[name] = value
    return View(**known)


def readable(name: str, value: str) -> bool:
    """Whether a value of a known parameter can be read."""
    return _READERS[name](value) is not None


def params(view: View) -> dict[str, str]:
    """The view as URL parameters; defaults are left out."""
    default = View()
    values = {f.name: getattr(view, f.name) for f in fields(view)}
    return {name: _value_text(name, value) for name, value in values.items() if value != getattr(default, name)}


def complete_params(view: View) -> dict[str, str]:
    """The view as URL parameters, including the default length of the period, for links that are shared."""
    return params(view) | ({} if view.period or view.range else {"days": str(view.days)})


def current_view() -> View:
    """The view of the current URL."""
    return parse(address())


def change_view(**changes: object) -> None:
    """Change the view, as one step that the back button can undo."""
    view = current_view()
    changed = [name for name, value in changes.items() if getattr(view, name) != value]
    if any(name in _OTHER_AXIS for name in changed):
        changes = {"zoom": None, **changes}
    write_address(params(replace(view, **changes)))  # type: ignore[arg-type]


def apply_choice(name: str, key: str) -> None:
    """Callback of a widget: write the value of the widget ``key`` into the parameter ``name``."""
    value = st.session_state[key]
    change_view(**{name: tuple(value) if isinstance(value, list) else value})


def write_moment(moment: int) -> str:
    """A moment in the URL's form: 2026-11-18T10:00Z, with seconds only when they are not 0."""
    when = datetime.fromtimestamp(moment, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ" if when.second else "%Y-%m-%dT%H:%MZ")


def write_stretch(stretch: tuple[int, int]) -> str:
    """A stretch of time in the URL's form: 2026-11-18T10:00Z--2026-11-19T12:00Z."""
    return _BETWEEN.join(map(write_moment, stretch))


def _id(value: str) -> str | None:
    return value if ID.fullmatch(value) else None


def _hash(value: str) -> str | None:
    return value if _HASH.fullmatch(value) else None


def _record(value: str) -> str | None:
    return value if re.fullmatch(r"[0-9a-f]{24}", value) else None


def _step(value: str) -> str | None:
    return value if re.fullmatch(r"[a-z_]{1,40}", value) else None


def _actions(value: str) -> str | None:
    return value if value in ACTIONS else None


def _moment(value: str) -> int | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    if when.tzinfo is None or when.year not in _YEARS:
        return None
    return int(when.timestamp())


def _stretch(value: str) -> tuple[int, int] | None:
    first, _, last = value.partition(_BETWEEN)
    start, end = _moment(first), _moment(last)
    return (start, end) if start is not None and end is not None and start < end else None


def _days(value: str) -> int | None:
    return next((days for days in DAYS if str(days) == value), None)


def _period(value: str) -> str | None:
    return value.lower() if value.lower() in RELATIVE else _period_name(value)


def _lanes(value: str) -> tuple[str, ...] | None:
    found = [part for part in value.split(",") if ID.fullmatch(part)]
    return tuple(dict.fromkeys(found)) or None


def _language(value: str) -> str | None:
    return value if value in LANGUAGES else None


def _switch(value: str) -> bool | None:
    return True if value == "1" else None


def _state(value: str) -> str | None:
    return value if value in set(State) else None


def _period_name(value: str) -> str | None:
    try:
        named_period(value, "UTC")
    except (ValueError, OverflowError):
        return None
    return value.upper()


def _range(value: str) -> str | None:
    try:
        first, last = dates_of(value)
    except ValueError:
        return None
    return written_range(first, last) if first.year in _YEARS and last.year in _YEARS else None


def _page(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,5}", value) else None


def _metric(value: str) -> str | None:
    return value if METRIC.fullmatch(value) else None


def _where(value: str) -> str | None:
    found = read_matchers(value) if len(value) <= MOST_CHARACTERS else None
    return written_matchers(found) if found else None


def _how(value: str) -> str | None:
    return value if value in set(Aggregation) else None


def _labels(value: str) -> tuple[str, ...] | None:
    found = [part for part in value.split(",") if LABEL.fullmatch(part)]
    return tuple(dict.fromkeys(found)) or None


def _query(value: str) -> str | None:
    return value.strip() or None if len(value) <= MOST_CHARACTERS else None


def _beside(value: str) -> str | None:
    return value if value in BESIDE else None


def _tab(value: str) -> str | None:
    return value if value in TABS else None


def _tries(value: str) -> tuple[str, ...] | None:
    found = read_candidates(value)
    return tuple(map(str, found)) if found else None


def _sli(value: str) -> str | None:
    try:
        read_sli(value)
    except ValueError:
        return None
    return value.strip()


def _free_text(value: str) -> str | None:
    return " ".join(value.split())[:MAX_TEXT] or None


_READERS: Mapping[str, Callable[[str], object]] = {
    "app": _id,
    "journey": _id,
    "slo": _id,
    "at": _moment,
    "days": _days,
    "period": _period,
    "episode": _moment,
    "lanes": _lanes,
    "lang": _language,
    "present": _switch,
    "team": _free_text,
    "state": _state,
    "find": _free_text,
    "linear": _switch,
    "snapshot": _hash,
    "other": _hash,
    "during": _period_name,
    "page": _page,
    "zoom": _stretch,
    "large": _id,
    "range": _range,
    "meeting": _record,
    "postmortem": _record,
    "step": _step,
    "actions": _actions,
    "source": _id,
    "metric": _metric,
    "where": _where,
    "how": _how,
    "by": _labels,
    "query": _query,
    "beside": _beside,
    "log": _switch,
    "stacked": _switch,
    "mark": _stretch,
    "tab": _tab,
    "tries": _tries,
    "sli": _sli,
    "browse": _metric,
    "job": _free_text,
}


def _value_text(name: str, value: object) -> str:
    if name in ("at", "episode") and isinstance(value, int):
        return write_moment(value)
    if name in ("zoom", "mark") and isinstance(value, tuple):
        return write_stretch(value)
    if isinstance(value, tuple):
        return ",".join(value)
    return "1" if value is True else str(value)


KNOWN = tuple(_READERS)  # the parameters of every page, in their order
