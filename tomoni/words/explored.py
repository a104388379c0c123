"""What the page `/explore` says of what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_sources.exploring import Aggregation, Ask, Line, MetricQuestion, MetricType
from tomoni.words.text import Text, mark

AGGREGATIONS: Mapping[Aggregation, str] = {
    Aggregation.RATE: mark("per second"),
    Aggregation.INCREASE: mark("increase per bucket"),
    Aggregation.MEAN: mark("mean, lowest and highest"),
    Aggregation.SUM: mark("sum"),
    Aggregation.MIN: mark("lowest"),
    Aggregation.MAX: mark("highest"),
    Aggregation.COUNT: mark("number of series"),
    Aggregation.PERCENTILES: mark("percentiles"),
    Aggregation.HEAT: mark("heat map"),
}


def how_of(ask: MetricQuestion, text: Text) -> str:
    """How what is asked is put together, in short."""
    if ask.type is MetricType.SUMMARY and ask.aggregation is Aggregation.MEAN:
        return text._("mean of all events")
    return text._(AGGREGATIONS[ask.aggregation])


def headline(source: str | None, ask: Ask | None, beside: str, text: Text) -> str:
    """The sentence that the page opens with; ``beside`` is the title of the SLO or the app that is shown with it."""
    if source is None:
        return text._("No source offers its metrics yet.")
    facts = {"source": text.quote(source), "beside": text.quote(beside), "metric": _name(ask, text) if ask else ""}
    if ask is None:
        if not beside:
            return text._("Look at any metric of %(source)s.") % facts
        return text._("Look at any metric of %(source)s, beside %(beside)s.") % facts
    if not beside:
        return text._("%(metric)s of %(source)s") % facts
    return text._("%(metric)s of %(source)s, beside %(beside)s") % facts


def _name(ask: Ask, text: Text) -> str:
    return ask.metric if isinstance(ask, MetricQuestion) else text._("A query")


BESIDE: Mapping[str, str] = {
    "week": mark("one week earlier"),
    "day": mark("one day earlier"),
    "deploy": mark("before the last deploy"),
}


def line_names(lines: Sequence[Line], text: Text) -> list[str]:
    """A plain name for each line: its role, or the labels by which they differ; empty of one line without either."""
    labels = [each.labels for each in lines if not each.summed]
    known = sorted({label for each in labels for label in each})
    differing = [label for label in known if len({each.get(label, "") for each in labels}) > 1]
    return [_line_name(each, differing, text) for each in lines]


def _line_name(line: Line, differing: Sequence[str], text: Text) -> str:
    if line.summed:
        return text.n_("%(n)s other series", "%(n)s other series", line.summed) % {"n": text.number(line.summed, 0)}
    values = [line.labels.get(label, "") or "–" for label in differing]
    role = text._("percentile %(n)s") % {"n": line.role[1:]} if line.role[1:].isdigit() else line.role
    if len(differing) > 1:
        values = [f"{label}={value}" for label, value in zip(differing, values, strict=True)]
    return text.listed([part for part in (*values, role) if part])
