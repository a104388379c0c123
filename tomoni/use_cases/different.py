"""What is different in a marked interval: over the label values of an SLI, and over the signals of its app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Interval
from data_sources.errors import NotFound, QueryRefused, SourceError
from data_sources.exploring import (
    AGGREGATIONS,
    Aggregation,
    Explores,
    Limits,
    Lines,
    Matcher,
    Metric,
    MetricQuestion,
    MetricType,
    Operator,
    ReadsOneLine,
)
from data_sources.queries import SliForm
from data_sources.underlying import KnowsUnderlying
from tomoni.exploring.jobs import among
from tomoni.exploring.splitting import Splitting, splitting_of
from tomoni.review.model import Lane
from tomoni.slo.model import DAY, FloatArray
from tomoni.slo.ranking import Many, Ranking, ranked
from tomoni.slo.shares import BEFORE_SECONDS, SharedOut, Split, shared_out
from tomoni.slo.tally import Span
from tomoni.use_cases.jobs import Report

_MOST_LABELS = 8
_MOST_METRICS = 500
_TOLD = frozenset({10, 50, 200})  # metrics after which what was found so far is shown
_AT_ONCE = 8
_MOST_POINTS = 2_500
_EVERY_VALUE = Limits(lines=1_000)
_STEPS = (60, 120, 300, 600, 900, 1800, 3600)
_DEEPEST = 3  # rules of rules that are followed


@dataclass(frozen=True, slots=True)
class Different:
    """What was found so far: the signals that moved (None: there are none), the label values that carried the bad
    events (None: the SLI cannot be split, or the source did not answer: ``unsplit``), and the metrics of a source that
    moved (None: none were asked for)."""

    signals: Ranking | None = None
    shares: SharedOut | None = None
    metrics: Ranking | None = None
    unsplit: SourceError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """What is asked: the interval, other episodes that are not usual, the app's lanes, and the SLI with its source.
    With ``where`` also the metrics of ``explored`` that have series with these labels, of those that are ``listed``
    where they are known already."""

    span: Span
    apart: tuple[Span, ...]
    lanes: tuple[Lane, ...]
    source: Explores | None
    splitting: Splitting | None
    explored: Explores | None = None
    where: tuple[Matcher, ...] = ()
    listed: Sequence[Metric] = ()
    sli: SliForm | None = None


def find_different(marked: Marked) -> Callable[[Report[Different]], Different]:
    """The work of a job: the signals first, which are at hand, then one label after the other."""

    def work(report: Report[Different]) -> Different:
        found = Different(_signals(marked, report))
        if marked.source is not None:
            found = _with_shares(marked, marked.source, found, report)
        return _with_metrics(marked, found, report)

    return work


def _with_shares(marked: Marked, source: Explores, found: Different, report: Report[Different]) -> Different:
    """The same with who carried the bad events, one label after the other. A source that does not answer is told, and
    does not hide the rest."""
    interval = split_interval(marked.span)
    splits: list[Split] = []
    try:
        splitting, labels = _splittable(marked, source, interval)
        if splitting is None:
            return found
        for done, label in enumerate(labels):
            report.progress(done, len(labels), found)
            splits.append(_split(source, splitting, (label, interval), report))
            found = replace(found, shares=shared_out(splits, marked.span, marked.apart))
    except SourceError as error:
        found = replace(found, unsplit=error.detached())
    return found


def _splittable(marked: Marked, source: Explores, interval: Interval) -> tuple[Splitting | None, Sequence[str]]:
    """How the SLI is split, and by which labels; by what it was made of, and what that was made of, where it says
    nothing of its series itself or these have no label left. Raises SourceError."""
    splitting, sli = marked.splitting, marked.sli
    where: tuple[Matcher, ...] = ()
    labels = _labels(source, splitting, interval) if splitting else ()
    for _ in range(_DEEPEST):
        found = source.underlying(sli) if sli is not None and isinstance(source, KnowsUnderlying) else None
        if found is None or (splitting and _telling(splitting, labels)):
            break
        sli, where = found.form, (*where, *found.where)
        if made := splitting_of(sli):
            splitting = made.where(where)
            labels = _labels(source, splitting, interval)
    return splitting, labels


def _telling(splitting: Splitting, labels: Sequence[str]) -> bool:
    """Whether any of some labels is not held to one value."""
    held = {each.label for each in splitting.first.matchers if each.operator is Operator.EQUAL}
    return not held.issuperset(labels)


def _with_metrics(marked: Marked, found: Different, report: Report[Different]) -> Different:
    """The same with the metrics of a source that match labels, at most 500 of them, each as one line."""
    if marked.explored is None or not marked.where:
        return found
    interval = _history_interval(marked.span)
    metrics = _matching(marked, marked.explored, interval, report)
    rows: dict[str, FloatArray] = {}
    for done, (name, row) in enumerate(_read_each(marked, marked.explored, metrics, interval, report), 1):
        if row is not None:
            rows[name] = row
        if rows and done in _TOLD:
            found = replace(found, metrics=_ranked(rows, interval, marked, report))
        report.progress(done, len(metrics), found)
    return replace(found, metrics=_ranked(rows, interval, marked, report)) if rows else found


def _matching(marked: Marked, source: Explores, interval: Interval, report: Report[Different]) -> Sequence[Metric]:
    """The metrics that have series with the labels, at most 500: those that the source names, where it can; else its
    first ones, of which some may have none."""
    listed = marked.listed or [each for part in source.metrics(report.cancelled) for each in part]
    try:
        found = source.label_values("", "__name__", marked.where, interval)
        names = [each.value for each in found if (each.series or 0) <= Limits().series]
    except SourceError:
        names = []
    return (among(listed, names) if names else listed)[:_MOST_METRICS]


def _read_each(
    marked: Marked, source: Explores, metrics: Sequence[Metric], interval: Interval, report: Report[Different]
) -> Iterator[tuple[str, FloatArray | None]]:
    """The line of each metric, a few at a time; the source bounds how many it truly asks at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            lines = pool.map(lambda each: _one_line(source, _question(each, marked.where), interval, report), metrics)
            yield from zip((each.name for each in metrics), lines, strict=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _ranked(rows: Mapping[str, FloatArray], interval: Interval, marked: Marked, report: Report[Different]) -> Ranking:
    many = Many(tuple(rows), interval.start, interval.step_seconds, np.array(list(rows.values())))
    return ranked(many, marked.span, marked.apart, report.check)


def _question(metric: Metric, where: tuple[Matcher, ...]) -> MetricQuestion:
    """A metric as one line: how fast it counts, else its mean."""
    offered = AGGREGATIONS[metric.type]
    how = Aggregation.RATE if offered[0] is not Aggregation.MEAN else Aggregation.MEAN
    return MetricQuestion(metric.name, metric.type, how, where)


def unit_of(metric: Metric) -> str:
    """The unit of a metric as one line."""
    if _question(metric, ()).aggregation is Aggregation.MEAN:
        return metric.unit
    return f"{metric.unit}/s" if metric.unit and metric.type is MetricType.COUNTER else "per_second"


def _one_line(
    source: Explores, ask: MetricQuestion, interval: Interval, report: Report[Different]
) -> FloatArray | None:
    """The line of a question; None where no series matches, or the source refuses this one metric."""
    report.check()
    try:
        if isinstance(source, ReadsOneLine):
            return source.one_line(ask, interval, Limits())
        lines = source.lines(ask, interval, Limits(lines=1), report.cancelled).lines
    except (QueryRefused, NotFound):
        return None
    return lines[0].values if lines else None


def _history_interval(span: Span) -> Interval:
    """The 28 days that end with an interval, in buckets of half an hour, or the shorter ones that it needs."""
    step = next(step for step in (1800, 900) if span[1] - span[0] >= 2 * step or step == 900)
    return Interval((span[1] - 28 * DAY) // step * step, -(-span[1] // step) * step, step)


def split_interval(span: Span) -> Interval:
    """The interval and days before, in buckets that are neither too many nor longer than the interval needs."""
    seconds = BEFORE_SECONDS + span[1] - span[0]
    step = next((step for step in _STEPS if seconds / step <= _MOST_POINTS), DAY)
    return Interval((span[0] - BEFORE_SECONDS) // step * step, -(-span[1] // step) * step, step)


def _labels(source: Explores, splitting: Splitting, interval: Interval) -> Sequence[str]:
    names = source.label_names(splitting.first.metric, splitting.first.matchers, interval)
    return [name for name in names if name not in splitting.fixed][:_MOST_LABELS]


def _split(source: Explores, splitting: Splitting, what: tuple[str, Interval], report: Report[Different]) -> Split:
    label, interval = what
    found = {
        role: [
            (term.sign, _values(source.lines(term.question, interval, _EVERY_VALUE, report.cancelled), label))
            for term in terms
        ]
        for role, terms in splitting.by(label).items()
    }
    values = tuple(sorted({value for terms in found.values() for _, lines in terms for value in lines}))
    rows = {role: _rows(terms, values, len(interval)) for role, terms in found.items()}
    bad, total = splitting.events(rows, interval.step_seconds)
    return Split(label, values, interval.start, interval.step_seconds, bad, total)


def _rows(terms: Sequence[tuple[int, Mapping[str, FloatArray]]], values: Sequence[str], length: int) -> FloatArray:
    """A row for each value: the sum of its terms, NaN where none was observed."""
    nothing = np.full(length, np.nan)
    stacked = np.array([[sign * lines.get(value, nothing) for value in values] for sign, lines in terms])
    stacked = stacked.reshape(len(terms), len(values), length)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))


def _values(lines: Lines, label: str) -> Mapping[str, FloatArray]:
    return {line.labels[label]: line.values for line in lines.lines if not line.role and label in line.labels}


def _signals(marked: Marked, report: Report[Different]) -> Ranking | None:
    """The app's signals, each on the raster of the coarsest."""
    lanes = [lane for lane in marked.lanes if len(lane.values.times) > 1]
    if not lanes:
        return None
    step = max(int(lane.values.times[1] - lane.values.times[0]) for lane in lanes)
    start = min(int(lane.values.times[0]) for lane in lanes) // step * step
    end = max(int(lane.values.times[-1]) for lane in lanes) + 1
    rows = [_on_raster(lane, start, step, -(-(end - start) // step)) for lane in lanes]
    many = Many(tuple(lane.signal.id for lane in lanes), start, step, np.array(rows))
    return ranked(many, marked.span, marked.apart, report.check)


def _on_raster(lane: Lane, start: int, step: int, count: int) -> FloatArray:
    """The means of a lane in buckets of a raster, NaN where nothing was observed."""
    known = ~np.isnan(lane.values.values)
    places = (lane.values.times[known] - start) // step
    sums = np.bincount(places, lane.values.values[known], count)
    counts = np.bincount(places, minlength=count)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
