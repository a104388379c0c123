"""How the values of a unit are written on an axis: scaled, with a suffix and d3 formats.

d3 formats are the same in every language, so only numbers and short symbols are written here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.catalog.schema import Unit
from tomoni.words.text import mark


@dataclass(frozen=True, slots=True)
class Scale:
    """Values are drawn times ``factor``; ticks and the hover label use d3 formats and a suffix."""

    factor: float = 1.0
    suffix: str = ""
    ticks: str = "~r"
    hover: str = ",.3~r"


PERCENT = Scale(1.0, "", "~%", ".1~%")
_SECONDS = ((1.0, Scale(1000.0, " ms", "~r", ".3~r")), (300.0, Scale(1.0, " s", "~r", ".3~r")))
_RATES = ((1.0, 1.0, mark("events/s")), (1 / 60, 60.0, mark("events/min")))
_SLOW_RATE = (3600.0, mark("events/h"))
_THOUSAND = 1000
_LONG_SECONDS = Scale(1 / 60, " min", "~r", ".3~r")
_BYTE_SUFFIXES = (" B", " KiB", " MiB", " GiB", " TiB", " PiB")


def scale_of(unit: Unit, highest: float) -> Scale:
    """The scale in which a unit's values up to ``highest`` read well."""
    if unit is Unit.RATIO:
        return PERCENT
    if unit is Unit.PERCENT:
        return Scale(0.01, "", "~%", ".1~%")
    if unit is Unit.SECONDS:
        return next((scale for below, scale in _SECONDS if highest < below), _LONG_SECONDS)
    if unit is Unit.BYTES:
        return _bytes(highest)
    return _plain(highest, "/s" if unit is Unit.PER_SECOND else "")


def _plain(highest: float, suffix: str = "") -> Scale:
    """Thousands of an axis are written k; nothing else has a prefix, since "870m" is read as millions or minutes."""
    return Scale(1.0, suffix, "~s" if highest >= _THOUSAND else "~r")


def rate_of(highest: float) -> tuple[Scale, str]:
    """The scale of events a second up to ``highest``, and the name of the unit (a msgid)."""
    factor, name = next(((by, name) for least, by, name in _RATES if highest >= least), _SLOW_RATE)
    scale = _plain(highest * factor)
    return Scale(factor, "", scale.ticks), name


def _bytes(highest: float) -> Scale:
    power = 0
    while highest >= 1024 and power < len(_BYTE_SUFFIXES) - 1:
        highest /= 1024
        power += 1
    return Scale(1 / 1024**power, _BYTE_SUFFIXES[power], "~r", ".3~r")
