"""The alerts that fired in a review, and how well they found what burned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tomoni.catalog.schema import App, Slo
from tomoni.meetings.model import EventKind
from tomoni.review.events import ReviewEvent
from tomoni.review.model import Review, SloTrack
from tomoni.slo.alert_quality import AlertQuality, Burned, FiredAlert, alert_quality, merged_alerts, significant

# What says that a metric is gone says nothing of the budget.
_ABSENT = "SliAbsent", " (absent)"


def fired_alerts(app: App, events: Iterable[ReviewEvent]) -> tuple[FiredAlert, ...]:
    """The alerts among some events, in order of time; what several senders told of one is one."""
    known = dict(_slos(app))
    return merged_alerts(_alert(each, known) for each in events if each.what is EventKind.ALERT)


def _slos(app: App) -> Iterator[tuple[str, Slo]]:
    for journey in app.journeys:
        yield from ((f"{app.id}/{journey.id}/{slo.id}", slo) for slo in journey.slos)


def _alert(event: ReviewEvent, slos: dict[str, Slo]) -> FiredAlert:
    name = event.name or event.title
    path = _path(event.slo, name, slos)
    own = (event.title, event.name, event.severity, path, event.url)
    return FiredAlert((event.id,), event.at, event.until, *own, before=event.before)


def _path(said: str, name: str, slos: dict[str, Slo]) -> str:
    """The SLO that an alert names: by its path, by an id that only one has, or by what its alerts are called."""
    if said in slos:
        return said
    by_id = [path for path, slo in slos.items() if said and said == slo.id]
    by_name = [path for path, slo in slos.items() if slo.kept.alerting.name and name == slo.kept.alerting.name]
    found = by_id or by_name
    return found[0] if len(found) == 1 else ""


def marked(track: SloTrack, events: Iterable[ReviewEvent]) -> list[ReviewEvent]:
    """What is marked on the figure of an SLO, in order of time: what happened to the app, and the alerts that are about
    this SLO or about none, each once."""
    held = list(events)
    others = [each for each in held if each.what is not EventKind.ALERT]
    by_id = {each.id: each for each in held}
    for alert in fired_alerts(track.status.app, held):
        if alert.slo in ("", track.status.path):
            others.append(replace(by_id[alert.ids[0]], at=alert.start, until=alert.end, url=alert.url))
    return sorted(others, key=lambda each: (each.at, each.id))


def quality_of(review: Review, events: Iterable[ReviewEvent] | None = None) -> AlertQuality:
    """The alerts of a review's period against its episodes; ``events`` are those of the review, unless given."""
    happened = fired_alerts(review.app, review.events if events is None else events)
    alerts = [each for each in happened if not _says_nothing_of_budgets(each.name)]
    return alert_quality(alerts, [_burned(track, review) for track in review.tracks], review.start, review.end)


def is_told(review: Review, quality: AlertQuality) -> bool:
    """Whether the silence of alerts says anything: some fired, or a server is asked for them."""
    return bool(quality.alerts) or any(feed.alerts for feed in review.app.events)


def _says_nothing_of_budgets(name: str) -> bool:
    alone, behind = _ABSENT
    return name == alone or name.endswith(behind)


def _burned(track: SloTrack, review: Review) -> Burned:
    path, definition = track.status.path, track.status.slo.definition
    has_budget = definition.objective.allowance > 0
    if track.buckets is None or track.burn is None or track.by_hours:  # of hours no alert can be judged
        return Burned(path, (), has_budget=has_budget)
    end = min(review.end, track.status.figures.end)
    found = significant(track.buckets, definition, review.start, end)
    return Burned(path, found, tuple((each.start, each.end) for each in track.firings), has_budget)
