"""The PromQL that a question becomes, by what its metric is.

``shown`` of a plan is what is drawn; its groups are ranked by ``ranked``. The range that a rate looks back over is at
least four scrapes, so that a lost one leaves no hole, and at least the bucket, so that nothing falls between two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data_sources.durations import format_duration
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.exploring.naming import is_worked_out
from data_sources.prometheus.exploring.sized import NO_FORMS, Forms, below, by_edges, counts
from data_sources.prometheus.selectors import label_name, quoted, written

PERCENTILES = {"p50": "0.5", "p90": "0.9", "p99": "0.99"}
MEAN, LOW, HIGH = "mean", "low", "high"
_SCRAPES = 4
# How the series of a group become one, and the samples of a bucket.
_OVER_TIME = {
    Aggregation.MEAN: ("avg", "avg"),
    Aggregation.SUM: ("sum", "avg"),
    Aggregation.MIN: ("min", "min"),
    Aggregation.MAX: ("max", "max"),
    Aggregation.COUNT: ("count", "count"),
}
_HISTOGRAMS = (MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM)


@dataclass(frozen=True, slots=True)
class Lookback:
    """The lengths that the texts of one answer look back over, in seconds, and the forms of the histogram there."""

    rate: int
    over_time: int
    step: int
    forms: Forms = NO_FORMS

    @classmethod
    def of(cls, step_seconds: int, scrape_seconds: int, forms: Forms = NO_FORMS) -> Lookback:
        """By the length of a bucket and of the time between two scrapes."""
        rate = max(step_seconds, _SCRAPES * scrape_seconds)
        return cls(rate, max(step_seconds, scrape_seconds), step_seconds, forms)


def selector(metric: str, matchers: Sequence[Matcher] = ()) -> str:
    """The selector of a metric's series."""
    between = (f"{label_name(each.label)}{each.operator}{quoted(each.value)}" for each in matchers)
    return written(metric, ",".join(between))


def counted(question: MetricQuestion) -> str:
    """The selector of all series that a question reads."""
    return selector(question.metric + _suffix(question), question.matchers)


def _suffix(question: MetricQuestion) -> str:
    if is_worked_out(question.metric, question.type):
        return ""
    of_sizes = question.aggregation in (Aggregation.PERCENTILES, Aggregation.HEAT)
    if question.type is MetricType.HISTOGRAM:
        return "_bucket" if of_sizes else "_count"
    return "_count" if question.type is MetricType.SUMMARY and not of_sizes else ""


def texts_of(question: MetricQuestion, back: Lookback) -> Mapping[str, str]:
    """The texts by role: ``value``; ``mean``, ``low`` and ``high``; or ``p50``, ``p90`` and ``p99``."""
    match question.aggregation:
        case Aggregation.MEAN if question.type is not MetricType.SUMMARY:
            return _mean(question, back)
        case Aggregation.PERCENTILES:
            return _percentiles(question, back)
        case Aggregation.HEAT:
            return {"value": f"{_grouped('sum', ('le',))} ({_by_size(question, back)})"}
        case _:
            return {"value": one_value(question, back)}


def one_value(question: MetricQuestion, back: Lookback) -> str:
    """One number of each group: what groups are ranked by, too."""
    match question.aggregation:
        case Aggregation.RATE | Aggregation.PERCENTILES | Aggregation.HEAT:
            return _rate(question, back)
        case Aggregation.INCREASE:
            return f"{_rate(question, back)} * {back.step}"
        case Aggregation.MEAN if question.type is MetricType.SUMMARY:
            return f"{_summed(question, '_sum', back)} / {_summed(question, '_count', back)}"
        case how:
            together, each = _OVER_TIME[how]
            return f"{_grouped(together, question.by)} ({each}_over_time({_read(question, back)}))"


def as_one(question: MetricQuestion, back: Lookback) -> str:
    """A metric as one line: of a gauge the mean of all series."""
    return texts_of(question, back).get(MEAN) or one_value(question, back)


def _read(question: MetricQuestion, back: Lookback) -> str:
    return f"{counted(question)}[{_length(back.over_time)}]"


def _rate(question: MetricQuestion, back: Lookback) -> str:
    if question.type is MetricType.SUMMARY:
        return _summed(question, "_count", back)
    if question.type in _HISTOGRAMS:
        return f"{_grouped('sum', question.by)} ({_observed(question, back)})"
    return _summed(question, "", back)


def _summed(question: MetricQuestion, part: str, back: Lookback) -> str:
    text = selector(question.metric + part, question.matchers)
    return f"{_grouped('sum', question.by)} ({_growing(question, text, back)})"


def _growing(question: MetricQuestion, text: str, back: Lookback) -> str:
    """How fast a counter or a histogram grows: a recorded one is that already. Samples of native histograms have no
    mean over time; each of them is one of the last minutes."""
    if not is_worked_out(question.metric, question.type):
        return f"rate({text}[{_length(back.rate)}])"
    if question.type is MetricType.NATIVE_HISTOGRAM:
        return text
    return f"avg_over_time({text}[{_length(back.over_time)}])"


