"""Expressions of PromQL that only add up counters, read into the selectors of these."""

from __future__ import annotations

import re

_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`"
_SELECTOR = rf"(?:[a-zA-Z_:][\w:]*\s*)?(?:\{{(?:[^\"'`{{}}]|{_STRING})*\}})?"
_GROWTH = rf"(?:rate|increase)\s*\(\s*(?P<counter>{_SELECTOR})\s*\[[^\]]+\]\s*\)"
_ZERO = r"or\s+(?:on\s*\(\s*\)\s*)?vector\s*\(\s*0\s*\)"
_GROUPED = r"(?:\s*(?:by|without)\s*\([^()]*\))?"  # however it is grouped: a split adds up again
_SUM = rf"sum{_GROUPED}\s*\(\s*{_GROWTH}\s*\){_GROUPED}"
_TERM = re.compile(rf"\s*(?P<opened>\()?\s*{_SUM}\s*(?:(?P<zero>{_ZERO})\s*)?(?(opened)\))\s*")
_SIGN = re.compile(r"([+-])")
_TOGETHER = re.compile(rf"\s*(?P<how>sum|min|max|avg){_GROUPED}\s*\(\s*(?P<inner>{_SELECTOR})\s*\){_GROUPED}\s*")


def summands(text: str) -> tuple[tuple[int, str], ...]:
    """The counters of an expression with their signs; empty of one that is more than a sum of how fast they grow."""
    found: list[tuple[int, str]] = []
    at, sign = 0, 1
    while match := _TERM.match(text, at):
        found.append((sign, match["counter"]))
        at = match.end()
        if at == len(text):
            return tuple(found)
        operator = _SIGN.match(text, at)
        if operator is None or (match["zero"] and not match["opened"]):  # ``or`` binds less than a sign
            return ()
        at, sign = operator.end(), 1 if operator[1] == "+" else -1
    return ()


def together_of(text: str) -> tuple[str, str]:
    """How the series of a selector are put together, and the selector; as it is where by nothing."""
    match = _TOGETHER.fullmatch(text)
    return (match["how"], match["inner"]) if match else ("", text)
