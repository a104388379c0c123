"""Fetching what is missing into the ledger, in transactions of about a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from data_sources.base import Answer, Request, Source
from tomoni.ledger.clocks import source_now
from tomoni.ledger.fetching import Fetching
from tomoni.ledger.followed import with_followed
from tomoni.ledger.merging import Batch, Run
from tomoni.ledger.missing import Plan
from tomoni.ledger.model import RequiredSeries, SourceReport, SyncReport
from tomoni.ledger.planning import clip
from tomoni.store.engine import reading

Progress = Callable[[int, int, str, int], None]


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How a sync reports its progress and is stopped; ``monotonic`` is a clock that never goes back.

    ``on_progress`` is called in the caller's thread with the answers so far, all requests, the
    source that answered and the buckets that it brought. ``again``: everything that is required is
    fetched, whatever is known, and replaces it.
    """

    monotonic: Callable[[], float]
    on_progress: Progress | None = None
    should_stop: Callable[[], bool] = lambda: False
    again: bool = False


def sync(
    engine: Engine, sources: Mapping[str, Source], required: Sequence[RequiredSeries], now: int, options: SyncOptions
) -> SyncReport:
    """Fetches what is missing of ``required`` as of ``now``; see `ledger.ledger.Ledger.sync`."""
    began = options.monotonic()
    requests = _requests(engine, sources, required, now, options.again)
    total = sum(len(each) for each in requests.values())
    counts: defaultdict[str, SourceReport] = defaultdict(SourceReport)
    refs = {series.ref.key: series.ref for series in required}
    batch = Batch(engine, Run(refs, sources, now, options.monotonic, options.again))
    done = 0
    with closing(Fetching(sources, requests).answers(options.should_stop)) as answers:
        for arrived in answers:
            if arrived is not None:
                source_id, answer = arrived
                counts[source_id] = _count(counts[source_id], answer)
                batch.add(answer)
                done += 1
                if options.on_progress:
                    options.on_progress(done, total, source_id, _buckets(answer))
            batch.flush_if_due()
    batch.flush()
    seconds = options.monotonic() - began
    return SyncReport(dict(counts), seconds, done < total, tuple(batch.changes), tuple(batch.kept))


def _requests(
    engine: Engine, sources: Mapping[str, Source], required: Sequence[RequiredSeries], now: int, again: bool
) -> dict[str, list[Request]]:
    """What each source is asked for, by its id."""
    with reading(engine) as connection:
        if again:
            return with_followed(connection, _all_of(sources, required, now))
        return with_followed(connection, Plan(connection, sources, required, now).requests())


def _all_of(sources: Mapping[str, Source], required: Sequence[RequiredSeries], now: int) -> dict[str, list[Request]]:
    """Every bucket that is required up to each source's lag, a request for each interval."""
    found: defaultdict[str, list[Request]] = defaultdict(list)
    for series in required:
        source = sources.get(series.ref.source)
        if source is None:
            continue
        interval = clip(series.interval, source_now(source, now) - source.lag_seconds)
        if len(interval):
            found[source.id].append(Request(series.ref.key, series.ref.query, interval))
    return dict(found)


def _buckets(answer: Answer) -> int:
    return len(answer.series.interval) if answer.series and not answer.error else 0


def _count(report: SourceReport, answer: Answer) -> SourceReport:
    failed = answer.error is not None
    return replace(
        report,
        requests=report.requests + 1,
        buckets=report.buckets + _buckets(answer),
        errors=report.errors + failed,
    )
