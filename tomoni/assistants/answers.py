"""The answers to what assistants ask: bounded, with their moment and a link to the page.

Raises QuestionError for what is wrong with a question, StoreError.
"""

from __future__ import annotations

from tomoni.assistants.reader import (
    DAYS,
    Json,
    QuestionError,
    Reader,
    as_of,
    listed,
    short,
    track_of,
)
from tomoni.meetings.model import Action, ActionState
from tomoni.review.alerting import quality_of
from tomoni.review.model import LetteredEpisode, Review, SloTrack
from tomoni.snapshots.record.alert_quality import quality_json
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.use_cases.actions import ActionFilter, listed_actions
from tomoni.use_cases.postmortems import library
from tomoni.words import explained, headlines

_MOST_EPISODES, _MOST_SIGNALS, _MOST_POSTMORTEMS = 20, 20, 10


def list_objectives(reader: Reader, app: str | None = None, team: str | None = None) -> Json:
    """The SLOs by app and journey, as they are configured."""
    apps = [reader.app(app)] if app else list(reader.tomoni.catalog.apps)
    found: list[Json] = []
    for each in apps:
        if team is not None and team not in each.teams.values():
            continue
        for journey in each.journeys:
            for slo in journey.slos:
                found.append(
                    {
                        "app": each.id,
                        "journey": journey.id,
                        "slo": slo.id,
                        "title": slo.title(reader.language),
                        "objective": slo.objective.ratio if slo.objective else None,
                        "window": explained.window(slo.window, reader.text(each)),
                        "source": slo.source,
                        "teams": dict(each.teams),
                    }
                )
    return {**as_of(reader.tomoni.now()), "url": reader.page("catalog"), **listed("objectives", found)}


def status(reader: Reader, app: str | None = None, at: str | None = None) -> Json:
    """The budgets of all SLOs, or of one app's, as of a moment, the worst first."""
    chosen = reader.app(app).id if app else None
    overview = reader.tomoni.overview(reader.moment(at), chosen, with_trends=False)
    found = sorted(overview.statuses, key=lambda each: (each.budget_left is None, each.budget_left or 0.0))
    text = reader.text()
    return {
        **as_of(overview.as_of),
        "url": reader.page("app" if app else "", app=app, at=rfc3339(overview.as_of)),
        "sentence": headlines.overview(overview, text),
        **listed("slos", [slo_json(each, text) for each in found]),
        "failing_sources": sorted({problem.source for problem in overview.problems}),
    }


def review(reader: Reader, app: str, period: str | None = None, at: str | None = None, days: int = DAYS) -> Json:
    """The joint view of an app over a period: what a review begins with."""
    found = reader.review(app, period, at, days)
    text = reader.text(found.app)
    events = [
        {"at": rfc3339(each.at), "kind": each.what.value, "title": each.title, "url": each.url or None}
        for each in found.events
    ]
    return {
        **_head(reader, found, period, days),
        "sentence": headlines.app(found, text),
        "policy": found.policy.level.title(reader.language) if found.policy and found.policy.level else None,
        **listed("slos", [slo_json(track.status, text) for track in found.tracks]),
        "events": listed("newest", events[::-1], 20),
    }


def explain(reader: Reader, app: str, journey: str, slo: str, at: str | None = None) -> Json:
    """How the figures of an SLO follow: numerator, denominator, window, exclusions, queries."""
    found = reader.review(app, None, at, DAYS)
    explanation = reader.tomoni.explain(track_of(found, journey, slo))
    made, text = explanation.status, reader.text(found.app)
    queries = [{"role": each.role, "text": short(each.text), "url": each.url or None} for each in made.queries]
    return {
        **as_of(found.as_of),
        "url": reader.page("app", app=app, journey=journey, slo=slo, at=rfc3339(found.as_of)),
        "sentence": explained.sentence(explanation, text),
        **slo_json(made, text),
        "zone": explanation.zone,
        "lag_seconds": explanation.lag_seconds,
        "bucket_seconds": made.slo.bucket_seconds,
        "excluded_seconds": made.figures.excluded_seconds,
        **listed("queries", queries, 10),
    }


def what_burned(reader: Reader, app: str, at: str | None = None) -> Json:
    """What spent the budgets of an app's own windows, by SLO: episodes and the background, which add up."""
    found = reader.review(app, None, at, DAYS)
    slos = [_burned(track) for track in found.tracks if track.burn is not None]
    return {**_head(reader, found), **listed("slos", slos)}


