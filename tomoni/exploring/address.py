"""A question to a source as an address has it: matchers as text, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data_sources.exploring import Matcher, Operator

METRIC = re.compile(r"(?:[^\W\d]|:)[\w:./-]{0,299}")
LABEL = re.compile(r"[A-Za-z_][\w.]{0,99}")
_MATCHER = re.compile(r'\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)')
MOST_CHARACTERS = 4_000


def written_matchers(matchers: Sequence[Matcher]) -> str:
    """Matchers as PromQL writes them between the braces: ``code=~"5..",pod="a"``."""
    return ",".join(f'{each.label}{each.operator}"{_escaped(each.value)}"' for each in matchers)


def read_matchers(text: str) -> tuple[Matcher, ...] | None:
    """Matchers of their text; None where it is not understood."""
    found, at = [], 0
    while at < len(text):
        match = _MATCHER.match(text, at)
        if match is None:
            return None
        label, operator, value = match.groups()
        found.append(Matcher(label, Operator(operator), re.sub(r"\\(.)", r"\1", value)))
        at = match.end()
    return tuple(found)


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"")
