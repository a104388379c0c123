"""Headlines: what a reader should know about a page, in plain words derived from its numbers.

Sentences name systems, never persons; they state when something happened, never what caused it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from tomoni.review.model import Overview, Review, SloStatus, SloTrack
from tomoni.slo.model import HOUR, VERDICTS, Line, State
from tomoni.words import budgets
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark

# The share of the period's budget that is worth a sentence: lost within an hour, and lost in total.
NOTICEABLE = 0.05
LARGE = 0.5


def overview(value: Overview, text: Text) -> str:
    """The status of all SLOs: "14 SLOs of 4 apps: 11 healthy, 2 at risk, 1 exhausted." """
    statuses = value.statuses
    if not statuses:
        return text._("There are no SLOs yet.")
    apps = len({status.app.id for status in statuses})
    sentence = text.n_("%(slos)s of %(apps)s app: %(states)s.", "%(slos)s of %(apps)s apps: %(states)s.", apps) % {
        "slos": text.n_("%(n)s SLO", "%(n)s SLOs", len(statuses)) % {"n": text.number(len(statuses), 0)},
        "apps": text.number(apps, 0),
        "states": states(statuses, text),
    }
    return text.sentences(sentence, _failing({problem.source for problem in value.problems}, text))


def states(statuses: Iterable[SloStatus], text: Text) -> str:
    """How many SLOs are in which state, healthy ones first: "11 healthy, 2 at risk"."""
    found = Counter(status.figures.state for status in statuses)
    return text.listed([text._(phrase) % {"n": found[state]} for state, phrase in _COUNTS.items() if found[state]])


_COUNTS: Mapping[State, str] = {
    State.HEALTHY: mark("%(n)s healthy"),
    State.AT_RISK: mark("%(n)s at risk"),
    State.EXHAUSTED: mark("%(n)s exhausted"),
    State.COLLECTING: mark("%(n)s collecting data"),
    State.NO_TRAFFIC: mark("%(n)s without traffic"),
    State.NO_DATA: mark("%(n)s without data"),
}


def _failing(sources: set[str], text: Text) -> str:
    if not sources:
        return ""
    phrase = text._("Not everything could be fetched from %(sources)s; stored data is shown.")
    return phrase % {"sources": text.join([plain(source) for source in sorted(sources)])}


def app(review: Review, text: Text) -> str:
    """What both teams should know about an app: how many objectives were met, and what burned most."""
    return _told(review.app.title(text.language), review.tracks, review.start, text, _in_app)


def journey(review: Review, journey_id: str, text: Text) -> str:
    """The same for one journey. Raises KeyError when the app has no such journey."""
    titles = {journey.id: journey.title(text.language) for journey in review.app.journeys}
    return _told(titles[journey_id], review.tracks_of(journey_id), review.start, text, _in_journey)


# What an objective is called: by its own title within its journey, with the journey's within its app.
_Name = Callable[[SloStatus, Text], str]


def _in_journey(status: SloStatus, text: Text) -> str:
    return status.slo.title(text.language)


def _in_app(status: SloStatus, text: Text) -> str:
    return f"{status.journey.title(text.language)} / {_in_journey(status, text)}"


def _told(who: str, tracks: Sequence[SloTrack], start: int, text: Text, name: _Name) -> str:
    if not tracks:
        return text._("%(who)s has no objectives yet.") % {"who": who}
    judged = [track for track in tracks if track.status.figures.state in VERDICTS]
    failing = {track.status.problem.source for track in tracks if track.status.problem}
    return text.sentences(
        _kept(who, judged, text) if judged else _nothing_judged(who, tracks, text),
        _unjudged(tracks, text) if judged else "",
        _silent(tracks, text, name),
        _biggest(judged, start, text, name) or _burned(judged, start, text, name),
        _failing(failing, text),
    )


def _kept(who: str, judged: Sequence[SloTrack], text: Text) -> str:
    every = len(judged)
    kept = sum(track.status.figures.state is not State.EXHAUSTED for track in judged)
    facts = {"who": who, "kept": kept, "all": every}
    if kept == every:
        if every == 2:
            return text._("%(who)s met both objectives.") % facts
        return text.n_("%(who)s met its objective.", "%(who)s met all %(all)s objectives.", every) % facts
    if kept == 0:
        if every == 2:
            return text._("%(who)s missed both objectives.") % facts
        missed = text.n_("%(who)s missed its objective.", "%(who)s missed all %(all)s objectives.", every)
        return missed % facts
    return text._("%(who)s met %(kept)s of %(all)s objectives.") % facts


def _nothing_judged(who: str, tracks: Sequence[SloTrack], text: Text) -> str:
    if any(track.status.figures.state is State.COLLECTING for track in tracks):
        return text._("There is too little history yet to judge %(who)s.") % {"who": who}
    return text._("%(who)s cannot be judged: there was no data or no traffic.") % {"who": who}


def _unjudged(tracks: Sequence[SloTrack], text: Text) -> str:
    found = Counter(track.status.figures.state for track in tracks)
    early, empty = found[State.COLLECTING], found[State.NO_DATA] + found[State.NO_TRAFFIC]
    too_early = text.n_(
        "%(n)s more cannot be judged yet: too little history.",
        "%(n)s more cannot be judged yet: too little history.",
        early,
    )
    nothing = text.n_(
        "%(n)s more cannot be judged: no data or no traffic.",
        "%(n)s more cannot be judged: no data or no traffic.",
        empty,
    )
    return text.sentences(too_early % {"n": early} if early else "", nothing % {"n": empty} if empty else "")


def _silent(tracks: Sequence[SloTrack], text: Text, name: _Name) -> str:
    """That an SLO has had no data for some time, which its state alone may not show."""
    found = [(name(track.status, text), budgets.silence(track.status, text)) for track in tracks]
    phrase = text._("%(slo)s: %(silence)s.")
    return text.sentences(*(phrase % {"slo": slo, "silence": silence} for slo, silence in found if silence))


def _biggest(judged: Sequence[SloTrack], start: int, text: Text, name: _Name) -> str:
    """The episode since a moment that spent most of its SLO's budget, if that is worth a sentence."""
    found = [
        (shown.episode.share_of_budget, shown, track)
        for track in judged
        for shown in (track.burn.shown if track.burn else ())
        if shown.episode.share_of_budget is not None and shown.episode.end > start
    ]
    share, shown, track = max(found, key=lambda each: each[0], default=(0.0, None, None))
    if share < NOTICEABLE or shown is None or track is None:
        return ""
    phrase = text._("%(slo)s spent %(share)s of its budget in episode %(letter)s, %(when)s.")
    return phrase % {
        "slo": name(track.status, text),
        "share": text.budget(share),
        "letter": shown.letter,
        "when": text.near_span(shown.episode.start, shown.episode.end),
    }


