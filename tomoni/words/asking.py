"""The words of finding a metric and asking for it: types, units, ways to aggregate, costs and failures."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.errors import SourceError
from data_sources.exploring import Aggregation, Cost, Metric, MetricType
from tomoni.words.errors import describe
from tomoni.words.text import Text, mark

TYPES: Mapping[MetricType, str] = {
    MetricType.COUNTER: mark("counter"),
    MetricType.GAUGE: mark("gauge"),
    MetricType.HISTOGRAM: mark("histogram"),
    MetricType.NATIVE_HISTOGRAM: mark("native histogram"),
    MetricType.SUMMARY: mark("summary"),
    MetricType.UNKNOWN: mark("type not stated"),
}
MEANINGS: Mapping[MetricType, str] = {
    MetricType.COUNTER: mark("A counter only grows; how fast it grows is what it says."),
    MetricType.GAUGE: mark("A gauge goes up and down; its mean, lowest and highest values say how it was."),
    MetricType.HISTOGRAM: mark("A histogram counts by size; percentiles say how large most were."),
    MetricType.NATIVE_HISTOGRAM: mark("A histogram counts by size; percentiles say how large most were."),
    MetricType.SUMMARY: mark(
        "A summary states percentiles of each process, which cannot be put together: those of the slowest are shown."
    ),
    MetricType.UNKNOWN: mark("The source does not say what kind of metric this is; choose what fits."),
}
_SEEN: Mapping[MetricType, str] = {
    MetricType.COUNTER: mark(
        "The source does not say what kind of metric this is. Its samples of a day only grow, as those of a counter: "
        "how fast they grow is shown. Choose otherwise if it is none."
    ),
    MetricType.GAUGE: mark(
        "The source does not say what kind of metric this is. Its samples of a day rise and fall, as those of a gauge."
    ),
}
_WITHOUT_PERCENTILES = mark("A summary without percentiles of its own: the number and the sum of all events are kept.")
HOW: Mapping[Aggregation, str] = {
    Aggregation.RATE: mark("How many each second"),
    Aggregation.INCREASE: mark("How many in each bucket"),
    Aggregation.MEAN: mark("Mean, lowest and highest"),
    Aggregation.SUM: mark("Sum of all series"),
    Aggregation.MIN: mark("Lowest"),
    Aggregation.MAX: mark("Highest"),
    Aggregation.COUNT: mark("How many series"),
    Aggregation.PERCENTILES: mark("Percentiles (50, 90, 99)"),
    Aggregation.HEAT: mark("Heat map of sizes"),
}
_MEAN = mark("Mean of all events")
_UNITS: Mapping[str, str] = {
    "seconds": mark("seconds"),
    "bytes": mark("bytes"),
    "ratio": mark("ratio"),
    "percent": mark("percent"),
    "milliseconds": mark("milliseconds"),
    "per_second": mark("per second"),
}

# What the demo says of its own metrics; other sources speak their own language.
_OF_THE_DEMO = frozenset(
    {
        mark("Share of the processors in use."),
        mark("Share of the memory in use."),
        mark("Open connections to the database."),
        mark("Latency at the load balancer, 95th percentile."),
        mark("Requests each second at the load balancer."),
        mark("Messages that wait in the queue."),
        mark("Age of the oldest message."),
        mark("Share of the disk in use."),
        mark("Share of lookups that the cache answers."),
        mark("Time that a write to the disk takes."),
        mark("What the SLI of this name counts, by its result."),
    }
)


def meaning(metric: Metric, text: Text) -> str:
    """What the type of a metric means, and how it is known where nobody states it."""
    if metric.seen and metric.type in _SEEN:
        return text._(_SEEN[metric.type])
    return text._(MEANINGS[metric.type] if metric.quantiles else _WITHOUT_PERCENTILES)


def how_of(how: Aggregation, kind: MetricType, text: Text) -> str:
    """How a metric of a type is put together; a summary has a mean and no lowest or highest value."""
    return text._(_MEAN if kind is MetricType.SUMMARY and how is Aggregation.MEAN else HOW[how])


def help_of(said: str, text: Text) -> str:
    """What a source says of a metric; of the demo in the reader's language."""
    return text._(said) if said in _OF_THE_DEMO else said


def units(unit: str, text: Text) -> str:
    """The name of a unit; that of the source where we have none."""
    return text._(_UNITS[unit]) if unit in _UNITS else unit


def failure(error: SourceError, text: Text) -> str:
    """Why a source did not answer, as one sentence."""
    return describe(error.code, error.facts, error.detail, text)[0]


def advice(error: SourceError, text: Text) -> str:
    """What to do about it."""
    return describe(error.code, error.facts, error.detail, text)[1]


def cost(found: Cost, text: Text) -> str:
    """What a question will read, before it runs."""
    if found.series is None:
        return ""
    series = text.n_("%(n)s series", "%(n)s series", found.series) % {"n": text.number(found.series, 0)}
    if found.refused == "series":
        most = text.number(float(found.facts.get("most", 0)), 0)
        return text._("Reads %(series)s; the limit is %(most)s. Filter by a label first.") % {
            "series": series,
            "most": most,
        }
    if found.refused:
        return text._("Reads too many points of %(series)s. Choose a shorter time or filter by a label.") % {
            "series": series
        }
    points = text.number(float(found.points or 0), 0)
    return text._("Reads %(series)s, %(points)s points of each.") % {"series": series, "points": points}
