"""The units of infra signals, as an axis or a table heading names them."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.schema import Unit
from tomoni.words.text import Text, mark

AXES: Mapping[Unit, str] = {
    Unit.RATIO: "%",
    Unit.PERCENT: "%",
    Unit.SECONDS: mark("seconds"),
    Unit.BYTES: mark("bytes"),
    Unit.COUNT: "",
    Unit.PER_SECOND: mark("per second"),
}


def axis(unit: Unit, text: Text) -> str:
    """The unit on an axis or in a heading; empty for plain numbers."""
    return text._(AXES[unit])


def value(x: float | None, unit: Unit, text: Text) -> str:
    """A value in its unit, in a size that reads well: "141 ms", "4.66 GiB", "46%"."""
    return text.quantity(x, unit.value)
