"""Shares that are written as one query: what is counted above and below the line of a division."""

from __future__ import annotations

from data_sources.prometheus.division import divided
from tomoni.dialects.grouping import is_grouped
from tomoni.dialects.promql import WINDOW, counted, fixed_range, is_linear


def counts_of_share(query: str) -> tuple[dict[str, object], bool] | None:
    """The counts of a share whose parts are sums of counters, and whether several series of the query become one;
    None for any other query."""
    found = divided(query)
    if found is None:
        return None
    role, above, below = found
    if not all(WINDOW in part and is_linear(part) and fixed_range(part) is None for part in (above, below)):
        return None
    summed = all(part.startswith("sum") for part in (above, below))
    parts = {"total": below, role: above}
    several = not summed or is_grouped(above) or is_grouped(below)
    return counted(parts if summed else {name: f"sum({part})" for name, part in parts.items()}).keys, several
