"""What is queried for every query form, and its PromQL.

The bucket ``[s, s + step)`` is the value of a text at time ``s + step``. Counter selectors become
`Counters`: ``sum(increase(SELECTOR[step]))``, and more where series begin. What users wrote is never
patched: a selector is read and placed as a whole into a larger text, and in an expression only the
placeholder ``$window`` is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data_sources.durations import format_duration
from data_sources.errors import QueryRefused
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.histograms import Shape, histogram_parts
from data_sources.prometheus.selectors import Selector, is_selector, read_selector
from data_sources.queries import (
    Expression,
    Gauge,
    Query,
    Ratio,
    RecordedRate,
    RecordedRatio,
    Shares,
    TextSignal,
    Weight,
)

_WINDOW = re.compile(r"\$window(?![A-Za-z0-9_])")
_FINEST_SECONDS, _COARSEST_SECONDS = 10, 60

Part = str | Expression


def grouped(text: str) -> str:
    """The text in parentheses; on lines of its own where a comment could swallow the closing one."""
    return f"(\n{text}\n)" if "#" in text else f"({text})"


def has_window(text: str) -> bool:
    """Whether a text holds the placeholder ``$window``."""
    return _WINDOW.search(text) is not None


def with_window(text: str, step_seconds: int) -> str:
    """The text with the bucket's length for each ``$window``."""
    return _WINDOW.sub(format_duration(step_seconds), text)


def with_placeholder(text: str, placeholder: str) -> str | None:
    """The text with another tool's placeholder for each ``$window``; None where there is none."""
    return _WINDOW.sub(lambda _: placeholder, text) if has_window(text) else None


@dataclass(frozen=True, slots=True)
class Server:
    """What texts depend on: the server's dialect, and in which forms it has a histogram."""

    shape: Callable[[Selector, float], Shape]
    dialect: Dialect = Dialect.PROMQL
    source: str = ""


def parts_of(query: Query, step_seconds: int, server: Server) -> Mapping[str, Counters | str]:
    """What is queried for each role, ``total`` with ``good`` or ``bad``, or ``value``; as text its PromQL.

    Raises QueryRefused for a form or a selector that cannot be queried, and whatever the server's
    ``shape`` raises.
    """
    match query:
        case Ratio():
            return _ratio(query, step_seconds, server)
        case Histogram():
            return _histogram(query, step_seconds, server)
        case RecordedRate():
            return {role: rate_text(text, step_seconds) for role, text in query.rate.parts.items()}
        case RecordedRatio():
            return _recorded_ratio(query.ratio, step_seconds, server)
        case Gauge():
            return {"value": mean_text(query.gauge, step_seconds)}
        case TextSignal():
            return {"value": mean_text(query.query, step_seconds)}
        case _:
            raise QueryRefused(server.source, "", {"reason": "form_not_answered", "form": type(query).__name__})


def _ratio(query: Ratio, step_seconds: int, server: Server) -> Mapping[str, Counters | str]:
    parts = query.parts
    if len(parts) != 2:
        raise QueryRefused(server.source, "", {"reason": "good_or_bad"})
    beside = parts.get("total") or parts["good"]
    return {role: _counts(part, beside, step_seconds, server) for role, part in parts.items()}


def _counts(part: Part, beside: Part, step_seconds: int, server: Server) -> Counters | str:
    """A part, beside one whose series name the targets that were there before: its own, for an expression."""
    if isinstance(part, Expression):
        return with_window(part.expr, step_seconds)
    selector = str(read_selector(part, server.source))
    known = selector if isinstance(beside, Expression) else str(read_selector(beside, server.source))
    return Counters(selector, known, step_seconds, server.dialect)


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


def _histogram(query: Histogram, step_seconds: int, server: Server) -> Mapping[str, Counters | str]:
    selector = histogram_selector(query, server.source)
    return histogram_parts(selector, query.under, server.shape(selector, query.under), step_seconds, server.dialect)


def mean_text(text: str, step_seconds: int) -> str:
    """The mean of a bucket: of the samples themselves for a selector, else of an even subquery.

    A text with ``$window`` defines its own look-back, and is taken as it is.
    """
    if has_window(text):
        return with_window(text, step_seconds)
    length = format_duration(step_seconds)
    if is_selector(text):
        return f"avg_over_time({read_selector(text)}[{length}])"
    resolution = max(_FINEST_SECONDS, min(_COARSEST_SECONDS, step_seconds // 10))
    return f"avg_over_time({grouped(text)}[{length}:{format_duration(resolution)}])"


def rate_text(text: str, step_seconds: int) -> str:
    """The events of a bucket from a rate per second: the mean of its sum over all series, times the length."""
    return f"{mean_text(f'sum{grouped(text)}', step_seconds)} * {step_seconds}"


def _recorded_ratio(query: Shares, step_seconds: int, server: Server) -> Mapping[str, Counters | str]:
    """The mean of the ratio's numbers in a bucket. It is NaN, and not absent, where all samples are: a
    division by nothing, while nothing happened."""
    parts = {role: text for role in ("error", "success") if (text := getattr(query, role)) is not None}
    if len(parts) != 1:
        raise QueryRefused(server.source, "", {"reason": "one_ratio"})
    texts = {role: _mean_of_numbers(text, step_seconds) for role, text in parts.items()}
    match query.weight:
        case None:
            return texts
        case Weight(rate=str(rate)):
            return {**texts, "weight": rate_text(rate, step_seconds)}
        case Weight(expr=expr):
            return {**texts, "weight": with_window(expr or "", step_seconds)}
        case selector:
            return {**texts, "weight": _counts(selector, selector, step_seconds, server)}


def _mean_of_numbers(text: str, step_seconds: int) -> str:
    mean = mean_text(text, step_seconds)
    if has_window(text):
        return mean
    numbers = mean_text(f"({grouped(text)} >= -Inf)", step_seconds)
    return f"{mean} >= -Inf or {numbers} and {mean} or {mean}"


def labelled(text: str, label: str, value: str) -> str:
    """The text with one more label on its series: a member of a union."""
    return f'label_replace({grouped(text)},"{label}","{value}","","")'
