"""Shares that are written as one query: the part above and the part below the line of a division."""

from __future__ import annotations

import re

from tomoni.dialects.promql import WINDOW, counted, fixed_range, is_linear, on_one_line

_MODIFIER = re.compile(r"\s*(?:ignoring|on)\s*\([^()]*\)(?:\s*group_(?:left|right)\s*(?:\([^()]*\))?)?")
_ONE_LESS = re.compile(r"1\s*-\s*")
_QUOTES = "\"'`"


def split(query: str) -> tuple[str, str, str] | None:
    """The role of the part above the line (good, or bad for one less a share), that part, and the part below; None
    where a query is no such division."""
    text = _unwrapped(on_one_line(query))
    if found := _ONE_LESS.match(text):
        inner = split(text[found.end() :])
        return ("bad", *inner[1:]) if inner and inner[0] == "good" else None
    parts = _divided(text)
    if len(parts) != 2:
        return None
    below = parts[1][found.end() :] if (found := _MODIFIER.match(parts[1])) else parts[1]
    return "good", _unwrapped(parts[0].strip()), _unwrapped(below.strip())


def counts_of_share(query: str) -> tuple[dict[str, object], bool] | None:
    """The counts of a share whose parts are sums of counters, and whether the parts have to be added up over their
    series first; None for any other query."""
    found = split(query)
    if found is None:
        return None
    role, above, below = found
    if not all(WINDOW in part and is_linear(part) and fixed_range(part) is None for part in (above, below)):
        return None
    summed = all(part.startswith("sum") for part in (above, below))
    parts = {"total": below, role: above}
    return counted(parts if summed else {name: f"sum({part})" for name, part in parts.items()}).keys, not summed


def _unwrapped(text: str) -> str:
    """A text without parentheses around the whole of it."""
    while text.startswith("(") and _end_of(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _end_of(text: str) -> int:
    """Where the parenthesis that begins a text is closed."""
    return next((at for at, depth in _depths(text) if depth == 0 and text[at] == ")"), -1)


def _divided(text: str) -> list[str]:
    """A text at its slashes outside of parentheses; one with another calculation there is not divided."""
    outside = {at for at, depth in _depths(text) if depth == 0}
    if any(text[at] in "+-*%^<>" for at in outside if text[at] not in ")"):
        return []
    cuts = [at for at in sorted(outside) if text[at] == "/"]
    return [text[start:end] for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True)]


def _depths(text: str) -> list[tuple[int, int]]:
    """Every position outside of quoted texts, with how deep in parentheses, braces and brackets it is; a closing one
    is as deep as what surrounds it."""
    found: list[tuple[int, int]] = []
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote and text[at - 1] != "\\" else quote
            continue
        if sign in _QUOTES:
            quote = sign
            continue
        depth -= sign in ")}]"
        found.append((at, depth))
        depth += sign in "({["
    return found
