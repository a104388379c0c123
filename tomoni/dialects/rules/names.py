"""The names of the recorded series, which dashboards and other rules build on."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.prometheus.selectors import quoted
from tomoni.dialects.rules.lengths import short_length

OBJECTIVE = "tomoni:slo_objective:ratio"
REMAINING = "tomoni:slo_budget_remaining:ratio"
JUDGED = "tomoni:slo_history:buckets"


def total(seconds: int) -> str:
    """All events of a window."""
    return f"tomoni:sli_total:sum_{short_length(seconds)}"


def bad(seconds: int) -> str:
    """The bad events of a window."""
    return f"tomoni:sli_bad:sum_{short_length(seconds)}"


def error(seconds: int) -> str:
    """The share of bad events in a window, which is there while there are any."""
    return f"tomoni:sli_error:ratio_{short_length(seconds)}"


def observed(seconds: int) -> str:
    """The share of a window that was observed."""
    return f"tomoni:sli_observed:ratio_{short_length(seconds)}"


def of(name: str, labels: Mapping[str, str]) -> str:
    """The series of one SLO."""
    return f"{name}{{{','.join(f'{label}={quoted(value)}' for label, value in labels.items())}}}"
