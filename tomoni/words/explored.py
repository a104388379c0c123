"""What the page `/explore` says of what it shows."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.exploring import Aggregation, Ask, MetricQuestion
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
        return text._("%(metric)s, a metric of %(source)s") % facts
    return text._("%(metric)s, a metric of %(source)s, beside %(beside)s") % facts


def _name(ask: Ask, text: Text) -> str:
    return ask.metric if isinstance(ask, MetricQuestion) else text._("A query")
