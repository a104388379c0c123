"""Calls as text, for the panel that explains a number."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

from data_sources.base import QueryText
from data_sources.cloud_monitoring.parse import Call
from data_sources.cloud_monitoring.query import Part, Plan, QueryInputs, Refusal, plan, texts_of
from data_sources.durations import format_duration
from data_sources.queries import Query

_METRICS_EXPLORER = "https://console.cloud.google.com/monitoring/metrics-explorer"


def explained(inputs: QueryInputs, project: str) -> tuple[QueryText, ...]:
    """What is sent for a query, by role; a query that cannot be sent is shown as it is written. ``project`` is that
    whose console shows it; empty where there is none."""
    try:
        planned = plan(inputs)
    except Refusal:
        return _written(inputs.query)
    return tuple(QueryText(part.role, _text(part, planned), console_url(project, part.call)) for part in planned.parts)


def _written(query: Query) -> tuple[QueryText, ...]:
    try:
        return tuple(QueryText(role, str(text)) for role, text in texts_of(query).items())
    except Refusal:
        return ()


def _text(part: Part, planned: Plan) -> str:
    lines = [call_text(part.call)]
    if part.conditions:
        lines.append("KEEP " + " AND ".join(condition.text for condition in part.conditions))
    if planned.within and part.role != "total":
        lines.append(f"COUNT FROM {planned.within.low:g} TO {planned.within.high:g} {planned.unit}".rstrip())
    return "\n".join(lines)


def call_text(call: Call) -> str:
    """A call as two lines: its filter, and how it is aligned and reduced."""
    grouping = f" BY {', '.join(call.group_by)}" if call.group_by else ""
    return f"{call.filter}\n{call.aligner} {format_duration(call.interval.step_seconds)} {call.reducer}{grouping}"


def console_url(project: str, call: Call) -> str:
    """The same call over the same interval in the Metrics Explorer of a project; empty without one."""
    if not project:
        return ""
    period = f"{call.interval.step_seconds}s"
    aggregation = {
        "alignmentPeriod": period,
        "perSeriesAligner": call.aligner,
        "crossSeriesReducer": call.reducer,
        "groupByFields": [_console_field(field) for field in call.group_by],
    }
    asked = {"filter": call.filter, "minAlignmentPeriod": period, "aggregations": [aggregation]}
    state = {"xyChart": {"dataSets": [{"timeSeriesFilter": asked, "targetAxis": "Y1", "plotType": "LINE"}]}}
    times = f";startTime={_moment(call.interval.start)};endTime={_moment(call.interval.end)}"
    shown = quote(json.dumps(state, separators=(",", ":"), ensure_ascii=False), safe="")
    return f"{_METRICS_EXPLORER}{times}?project={quote(project, safe='')}&pageState={shown}"


def _console_field(field: str) -> str:
    """A label as the console writes it: ``metric.label."code"``."""
    kind, _, label = field.partition(".labels.")
    return f'{kind}.label."{label}"' if label else field


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
