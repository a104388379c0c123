"""Durations as users write them: ``5m``, ``28d``, ``300ms``, ``1h30m``."""

from __future__ import annotations

import re

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
# As much of the syntax as a JSON Schema can check.
DURATION_PATTERN = r"^\s*(\d+(\.\d+)?\s*(ms|s|m|h|d|w)\s*)+$"
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")


def parse_duration(text: str) -> float:
    """The seconds of a duration such as ``5m``, ``300ms`` or ``1h30m``.

    Raises ValueError when the text is not a duration.
    """
    compact = text.strip()
    parts = _PART.findall(compact)
    if not parts or _PART.sub("", compact).strip():
        raise ValueError(f"{text!r} is no length of time; write 300ms, 30s, 5m, 1h, 28d or 4w")
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts), 9)


def format_duration(seconds: float) -> str:
    """The shortest exact text in one unit, which `parse_duration` reads back: 300 gives ``5m``."""
    for unit in ("w", "d", "h", "m", "s"):
        count = seconds / _UNITS[unit]
        if seconds and count == int(count) and not (unit == "w" and count != 1 and count < 1):
            return f"{int(count)}{unit}"
    return f"{seconds * 1000:g}ms"
