"""Queries that have a series for each value of some labels."""

from __future__ import annotations

import re

_STRING = re.compile(r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)""")
# Prometheus reads its keywords in capitals too.
_GROUPED = re.compile(r"\b(?:by|without)\s*\(", re.IGNORECASE)
_CALLED = re.compile(r"([a-z_]+)\s*$", re.IGNORECASE)
_ADDED_UP = frozenset({"sum", "avg", "min", "max", "count", "quantile", "group", "stddev", "stdvar"})


def is_grouped(query: str) -> bool:
    """Whether a query has a series for each value of some labels: a grouping that is added up again around it has
    none."""
    text = _STRING.sub(lambda found: " " * len(found[0]), query)
    return any(not _added_up(text, found.start()) for found in _GROUPED.finditer(text))


def _added_up(text: str, at: int) -> bool:
    """Whether a position is within an aggregation over everything."""
    depth = 0
    for index in range(at - 1, -1, -1):
        depth += text[index] == ")"
        if text[index] != "(":
            continue
        called = _CALLED.search(text[:index]) if depth == 0 else None
        if called and called[1].lower() in _ADDED_UP:
            return True
        depth = max(depth - 1, 0)
    return False
