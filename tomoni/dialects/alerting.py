"""What readers share about alerts: the burn alerts of the tools, in the keys of app files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from data_sources.durations import format_duration

Alert = dict[str, object]


def by_share(severity: str, long: int, short: int, percent: Decimal) -> Alert:
    """A burn alert by the percent of the budget that burns within the long window, lengths in seconds."""
    share = (percent / 100).normalize()
    return {"severity": severity, "long": format_duration(long), "short": format_duration(short), "share": share}


def by_factor(severity: str, long: int, short: int, factor: Decimal) -> Alert:
    """A burn alert by its burn rate, kept as the tool has it."""
    lengths = {"long": format_duration(long), "short": format_duration(short)}
    return {"severity": severity, **lengths, "factor": factor.normalize()}


def without(alerts: Sequence[Alert], *severities: str) -> list[Alert]:
    """The alerts of other severities."""
    return [alert for alert in alerts if alert["severity"] not in severities]
