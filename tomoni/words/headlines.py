"""Headlines: what a reader should know about a page, in plain words derived from its numbers.

Sentences name systems, never persons; they state when something happened, never what caused it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tomoni.catalog.local_text import apart
from tomoni.review.model import Overview, PeriodStage, Review, SloStatus, SloTrack
from tomoni.slo.model import VERDICTS, State
from tomoni.words import budgets, periods, stories
from tomoni.words.apart import within_its_app
from tomoni.words.long_names import glanced
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark


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
    return phrase % {"sources": text.join([text.quote(plain(source)) for source in sorted(sources)])}


def app(review: Review, text: Text) -> str:
    """What both teams should know about an app: whether objectives were missed, which budgets run out, and what
    burned most."""
    return _describe(review.app.title(text.language), review.tracks, review, text, _in_app)


def journey(review: Review, journey_id: str, text: Text) -> str:
    """The same for one journey. Raises KeyError when the app has no such journey."""
    titles = apart(review.app.journeys, text.language)
    return _describe(titles[journey_id], review.tracks_of(journey_id), review, text, _in_journey)


def _in_journey(status: SloStatus, text: Text) -> str:
    """What an SLO is called within its journey."""
    return text.quote(glanced(within_its_app(status, text.language)[1]))


def _in_app(status: SloStatus, text: Text) -> str:
    return text.quote(glanced(" / ".join(within_its_app(status, text.language))))


def _describe(who: str, tracks: Sequence[SloTrack], review: Review, text: Text, name: stories.Name) -> str:
    named = text.quote(glanced(who))
    if not tracks:
        return text._("%(who)s has no objectives yet.") % {"who": named}
    judged = [track for track in tracks if track.status.figures.state in VERDICTS]
    failing = {track.status.problem.source for track in tracks if track.status.problem}
    over = review.standing is not None and review.standing.stage is PeriodStage.COMPLETE
    return text.sentences(
        _verdict(named, judged, review, text) if judged else _nothing_judged(named, tracks, text),
        _unjudged(tracks, text) if judged else "",
        stories.tell(judged, stories.Scene(review.start, over, name), text),
        _silent(tracks, text, name),
        _failing(failing, text),
    )


def _verdict(who: str, judged: Sequence[SloTrack], review: Review, text: Text) -> str:
    sentence = _kept(who, judged, text)
    if review.period is None or review.standing is None or review.standing.stage is not PeriodStage.COMPLETE:
        return sentence
    facts = {"period": periods.title(review.period, text), "sentence": sentence}
    return text._("At the end of %(period)s, %(sentence)s") % facts


def _kept(who: str, judged: Sequence[SloTrack], text: Text) -> str:
    every = len(judged)
    missed = sum(track.status.figures.state is State.EXHAUSTED for track in judged)
    facts = {"who": who, "missed": missed, "all": every}
    if missed == 0:
        if every == 2:
            return text._("%(who)s met both objectives.") % facts
        return text.n_("%(who)s met its objective.", "%(who)s met all %(all)s objectives.", every) % facts
    if missed == every:
        if every == 2:
            return text._("%(who)s missed both objectives.") % facts
        sentence = text.n_("%(who)s missed its objective.", "%(who)s missed all %(all)s objectives.", every)
        return sentence % facts
    return text._("%(who)s missed %(missed)s of %(all)s objectives.") % facts


def _nothing_judged(who: str, tracks: Sequence[SloTrack], text: Text) -> str:
    if any(track.status.figures.state is State.COLLECTING for track in tracks):
        return text._("There is too little history yet to judge %(who)s.") % {"who": who}
    if all(budgets.wholly_excluded(track.status) for track in tracks):
        return text._("%(who)s cannot be judged: its whole window is excluded by agreement.") % {"who": who}
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


def _silent(tracks: Sequence[SloTrack], text: Text, name: stories.Name) -> str:
    """That an SLO has had no data for some time, which its state alone may not show."""
    found = [(name(track.status, text), budgets.silent_since(track.status)) for track in tracks]
    phrase = text._("%(slo)s has had no data since %(moment)s.")
    facts = [{"slo": slo, "moment": text.near_moment(since)} for slo, since in found if since is not None]
    return text.sentences(*(phrase % each for each in facts))
