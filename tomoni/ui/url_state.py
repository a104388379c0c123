"""Everything that a reader chose is in the URL, as codes that outlive languages and defaults.

One direction only: a widget's callback writes the URL (`go`), the run reads it (`current`), and the
widgets follow it. So back and forward work, and a link is a view. What is not understood falls back.
Streamlit's own `bind=` is not used: it writes labels, which break when the language changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from tomoni.languages import LANGUAGES
from tomoni.slo.model import State

DAYS = (7, 14, 28)
DEFAULT_DAYS = 28
_LONGEST = 100
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HASH = re.compile(r"[0-9a-f]{6,64}")
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class View:
    """What a reader looks at. ``at`` freezes the page at a moment (Unix seconds); None is live.

    ``episode`` is a moment of the burn episode that the joint view looks at closer. ``lanes`` are the
    rows of the joint figure in their order, None for all; ``team``, ``state`` and ``find`` narrow the
    overview. ``snapshot`` is open, ``other`` compared with it: the beginnings of their hashes. Ids are
    well formed, but may name nothing.
    """

    app: str | None = None
    journey: str | None = None
    slo: str | None = None
    at: int | None = None
    days: int = DEFAULT_DAYS
    episode: int | None = None
    lanes: tuple[str, ...] | None = None
    lang: str | None = None
    present: bool = False
    team: str | None = None
    state: str | None = None
    find: str | None = None
    snapshot: str | None = None
    other: str | None = None


def parse(params: Mapping[str, str]) -> View:
    """The view of a URL; what is missing or malformed takes its default."""
    known: dict[str, Any] = {}
    for name, read in _READERS.items():
        value = read(params[name]) if name in params else None
        if value is not None:
            known[name] = value
    return View(**known)


def params(view: View) -> dict[str, str]:
    """The view as URL parameters; what is as by default is left out."""
    default = View()
    values = {f.name: getattr(view, f.name) for f in fields(view)}
    return {name: _written(name, value) for name, value in values.items() if value != getattr(default, name)}


def whole(view: View) -> dict[str, str]:
    """The view as URL parameters with nothing left to defaults, for links that are passed on."""
    return params(view) | {"days": str(view.days)}


def current() -> View:
    """The view of the page's URL."""
    return parse(st.query_params.to_dict())


def go(**changes: object) -> None:
    """Changes the view, as one step that the back button can undo."""
    st.query_params.from_dict(params(replace(current(), **changes)))  # type: ignore[arg-type]


def follow(name: str, key: str) -> None:
    """A widget's callback: takes what was chosen in the widget ``key`` into the view."""
    value = st.session_state[key]
    go(**{name: tuple(value) if isinstance(value, list) else value})


def write_moment(moment: int) -> str:
    """A moment as the URL has it: 2026-11-18T10:00Z, with seconds only where there are some."""
    when = datetime.fromtimestamp(moment, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ" if when.second else "%Y-%m-%dT%H:%MZ")


def _id(value: str) -> str | None:
    return value if _ID.fullmatch(value) else None


def _hash(value: str) -> str | None:
    return value if _HASH.fullmatch(value) else None


def _moment(value: str) -> int | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    if when.tzinfo is None or when.year not in _YEARS:
        return None
    return int(when.timestamp())


def _days(value: str) -> int | None:
    return next((days for days in DAYS if str(days) == value), None)


def _lanes(value: str) -> tuple[str, ...] | None:
    found = [part for part in value.split(",") if _ID.fullmatch(part)]
    return tuple(dict.fromkeys(found)) or None


def _language(value: str) -> str | None:
    return value if value in LANGUAGES else None


def _present(value: str) -> bool | None:
    return True if value == "1" else None


def _state(value: str) -> str | None:
    return value if value in set(State) else None


def _words(value: str) -> str | None:
    return " ".join(value.split())[:_LONGEST] or None


_READERS: Mapping[str, Callable[[str], object]] = {
    "app": _id,
    "journey": _id,
    "slo": _id,
    "at": _moment,
    "days": _days,
    "episode": _moment,
    "lanes": _lanes,
    "lang": _language,
    "present": _present,
    "team": _words,
    "state": _state,
    "find": _words,
    "snapshot": _hash,
    "other": _hash,
}


def _written(name: str, value: object) -> str:
    if name in ("at", "episode") and isinstance(value, int):
        return write_moment(value)
    if isinstance(value, tuple):
        return ",".join(value)
    return "1" if value is True else str(value)
