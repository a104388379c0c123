"""`alerts`: the alerts that fired in a period beside what burned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import click

from tomoni.catalog.schema import App
from tomoni.commands.moments import When
from tomoni.commands.session import Session
from tomoni.review.alerting import is_told, quality_of
from tomoni.review.model import Period, Review
from tomoni.slo.alert_quality import AlertQuality
from tomoni.snapshots.record.alert_quality import quality_json
from tomoni.words import alert_quality as words
from tomoni.words.text import Text, text_for

DAYS = 28


@dataclass(frozen=True, slots=True)
class AlertsOptions:
    """Of which app (None: all), up to when or of which period, over how many days, and whether for programs."""

    when: When
    app: str | None
    days: int
    as_json: bool


def run(session: Session, options: AlertsOptions) -> int:
    """Prints the quality of the alerts of each app; the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    found: list[tuple[App, Review, AlertQuality]] = []
    for app in tomoni.apps(options.app):
        review = tomoni.review(app, _period(session, options, app))
        found.append((app, review, quality_of(review)))
    if options.as_json:
        made = [quality_json(review, quality) for _, review, quality in found]
        click.echo(json.dumps({"apps": made}, ensure_ascii=False, indent=2))
        return 0
    for app, review, quality in found:
        text = text_for(session.language, app.timezone)
        click.echo("\n".join([f"{app.id}, {text.span(review.start, review.end)}", *_lines(review, quality, text)]))
    return 0


def _period(session: Session, options: AlertsOptions, app: App) -> Period:
    """The named period of an app, else some days up to a moment."""
    named = session.period_of(options.when, app.timezone)
    session.past(options.when.at)
    return named or Period(options.when.at or session.tomoni.now() // 60 * 60, options.days)


def _lines(review: Review, quality: AlertQuality, text: Text) -> Iterator[str]:
    tracks = {track.status.path: track for track in review.tracks}
    told = is_told(review, quality)
    yield f"  {words.lead(quality, text, told)}"
    if not told:
        yield f"  {words.how_to(text)}"
        return
    for alert in (each.alert for each in quality.alerts if not each.episodes):
        name = words.named(alert, tracks, text)
        yield "  " + text._("without an episode: %(name)s, %(when)s") % {"name": name, "when": words.fired(alert, text)}
    for each in quality.episodes:
        if each.first is None:
            when = text.near_span(each.episode.start, each.episode.end)
            facts = {"slo": words.slo_name(each.slo, tracks, text), "when": when, "why": words.missed(each, text)}
            yield "  " + text._("without an alert: %(slo)s, %(when)s; %(why)s") % facts
