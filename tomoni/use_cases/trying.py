"""The history of an SLI that the ledger does not have: one with another threshold, or one that no file has yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.base import Interval, Request, Source
from data_sources.errors import SourceError
from data_sources.queries import SliForm
from tomoni.exploring.thresholds import amount, threshold_of, thresholds_to_try, with_threshold
from tomoni.slo.model import DAY, Buckets
from tomoni.use_cases.jobs import Report

DAYS = 90
STEP_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Histories:
    """The buckets of an SLI by its threshold as it is written (empty: it has none), and why others are not there."""

    by_threshold: Mapping[str, Buckets] = field(default_factory=dict)
    error: SourceError | None = None


def history_interval(source: Source, at: int, step_seconds: int = STEP_SECONDS) -> Interval:
    """The last days before a moment (Unix seconds) that a source can be trusted with."""
    end = (at - source.lag_seconds) // step_seconds * step_seconds
    return Interval(end - DAYS * DAY // step_seconds * step_seconds, end, step_seconds)


def read_histories(
    source: Source, sli: SliForm, interval: Interval, known: Sequence[str] = ()
) -> Callable[[Report[Histories]], Histories]:
    """The work of a job: the histories of the thresholds that are worth trying, but those that are ``known``, the
    nearest first. Raises `SourceError` where there is none of them."""

    def work(report: Report[Histories]) -> Histories:
        own = threshold_of(sli)
        wanted = [each for each in _nearest_first(source, sli, interval, own) if each not in known]
        found: dict[str, Buckets] = {}
        error: SourceError | None = None
        for done, under in enumerate(wanted):
            report.progress(done, len(wanted), Histories(dict(found), error))
            try:
                found[under] = _read(source, with_threshold(sli, under) if under else sli, interval)
            except SourceError as refused:
                error = refused
        if error is not None and not found:
            raise error
        return Histories(found, error)

    return work


def _nearest_first(source: Source, sli: SliForm, interval: Interval, own: str | None) -> Sequence[str]:
    if own is None:
        return [""]
    here = amount(own)
    offered = thresholds_to_try(source, sli, interval)
    return sorted(offered, key=lambda each: max(amount(each) / here, here / amount(each)))


def _read(source: Source, sli: SliForm, interval: Interval) -> Buckets:
    """The buckets of an SLI. Raises `SourceError`."""
    answers = list(source.fetch([Request("tried", sli, interval)]))
    found = next((each.series for each in answers if each.series is not None), None)
    if found is None:
        raise next(each.error for each in answers if each.error is not None)
    columns = found.columns
    absent = columns["absent"] == 1
    return Buckets(interval.start, interval.step_seconds, columns["good"], columns["total"], absent)
