"""How every number was made: counts, window, method, coverage, source, and the queries as they were sent."""

from __future__ import annotations

from collections.abc import Iterable

from data_sources.base import QueryText
from tomoni.review.model import Explanation, Lane, OtherFigure, SloTrack
from tomoni.snapshots.document.model import Block, Cell, Facts, Part, Query, Section
from tomoni.snapshots.document.sections.edition import Edition, count_cell, name_of, table
from tomoni.snapshots.record.snapshot import SCHEMA, VERSION
from tomoni.words import explained, periods
from tomoni.words.text import Text, mark

_ROLES = {
    "good": mark("Good events"),
    "bad": mark("Bad events"),
    "total": mark("Valid events"),
    "first_good": mark("Good events, where series begin"),
    "first_bad": mark("Bad events, where series begin"),
    "first_total": mark("Valid events, where series begin"),
    "first_weight": mark("Weight, where series begin"),
    "error": mark("Error ratio"),
    "success": mark("Success ratio"),
    "weight": mark("Weight"),
    "value": mark("Value"),
    "split_good": mark("Good events of the parts"),
    "split_bad": mark("Bad events of the parts"),
    "split_total": mark("Valid events of the parts"),
}


def appendix(edition: Edition) -> Section:
    """A part for each SLO, one for the infra signals, one for the snapshot itself."""
    parts = [_slo(edition, track) for track in edition.review.tracks]
    if any(lane.queries for lane in edition.review.lanes):
        parts.append(_signals(edition.review.lanes, edition.text))
    return Section("appendix", edition.text._("How each number was calculated"), (*parts, _origin(edition)))


def explanation_of(edition: Edition, track: SloTrack) -> Explanation:
    """How the figures of a track were made, as they were frozen."""
    status, figures = track.status, track.status.figures
    return Explanation(
        status=status,
        zone=edition.review.app.timezone,
        lag_seconds=edition.snapshot.beside.lags.get(status.slo.source, 0),
        series_key=status.slo.series.key,
        methods=track.methods,
        exclusions=tuple(s for s in track.exclusions if s.start < figures.end and figures.start < s.end),
        version=track.version,
        changes=tuple(change for change in track.changes if change.at > figures.start),
    )


def _slo(edition: Edition, track: SloTrack) -> Part:
    text, status = edition.text, track.status
    explanation = explanation_of(edition, track)
    rows = [*_exactly(track, text), *((name, Cell(value)) for name, value in explained.rows(explanation, text))]
    blocks: list[Block] = [Facts(tuple(rows))]
    if track.methods:
        blocks.append(_methods(track.methods, text))
    blocks += [_query(query, text) for query in status.queries]
    key = f"made-{status.journey.id}-{status.slo.id}"
    return Part(key, name_of(status, text), explained.sentence(explanation, text), tuple(blocks))


def _exactly(track: SloTrack, text: Text) -> Iterable[tuple[str, Cell]]:
    """The figures with all their digits."""
    _, figures = text._, track.status.figures
    facts = ((_("Good, exactly"), figures.good), (_("Valid, exactly"), figures.total), (_("SLI, exactly"), figures.sli))
    for name, value in (*facts, (_("Budget left, exactly"), figures.remaining)):
        if value is not None:
            yield name, Cell(repr(float(value)), value)


def _methods(methods: tuple[OtherFigure, ...], text: Text) -> Block:
    """The same window by other methods, and why they differ."""
    _ = text._
    rows = [
        [
            Cell(_(explained.METHODS[other.figure.method])),
            Cell(_(explained.WHY[other.why])),
            Cell(text.sli(other.figure.sli), other.figure.sli),
            Cell(text.budget(other.figure.remaining), other.figure.remaining),
            count_cell(other.figure.counted, text),
        ]
        for other in methods
    ]
    return table((_("Counted differently"), _("Why it differs"), "SLI", _("Budget left"), _("Counted")), rows, texts=2)


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
        (_("Period"), Cell(periods.of_review(review, text))),
        (_("Frozen at"), Cell(text.moment(snapshot.made_at), snapshot.made_at)),
        (_("Made by"), Cell(f"Tomoni {snapshot.origin.product}")),
        (_("Configuration"), Cell(snapshot.origin.configuration)),
        (_("Schema"), Cell(f"{SCHEMA} {VERSION}")),
        (_("Snapshot"), Cell(snapshot.hash)),
    )
    message = _("Check this file again with: python cli.py verify FILE")
    return Part("origin", _("This snapshot"), message, (Facts(rows),))
