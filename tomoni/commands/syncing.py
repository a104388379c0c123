"""`sync`: fetches missing data into the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tomoni.catalog.schema import Catalog, SeriesRef
from tomoni.commands.failures import report_lines
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.ledger.ledger import Ledger
from tomoni.ledger.model import SyncReport
from tomoni.review.inputs import distinct, problem_of, signals_of, slos_of
from tomoni.review.model import SourceProblem
from tomoni.words import errors
from tomoni.words.phrases import plain
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How much is fetched: so many days (None: what the pages show) until a moment (None: now), or what reviews
    of a named period need."""

    days: int | None = None
    until: int | None = None
    period: str | None = None


def run(session: Session, options: SyncOptions) -> int:
    """Fetches missing data and reports the result per source; returns the exit code."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    session.past(options.until)
    when = When(period=options.period)
    periods = {app.id: period for app in tomoni.apps() if (period := session.period_of(when, app.timezone))}
    code = session.report_errors(tomoni.catalog)
    with watched(text) as on_progress:
        if periods:
            report = tomoni.sync_periods(periods, on_progress)
        else:
            report = tomoni.sync(days=options.days, until=options.until, on_progress=on_progress)
    for line in summary(report, text, asked_all=not code):
        session.done.say(line)
    problems = failing(tomoni.catalog, tomoni.ledger)
    report_lines([errors.source_line(problem, text) for problem in problems])
    session.done.facts = {"sources": fetched_facts(report), "problems": problem_facts(problems, text)}
    return 1 if problems else code


def failing(catalog: Catalog, ledger: Ledger) -> tuple[SourceProblem, ...]:
    """Why series of the catalog are not up to date, once per source and cause."""
    refs: list[SeriesRef] = [place.slo.series for place in slos_of(catalog.apps)]
    refs += [signal.series for _, signal in signals_of(catalog.apps)]
    states = ledger.states([ref.key for ref in refs])
    return distinct(problem_of(ref.source, states.get(ref.key)) for ref in refs)


def fetched_facts(*reports: SyncReport) -> list[dict[str, object]]:
    """What was fetched of each source, for programs; names are part of the contract."""
    found: dict[str, Counter[str]] = {}
    for source, done in (each for report in reports for each in report.sources.items()):
        counts = {"buckets": done.buckets, "requests": done.requests, "failed_requests": done.errors}
        found.setdefault(source, Counter()).update(counts)
    return [{"source": source, **counts} for source, counts in sorted(found.items())]


def problem_facts(problems: Sequence[SourceProblem], text: Text) -> list[dict[str, str]]:
    """Why sources are not up to date, as `status` has it."""
    return [{"source": each.source, "text": errors.source_line(each, text)} for each in problems]


def summary(report: SyncReport, text: Text, *, asked_all: bool = True) -> list[str]:
    """The result of a sync, one line per source; ``asked_all``: whether no error kept a part from being asked for."""
    took = text._("in %(duration)s") % {"duration": text.quantity(report.seconds, "seconds")}
    if not report.sources:
        phrase = text._("Nothing was missing (%(took)s).") if asked_all else text._("Nothing was fetched.")
        return [phrase % {"took": took}]
    lines = [
        text.n_(
            "%(source)s: %(buckets)s buckets from %(requests)s request, %(errors)s failed",
            "%(source)s: %(buckets)s buckets from %(requests)s requests, %(errors)s failed",
            done.requests,
        )
        % {
            "source": plain(source),
            "buckets": text.count(done.buckets),
            "requests": text.count(done.requests),
            "errors": text.count(done.errors),
        }
        for source, done in sorted(report.sources.items())
    ]
    return [*lines, text._("Done %(took)s.") % {"took": took}]
