"""How well alerts found what burned: precision, recall, detection time and reset time.

Source: The Site Reliability Workbook, chapter 5 (Alerting on SLOs). Its significant events are the episodes that took
at least a hundredth of the budget of the SLO's own window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median

from tomoni.slo.episodes import NOTICEABLE, Episode, burn_ledger
from tomoni.slo.model import HOUR, MINUTE, Buckets, Definition
from tomoni.slo.periods import whole_window

LATE_SECONDS = HOUR  # an alert so long after an episode still belongs to it
_TOGETHER_SECONDS = 5 * MINUTE  # alerts of one name that are less apart are one


@dataclass(frozen=True, slots=True)
class FiredAlert:
    """An alert that fired from ``start`` to ``end`` (Unix seconds; None: its end was never told).

    ``slo`` is the path of the SLO that it is about, empty where it is about the app. ``ids`` are the events that told
    of it; ``before`` says that it may have begun earlier. ``title`` and ``name`` are what somebody wrote.
    """

    ids: tuple[str, ...]
    start: int
    end: int | None
    title: str
    name: str = ""
    severity: str = ""
    slo: str = ""
    url: str = ""
    before: bool = False


def merged_alerts(alerts: Iterable[FiredAlert]) -> tuple[FiredAlert, ...]:
    """The alerts with what several senders or replicas told of the same one put together, in order of time.

    Alerts of one name, severity and SLO that overlap are one. Where an end was never told only the beginning is known,
    so that an alert that was never resolved does not swallow those after it.
    """
    found: list[FiredAlert] = []
    open_: dict[tuple[str, str, str], int] = {}
    for alert in sorted(alerts, key=lambda each: (each.start, each.ids)):
        key = (alert.name or alert.title, alert.severity, alert.slo)
        place = open_.get(key)
        if place is not None and alert.start <= _reach(found[place]) + _TOGETHER_SECONDS:
            found[place] = _together(found[place], alert)
        else:
            open_[key] = len(found)
            found.append(alert)
    return tuple(found)


def _reach(alert: FiredAlert) -> int:
    return alert.start if alert.end is None else alert.end


def _together(one: FiredAlert, other: FiredAlert) -> FiredAlert:
    ends = [each for each in (one.end, other.end) if each is not None]
    return replace(one, ids=(*one.ids, *other.ids), end=max(ends, default=None), url=one.url or other.url)


@dataclass(frozen=True, slots=True)
class JudgedAlert:
    """An alert of the period, and how many episodes it belongs to."""

    alert: FiredAlert
    episodes: int


@dataclass(frozen=True, slots=True)
class JudgedEpisode:
    """An episode of an SLO (its path) with the first alert that belongs to it, None where none fired.

    ``detected`` is how many seconds after its beginning that alert fired (0: it fired already), ``reset`` how many
    seconds after its end the last of its alerts still fired (None: no alert, or an end that was never told).
    ``would_fire`` is when a rule of the SLO would have fired by the ledger (None: none would have).
    """

    slo: str
    episode: Episode
    first: FiredAlert | None
    detected: int | None
    reset: int | None
    would_fire: int | None


@dataclass(frozen=True, slots=True)
class AlertQuality:
    """The alerts that fired in ``[start, end)`` and the episodes of these days, both in order of time.

    ``without_budget`` are the SLOs (their paths) of which nothing may be bad: an alert can belong to what was bad
    there, but no share of a budget makes it an episode that an alert should have found.
    """

    start: int
    end: int
    alerts: tuple[JudgedAlert, ...]
    episodes: tuple[JudgedEpisode, ...]
    without_budget: tuple[str, ...] = ()

    @property
    def precise(self) -> int:
        """How many alerts belong to an episode."""
        return sum(each.episodes > 0 for each in self.alerts)

    @property
    def found(self) -> int:
        """How many episodes have an alert."""
        return sum(each.first is not None for each in self.episodes)

    @property
    def precision(self) -> float | None:
        """The share of the alerts that belong to an episode; None where none fired."""
        return self.precise / len(self.alerts) if self.alerts else None

    @property
    def recall(self) -> float | None:
        """The share of the episodes that have an alert; None where nothing burned."""
        return self.found / len(self.episodes) if self.episodes else None

    @property
    def detection(self) -> tuple[float, int] | None:
        """The median and the longest time from the beginning of an episode to its first alert, seconds."""
        return _spread([each.detected for each in self.episodes])

    @property
    def reset(self) -> tuple[float, int] | None:
        """The median and the longest time from the end of an episode to the end of its alerts, seconds."""
        return _spread([each.reset for each in self.episodes])


def _spread(values: Sequence[int | None]) -> tuple[float, int] | None:
    known = [value for value in values if value is not None]
    return (float(median(known)), max(known)) if known else None


def significant(buckets: Buckets, definition: Definition, start: int, end: int) -> tuple[Episode, ...]:
    """The episodes of a period that took at least a hundredth of the budget of the SLO's own window, at the traffic of
    the period, however long or short that is; their shares are of that budget."""
    first = max(start, buckets.start)
    if end <= first:
        return ()
    windows = Fraction(end - first, whole_window(definition.window, end).seconds)
    found = burn_ledger(buckets, definition, first, end, NOTICEABLE / windows).episodes
    return tuple(replace(each, share_of_budget=_scaled(each.share_of_budget, windows)) for each in found)


def _scaled(share: float | None, windows: Fraction) -> float | None:
    return None if share is None else float(share * windows)


@dataclass(frozen=True, slots=True)
class Burned:
    """The episodes of an SLO (its path) in a period, and when its own rules would have fired, with their ends; whether
    it has a budget at all."""

    slo: str
    episodes: tuple[Episode, ...]
    would_fire: tuple[tuple[int, int | None], ...] = ()
    has_budget: bool = True


def alert_quality(alerts: Sequence[FiredAlert], burned: Sequence[Burned], start: int, end: int) -> AlertQuality:
    """Alerts against episodes. An alert belongs to an episode that it touches, or that ended at most an hour before
    it; one about an SLO only to episodes of that SLO. Of one without an end only the beginning counts."""
    fired = [each for each in merged_alerts(alerts) if each.start < end]
    within = [(each.slo, episode) for each in burned for episode in each.episodes]
    judged = (
        JudgedAlert(alert, sum(_belongs(alert, slo, episode) for slo, episode in within))
        for alert in fired
        if alert.start >= start
    )
    episodes = [_judged(fired, each, episode) for each in burned if each.has_budget for episode in each.episodes]
    episodes.sort(key=lambda each: (each.episode.start, each.slo))
    return AlertQuality(
        start, end, tuple(judged), tuple(episodes), tuple(each.slo for each in burned if not each.has_budget)
    )


def _judged(fired: Sequence[FiredAlert], burned: Burned, episode: Episode) -> JudgedEpisode:
    own = [alert for alert in fired if _belongs(alert, burned.slo, episode)]
    ends = [alert.end for alert in own]
    known = [end for end in ends if end is not None]
    rules = [max(start, episode.start) for start, end in burned.would_fire if _touches(start, end, episode)]
    return JudgedEpisode(
        slo=burned.slo,
        episode=episode,
        first=own[0] if own else None,
        detected=max(own[0].start - episode.start, 0) if own else None,
        reset=max(max(known) - episode.end, 0) if known and len(known) == len(ends) else None,
        would_fire=min(rules, default=None),
    )


def _belongs(alert: FiredAlert, slo: str, episode: Episode) -> bool:
    return alert.slo in ("", slo) and _touches(
        alert.start, alert.start + 1 if alert.end is None else alert.end, episode
    )


def _touches(start: int, end: int | None, episode: Episode) -> bool:
    return start < episode.end + LATE_SECONDS and (end is None or end > episode.start or start == episode.start)