def _native(question: MetricQuestion, back: Lookback) -> str:
    """The rate of the native histograms of a question; empty where there are none."""
    there = question.type is MetricType.NATIVE_HISTOGRAM or back.forms.both
    return _growing(question, selector(question.metric, question.matchers), back) if there else ""


def _classic(question: MetricQuestion, part: str, back: Lookback, *more: Matcher) -> str:
    if question.type is MetricType.NATIVE_HISTOGRAM:
        return ""
    if is_worked_out(question.metric, question.type):  # its buckets alone are: all events are those of the last one
        more = (Matcher("le", Operator.EQUAL, "+Inf"),) if part == "_count" else more
        return _growing(question, selector(question.metric, (*question.matchers, *more)), back)
    return _growing(question, selector(question.metric + part, (*question.matchers, *more)), back)


def _observed(question: MetricQuestion, back: Lookback) -> str:
    """How often each series observed something, within what is asked."""
    native = _native(question, back)
    if question.within is None:
        classic = _classic(question, "_count", back)
        return counts(native, classic) if classic else f"histogram_count({native})"
    edge = float(question.within.high)
    spelt = "|".join(map(literal, back.forms.spelt(edge)))
    return below(native, _classic(question, "_bucket", back, Matcher("le", Operator.MATCHES, spelt)), edge)


def _by_size(question: MetricQuestion, back: Lookback) -> str:
    """How often each series of a classic histogram, or of both forms, observed something at or under each edge."""
    return by_edges(_native(question, back), _classic(question, "_bucket", back), back.forms.edges)


def _mean(question: MetricQuestion, back: Lookback) -> Mapping[str, str]:
    read = _read(question, back)
    return {
        MEAN: f"{_grouped('avg', question.by)} (avg_over_time({read}))",
        LOW: f"{_grouped('min', question.by)} (min_over_time({read}))",
        HIGH: f"{_grouped('max', question.by)} (max_over_time({read}))",
    }


def _percentiles(question: MetricQuestion, back: Lookback) -> Mapping[str, str]:
    if question.type not in _HISTOGRAMS:  # a summary states its own, which neither sums nor means put together
        return {"value": f"{_grouped('max', (*question.by, 'quantile'))} (max_over_time({_read(question, back)}))"}
    if question.type is MetricType.NATIVE_HISTOGRAM:
        inner = _summed(question, "", back)
    else:
        inner = f"{_grouped('sum', (*question.by, 'le'))} ({_by_size(question, back)})"
    return {role: f"histogram_quantile({share}, {inner})" for role, share in PERCENTILES.items()}


def top_groups(question: MetricQuestion, back: Lookback, most: int, length_seconds: int) -> str:
    """The groups with the largest mean over an interval that ends at the moment of the question."""
    return f"topk({most}, avg_over_time(({one_value(question, back)}){_over(back, length_seconds)}))"


def count_over(text: str, back: Lookback, length_seconds: int) -> str:
    """How many series a text has over such an interval, also those that ended before the end of it."""
    return f"count(count_over_time(({text}){_over(back, length_seconds)}))"


def _over(back: Lookback, length_seconds: int) -> str:
    """The range of a subquery over an interval, of a hundred moments at most."""
    return f"[{_length(length_seconds)}:{_length(max(back.step, length_seconds // 100))}]"


def chosen(question: MetricQuestion, groups: Sequence[Mapping[str, str]]) -> MetricQuestion:
    """The question for some groups; where they differ in several labels, for others that share their values too."""
    more = [
        Matcher(name, Operator.MATCHES, "|".join(dict.fromkeys(literal(group.get(name, "")) for group in groups)))
        for name in question.by
    ]
    return replace(question, matchers=(*question.matchers, *more))


def without(question: MetricQuestion, groups: Sequence[Mapping[str, str]], back: Lookback) -> str:
    """The values of all groups but some."""
    if len(question.by) == 1:
        shown = one_value(chosen(question, groups), back)
    else:
        shown = " or ".join(one_value(chosen(question, [group]), back) for group in groups)
    return f"({one_value(question, back)}) unless on ({', '.join(map(label_name, question.by))}) ({shown})"


def all_native(question: MetricQuestion, seconds: int) -> str:
    """All native histograms of a question as one, of the events of a time; of recorded ones as they are at its end."""
    if is_worked_out(question.metric, question.type):
        return f"sum ({counted(question)})"
    return f"sum (rate({counted(question)}[{_length(seconds)}]))"


def literal(value: str) -> str:
    """A value as a regular expression of RE2 that matches it alone."""
    return "".join(f"\\{letter}" if letter in r"\.+*?()|[]{}^$" else letter for letter in value)


def _grouped(how: str, by: Sequence[str]) -> str:
    return f"{how} by ({', '.join(map(label_name, by))})" if by else how


def _length(seconds: int) -> str:
    return format_duration(seconds)
