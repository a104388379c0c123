"""How what an SLI counts is asked for by the values of a label: its events and its bad (or good) ones as questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from data_sources.cloud_monitoring.exploring.spelling import label_of
from data_sources.cloud_monitoring.filters import Condition, FilterError, parse_filter
from data_sources.errors import QueryRefused
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.selectors import matchers_of, read_selector, usual_spellings
from data_sources.queries import Counts, Ratio, RecordedRate, SliForm

_SUMMED = re.compile(r"\s*sum\s*\(\s*(?:rate|increase)\s*\(\s*(?P<counter>[^()]+?)\s*\[[^\]]+\]\s*\)\s*\)\s*")
_HUNDREDS = re.compile(r"[1-9]00")
_FULL_MATCH = "monitoring.regex.full_match"


@dataclass(frozen=True, slots=True)
class Splitting:
    """Two counters of an SLI: ``first`` and ``second`` are ``roles`` of total, good and bad. What is recorded counts
    ``per_second``."""

    first: MetricQuestion
    second: MetricQuestion
    roles: tuple[str, str]
    per_second: bool = False

    @property
    def fixed(self) -> frozenset[str]:
        """Labels that say what is good, and so cannot tell what is different."""
        ours, theirs = set(self.first.matchers), set(self.second.matchers)
        return frozenset({each.label for each in ours ^ theirs} | {"le", "__name__"})

    def by(self, label: str) -> tuple[MetricQuestion, MetricQuestion]:
        """The two questions, split by a label."""
        found = [replace(each, by=(label,)) for each in (self.first, self.second)]
        return found[0], found[1]


def splitting_of(sli: SliForm) -> Splitting | None:
    """How an SLI is split; None for a form, or an expression, that says nothing of its series."""
    if isinstance(sli, Counts):
        bad = Matcher("result", Operator.EQUAL, "bad")
        return Splitting(_counter(sli.counts, ()), _counter(sli.counts, (bad,)), ("total", "bad"))
    if isinstance(sli, Histogram):
        return _of_histogram(sli)
    if isinstance(sli, RecordedRate):
        return _of_recorded(sli)
    return _of_ratio(sli) if isinstance(sli, Ratio) else None


def _of_ratio(sli: Ratio) -> Splitting | None:
    """Of plain counters, filters of Cloud Monitoring, and expressions that only add up how fast one counter grows."""
    return _of_two(
        {
            role: _read(part) or _read_filter(part) if isinstance(part, str) else _read_summed(part.expr)
            for role, part in sli.parts.items()
        }
    )


def _of_recorded(sli: RecordedRate) -> Splitting | None:
    """Of recorded rates whose series still have labels, which the source knows."""
    read = {role: _read(part) for role, part in sli.rate.parts.items()}
    rates = {
        role: each and replace(each, type=MetricType.UNKNOWN, aggregation=Aggregation.SUM)
        for role, each in read.items()
    }
    found = _of_two(rates)
    return found and replace(found, per_second=True)


def _of_two(questions: Mapping[str, MetricQuestion | None]) -> Splitting | None:
    found = [(role, each) for role, each in questions.items() if each is not None]
    if len(found) != 2 or len(questions) != 2:
        return None
    return Splitting(found[0][1], found[1][1], (found[0][0], found[1][0]))


def _of_histogram(sli: Histogram) -> Splitting | None:
    base = _read(sli.histogram)
    if base is None:
        return None
    edge = Matcher("le", Operator.MATCHES, "|".join(each.replace(".", r"\.") for each in usual_spellings(sli.under)))
    total = _counter(f"{base.metric}_count", base.matchers)
    return Splitting(total, _counter(f"{base.metric}_bucket", (*base.matchers, edge)), ("total", "good"))


def _read(text: str) -> MetricQuestion | None:
    try:
        selector = read_selector(text)
    except QueryRefused:
        return None
    found = tuple(Matcher(each.label, Operator(each.operator), each.value) for each in matchers_of(selector))
    return _counter(selector.name, found) if selector.name else None


def _read_summed(text: str) -> MetricQuestion | None:
    match = _SUMMED.fullmatch(text)
    return _read(match["counter"]) if match else None


def _read_filter(text: str) -> MetricQuestion | None:
    """A filter of one metric whose other conditions compare labels."""
    try:
        conditions = parse_filter(text).conditions
    except FilterError:
        return None
    metrics = [each.values[0] for each in conditions if each.field == "metric.type" and each.operator == "="]
    found = [_matcher(each) for each in conditions if each.field != "metric.type"]
    matchers = tuple(each for each in found if each is not None)
    return _counter(metrics[0], matchers) if len(metrics) == 1 and len(matchers) == len(found) else None


def _matcher(condition: Condition) -> Matcher | None:
    """A comparison of a label; None of another condition."""
    if condition.operator == ">=" and _HUNDREDS.fullmatch("".join(condition.values)):  # codes have three digits
        pattern = f"[{condition.values[0][0]}-9][0-9][0-9]"
        return Matcher(label_of(condition.field), Operator.MATCHES, pattern)
    operator = condition.operator + ("~" if condition.function == _FULL_MATCH else "")
    if operator not in set(Operator) or len(condition.values) != 1 or condition.function not in ("", _FULL_MATCH):
        return None
    return Matcher(label_of(condition.field), Operator(operator), condition.values[0])


def _counter(metric: str, matchers: tuple[Matcher, ...]) -> MetricQuestion:
    return MetricQuestion(metric, MetricType.COUNTER, Aggregation.INCREASE, matchers)
