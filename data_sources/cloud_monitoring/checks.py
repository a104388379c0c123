"""What is wrong or suspicious about a query, found by asking Google about its metric and its points.

Findings: the codes of `data_sources.errors` with their facts (and ``nearest`` where a metric is not found),
``unknown_label`` (label, known, role),
``matches_nothing`` and ``numerator_matches_nothing`` (role, query), ``threshold_between_edges``
(threshold, below, above, unit), ``scrape_interval`` (scrape_seconds, bucket_seconds),
``retention_short`` (retention_seconds, interval_seconds), ``partial_answer``, ``several_series``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Answer, Finding, Request
from data_sources.cloud_monitoring.config import CloudSignal
from data_sources.cloud_monitoring.fetch import Fetch, FetchContext
from data_sources.cloud_monitoring.filters import Filter
from data_sources.cloud_monitoring.query import Metric, Refusal, filters_of
from data_sources.errors import SourceError
from data_sources.near import near

SAMPLES_IN_A_BUCKET = 3


@dataclass(frozen=True, slots=True)
class Checking:
    """Checks queries of one source. ``retention_seconds`` is how long full resolution is kept."""

    context: FetchContext
    retention_seconds: int

    def findings(self, request: Request) -> tuple[Finding, ...]:
        """All findings about a request, errors first."""
        try:
            filters = filters_of(request.query)
        except Refusal as refusal:
            return (_finding(self.context.refused(refusal)),)
        answer = next(iter(Fetch(self.context).answers([request])))
        about = [*self._about_answer(request, answer, filters), *self._about_metrics(request, filters)]
        return tuple(sorted(about, key=lambda finding: finding.severity != "error"))

    def _about_answer(self, request: Request, answer: Answer, filters: Mapping[str, Filter]) -> Iterator[Finding]:
        if answer.error:
            found = _finding(answer.error)
            unknown = answer.error.facts.get("reason") == "metric"
            yield replace(found, facts={**found.facts, **self._near(str(found.facts["name"]))}) if unknown else found
        for notice in answer.notices:
            if notice.code != "matches_nothing":
                yield Finding("warning", notice.code, notice.facts)
        if not answer.series or not len(request.interval):
            return
        columns = answer.series.columns
        role = next(iter(filters))
        if np.isnan(columns["value" if role == "value" else "total"]).all():
            yield Finding("error", "matches_nothing", {"role": role, "query": filters[role].text})
        elif "absent" in columns and np.nansum(columns["absent"]):
            part = list(filters)[-1]
            yield Finding("warning", "numerator_matches_nothing", {"role": part, "query": filters[part].text})

    def _near(self, metric: str) -> dict[str, str]:
        """The metrics that are spelled like one that does not exist: of its service, else of the project."""
        service = metric.partition("/")[0]
        try:
            connection = self.context.connect()
            found = near(metric, connection.metric_names(service)) or near(metric, connection.metric_names())
        except SourceError:
            return {}
        return {"nearest": ", ".join(found)}

    def _about_metrics(self, request: Request, filters: Mapping[str, Filter]) -> Iterator[Finding]:
        interval = request.interval
        for role, found in filters.items():
            metric = self.context.metrics.remembered(found.metric, request.query)
            if metric.known:
                yield from self._about_labels(request, role, found, metric)
        metrics = {self.context.metrics.remembered(found.metric, request.query) for found in filters.values()}
        sampled = max((metric.sample_seconds or 0 for metric in metrics), default=0)
        if sampled * SAMPLES_IN_A_BUCKET > interval.step_seconds:
            facts = {"scrape_seconds": sampled, "bucket_seconds": interval.step_seconds}
            yield Finding("warning", "scrape_interval", facts)
        span = interval.end - interval.start
        if span > self.retention_seconds:
            yield Finding(
                "warning",
                "retention_short",
                {"retention_seconds": self.retention_seconds, "interval_seconds": span},
            )

    def _about_labels(self, request: Request, role: str, found: Filter, metric: Metric) -> Iterator[Finding]:
        grouped = request.query.group_by if isinstance(request.query, CloudSignal) else ()
        names = dict.fromkeys((*found.labels(), *grouped))
        known = {"metric.labels": metric.labels, "resource.labels": self._resource_labels(found.resource)}
        for name in names:
            owner, _, label = name.replace(".label.", ".labels.").rpartition(".")
            labels = known.get(owner)
            if labels is not None and label not in labels:
                yield Finding("error", "unknown_label", {"role": role, "label": name, "known": ", ".join(labels)})

    def _resource_labels(self, resource: str) -> tuple[str, ...] | None:
        """The labels of a monitored resource type; None where it is left open or not to be had."""
        if not resource:
            return None
        try:
            raw = self.context.connect().resource_descriptor(resource)
        except SourceError:
            return None  # the answer or refusal of the query itself is more specific
        return tuple(label.key for label in raw.labels)


def _finding(error: SourceError) -> Finding:
    return Finding("error", error.code, {**error.facts, **({"detail": error.detail} if error.detail else {})})
