"""Vector selectors: reading what users wrote, and writing the edges of histograms as ``le`` matchers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.errors import QueryRefused

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
# A label name may be quoted, and a quoted name may stand alone (UTF-8 names since Prometheus 3).
_MATCHER = rf"(?:(?:[a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?:=~|!~|!=|=)\s*{_STRING}|{_STRING})"
_SELECTOR = re.compile(
    rf"\s*(?P<name>{_NAME})?\s*(?:\{{\s*(?P<matchers>{_MATCHER}(?:\s*,\s*{_MATCHER})*)?\s*,?\s*\}})?\s*"
)
_LABEL = re.compile(rf"(?P<label>[a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?:=~|!~|!=|=)\s*{_STRING}")


@dataclass(frozen=True, slots=True)
class Selector:
    """A vector selector: the name of its metric ("" for none) and the matchers between the braces."""

    name: str
    matchers: str

    @property
    def labels(self) -> frozenset[str]:
        """The labels that it matches on."""
        return frozenset(found["label"].strip("\"'`") for found in _LABEL.finditer(self.matchers))

    def __str__(self) -> str:
        return f"{self.name}{{{self.matchers}}}" if self.matchers else self.name

    def part(self, suffix: str, matcher: str = "") -> str:
        """The selector of a part of a histogram, such as ``_bucket``, with one more matcher."""
        matchers = ",".join(filter(None, (self.matchers, matcher)))
        return f"{self.name}{suffix}{{{matchers}}}" if matchers else f"{self.name}{suffix}"


def read_selector(text: str, source: str = "") -> Selector:
    """Reads a selector such as ``http_requests_total{code=~"5.."}``.

    Raises QueryRefused with the reason selector_has_range, selector_is_expression or selector_malformed.
    """
    found = _SELECTOR.match(text)
    rest = text[found.end() :] if found else text
    if found and not rest and (found["name"] or found["matchers"]):
        return Selector(found["name"] or "", (found["matchers"] or "").strip())
    raise QueryRefused(source, "", {"reason": _reason(rest), "query": text})


def _reason(rest: str) -> str:
    if rest.startswith("["):
        return "selector_has_range"
    return "selector_malformed" if rest.startswith("{") or not rest else "selector_is_expression"


def is_selector(text: str) -> bool:
    """Whether a text is exactly one vector selector."""
    try:
        read_selector(text)
    except QueryRefused:
        return False
    return True


def usual_spellings(value: float) -> tuple[str, ...]:
    """How client libraries write an edge: 0.3; 1 and 1.0; 1e+06 (Go), 1000000 and 1000000.0."""
    if math.isinf(value):
        return ("+Inf",)
    plain = np.format_float_positional(value, trim="-")
    forms = [plain] if "." in plain else [plain, f"{plain}.0"]
    if not 1e-4 <= value < 1e6:
        forms.append(np.format_float_scientific(value, trim="-", exp_digits=2))
    return tuple(forms)


def same_edge(written: str, value: float) -> bool:
    """Whether a written edge has a value: ``0.30`` and ``3e-1`` are both 0.3."""
    try:
        return math.isclose(float(written), value, rel_tol=1e-9)
    except ValueError:
        return False


def le_matcher(spellings: Sequence[str]) -> str:
    """The ``le`` matcher of an edge in all of its spellings."""
    if len(spellings) == 1:
        return f"le={quoted(spellings[0])}"
    return f"le=~{quoted('|'.join(re.escape(spelling) for spelling in spellings))}"


def quoted(text: str) -> str:
    """A text as a string of PromQL."""
    return json.dumps(text, ensure_ascii=False)  # the escapes of a JSON string are those of a PromQL string
