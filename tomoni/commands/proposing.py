"""What `init` finds in a source, said in a terminal: likely SLIs with their history, and what an objective meant."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import click

from data_sources.base import Source
from tomoni.exploring.draft import Draft, DraftSlo, journey_of
from tomoni.exploring.likely import Found
from tomoni.use_cases.guiding import find_likely, preview
from tomoni.words import detected, errors
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_MOST_SHOWN = 5


def proposed(source: Source, app: str, title: str, text: Text) -> Draft | None:
    """An app on the likeliest journey that a source has, told and previewed; None where it has none. Raises
    `SourceError` where the source does not answer."""
    now = int(time.time())
    found = find_likely(source, now)
    if not found.journeys:
        click.echo(text._("Nothing was found that looks like requests, jobs or checks; the file has examples."))
        return None
    for line in _told(found, text):
        click.echo(line)
    journey = journey_of(found.journeys[0], detected.journey_title(found.journeys[0], text))
    slos = tuple(_previewed(source, slo, now, text) for slo in journey.slos)
    return Draft(app, title, source.id, (replace(journey, slos=slos),), found.signals)


def _told(found: Found, text: Text) -> Iterator[str]:
    """The journeys that were found; the first one is written."""
    yield text._("Found, the likeliest first:")
    for journey in found.journeys[:_MOST_SHOWN]:
        titles = text.join([detected.sli_title(sli, text) for sli in journey.first_choice])
        yield f"  {plain(detected.journey_title(journey, text))}: {titles}"
    if (more := len(found.journeys) - _MOST_SHOWN) > 0:
        yield "  " + text.n_("and %(n)s more", "and %(n)s more", more) % {"n": more}
    if found.signals:
        titles = text.join([detected.signal_title(signal, text) for signal in found.signals])
        yield text._("Infra signals: %(signals)s.") % {"signals": titles}


def _previewed(source: Source, slo: DraftSlo, now: int, text: Text) -> DraftSlo:
    """An SLO with an objective that its history can bear, and what that would have meant."""
    seen = preview(source, slo.sli, now)
    objective = slo.sli.objective or seen.objective
    if seen.error is not None:
        error = seen.error
        said = text.sentences(*errors.describe(error.code, error.facts, error.detail, text))
    else:
        said = detected.meant(seen.sli, seen.observed_seconds, objective, seen.spent(objective), text)
    click.echo(f"{plain(detected.sli_title(slo.sli, text))}: {plain(said)}")
    return replace(slo, objective=objective, remark=said)
