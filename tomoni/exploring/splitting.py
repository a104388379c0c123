"""How what an SLI counts is asked for by the values of a label: its events and its bad (or good) ones as questions."""

from __future__ import annotations

from dataclasses import dataclass

from data_sources.errors import QueryRefused
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.selectors import matchers_of, read_selector, usual_spellings
from data_sources.queries import Counts, Ratio, SliForm


@dataclass(frozen=True, slots=True)
class Splitting:
    """Two counters of an SLI: ``first`` and ``second`` are ``roles`` of total, good and bad."""

    first: MetricQuestion
    second: MetricQuestion
    roles: tuple[str, str]

    @property
    def fixed(self) -> frozenset[str]:
        """Labels that say what is good, and so cannot tell what is different."""
        ours, theirs = set(self.first.matchers), set(self.second.matchers)
        return frozenset({each.label for each in ours ^ theirs} | {"le", "__name__"})

    def by(self, label: str) -> tuple[MetricQuestion, MetricQuestion]:
        """The two questions, split by a label."""
        found = [
            MetricQuestion(each.metric, each.type, each.aggregation, each.matchers, (label,))
            for each in (self.first, self.second)
        ]
        return found[0], found[1]


def splitting_of(sli: SliForm) -> Splitting | None:
    """How an SLI is split; None for a form, or an expression, that says nothing of its series."""
    if isinstance(sli, Counts):
        bad = Matcher("result", Operator.EQUAL, "bad")
        return Splitting(_counter(sli.counts, ()), _counter(sli.counts, (bad,)), ("total", "bad"))
    if isinstance(sli, Histogram):
        return _of_histogram(sli)
    return _of_ratio(sli) if isinstance(sli, Ratio) else None


def _of_ratio(sli: Ratio) -> Splitting | None:
    texts = {role: part for role, part in sli.parts.items() if isinstance(part, str)}
    questions = [_read(text) for text in texts.values()]
    if len(questions) != 2 or questions[0] is None or questions[1] is None:
        return None
    roles = tuple(texts)
    return Splitting(questions[0], questions[1], (roles[0], roles[1]))


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


def _counter(metric: str, matchers: tuple[Matcher, ...]) -> MetricQuestion:
    return MetricQuestion(metric, MetricType.COUNTER, Aggregation.INCREASE, matchers)
