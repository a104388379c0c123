"""Calls as text, for the panel that explains a number."""

from __future__ import annotations

from data_sources.base import QueryText
from data_sources.cloud_monitoring.parse import Call
from data_sources.cloud_monitoring.query import Part, Plan, QueryInputs, Refusal, plan, texts_of
from data_sources.durations import format_duration
from data_sources.queries import Query


def explained(inputs: QueryInputs, url: str) -> tuple[QueryText, ...]:
    """What is sent for a query, by role; a query that cannot be sent is shown as it is written."""
    try:
        planned = plan(inputs)
    except Refusal:
        return _written(inputs.query)
    return tuple(QueryText(part.role, _text(part, planned), url) for part in planned.parts)


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
