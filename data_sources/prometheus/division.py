"""Shares that are written as one query of PromQL: the part above and the part below the line of a division."""

from __future__ import annotations

import re

_MODIFIER = re.compile(r"\s*(?:ignoring|on)\s*\([^()]*\)(?:\s*group_(?:left|right)\s*(?:\([^()]*\))?)?")
_ONE_LESS = re.compile(r"1\s*-\s*")
_QUOTES = "\"'`"


def on_one_line(query: str) -> str:
    """A query on one line, where no comment would swallow what follows."""
    return query.strip() if "#" in query else " ".join(query.split())


def divided(query: str) -> tuple[str, str, str] | None:
    """The role of the part above the line (good, or bad for one less a share), that part, and the part below; None
    where a query is no such division."""
    text = unwrapped(on_one_line(query))
    if found := _ONE_LESS.match(text):
        inner = divided(text[found.end() :])
        return ("bad", *inner[1:]) if inner and inner[0] == "good" else None
    parts = _at_slashes(text)
    if len(parts) != 2:
        return None
    below = parts[1][found.end() :] if (found := _MODIFIER.match(parts[1])) else parts[1]
    return "good", unwrapped(parts[0].strip()), unwrapped(below.strip())


def unwrapped(text: str) -> str:
    """A text without parentheses around the whole of it."""
    while text.startswith("(") and _end_of(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _end_of(text: str) -> int:
    """Where the parenthesis that begins a text is closed."""
    return next((at for at, depth in _depths(text) if depth == 0 and text[at] == ")"), -1)


def _at_slashes(text: str) -> list[str]:
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
