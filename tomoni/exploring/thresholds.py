"""The threshold of an SLI of latencies: how it is written, another one in its place, and which are worth trying."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from data_sources.base import Interval, Source
from data_sources.durations import format_duration, parse_duration
from data_sources.errors import QueryRefused, SourceError
from data_sources.exploring import Explores, Matcher, Operator
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.selectors import matchers_of, read_selector
from data_sources.queries import SliForm

MOST = 11
WRITTEN = re.compile(r"\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h|d|w)?")
_AROUND = (0.2, 0.3, 0.5, 0.8, 1.2, 1.5, 2.0, 3.0, 5.0)  # of the one that is in force, where no edges are known
_DIGITS = 2


def threshold_of(sli: SliForm) -> str | None:
    """The threshold of an SLI as candidates have it: ``300ms``, or a number in the metric's own unit; None of one
    without."""
    under = getattr(sli, "under", None)
    if isinstance(under, str):
        return format_duration(parse_duration(under))
    if isinstance(under, float | int):
        return format_duration(under) if isinstance(sli, Histogram) else f"{under:g}"
    return None


def with_threshold(sli: SliForm, under: str) -> SliForm:
    """The same SLI with another threshold. Raises ValueError."""
    written = under if under[-1].isalpha() else float(under)
    return type(sli).model_validate({**sli.model_dump(exclude_none=True), "under": written})


def amount(under: str) -> float:
    """A threshold as a number, by which thresholds of one SLI are ordered."""
    return parse_duration(under) if under[-1].isalpha() else float(under)


def thresholds_to_try(source: Source, sli: SliForm, interval: Interval) -> Sequence[str]:
    """Thresholds in ascending order, with the one that is in force: the edges that the source's histogram has, those
    nearest to it, else steps around it."""
    own = threshold_of(sli)
    if own is None:
        return ()
    edges = {each: amount(each) for each in (own, *(_edges(source, sli, interval) or _steps(own)))}
    here = math.log(amount(own))
    nearest = sorted(edges, key=lambda each: abs(math.log(edges[each]) - here))[:MOST]
    return sorted(nearest, key=amount)


def _edges(source: Source, sli: SliForm, interval: Interval) -> Sequence[str]:
    """The edges of a classic histogram; none where the source cannot tell."""
    if not isinstance(sli, Histogram) or not isinstance(source, Explores):
        return ()
    try:
        selector = read_selector(sli.histogram)
        matchers = [Matcher(each.label, Operator(each.operator), each.value) for each in matchers_of(selector)]
        found = source.label_values(f"{selector.name}_bucket", "le", matchers, interval)
    except (QueryRefused, SourceError):
        return ()
    edges = (_number(each.value) for each in found)
    return tuple({format_duration(edge): None for edge in edges if math.isfinite(edge) and edge > 0})


def _steps(own: str) -> Sequence[str]:
    """Steps around a threshold, of two digits."""
    values = [_rounded(amount(own) * factor) for factor in _AROUND]
    return [format_duration(value) if own[-1].isalpha() else f"{value:g}" for value in values]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
