"""`explain`: explains how a figure was calculated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import click

from tomoni.catalog.concerning import problems_of
from tomoni.catalog.schema import App, Catalog, Journey, Slo
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.review.model import Explanation, Period, SloStatus
from tomoni.words import errors, explained, notices, problems, splits, states
from tomoni.words.phrases import named, plain
from tomoni.words.text import Text, text_for

DAYS = 28  # how far back changes of the definition are listed, in addition to those within the window


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """The SLO to explain, the moment, and the output format."""

    app: str
    journey: str | None
    slo: str
    when: When
    as_json: bool
    sync_first: bool


def run(session: Session, options: ExplainOptions) -> int:
    """Explains the figures of one SLO; returns the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    app = tomoni.apps(options.app)[0]
    moment = session.moment_of(options.when, app.timezone)
    journey, slo = _chosen(app, options, session.text)
    if options.sync_first:
        with watched(session.text) as on_progress:
            tomoni.sync_status(moment, options.app, on_progress)
    review = tomoni.review(app, Period(tomoni.now() if moment is None else moment, DAYS))
    track = next(t for t in review.tracks_of(journey.id) if t.status.slo.id == slo.id)
    explanation = tomoni.explain(track)
    click.echo(_shown(explanation, options, tomoni.catalog, text_for(session.language, app.timezone)))
    report_lines([errors.source_line(problem, session.text) for problem in [track.status.problem] if problem])
    return 0


def _chosen(app: App, options: ExplainOptions, text: Text) -> tuple[Journey, Slo]:
    """The requested SLO. Raises Refusal if none or several match."""
    places = [(journey, slo) for journey in app.journeys for slo in journey.slos]
    found = [p for p in places if options.slo in _names(app, *p) and options.journey in (None, p[0].id)]
    if len(found) == 1:
        return found[0]
    every = ", ".join(f"{journey.id}/{slo.id}" for journey, slo in (found or places))
    if found:
        phrase = text._("Several journeys have an SLO %(slo)s: %(known)s; name one with --journey.")
        raise Refusal([phrase % {"slo": text.quote(options.slo), "known": every}])
    wanted = options.slo if options.journey is None else f"{options.journey}/{options.slo}"
    ids = [f"{journey.id}/{slo.id}" if "/" in wanted else slo.id for journey, slo in places]
    near = get_close_matches(wanted, ids, n=1, cutoff=0.5)
    hint = text._("did you mean %(nearest)s? SLOs: %(known)s.") if near else text._("use one of: %(known)s.")
    facts = {"slo": named(wanted, text), "nearest": named("".join(near), text), "known": every}
    raise Refusal([text._("There is no SLO %(slo)s") % facts + "; " + hint % facts])


def _names(app: App, journey: Journey, slo: Slo) -> tuple[str, ...]:
    """The names of an SLO that are taken: its id, and its path as it is shown elsewhere."""
    path = f"{journey.id}/{slo.id}"
    return slo.id, path, f"{app.id}/{path}"


def _shown(explanation: Explanation, options: ExplainOptions, catalog: Catalog, text: Text) -> str:
    if options.as_json:
        from tomoni.commands import explaining_json

        return explaining_json.render(explanation, catalog, text)
    return "\n".join([*_lines(explanation, text), *_wrong(explanation.status, catalog, text)])


def _wrong(status: SloStatus, catalog: Catalog, text: Text) -> list[str]:
    """What is wrong with the definition."""
    found = problems_of(catalog, status.app, status.journey.id, status.slo)
    return [problems.line(problem, text) for problem in found]


def _lines(explanation: Explanation, text: Text) -> Iterator[str]:
    status = explanation.status
    names = (status.app.title, status.journey.title, status.slo.title)
    yield " / ".join(plain(name(text.language)) for name in names)
    state = text._("%(state)s.") % {"state": states.label(status.figures.state, text)}
    yield text.sentences(state, explained.sentence(explanation, text))
    yield ""
    for label, value in explained.rows(explanation, text):
        yield f"{label}: {plain(value, longest=2000)}"
    yield ""
    if status.split is not None:
        yield f"{splits.heading(status.split, text)}:"
        yield from (f"  {splits.line(title, part, text)}" for title, part in splits.rows(status.split, text))
        yield from (f"  {remark}" for remark in splits.remarks(status.split, text))
        yield ""
    yield text._("By other methods:")
    yield from (f"  {explained.other(figure, text)}" for figure in explanation.methods)
    yield ""
    yield text._("Queries:")
    for query in status.queries:
        yield f"  {query.role}: {plain(query.text, longest=2000)}"
        if query.url:
            yield f"    {plain(query.url, longest=2000)}"
    for notice in status.notices:
        yield plain(notices.describe(notice, text), longest=2000)
