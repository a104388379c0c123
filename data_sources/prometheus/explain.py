"""Explains a query to people: its PromQL texts, each with the address of its graph on the server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote_plus, urlencode

from data_sources.base import Interval, QueryText
from data_sources.durations import format_duration
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.errors import bare


def explained(parts: Mapping[str, Counters | str], interval: Interval, ui_url: str) -> tuple[QueryText, ...]:
    """The texts by role, each with the graph of the interval. The addresses hold no credentials.

    After them comes what is sent for the buckets in which series of counters begin, with the role
    first_total, first_good or first_bad.
    """
    address = f"{bare(ui_url).rstrip('/')}/graph"
    texts = {role: str(part) for role, part in parts.items()}
    texts |= {f"first_{role}": part.with_first_values for role, part in parts.items() if isinstance(part, Counters)}
    shown = _shown(interval)
    return tuple(QueryText(role, text, f"{address}?g0.expr={quote_plus(text)}&{shown}") for role, text in texts.items())


def _shown(interval: Interval) -> str:
    """The part of an address that chooses the interval: the same for all texts of a query."""
    end = datetime.fromtimestamp(interval.end, UTC)
    return urlencode(
        {
            "g0.tab": "0",
            "g0.range_input": format_duration(max(interval.end - interval.start, interval.step_seconds)),
            "g0.end_input": f"{end:%Y-%m-%d %H:%M:%S}",
            "g0.step_input": str(interval.step_seconds),
        }
    )
