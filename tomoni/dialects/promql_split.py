"""Shares that are written as one query: what is counted above and below the line of a division."""

from __future__ import annotations

from data_sources.prometheus.division import divided
from tomoni.dialects.promql import WINDOW, counted, fixed_range, is_linear


def counts_of_share(query: str) -> tuple[dict[str, object], bool] | None:
    """The counts of a share whose parts are sums of counters, and whether the parts have to be added up over their
    series first; None for any other query."""
    found = divided(query)
    if found is None:
        return None
    role, above, below = found
    if not all(WINDOW in part and is_linear(part) and fixed_range(part) is None for part in (above, below)):
        return None
    summed = all(part.startswith("sum") for part in (above, below))
    parts = {"total": below, role: above}
    return counted(parts if summed else {name: f"sum({part})" for name, part in parts.items()}).keys, not summed
