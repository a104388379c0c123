"""Lengths of time as PromQL writes them."""

from __future__ import annotations

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


def promql_length(seconds: float, less_a_millisecond: bool = False) -> str:
    """A length as Prometheus reads it, from the largest unit down: ``1h30m``."""
    left = round(seconds * 1000) - less_a_millisecond
    text = ""
    for unit, size in _UNITS.items():
        count, left = divmod(left, size)
        text += f"{count}{unit}" if count else ""
    return text


def short_length(seconds: int) -> str:
    """A length in its largest whole unit, as the windows of alerts are called: ``90m``, ``1d``, ``3d``."""
    for unit in ("d", "h", "m", "s"):
        if seconds * 1000 % _UNITS[unit] == 0:
            return f"{seconds * 1000 // _UNITS[unit]}{unit}"
    return f"{seconds}s"
