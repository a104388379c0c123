"""What is wrong or suspicious about a query, found by querying the server.

Errors have the code of `data_sources.errors` with its facts and the server's own text as ``detail``.
Warnings:

    matches_nothing            (error) no bucket of the interval was observed; ``role``, ``query``, and the
                               facts of `data_sources.prometheus.nothing`
    numerator_matches_nothing  the good or bad series never existed; the same facts
    scrape_interval            above a third of the bucket; ``scrape_seconds``, ``bucket_seconds``, ``role``
    retention_short            the server keeps less than the window; ``retention_seconds``, ``interval_seconds``
    not_a_counter              a selector of a metric of another type; ``metric``, ``type``, ``role``
    no_window                  a count's expression without $window; ``role``, ``query``
    increase_bridges           increase in a count's expression on VictoriaMetrics; ``role``
    unknown_placeholder        (error) a placeholder that is not $window; ``placeholder``, ``role``
    server_warning, server_info, not_finite, negative_count, bad_above_total   as notices of the answer
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from data_sources.base import Answer, Finding, Interval, Series
from data_sources.errors import Facts, SourceError
from data_sources.prometheus.client import Client
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.dialects import Dialect
from data_sources.prometheus.health import Status
from data_sources.prometheus.nothing import Nothing
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.query import has_window, histogram_selector
from data_sources.prometheus.selectors import is_selector, read_selector
from data_sources.prometheus.texts import expressions, recorded_counters, recorded_texts
from data_sources.queries import Expression, Gauge, Query, Ratio, RecordedRate, RecordedRatio, TextSignal

_QUOTED_OR_COMMENT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*)""")
_PLACEHOLDER = re.compile(r"\$(?!window(?![A-Za-z0-9_]))(?:\w+|\{\w*\}?)")
_INCREASE = re.compile(r"\b(?:increase|delta)\s*\(")
_LOOK_BACK_BUCKETS = 12
# That good or bad events match nothing is usual, also that their metric does not exist yet; a name that is
# nearly another one is not.
_MISSPELLED = frozenset({"unknown_metric", "unknown_label"})
_THIRD = 1 / 3 * 1.05  # samples that come a little late are no reason to warn


class Checks:
    """Checks one answer, and queries the server for what the answer does not show."""

    def __init__(self, client: Client, status: Status, nothing: Nothing) -> None:
        self._client, self._status, self._nothing = client, status, nothing

    def findings(self, answer: Answer) -> tuple[Finding, ...]:
        """All findings about the query of an answer."""
        parts = texts_of(answer.request.query)
        found = [*_placeholders(parts), *_windows(answer.request.query), *self._bridges(answer.request.query)]
        if answer.error is not None:
            return (*found, _error(answer.error))
        if answer.series is None or not len(answer.series.interval):
            return tuple(found)
        found += [Finding("warning", notice.code, notice.facts) for notice in answer.notices]
        found += [
            self._explained(each, answer.request.query, answer.series)
            for each in _observed(answer.request.query, answer.series, parts)
        ]
        return (*found, *self._queried(answer.request.query, answer.series))

    def _bridges(self, query: Query) -> Iterator[Finding]:
        """Expressions for counts with the increase of MetricsQL, which looks back beyond an outage."""
        if self._status.dialect is Dialect.METRICSQL:
            for role, text in expressions(query).items():
                if _INCREASE.search(_QUOTED_OR_COMMENT.sub('""', text)):
                    yield Finding("warning", "increase_bridges", {"role": role})

    def _explained(self, finding: Finding, query: Query, series: Series) -> Finding:
        """A finding that nothing is matched, with the reason where one is certain."""
        if isinstance(query, Histogram):
            reason = self._nothing.reason_of_histogram(histogram_selector(query), series.interval)
        else:
            reason = self._nothing.reason(str(finding.facts["query"]), series.interval)
        if finding.severity == "warning" and not (reason.get("reason") in _MISSPELLED and reason.get("nearest")):
            return finding
        return Finding(finding.severity, finding.code, {**finding.facts, **reason})

    def _queried(self, query: Query, series: Series) -> Iterator[Finding]:
        """The findings of further queries; one that the server does not answer gives none."""
        for role, text in counters(query).items():
            for check in (self._scrape_interval, self._type):
                try:
                    yield from check(role, text, series)
                except SourceError:
                    continue
        yield from self._retention(series.interval)

    def _scrape_interval(self, role: str, selector: str, series: Series) -> Iterator[Finding]:
        """From the samples of the series that has most of them: in twelve buckets, or since the first
        bucket that was observed as a whole."""
        interval, (since, at) = series.interval, _observed_span(series)
        seconds = min(_LOOK_BACK_BUCKETS * interval.step_seconds, at - since)
        if not seconds:
            return
        text = f"max(count_over_time({selector}[{seconds}s]))"
        for _labels, samples in read_vector(self._client.query("/api/v1/query", {"query": text, "time": str(at)})):
            scrape = seconds / max(samples, 1.0)
            if scrape > interval.step_seconds * _THIRD:
                facts: Facts = {"role": role, "scrape_seconds": round(scrape), "bucket_seconds": interval.step_seconds}
                yield Finding("warning", "scrape_interval", facts)

    def _type(self, role: str, selector: str, series: Series) -> Iterator[Finding]:
        name = read_selector(selector).name
        if not name:
            return
        types = self._client.metric_types(name)
        if types and not types & {"counter", "histogram", "summary", "unknown", "untyped", ""}:
            yield Finding("warning", "not_a_counter", {"role": role, "metric": name, "type": min(types)})

    def _retention(self, interval: Interval) -> Iterator[Finding]:
        kept, needed = self._status.retention_seconds(), interval.end - interval.start
        if kept is not None and kept < needed:
            yield Finding("warning", "retention_short", {"retention_seconds": kept, "interval_seconds": needed})


