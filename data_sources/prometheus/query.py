"""PromQL texts of every query form.

The bucket ``[s, s + step)`` is the value of the text at time ``s + step``. Counter selectors become
``sum(increase(SELECTOR[step]))``; what users wrote is never patched: a selector is read and put
whole into a larger text, and in an expression only the placeholder ``$window`` is rendered.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.durations import format_duration
from data_sources.errors import QueryRefused
from data_sources.prometheus.config import Histogram
from data_sources.queries import Expression, Gauge, Query, Ratio, TextSignal

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
# A label name may be quoted, and a quoted name may stand alone (UTF-8 names since Prometheus 3).
_MATCHER = rf"(?:(?:[a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?:=~|!~|!=|=)\s*{_STRING}|{_STRING})"
_SELECTOR = re.compile(
    rf"\s*(?P<name>{_NAME})?\s*(?:\{{\s*(?P<matchers>{_MATCHER}(?:\s*,\s*{_MATCHER})*)?\s*,?\s*\}})?\s*"
)
_LABEL = re.compile(rf"(?P<label>[a-zA-Z_][a-zA-Z0-9_]*|{_STRING})\s*(?:=~|!~|!=|=)\s*{_STRING}")
_WINDOW = re.compile(r"\$window(?![A-Za-z0-9_])")
_FINEST_SECONDS, _COARSEST_SECONDS = 10, 60

Spellings = Callable[["Selector", float], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Selector:
    """A vector selector as it was read: its metric's name ("" for none) and what stands in the braces."""

    name: str
    matchers: str

    @property
    def labels(self) -> frozenset[str]:
        """The labels that it matches on."""
        return frozenset(found["label"].strip("\"'`") for found in _LABEL.finditer(self.matchers))

    def __str__(self) -> str:
        return f"{self.name}{{{self.matchers}}}" if self.matchers else self.name

    def part(self, suffix: str, matcher: str = "") -> str:
        """The selector of a histogram's part, such as ``_bucket``, with one more matcher."""
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
    raise QueryRefused(source, "", {"reason": _why_no_selector(rest), "query": text})


def _why_no_selector(rest: str) -> str:
    if rest.startswith("["):
        return "selector_has_range"
    return "selector_malformed" if rest.startswith("{") or not rest else "selector_is_expression"


def is_selector(text: str) -> bool:
    """Whether a text is one vector selector and nothing else."""
    try:
        read_selector(text)
    except QueryRefused:
        return False
    return True


def grouped(text: str) -> str:
    """The text in parentheses; on lines of its own where a comment could swallow the closing one."""
    return f"(\n{text}\n)" if "#" in text else f"({text})"


def has_window(text: str) -> bool:
    """Whether a text holds the placeholder ``$window``."""
    return _WINDOW.search(text) is not None


def with_window(text: str, step_seconds: int) -> str:
    """The text with the bucket's length for each ``$window``."""
    return _WINDOW.sub(format_duration(step_seconds), text)


def render(query: Query, step_seconds: int, spellings: Spellings, source: str = "") -> Mapping[str, str]:
    """The PromQL of each role: ``total`` with ``good`` or ``bad``, or ``value``.

    ``spellings`` finds how the edge of a histogram is written. Raises QueryRefused for a form or a
    selector that cannot be asked for, and whatever ``spellings`` raises.
    """
    match query:
        case Ratio():
            return _ratio(query, step_seconds, source)
        case Histogram():
            return _histogram(query, step_seconds, spellings, source)
        case Gauge():
            return {"value": mean_text(query.gauge, step_seconds)}
        case TextSignal():
            return {"value": mean_text(query.query, step_seconds)}
        case _:
            raise QueryRefused(source, "", {"reason": "form_not_answered", "form": type(query).__name__})


def _ratio(query: Ratio, step_seconds: int, source: str) -> Mapping[str, str]:
    numerators = {role: part for role in ("good", "bad") if (part := getattr(query, role)) is not None}
    if len(numerators) != 1:
        raise QueryRefused(source, "", {"reason": "good_or_bad"})
    parts = {"total": query.total, **numerators}
    return {role: _counts(part, step_seconds, source) for role, part in parts.items()}


def _counts(part: str | Expression, step_seconds: int, source: str) -> str:
    if isinstance(part, Expression):
        return with_window(part.expr, step_seconds)
    return _increase(str(read_selector(part, source)), step_seconds)


def _increase(selector: str, step_seconds: int) -> str:
    return f"sum(increase({selector}[{format_duration(step_seconds)}]))"


def histogram_selector(query: Histogram, source: str = "") -> Selector:
    """The selector of a histogram's base name.

    Raises QueryRefused: as `read_selector`, or with the reason histogram_name or histogram_le.
    """
    selector = read_selector(query.histogram, source)
    if not selector.name or selector.name.endswith(("_bucket", "_count", "_sum")):
        raise QueryRefused(source, "", {"reason": "histogram_name", "query": query.histogram})
    if "le" in selector.labels:
        raise QueryRefused(source, "", {"reason": "histogram_le", "query": query.histogram})
    return selector


def _histogram(query: Histogram, step_seconds: int, spellings: Spellings, source: str) -> Mapping[str, str]:
    selector = histogram_selector(query, source)
    edge = le_matcher(spellings(selector, query.under))
    return {
        "total": _increase(selector.part("_count"), step_seconds),
        "good": _increase(selector.part("_bucket", edge), step_seconds),
    }


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
    """Whether a written edge is a value, such as ``0.30`` and ``3e-1`` are 0.3."""
    try:
        return math.isclose(float(written), value, rel_tol=1e-9)
    except ValueError:
        return False


def le_matcher(spellings: Sequence[str]) -> str:
    """The matcher of an edge in all its spellings."""
    if len(spellings) == 1:
        return f"le={_quoted(spellings[0])}"
    return f"le=~{_quoted('|'.join(re.escape(spelling) for spelling in spellings))}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # the escapes of a JSON string are those of a PromQL string


def mean_text(text: str, step_seconds: int) -> str:
    """The mean of a bucket: of the samples themselves for a selector, else of an even subquery.

    A text with ``$window`` says itself what it looks back on, and is taken as it is.
    """
    if has_window(text):
        return with_window(text, step_seconds)
    length = format_duration(step_seconds)
    if is_selector(text):
        return f"avg_over_time({read_selector(text)}[{length}])"
    resolution = max(_FINEST_SECONDS, min(_COARSEST_SECONDS, step_seconds // 10))
    return f"avg_over_time({grouped(text)}[{length}:{format_duration(resolution)}])"


def labelled(text: str, label: str, value: str) -> str:
    """A text whose series carry one more label: a member of a union."""
    return f'label_replace({grouped(text)},"{label}","{value}","","")'
