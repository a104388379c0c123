"""The query languages of servers, and how the events of a counter are counted in each.

A bucket holds what was seen to happen in it. `increase` of Prometheus looks only at samples within its
range, and extends them to the range's ends. `increase` of VictoriaMetrics (MetricsQL) takes the last
sample before the range too, however old: after an outage one bucket would hold all that happened in it,
and a bucket without samples would be one without events. It is used where there are samples in the bucket
and just before; elsewhere `increase_prometheus` is, which stays within the bucket.
"""

from __future__ import annotations

from enum import Enum

from data_sources.durations import format_duration

_LOOK_BACK_SECONDS = 300  # what Prometheus takes for "just before" too: its look-back for a sample


class Dialect(Enum):
    """The language that a server speaks, by the name of its best-known server."""

    PROMQL = "Prometheus"
    METRICSQL = "VictoriaMetrics"

    def increase(self, selector: str, step_seconds: int) -> str:
        """The events of each series in the bucket; only what was seen of it since the bucket began."""
        length = format_duration(step_seconds)
        if self is Dialect.PROMQL:
            return f"increase({selector}[{length}])"
        before = format_duration(max(step_seconds // 2, min(step_seconds, _LOOK_BACK_SECONDS)))
        seen = f"present_over_time({selector}[{length}]) and present_over_time({selector}[{before}] offset {length})"
        return f"(increase({selector}[{length}]) and {seen}) or increase_prometheus({selector}[{length}])"
