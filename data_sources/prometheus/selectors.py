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
_LABEL = re.compile(rf"(?P<label>[a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?P<operator>=~|!~|!=|=)\s*(?P<value>{_STRING})")
_PART = re.compile(_MATCHER)
_WITHIN = re.compile(
    rf"(?P<name>{_NAME})?\s*(?:\{{\s*(?P<matchers>{_MATCHER}(?:\s*,\s*{_MATCHER})*)?\s*,?\s*\}}|(?<=\w)(?=\s*\[))"
    rf"|{_STRING}"
)
_UNQUOTED_NAME, _UNQUOTED_LABEL = re.compile(_NAME), re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


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
        return written(self.name, self.matchers)

    def part(self, suffix: str, matcher: str = "") -> str:
        """The selector of a part of a histogram, such as ``_bucket``, with one more matcher."""
        return written(self.name + suffix, ",".join(filter(None, (self.matchers, matcher))))


@dataclass(frozen=True, slots=True)
class Matcher:
    """One matcher of a selector: a label, an operator (=, !=, =~, !~) and a value."""

    label: str
    operator: str
    value: str

    @property
    def negative(self) -> bool:
        """Whether it matches all values but some."""
        return self.operator.startswith("!")

    @property
    def is_pattern(self) -> bool:
        """Whether its value is a regular expression."""
        return self.operator.endswith("~")

    def matches(self, value: str) -> bool:
        """Whether it accepts a value; a pattern that cannot be judged here accepts all."""
        try:
            equal = bool(re.fullmatch(self.value, value)) if self.is_pattern else self.value == value
        except re.error:  # RE2 knows what Python does not
            return True
        return equal != self.negative


def matchers_of(selector: Selector) -> tuple[Matcher, ...]:
    """The matchers of a selector besides a name that stands alone."""
    return tuple(
        Matcher(_unquoted(found["label"]), found["operator"], _unquoted(found["value"]))
        for found in _LABEL.finditer(selector.matchers)
        if _unquoted(found["label"]) != "__name__"
    )


def selectors_in(text: str) -> tuple[Selector, ...]:
    """The selectors of a query as far as their braces or ranges show them; a selector alone is one."""
    if is_selector(text):
        return (read_selector(text),)
    found = (_selector(each["name"], each["matchers"]) for each in _WITHIN.finditer(text))
    return tuple(each for each in found if each.name)


def _selector(name: str | None, matchers: str | None) -> Selector:
    """A selector of its parts; a text that stands alone between the braces is its name, and so is what ``__name__``
    has to be."""
    if not name:
        parts = [found[0] for found in _PART.finditer(matchers or "")]
        named = {part: found for part in parts if (found := _name_in(part))}
        if len(named) == 1:
            return Selector(next(iter(named.values())), ",".join(part for part in parts if part not in named))
    return Selector(name or "", (matchers or "").strip())


def _name_in(part: str) -> str:
    """The name of a metric that a part between the braces says; empty of other matchers."""
    found = _LABEL.fullmatch(part)
    if found is None:
        return _unquoted(part)
    return _unquoted(found["value"]) if (found["label"], found["operator"]) == ("__name__", "=") else ""


def _unquoted(text: str) -> str:
    if text[:1] not in "\"'`":
        return text
    if text[0] == "`":
        return text[1:-1]
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])


def read_selector(text: str, source: str = "") -> Selector:
    """Reads a selector such as ``http_requests_total{code=~"5.."}``.

    Raises QueryRefused with the reason selector_has_range, selector_is_expression or selector_malformed.
    """
    found = _SELECTOR.match(text)
    rest = text[found.end() :] if found else text
    if found and not rest and (found["name"] or found["matchers"]):
        return _selector(found["name"], found["matchers"])
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


def written(name: str, matchers: str) -> str:
    """A selector of a name and what stands between its braces; a name that needs quotes (since Prometheus 3 they hold
    any letters) stands there as well: as a matcher, which servers read that know no names in quotes."""
    if name and not _UNQUOTED_NAME.fullmatch(name):
        return f"{{{','.join(filter(None, (f'__name__={quoted(name)}', matchers)))}}}"
    return f"{name}{{{matchers}}}" if matchers else name


def label_name(name: str) -> str:
    """The name of a label as a matcher or a grouping has it: in quotes where it needs them."""
    return name if _UNQUOTED_LABEL.fullmatch(name) else quoted(name)


def in_address(name: str) -> str:
    """The name of a label as a path of the server's API has it: ``U__service_2e_name``, see "Values escaping" in the
    proposal for names in UTF-8 of Prometheus."""
    if _UNQUOTED_LABEL.fullmatch(name):
        return name
    letters = (each if re.fullmatch("[a-zA-Z0-9]", each) else f"_{ord(each):x}_" for each in name)
    return "U__" + "".join("__" if letter == "_5f_" else letter for letter in letters)


def quoted(text: str) -> str:
    """A text as a string of PromQL."""
    return json.dumps(text, ensure_ascii=False)  # the escapes of a JSON string are those of a PromQL string
