"""The facts that are known of an incident, from the review that ends with it; and writing its postmortem."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.catalog.schema import App
from tomoni.meetings.model import Event, Incident, Postmortem
from tomoni.meetings.reasons import NEAR_SECONDS
from tomoni.meetings.records import Record, validated
from tomoni.review.alerting import fired_alerts
from tomoni.review.model import Moved, Period, Review
from tomoni.slo.model import HOUR
from tomoni.ui.context import Context
from tomoni.use_cases.incidents import SloPrices
from tomoni.words import alert_quality, budgets
from tomoni.words.postmortems import Alerted, Cost, Fired, Known, template
from tomoni.words.text import Text

_DAYS = 7
_MOST = 8


def written(context: Context, app: App, incident: Record[Incident], text: Text) -> Record[Postmortem]:
    """The postmortem of an incident; one that is not there yet begins with the template. Raises MeetingError,
    StoreError."""
    records = context.tomoni.meetings.records
    for each in records.listed(Postmortem, app.id):
        if each.value.incident == incident.id:
            return each
    body = template(known_of(context, app, incident.value, text), text)
    fields = {"app": app.id, "title": incident.value.title, "incident": incident.id, "language": text.language}
    return records.add(validated(Postmortem, {**fields, "body": body}))


def known_of(context: Context, app: App, incident: Incident, text: Text) -> Known:
    """What figures and events tell of an incident."""
    end = min(-(-incident.end // HOUR) * HOUR, context.live.as_of)
    review = context.tomoni.review(app, Period(end, _DAYS))
    costs = context.tomoni.prices(review, [(incident.start, incident.end)])
    return Known(
        incident,
        [Cost(_name(each, text), each.whole[0], each.account.pricing.prices[0]) for each in costs],
        _moved(context, review, incident),
        list(_fired(review, incident, text)),
        list(_alerts(costs, incident, text)),
        [
            each.value
            for each in context.tomoni.meetings.records.listed(Event, app.id)
            if _is_near(each.value, incident)
        ],
    )


def _name(each: SloPrices, text: Text) -> str:
    status = each.track.status
    return f"{status.journey.title(text.language)} · {status.slo.title(text.language)}"


def _moved(context: Context, review: Review, incident: Incident) -> list[Moved]:
    """The signals that moved with the largest episode in the incident."""
    found = [
        (episode.share_of_budget or 0.0, episode.bad, n, episode)
        for n, track in enumerate(review.tracks)
        for episode in (track.burn.ledger.episodes if track.burn else ())
        if episode.start < incident.end and incident.start < episode.end
    ]
    if not found:
        return []
    *_, n, episode = max(found, key=lambda each: each[:3])
    moved = context.tomoni.moved(review.tracks[n], episode)
    return [each for each in moved if budgets.departed(each.movement)][:_MOST]


def _fired(review: Review, incident: Incident, text: Text) -> Iterator[Fired]:
    """The alerts that senders and sources told of; of one whose end is not known only the beginning counts."""
    tracks = {track.status.path: track for track in review.tracks}
    for alert in fired_alerts(review.app, review.events):
        if alert.start < incident.end and incident.start < (alert.start + 1 if alert.end is None else alert.end):
            yield Fired(alert_quality.named(alert, tracks, text), alert)


def _alerts(costs: tuple[SloPrices, ...], incident: Incident, text: Text) -> Iterator[Alerted]:
    for each in costs:
        for firing in each.track.firings:
            if firing.start < incident.end and (firing.end is None or incident.start < firing.end):
                yield Alerted(_name(each, text), firing, each.track.status.slo.definition)


def _is_near(event: Event, incident: Incident) -> bool:
    return incident.start - NEAR_SECONDS <= (event.until or event.at) and event.at < incident.end
