"""What `init` finds in a source, said in a terminal: likely SLIs with their history, and what an objective meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import click

from data_sources.base import Source
from tomoni.exploring.draft import Draft, DraftJourney, DraftSlo, journey_of, told_apart
from tomoni.exploring.likely import Found
from tomoni.slo.model import WORKBOOK_RULES, AlertRule
from tomoni.use_cases.guiding import Preview, find_likely, preview
from tomoni.words import detected, errors
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """The id and title of the app, the moment (Unix seconds), how many journeys it has at most, and the burn alerts
    that its SLOs will have."""

    app: str
    title: str
    now: int
    most: int = 1
    rules: tuple[AlertRule, ...] = WORKBOOK_RULES


def proposed(source: Source, wanted: Wanted, text: Text) -> Draft | None:
    """An app on the likeliest journeys that a source has, told and previewed; None where it has none.
    Raises `SourceError` where the source does not answer."""
    found = find_likely(source, wanted.now)
    if not found.journeys:
        return None
    for line in _told(found, wanted.most, text):
        click.echo(line)
    chosen = told_apart(journey_of(each, detected.journey_title(each, text)) for each in found.journeys[: wanted.most])
    journeys = [_tried(source, journey, wanted, text) for journey in chosen]
    return Draft(wanted.app, wanted.title, source.id, tuple(_with_events(journeys, text)), found.signals)


def _with_events(journeys: Sequence[tuple[DraftJourney, bool]], text: Text) -> Iterator[DraftJourney]:
    """The journeys in which something happened; the first one where nothing did. The others are told."""
    kept = [journey for journey, happened in journeys if happened] or [journeys[0][0]]
    left = [plain(journey.title) for journey, _ in journeys if journey not in kept]
    if left:
        said = text._("Left out, because nothing was counted in the last days: %(journeys)s.")
        click.echo(said % {"journeys": text.join(left)})
    yield from kept


def _tried(source: Source, journey: DraftJourney, wanted: Wanted, text: Text) -> tuple[DraftJourney, bool]:
    """A journey with objectives that its history can bear, and whether anything happened in it, or cannot be known."""
    seen = [(slo, preview(source, slo.sli, wanted.now)) for slo in journey.slos]
    happened = any(each.sli is not None or each.error is not None for _, each in seen)
    click.echo(f"{plain(journey.title)}:")
    slos = tuple(_previewed(slo, each, wanted.rules, text) for slo, each in seen)
    return replace(journey, slos=slos), happened


def _told(found: Found, most: int, text: Text) -> Iterator[str]:
    """The journeys that were found, and how many of them are written at most."""
    yield text._("Found, the likeliest first:")
    for journey in found.journeys[:_MOST_SHOWN]:
        titles = text.join([detected.sli_title(sli, text) for sli in journey.first_choice])
        yield f"  {plain(detected.journey_title(journey, text))}: {titles}"
    if (more := len(found.journeys) - _MOST_SHOWN) > 0:
        yield "  " + text.n_("and %(n)s more", "and %(n)s more", more) % {"n": more}
    if len(found.journeys) > most:
        said = text.n_(
            "Only the first of them is tried and written.", "Only the first %(n)s are tried and written.", most
        )
        yield said % {"n": most}
    if found.signals:
        titles = text.join([detected.signal_title(signal, text) for signal in found.signals])
        yield text._("Infra signals: %(signals)s.") % {"signals": titles}


def _previewed(slo: DraftSlo, seen: Preview, rules: Sequence[AlertRule], text: Text) -> DraftSlo:
    """An SLO with an objective that its history can bear, what that would have meant, and which page can never come."""
    objective = slo.sli.objective or seen.objective
    if seen.error is not None:
        error = seen.error
        said = text.sentences(*errors.describe(error.code, error.facts, error.detail, text))
    else:
        said = detected.meant(seen.sli, seen.observed_seconds, objective, seen.spent(objective), text)
    said = text.sentences(said, detected.without_pages(slo.sli, objective, text, rules))
    click.echo(f"  {plain(detected.sli_title(slo.sli, text))}: {plain(said)}")
    return replace(slo, objective=objective, remark=said)
