"""What happened to the budgets of some SLOs, in sentences: what ran out or will, and what burned most.

A story says what the figure shows: a leak is called a leak, an incident by its letter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tomoni.review.model import Burn, LetteredEpisode, SloStatus, SloTrack
from tomoni.slo.episodes import Episode
from tomoni.slo.leaks import Leak, is_gradual, slow_leak, spent_since
from tomoni.slo.lines import burn_down
from tomoni.slo.model import HOUR, FloatArray, IntArray, Line, State
from tomoni.words.text import Text

# The share of a budget that is worth a sentence: lost in one episode or hour, and lost in total.
NOTICEABLE = 0.05
LARGE = 0.5
# A leak that one episode is nearly all of is that episode; one that burned faster than the usual page is not slow.
_BY_MORE = 1.05
_SLOWEST_PAGE = 5.6
# Of more SLOs that share a fate by at least two, these are named in the sentence.
_NAMED = 2
# How an SLO is called in the sentences, quoted.
Name = Callable[[SloStatus, Text], str]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a story takes place: what is shown begins at ``start`` (Unix seconds), ``over`` is whether it is a
    calendar period that is complete, ``name`` is how SLOs are called."""

    start: int
    over: bool
    name: Name


def tell(judged: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    """Which budgets ran out, which will, which are low; then what burned most."""
    worst = sorted(judged, key=_left) if len(judged) > _NAMED + 1 else judged
    gone = [track for track in worst if track.status.figures.state is State.EXHAUSTED]
    ending = [] if scene.over else sorted((t for t in judged if t not in gone and _ends_at(t)), key=_ends_at)
    low = [t for t in worst if t.status.figures.state is State.AT_RISK and t not in ending]
    groups = ((gone, _gone), (ending, _ending), (low, _low))
    sentences = [describe(tracks, scene, text) for tracks, describe in groups if tracks]
    last = next((tracks for tracks in (low, ending, gone) if tracks), [])
    return text.sentences(*sentences, _burned(judged, last, scene, text))


def _left(track: SloTrack) -> float:
    """What is left of a budget; of one that is not known, all."""
    return 1.0 if track.status.budget_left is None else track.status.budget_left


def _ends_at(track: SloTrack) -> int:
    """When a budget runs out at its present pace; 0 where that is not in sight."""
    return (track.forecast.exhausts_at if track.forecast else None) or 0


def _gone(tracks: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    if len(tracks) > 1:
        days = [text.day(since[0], year=False) if (since := spent_since(t.rolling)) else "" for t in tracks]
        phrase = text._("%(slos)s ran out of budget.")
        return phrase % {"slos": _each(tracks, days, scene, text)}
    facts, since = {"slo": scene.name(tracks[0].status, text)}, spent_since(tracks[0].rolling)
    if since is None:
        return text._("%(slo)s has no budget left.") % facts
    phrase = text._("%(slo)s ran out of budget on %(day)s.")
    if since[1]:
        phrase = text._("%(slo)s ran out of budget on %(day)s or earlier.")
    return phrase % {**facts, "day": text.day(since[0], year=False)}


def _ending(tracks: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    days = [text.day(_ends_at(track), year=False) for track in tracks]
    if len(tracks) > 1:
        phrase = text._("At this pace, %(slos)s run out of budget.")
        return phrase % {"slos": _each(tracks, days, scene, text)}
    phrase = text._("At this pace, %(slo)s runs out of budget on %(day)s.")
    return phrase % {"slo": scene.name(tracks[0].status, text), "day": days[0]}


def _low(tracks: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    left = [text.budget(track.status.budget_left) for track in tracks]
    if len(tracks) > 1:
        phrase = text._("Little budget is left of %(slos)s.")
        return phrase % {"slos": _each(tracks, left, scene, text)}
    phrase = text._("%(slo)s has %(left)s of its budget left.")
    return phrase % {"slo": scene.name(tracks[0].status, text), "left": left[0]}


def _each(tracks: Sequence[SloTrack], notes: Sequence[str], scene: Scene, text: Text) -> str:
    """Several SLOs, each with a note in brackets, if there is one; of many the first, and how many more."""
    both = text._("%(slo)s (%(note)s)")
    names = [scene.name(track.status, text) for track in tracks]
    told = [both % {"slo": name, "note": note} if note else name for name, note in zip(names, notes, strict=True)]
    if len(told) > _NAMED + 1:
        told = [*told[:_NAMED], text._("%(n)s more") % {"n": text.number(len(told) - _NAMED, 0)}]
    return text.join(told)


@dataclass(frozen=True, slots=True)
class _Story:
    """What burned a budget: how much of it, and the sentence with a placeholder for the budget."""

    lost: float
    sentence: str
    facts: dict[str, str] = field(default_factory=dict)


def _burned(judged: Sequence[SloTrack], last: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    """The story of the budget that lost most, else that there is none; ``last`` were named just before."""
    found = [(story, track) for track in judged if (story := _story(track, scene, text))]
    if not found:
        return _calm(judged, scene, text)
    story, track = max(found, key=lambda each: each[0].lost)
    budget = text._("its budget") if [track] == list(last) else text._("the budget of %(slo)s")
    facts = {"budget": budget % {"slo": scene.name(track.status, text)}, "share": text.budget(story.lost)}
    return story.sentence % {**facts, **story.facts}


def _calm(judged: Sequence[SloTrack], scene: Scene, text: Text) -> str:
    if all(np.isnan(track.burn_down.values).all() for track in judged):
        return ""
    begun = [track.status.figures.observed_since or scene.start for track in judged]
    since = max(scene.start, min(begun, default=scene.start))
    return text._("No noticeable burn since %(since)s.") % {"since": text.day(since, year=False)}


def _story(track: SloTrack, scene: Scene, text: Text) -> _Story | None:
    """A leak or episodes, whichever spent more; where there is neither, much that was spent evenly."""
    leak, burst = _leak(track, scene), _largest(track.burn, scene.start)
    if leak and leak.lost > _BY_MORE * (burst.episode.share_of_budget or 0.0 if burst else 0.0):
        return _leaked(leak, track, text)
    if burst and track.burn:
        return _burst(burst, _in_sight(track.burn, scene.start), text)
    return _by_the_line(track, scene, text)


def _leak(track: SloTrack, scene: Scene) -> Leak | None:
    """The leak of the SLO's own window, as far as it reaches into what is shown."""
    leak = slow_leak(_of_window(track))
    return leak if leak and leak.end > scene.start else None


def _of_window(track: SloTrack) -> Line:
    """How the budget of the SLO's own window was spent: shares of the period's budget are shares of another one."""
    if track.buckets is None:
        return track.burn_down
    figures = track.status.figures
    return burn_down(track.buckets, track.status.slo.definition, figures.start, figures.end)


def _leaked(leak: Leak, track: SloTrack, text: Text) -> _Story:
    """A leak in a sentence; one that would have woken somebody is not called slow."""
    window = track.status.figures.end - track.status.figures.start
    if leak.lost * window > _SLOWEST_PAGE * (leak.end - leak.start):
        return _poured(leak, text)
    facts = {"since": text.day(leak.start, year=False), "until": text.day(leak.end, year=False)}
    if leak.ongoing:
        return _Story(leak.lost, text._("%(share)s of %(budget)s leaked slowly since %(since)s."), facts)
    return _Story(leak.lost, text._("%(share)s of %(budget)s leaked slowly from %(since)s to %(until)s."), facts)


def _poured(leak: Leak, text: Text) -> _Story:
    facts = {"since": text.day(leak.start, year=False), "until": text.day(leak.end, year=False)}
    if leak.ongoing:
        return _Story(leak.lost, text._("%(share)s of %(budget)s was spent evenly since %(since)s."), facts)
    return _Story(leak.lost, text._("%(share)s of %(budget)s was spent evenly from %(since)s to %(until)s."), facts)


def _largest(burn: Burn | None, start: int) -> LetteredEpisode | None:
    """The episode since a moment that spent most of the budget, if that is worth a sentence."""
    shown = [each for each in (burn.shown if burn else ()) if each.episode.end > start]
    largest = max(shown, key=lambda each: each.episode.share_of_budget or 0.0, default=None)
    return largest if largest and (largest.episode.share_of_budget or 0.0) >= NOTICEABLE else None


def _in_sight(burn: Burn, start: int) -> list[Episode]:
    return [episode for episode in burn.ledger.episodes if episode.end > start]


def _burst(largest: LetteredEpisode, episodes: Sequence[Episode], text: Text) -> _Story:
    """The largest episode, or all of them when it spent less than half of what they did."""
    share, every = largest.episode.share_of_budget or 0.0, sum(e.share_of_budget or 0.0 for e in episodes)
    when = text.near_span(largest.episode.start, largest.episode.end)
    facts = {"letter": largest.letter, "when": when, "n": str(len(episodes))}
    if share > every / 2:
        return _Story(share, text._("%(share)s of %(budget)s was spent in episode %(letter)s (%(when)s)."), facts)
    phrase = text._(
        "%(share)s of %(budget)s was spent in %(n)s episodes; the largest was %(letter)s (%(when)s, %(largest)s)."
    )
    return _Story(every, phrase, {**facts, "largest": text.budget(share)})


def _by_the_line(track: SloTrack, scene: Scene, text: Text) -> _Story | None:
    """What a line alone shows: much spent evenly, or an hour that spent much where episodes are not known."""
    figures, line = track.status.figures, _of_window(track)
    since = max(scene.start, figures.start, figures.observed_since or scene.start)
    line = Line(line.times[line.times >= since], line.values[line.times >= since])
    loss = steepest_loss(line)
    if loss is None:
        return None
    if track.burn is None and loss[0] >= NOTICEABLE:
        facts = {"day": text.day(loss[1], year=False)}
        return _Story(loss[0], text._("%(share)s of %(budget)s was spent within an hour on %(day)s."), facts)
    spent, facts = _spent(line), {"since": text.day(since, year=False)}
    phrase = text._("%(share)s of %(budget)s was spent evenly since %(since)s.")
    return _Story(spent, phrase, facts) if spent >= LARGE and is_gradual(line) else None


def steepest_loss(line: Line) -> tuple[float, int] | None:
    """The most that a burn-down lost within an hour, and the end of that hour; None for an empty line."""
    times, values = _known(line)
    if len(values) < 2:
        return None
    before = np.searchsorted(times, times - HOUR, side="left")
    lost = values[before] - values
    worst = int(np.argmax(lost))
    return float(lost[worst]), int(times[worst])


def _spent(line: Line) -> float:
    _, values = _known(line)
    return float(values[0] - values[-1])


def _known(line: Line) -> tuple[IntArray, FloatArray]:
    known = ~np.isnan(line.values)
    return line.times[known], line.values[known]
