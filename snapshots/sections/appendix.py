"""How every number was made: counts, window, method, coverage, source, and the queries as they were sent."""

from __future__ import annotations

from collections.abc import Iterable

from data_sources.base import QueryText
from review.model import Differs, Lane, OtherFigure, SloTrack
from slo.methods import Counting
from slo.model import TimeSlices
from snapshots.document import Block, Cell, Facts, Part, Query, Section
from snapshots.record import SCHEMA, VERSION
from snapshots.sections.edition import Edition, budget_cell, count_cell, name_of, objective_cell, sli_cell, table
from text import Text, mark

_ROLES = {
    "good": mark("Good events"),
    "bad": mark("Bad events"),
    "total": mark("Valid events"),
    "value": mark("Value"),
}
_METHODS = {
    Counting.EVENTS: mark("every event counts once"),
    Counting.MEAN_OF_RATIOS: mark("mean of the buckets' ratios"),
    Counting.TIME_SLICES: mark("slices of time"),
}
_REASONS = {
    Differs.OWN.value: mark("the SLO's own method"),
    Differs.SAME.value: mark("comes to the same"),
    Differs.NOTHING.value: mark("nothing to count"),
    Differs.QUIET_TIMES_WEIGH_MORE.value: mark("quiet times weigh more"),
    Differs.SMALL_FAILURES_VANISH.value: mark("small failures vanish in good slices"),
    Differs.SLICES_FAIL_WHOLE.value: mark("a bad slice counts as a whole"),
    Differs.EVENTS_WEIGH.value: mark("busy times weigh more"),
    "parts_count": mark("each bucket counts by its share of good events"),
}


def appendix(edition: Edition) -> Section:
    """A part for each SLO, one for the infra signals, one for the snapshot itself."""
    parts = [_slo(track, edition.text) for track in edition.review.tracks]
    if any(lane.queries for lane in edition.review.lanes):
        parts.append(_signals(edition.review.lanes, edition.text))
    return Section("appendix", edition.text._("How each number was made"), (*parts, _origin(edition)))


def _slo(track: SloTrack, text: Text) -> Part:
    status = track.status
    blocks: list[Block] = [Facts(tuple(_facts(track, text)))]
    if track.methods:
        blocks.append(_methods(track.methods, text))
    blocks += [_query(query, text) for query in status.queries]
    key = f"made-{status.journey.id}-{status.slo.id}"
    return Part(key, name_of(status, text), _sentence(track, text), tuple(blocks))


def _sentence(track: SloTrack, text: Text) -> str:
    """The whole calculation in words and numbers."""
    figures = track.status.figures
    if figures.sli is None or figures.remaining is None:
        return text._("Nothing can be judged: there are no valid events in this window.")
    phrase = text._(
        "%(total)s valid events, %(bad)s of them bad. The objective of %(objective)s allows %(allowed)s bad ones, "
        "so %(left)s of the budget is left."
    )
    return phrase % {
        "total": text.count(figures.total),
        "bad": text.count(figures.bad),
        "objective": objective_cell(track.status, text).shown,
        "allowed": text.count(figures.allowed_bad),
        "left": text.budget(figures.remaining),
    }


def _facts(track: SloTrack, text: Text) -> Iterable[tuple[str, Cell]]:
    _, status, figures = text._, track.status, track.status.figures
    sliced = status.slo.definition.slices
    yield _("Good slices") if sliced else _("Good events"), count_cell(figures.good, text)
    yield _("Valid slices") if sliced else _("Valid events"), count_cell(figures.total, text)
    yield _("Bad slices") if sliced else _("Bad events"), count_cell(figures.bad, text)
    yield _("SLI: good ÷ valid"), sli_cell(status, text)
    yield _("Objective"), objective_cell(status, text)
    yield _("Budget left"), budget_cell(status, text)
    spent = text.duration(figures.spent_minutes * 60) if figures.spent_minutes is not None else text.number(None)
    minutes = _("%(spent)s of %(allowed)s") % {"spent": spent, "allowed": text.duration(figures.allowed_minutes * 60)}
    yield _("Spent, as full outage"), Cell(minutes, figures.spent_minutes)
    yield _("Window"), Cell(text.span(figures.start, figures.end))
    yield _("Time zone"), Cell(text.zone)
    yield _("Method"), Cell(_method(sliced, text))
    yield _("Coverage"), Cell(text.percent(figures.coverage), figures.coverage)
    excluded = text.duration(figures.excluded_seconds) if figures.excluded_seconds else _("none")
    yield _("Exclusions"), Cell(excluded, figures.excluded_seconds)
    yield _("Source"), Cell(status.slo.source)
    if track.version is not None:
        yield _("Definition"), Cell(f"{track.version.hash[:12]}, {text.day(track.version.first_seen)}")


def _method(slices: TimeSlices | None, text: Text) -> str:
    if slices is None:
        return text._("occurrences: every event counts once, in buckets added up")
    facts = {"length": text.duration(slices.length_seconds), "target": text.percent(float(slices.target_percent) / 100)}
    return text._("time slices of %(length)s, good at %(target)s or more") % facts


def _methods(methods: tuple[OtherFigure, ...], text: Text) -> Block:
    """The same window by other methods, and why they differ."""
    _ = text._
    rows = [
        [
            Cell(_(_METHODS[other.figure.method])),
            Cell(_(_REASONS.get(other.why.value, other.why.value))),
            Cell(text.sli(other.figure.sli), other.figure.sli),
            Cell(text.budget(other.figure.remaining), other.figure.remaining),
            count_cell(other.figure.counted, text),
        ]
        for other in methods
    ]
    return table((_("Counted otherwise"), _("Why it differs"), "SLI", _("Budget left"), _("Counted")), rows, texts=2)


def _query(query: QueryText, text: Text) -> Query:
    role = text._(_ROLES[query.role]) if query.role in _ROLES else query.role
    return Query(role, query.text, query.url)


def _signals(lanes: tuple[Lane, ...], text: Text) -> Part:
    """Each signal's query."""
    blocks: list[Block] = []
    for lane in lanes:
        title = lane.signal.title(text.language)
        blocks += [Query(title, query.text, query.url) for query in lane.queries]
    return Part("made-signals", text._("Infra signals"), "", tuple(blocks))


def _origin(edition: Edition) -> Part:
    """Where the snapshot comes from, so that it can be checked again."""
    text, snapshot, review = edition.text, edition.snapshot, edition.review
    _ = text._
    rows = (
        (_("As of"), Cell(text.moment(review.as_of), review.as_of)),
        (_("Period"), Cell(text.span(review.start, review.end))),
        (_("Frozen at"), Cell(text.moment(snapshot.made_at), snapshot.made_at)),
        (_("Made by"), Cell(f"Tomoni {snapshot.origin.product}")),
        (_("Configuration"), Cell(snapshot.origin.configuration)),
        (_("Schema"), Cell(f"{SCHEMA} {VERSION}")),
        (_("Snapshot"), Cell(snapshot.hash)),
    )
    message = _("Check this file again with: python cli.py verify FILE")
    return Part("origin", _("This snapshot"), message, (Facts(rows),))
