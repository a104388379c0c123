"""What a page asks a source for to show the metric behind a query of the configuration."""

from __future__ import annotations

from data_sources.cloud_monitoring.config import CloudSignal
from data_sources.files.config import FileSignal
from data_sources.queries import Counts, Query, TextSignal


def asked_of(query: Query) -> str | None:
    """The name of a metric, or a question in the source's own language; None of a query that is no single metric."""
    match query:
        case TextSignal():
            return query.query
        case FileSignal():
            return f"{query.file}:{query.value}"
        case Counts() if query.parts:
            return f"{query.counts}:{next(iter(query.parts.values()))}"
        case Counts():
            return query.counts
        case CloudSignal():
            groups = f" BY {', '.join(query.group_by)}" if query.group_by else ""
            return f"{query.filter}\n{query.aligner} 5m {query.reducer}{groups}"
    return None