def _burned(judged: Sequence[SloTrack], start: int, text: Text, name: _Name) -> str:
    """The objective that lost most budget within an hour, else the one that lost most in total, else no burn."""
    losses = [(loss, track) for track in judged if (loss := steepest_loss(track.burn_down)) is not None]
    if not losses:
        return ""
    (share, at), track = max(losses, key=lambda found: found[0][0])
    facts = {"since": text.day(start, year=False)}
    if share >= NOTICEABLE:
        phrase = text._("%(slo)s spent %(share)s of the period's budget within an hour on %(day)s.")
        return phrase % {"slo": name(track.status, text), "share": text.budget(share), "day": text.day(at, year=False)}
    spent, track = max(((_spent(track.burn_down), track) for _, track in losses), key=lambda found: found[0])
    if spent >= LARGE:
        phrase = text._("%(slo)s spent %(share)s of the period's budget since %(since)s, a little at a time.")
        return phrase % {**facts, "slo": name(track.status, text), "share": text.budget(spent)}
    return text._("No noticeable burn since %(since)s.") % facts


def steepest_loss(burn_down: Line) -> tuple[float, int] | None:
    """The most that a burn-down lost within an hour, and the end of that hour; None for an empty line."""
    known = ~np.isnan(burn_down.values)
    times, values = burn_down.times[known], burn_down.values[known]
    if len(values) < 2:
        return None
    before = np.searchsorted(times, times - HOUR, side="left")
    lost = values[before] - values
    worst = int(np.argmax(lost))
    return float(lost[worst]), int(times[worst])


def _spent(burn_down: Line) -> float:
    known = burn_down.values[~np.isnan(burn_down.values)]
    return float(known[0] - known[-1])