def _burned(track: SloTrack) -> Json:
    burn, path = track.burn, track.status.path
    if burn is None:
        return {"slo": path}
    letters = {each.episode.start: each.letter for each in burn.shown}
    largest = sorted(burn.ledger.episodes, key=lambda each: -each.bad)
    episodes = [
        {
            "letter": letters.get(each.start),
            "start": rfc3339(each.start),
            "end": rfc3339(each.end),
            "bad": each.bad,
            "share_of_budget": each.share_of_budget,
            "worst_burn": each.worst_burn,
        }
        for each in largest
    ]
    ledger = burn.ledger
    whole = {"bad": ledger.bad, "allowed_bad": ledger.allowed_bad, "background_bad": ledger.background_bad}
    return {"slo": path, **whole, **listed("episodes", episodes, _MOST_EPISODES)}


def what_moved(
    reader: Reader, app: str, journey: str, slo: str, episode: str | None = None, at: str | None = None
) -> Json:
    """The infra signals that left their usual values in an episode (by its letter; else the largest): together, never
    as its cause."""
    found = reader.review(app, None, at, DAYS)
    track = track_of(found, journey, slo)
    chosen = _episode(track, episode)
    if chosen is None:
        return {**_head(reader, found), "episode": None, "signals": [], "left_out": 0}
    signals = [
        {
            "signal": each.signal.id,
            "title": each.signal.title(reader.language),
            "usual": each.movement.usual,
            "during": each.movement.during,
            "robust_z": each.movement.z,
            "lead_seconds": each.movement.lead_seconds,
            "points": each.movement.points_during,
        }
        for each in reader.tomoni.moved(track, chosen.episode)
    ]
    span = {"letter": chosen.letter, "start": rfc3339(chosen.episode.start), "end": rfc3339(chosen.episode.end)}
    named = {"app": app, "journey": journey, "slo": slo, "episode": rfc3339(chosen.episode.start)}
    page = reader.page("app", **named, at=rfc3339(found.as_of))
    return {**as_of(found.as_of), "url": page, "episode": span, **listed("signals", signals, _MOST_SIGNALS)}


def _episode(track: SloTrack, letter: str | None) -> LetteredEpisode | None:
    shown = track.burn.shown if track.burn else ()
    if letter:
        named = next((each for each in shown if each.letter == letter.strip().upper()), None)
        if named is None:
            known = ", ".join(each.letter for each in shown)
            raise QuestionError(f"There is no episode {letter[:20]!r}. Known: {known or 'none'}.")
        return named
    return max(shown, key=lambda each: each.episode.bad, default=None)


def alerts(reader: Reader, app: str, period: str | None = None, at: str | None = None, days: int = DAYS) -> Json:
    """The alerts that fired beside what burned: precision, recall, detection and reset time."""
    found = reader.review(app, period, at, days)
    made = quality_json(found, quality_of(found))
    bounded = {name: listed("newest", made.pop(name)[::-1], 20) for name in ("alerts", "episodes")}
    return {**_head(reader, found, period, days), **made, **bounded}


def postmortems(reader: Reader, app: str | None = None, words: str = "") -> Json:
    """Postmortems, the newest first, which contain some words."""
    if app:
        reader.app(app)
    found = library(reader.tomoni.meetings, words[:300], app).shown
    entries = [
        {
            "app": each.value.app,
            "title": each.value.title,
            "changed_at": rfc3339(each.changed_at),
            "factors": list(each.value.factors),
            "text": short(each.value.body),
        }
        for each in found
        if reader.tomoni.catalog.app(each.value.app)
    ]
    url = reader.page("postmortems", app=app)
    return {**as_of(reader.tomoni.now()), "url": url, **listed("postmortems", entries, _MOST_POSTMORTEMS)}


def actions(reader: Reader, app: str | None = None, team: str | None = None, state: str = "open") -> Json:
    """What teams agreed to do, what is past due first. ``state``: open, done, dropped or all."""
    if app:
        reader.app(app)
    if state not in (*ActionState, "all"):
        raise QuestionError("state is open, done, dropped or all.")
    states = frozenset(ActionState) if state == "all" else frozenset({ActionState(state)})
    tomoni = reader.tomoni
    found = listed_actions(tomoni.meetings.records, tomoni.catalog, tomoni.now(), ActionFilter(app, team, states))
    entries = [_action(each.record.value, each.days_past) for each in found if each.app is not None]
    return {**as_of(tomoni.now()), "url": reader.page("actions", app=app), **listed("actions", entries)}


def _action(value: Action, days_past: int) -> Json:
    due = value.due.isoformat() if value.due else None
    told = {"app": value.app, "text": value.text, "team": value.team, "state": value.state.value, "due": due}
    return {**told, "days_past_due": days_past, "ticket": value.ticket or None}


def _head(reader: Reader, found: Review, period: str | None = None, days: int = DAYS) -> Json:
    """The moment and the stretch of a review, and the page that shows both."""
    span = {"app": found.app.id, "from": rfc3339(found.start), "until": rfc3339(found.end)}
    shown = {"period": period} if period else {"days": str(days)}
    page = reader.page("app", app=found.app.id, **shown, at=rfc3339(found.as_of))
    return {**as_of(found.as_of), "url": page, **span}