def texts_of(query: Query) -> Mapping[str, str]:
    """The texts that the user wrote, by role."""
    match query:
        case Ratio():
            return {role: part.expr if isinstance(part, Expression) else part for role, part in query.parts.items()}
        case RecordedRate() | RecordedRatio():
            return recorded_texts(query)
        case Histogram():
            return {"total": query.histogram}
        case Gauge():
            return {"value": query.gauge}
        case TextSignal():
            return {"value": query.query}
        case _:
            return {}


def counters(query: Query) -> Mapping[str, str]:
    """The counter selectors of a query, by role."""
    if isinstance(query, Histogram):
        return {"total": histogram_selector(query).part("_count")}
    if isinstance(query, RecordedRate | RecordedRatio):
        return recorded_counters(query)
    return {role: text for role, text in texts_of(query).items() if role != "value" and is_selector(text)}


def _error(error: SourceError) -> Finding:
    return Finding("error", error.code, {**error.facts, **({"detail": error.detail} if error.detail else {})})


def _placeholders(parts: Mapping[str, str]) -> Iterator[Finding]:
    for role, text in parts.items():
        for placeholder in _PLACEHOLDER.findall(_QUOTED_OR_COMMENT.sub('""', text)):
            yield Finding("error", "unknown_placeholder", {"role": role, "placeholder": placeholder})


def _windows(query: Query) -> Iterator[Finding]:
    for role, text in expressions(query).items():
        if not has_window(text):
            yield Finding("warning", "no_window", {"role": role, "query": text})


def _observed(query: Query, series: Series, parts: Mapping[str, str]) -> Iterator[Finding]:
    column = series.columns["value" if isinstance(query, TextSignal) else "total"]
    first = next(iter(parts), "value")
    if np.isnan(column).all():
        yield Finding("error", "matches_nothing", {"role": first, "query": parts.get(first, "")})
    elif "absent" in series.columns and not (series.columns["absent"] == 0).any():
        role = _missing_part(parts, series)
        yield Finding("warning", "numerator_matches_nothing", {"role": role, "query": parts.get(role, "")})


def _missing_part(parts: Mapping[str, str], series: Series) -> str:
    """The part of a query that never existed beside the others."""
    if "total" in parts or "weight" in parts:
        return next((role for role in parts if role not in ("total", "weight")), "good")
    return "good" if not np.nansum(series.columns["good"]) else "bad"


def _observed_span(series: Series) -> tuple[int, int]:
    """The ends of the first and of the newest observed bucket (the metric may have begun within the
    first one); the whole interval where none is observed."""
    interval = series.interval
    observed = np.flatnonzero(~np.isnan(next(iter(series.columns.values()))))
    if not len(observed):
        return interval.start, interval.end
    first, last = (interval.start + (int(place) + 1) * interval.step_seconds for place in observed[[0, -1]])
    return first, last
