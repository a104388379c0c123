"""How what an SLI counts is asked for by the values of a label: its events and its bad (or good) ones as questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data_sources.cloud_monitoring.config import Distribution
from data_sources.cloud_monitoring.exploring.spelling import label_of
from data_sources.cloud_monitoring.filters import Condition, FilterError, parse_filter
from data_sources.errors import QueryRefused
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator, Within
from data_sources.gauges import gauge_columns
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.selectors import matchers_of, read_selector
from data_sources.queries import Counts, Gauge, Ratio, RecordedRate, SliForm
from tomoni.exploring.sums import summands, together_of
from tomoni.slo.model import FloatArray

_HUNDREDS = re.compile(r"[1-9]00")
_TOGETHER = {"": Aggregation.MEAN, "avg": Aggregation.MEAN, "min": Aggregation.MIN, "max": Aggregation.MAX}
_FULL_MATCH = "monitoring.regex.full_match"


@dataclass(frozen=True, slots=True)
class Term:
    """One question of a sum, added or taken away."""

    question: MetricQuestion
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Splitting:
    """What an SLI counts: two of ``total``, ``good`` and ``bad``, each a sum of questions; or ``value``, whose buckets
    are good where they meet ``good_when``. What is recorded counts ``per_second``."""

    parts: Mapping[str, tuple[Term, ...]]
    per_second: bool = False
    good_when: str = ""

    @property
    def first(self) -> MetricQuestion:
        """The question whose labels are tried."""
        return next(iter(self.parts.values()))[0].question

    @property
    def fixed(self) -> frozenset[str]:
        """Labels that say what is good, and so cannot tell what is different."""
        asked = [set(term.question.matchers) for terms in self.parts.values() for term in terms]
        told = {each for ours in asked for theirs in asked for each in ours ^ theirs}
        return frozenset({each.label for each in told} | {"le", "__name__"})

    def events(self, rows: Mapping[str, FloatArray], step_seconds: int) -> tuple[FloatArray, FloatArray]:
        """The bad events and all of them, by the values of each role; what is not there did not happen, and of what a
        source counts below zero, as of a difference, nobody knows how much did."""
        if self.good_when:
            columns = {role: np.nan_to_num(each) for role, each in gauge_columns(rows["value"], self.good_when).items()}
        else:
            columns = {role: np.maximum(np.nan_to_num(each), 0.0) for role, each in rows.items()}
        bad = np.maximum(columns["bad"] if "bad" in columns else columns["total"] - columns["good"], 0.0)
        total = columns["total"] if "total" in columns else columns["good"] + bad
        events = step_seconds if self.per_second else 1
        return np.minimum(bad, total) * events, total * events

    def where(self, matchers: Sequence[Matcher]) -> Splitting:
        """The same of those series alone that have some labels."""
        parts = {
            role: tuple(
                replace(term, question=replace(term.question, matchers=(*term.question.matchers, *matchers)))
                for term in terms
            )
            for role, terms in self.parts.items()
        }
        return replace(self, parts=parts)

    def by(self, label: str) -> Mapping[str, tuple[Term, ...]]:
        """The questions, split by a label."""
        return {
            role: tuple(replace(term, question=replace(term.question, by=(label,))) for term in terms)
            for role, terms in self.parts.items()
        }


def splitting_of(sli: SliForm) -> Splitting | None:
    """How an SLI is split; None for a form, or an expression, that says nothing of its series."""
    read = next((read for form, read in _FORMS.items() if isinstance(sli, form)), None)
    return read(sli) if read else None


def _of_counts(sli: Counts) -> Splitting | None:
    """Of counts that are told by their result; columns of other names are counts without any label."""
    if sli.parts:
        return None
    bad = Matcher("result", Operator.EQUAL, "bad")
    return _of_two({"total": (_counter(sli.counts, ()),), "bad": (_counter(sli.counts, (bad,)),)})


def _of_ratio(sli: Ratio) -> Splitting | None:
    """Of plain counters, filters of Cloud Monitoring, and expressions that only add up how fast counters grow."""
    parts: dict[str, Sequence[Term | MetricQuestion | None]] = {}
    for role, part in sli.parts.items():
        if isinstance(part, str):
            parts[role] = (_read(part) or _read_filter(part),)
        else:
            parts[role] = [_term(_read(text), sign) for sign, text in summands(part.expr) or ((1, ""),)]
    return _of_two(parts)


def _of_recorded(sli: RecordedRate) -> Splitting | None:
    """Of recorded rates whose series still have labels, which the source knows."""

    def rate(text: str) -> MetricQuestion | None:
        how, inner = together_of(text)
        found = _read(inner) if how in ("", "sum") else None
        return found and replace(found, type=MetricType.UNKNOWN, aggregation=Aggregation.SUM)

    found = _of_two({role: (rate(part),) for role, part in sli.rate.parts.items()})
    return found and replace(found, per_second=True)


def _of_gauge(sli: Gauge) -> Splitting | None:
    """Of a gauge whose series are put together by one aggregation, if by any."""
    how, inner = together_of(sli.gauge)
    aggregation = _TOGETHER.get(how)
    found = _read(inner) or _read_filter(inner)
    if aggregation is None or found is None:
        return None
    asked = replace(found, type=MetricType.GAUGE, aggregation=aggregation)
    return Splitting({"value": (Term(asked),)}, good_when=sli.good_when)


def _of_histogram(sli: Histogram) -> Splitting | None:
    return _of_sizes(_read(sli.histogram), Within(sli.under))


def _of_distribution(sli: Distribution) -> Splitting | None:
    if sli.range is not None:
        return _of_sizes(_read_filter(sli.distribution), Within(sli.range[1], sli.range[0]))
    return _of_sizes(_read_filter(sli.distribution), None if sli.under is None else Within(sli.under))


def _of_sizes(found: MetricQuestion | None, within: Within | None) -> Splitting | None:
    """Of a histogram or a distribution: all that was observed, and what was within the threshold."""
    if found is None or within is None:
        return None
    total = replace(found, type=MetricType.HISTOGRAM)
    return _of_two({"total": (total,), "good": (replace(total, within=within),)})


def _of_two(parts: Mapping[str, Sequence[Term | MetricQuestion | None]]) -> Splitting | None:
    found = {
        role: tuple(each if isinstance(each, Term) else Term(each) for each in terms if each is not None)
        for role, terms in parts.items()
    }
    whole = all(len(found[role]) == len(terms) > 0 for role, terms in parts.items())
    return Splitting(found) if whole and len(found) == 2 else None


def _term(question: MetricQuestion | None, sign: int) -> Term | None:
    return None if question is None else Term(question, sign)


def _read(text: str) -> MetricQuestion | None:
    try:
        selector = read_selector(text)
    except QueryRefused:
        return None
    found = tuple(Matcher(each.label, Operator(each.operator), each.value) for each in matchers_of(selector))
    return _counter(selector.name, found) if selector.name else None


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


_FORMS: Mapping[type[SliForm], Callable[[Any], Splitting | None]] = {
    Counts: _of_counts,
    Histogram: _of_histogram,
    Distribution: _of_distribution,
    RecordedRate: _of_recorded,
    Gauge: _of_gauge,
    Ratio: _of_ratio,
}
