"""Budgets in a few words: the policy that applies, alerts, what moved with an episode, forecasts, and history."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import Policy
from tomoni.review.model import PolicyStanding, SloStatus
from tomoni.slo.alerts import Firing, factor
from tomoni.slo.co_movement import DEPARTED, Movement
from tomoni.slo.lines import Forecast
from tomoni.slo.model import VERDICTS, Alert, AlertRule, Definition, RollingWindow
from tomoni.words import states
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_SAME_TIME_SECONDS = 60


def level(standing: PolicyStanding, text: Text) -> str:
    """The current policy level and since when it applies: "With care, below 25%, since 18 Nov"."""
    reached = standing.level
    if standing.since is None:
        return text._("The state of this budget is unknown at the moment.")
    since = {"day": text.day(standing.since, year=False)}
    after = text._("since %(day)s or longer") % since if standing.or_longer else text._("since %(day)s") % since
    if reached is None:
        return text._("Nothing is required, %(since)s.") % {"since": after}
    return text.listed([below(reached.below, text), after])


def below(share: float, text: Text) -> str:
    """The start of a level: "below 25%", or "budget exhausted"."""
    return text._("below %(share)s") % {"share": text.budget(share)} if share > 0 else text._("budget exhausted")


def ahead(standing: PolicyStanding, text: Text) -> str:
    """The next level down: "Next: Reliability first, budget exhausted"; empty after the last."""
    here = standing.level.below if standing.level else 2.0
    lower = [each for each in standing.policy.levels if each.below < here]
    if not lower:
        return ""
    facts = {"level": plain(lower[0].title(text.language)), "below": below(lower[0].below, text)}
    return text._("Next: %(level)s (%(below)s)") % facts


def agreed_on(policy: Policy, text: Text) -> str:
    """When the teams agreed on a policy; empty if no date is given."""
    if policy.agreed is None:
        return ""
    day = datetime(policy.agreed.year, policy.agreed.month, policy.agreed.day, tzinfo=ZoneInfo(text.zone))
    return text._("Agreed on %(day)s") % {"day": text.day(day.timestamp())}


def alert(each: Alert, text: Text) -> str:
    """A burn alert: "page, 1 h / 5 min above 13.4×"."""
    facts = {**_windows(each, text), "factor": text.burn(each.factor)}
    return text._("%(severity)s, %(long)s / %(short)s above %(factor)s") % facts


def rule(each: AlertRule, definition: Definition, text: Text) -> str:
    """A burn alert by its severity and windows; with its factor if all windows have the same length."""
    window, facts = definition.window, _windows(each, text)
    if not isinstance(window, RollingWindow):
        return text._("%(severity)s, %(long)s / %(short)s") % facts
    facts["factor"] = text.burn(float(factor(each, window.seconds)))
    return text._("%(severity)s, %(long)s / %(short)s above %(factor)s") % facts


def _windows(each: Alert | AlertRule, text: Text) -> dict[str, str]:
    return {
        "severity": text._(states.SEVERITIES[each.severity]),
        "long": text.duration(each.long_seconds),
        "short": text.duration(each.short_seconds),
    }


def fired(firing: Firing, text: Text) -> str:
    """When a rule fired: "18 Nov, 14:10–15:05"."""
    if firing.end is None:
        return text._("since %(moment)s") % {"moment": text.near_moment(firing.start)}
    return text.near_span(firing.start, firing.end)


def shift(movement: Movement, text: Text) -> str:
    """How far a signal moved, in MADs of its usual values: "+18 MAD"; a signal that never moved has no MAD."""
    if movement.shift is None:
        return text._("too few points")
    if movement.z is None:
        return text._("never moved before")
    decimals = 0 if abs(movement.z) >= 10 else 1
    return text._("%(n)s MAD") % {"n": ("+" if movement.z > 0 else "") + text.number(movement.z, decimals)}


def began(movement: Movement, text: Text) -> str:
    """When a signal left its usual range, relative to the start of the episode: "5 min before"."""
    seconds = movement.lead_seconds
    if seconds is None:
        return text.number(None)
    if abs(seconds) < _SAME_TIME_SECONDS:
        return text._("same time")
    phrase = text._("%(length)s before") if seconds < 0 else text._("%(length)s after")
    return phrase % {"length": text.duration(abs(seconds))}


def departed(movement: Movement) -> bool:
    """Whether a signal left its usual range, or a value that it always had."""
    return movement.shift not in (None, 0.0) and (movement.z is None or abs(movement.z) >= DEPARTED)


def outlook(forecast: Forecast | None, text: Text) -> str:
    """When a budget runs out or recovers at the current pace, or that neither is in sight; empty without a
    forecast."""
    if forecast is None or forecast.bad_ratio is None:
        return ""
    if forecast.exhausts_at is not None:
        return text._("at this pace lasts until %(day)s") % {"day": text.day(forecast.exhausts_at, year=False)}
    if forecast.recovers_at is not None:
        return text._("back above zero on %(day)s") % {"day": text.day(forecast.recovers_at, year=False)}
    length = {"length": text.duration(int(forecast.line.times[-1] - forecast.line.times[0]))}
    if forecast.line.values[0] > 0:
        return text._("at this pace lasts for %(length)s and more") % length
    return text._("at this pace not back within %(length)s") % length


def change_in_a_week(difference: float, text: Text) -> str:
    """How far a budget moved in 7 days: "▼ 44 points in 7 days"."""
    points = text.points(difference)
    if points.strip("+-0.,") == "":
        return text._("no change in 7 days")
    shown = points.lstrip("+-")
    words = text.n_("%(points)s point in 7 days", "%(points)s points in 7 days", 1 if shown == "1" else 2)
    return f"{'▼' if difference < 0 else '▲'} {words % {'points': shown}}"


def observed(status: SloStatus, text: Text) -> str:
    """How much of the window was observed: "98.2% observed"; empty while there is no verdict, which says why."""
    if status.figures.state not in VERDICTS:
        return ""
    return text._("%(share)s observed") % {"share": text.percent(status.figures.coverage)}


def first_part(status: SloStatus, text: Text) -> str:
    """How much history the numbers cover while it is too short for a verdict: "of the first 3 h"."""
    figures = status.figures
    since = figures.start if figures.observed_since is None else figures.observed_since
    return text._("of the first %(length)s") % {"length": text.duration(max(figures.end - since, 0))}


def silence(status: SloStatus, text: Text) -> str:
    """Since when the source has had no data; empty while data arrives."""
    since = silent_since(status)
    return "" if since is None else text._("nothing since %(moment)s") % {"moment": text.near_moment(since)}


def silent_since(status: SloStatus) -> float | None:
    """The moment since which the source has had no data, Unix seconds; None while data arrives."""
    return next((float(notice.facts["since"]) for notice in status.notices if notice.code == "silent"), None)


def wholly_excluded(status: SloStatus) -> bool:
    """Whether nothing of the window counts, because all of it is excluded."""
    figures = status.figures
    return 0 < figures.end - figures.start <= figures.excluded_seconds
