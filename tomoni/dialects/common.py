"""What the readings of several dialects share: lists of objects, lengths of time, objectives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import inf, isinf

from data_sources.durations import format_duration
from tomoni.catalog.splits import MOST_LABELS
from tomoni.dialects.reading import Given
from tomoni.dialects.report import Fate

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_UNITS = {"ms": Decimal("0.001"), **{unit: Decimal(seconds) for unit, seconds in _SECONDS.items()}}
USUAL_BUCKET = 300  # seconds; that of an SLO which names none
_PART = re.compile(r"(\d+)(ms|s|m|h|d|w|y)")
_LONGEST = 100 * _SECONDS["y"]  # what is longer is a slip of the pen, and no window


def items_of(root: Given) -> list[Given]:
    """The objects of a document: those of its ``items`` or its list where it is a list, else itself; what is no object
    in a list is told."""
    document = root.reading.document
    if document.faults and document.data is None:
        return []
    if isinstance(document.data, list):
        for n, each in enumerate(document.data):
            if not isinstance(each, dict):
                root.reading.say((n,), Fate.IGNORED, "no_spec")
        return [Given(root.reading, (n,)) for n, each in enumerate(document.data) if isinstance(each, dict)]
    kind = root.data.get("kind")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(root.data.get("items"), list):
        root.ignore("bookkeeping", "apiVersion", "kind", "metadata")
        return root.each("items")
    return [root] if isinstance(document.data, dict) else []


def is_object(item: Given, api: str, kind: str) -> bool:
    """Whether an object is of a kind of an API, whose versions begin alike."""
    version = item.data.get("apiVersion")
    return isinstance(version, str) and version.startswith(api) and item.data.get("kind") == kind


def say_other(item: Given, dialect: str, known: str = "") -> None:
    """That an object is none of a dialect: of another version where ``known`` names the one that is read, and with
    the keys by which it would be known that are no texts."""
    reason = "other_version" if known else "other_kind"
    item.reading.say(item.place, Fate.IGNORED, reason, dialect=dialect, found=kind_of(item), known=known)
    for key in ("version", "apiVersion", "kind"):
        if item.has(key) and not isinstance(item.data[key], str):
            item.say(key, Fate.NOT_EXPRESSIBLE, "wrong_type", expected="text", key=key)


def kind_of(item: Given) -> str:
    """What an object says that it is."""
    found = [str(item.data[key]) for key in ("version", "apiVersion", "kind") if isinstance(item.data.get(key), str)]
    return " ".join(found) or "-"


def prometheus_seconds(text: str) -> Decimal | None:
    """The seconds of a duration as Prometheus writes it (``1h30m``, ``4w``); None where it is none."""
    compact = text.strip()
    if not compact or _PART.sub("", compact):
        return None
    return sum((Decimal(number) * _UNITS[unit] for number, unit in _PART.findall(compact)), Decimal(0))


def duration_of(given: Given, key: str) -> int:
    """A duration that must be there, in whole seconds. Raises CannotHold."""
    seconds = prometheus_seconds(given.needed(key))
    if seconds is None or not 0 < seconds <= _LONGEST or seconds != int(seconds):
        raise given.cannot(key, "duration", key=key, written=str(given.data[key]))
    return int(seconds)


def objective_of(given: Given, key: str, ratio: bool = False) -> Decimal:
    """An objective that must be there, in percent; with ``ratio`` it is written as a ratio. Raises CannotHold."""
    percent = given.number(key) * (100 if ratio else 1)
    if not 0 < percent <= 100:
        raise given.cannot(key, "objective", value=f"{percent:f}")
    return Decimal(f"{percent.normalize():f}")


def under_of(seconds: Decimal | float) -> str:
    """A threshold as app files write it."""
    return format_duration(float(seconds))


def without_empty(keys: Mapping[str, object]) -> dict[str, object]:
    """Keys with a value; a list that is empty says something, a mapping or a text does not."""
    return {key: value for key, value in keys.items() if value is not None and value not in ({}, "")}


def range_of(given: Given, lowest: str, highest: str) -> dict[str, object]:
    """A range of a distribution between the values of two keys: from 0 where the first is not there, without an end
    where the second is not, which is told. Raises CannotHold."""
    low = given.bound(lowest) if given.has(lowest) else 0.0
    if given.has(highest) or not given.has(lowest) or low < 0:
        high = given.bound(highest)
    else:
        high = inf
        given.reading.note(given.place, Fate.APPROXIMATED, "range_without_end", key=highest)
    if not low < high or (isinf(low) and isinf(high)):
        raise given.cannot(highest, "wrong_type", expected="number", key=highest)
    return {"under": _plain(high)} if isinf(low) else {"range": [_plain(low), _plain(high)]}


def _plain(bound: float) -> float:
    """A bound without a fraction where it has none: 300 is written as people write it."""
    return int(bound) if bound.is_integer() else bound


def split_of(given: Given, key: str) -> list[str] | None:
    """The labels of a tool that judges each of their values by itself: those of the parts of one SLO here. More
    labels than an SLO can be split by are told, and not kept."""
    labels = list(dict.fromkeys(given.words(key)))
    if not labels:
        return None
    fits = len(labels) <= MOST_LABELS
    given.say(key, Fate.APPROXIMATED, "grouping" if fits else "grouping_many", labels=", ".join(labels))
    return labels if fits else None
