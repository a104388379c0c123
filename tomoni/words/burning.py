"""What moved with an episode, what a budget comes to if things go on, and how much history there is, in a few words."""

from __future__ import annotations

from tomoni.review.model import SloStatus
from tomoni.slo.co_movement import DEPARTED, Movement
from tomoni.slo.lines import Forecast
from tomoni.words.text import Text

_SAME_TIME_SECONDS = 60


def shift(movement: Movement, text: Text) -> str:
    """How far a signal moved, in spreads of its usual: "+18 MAD"; one that never moved before has no spread."""
    if movement.shift is None:
        return text._("too few points")
    if movement.z is None:
        return text._("never moved before")
    decimals = 0 if abs(movement.z) >= 10 else 1
    return text._("%(n)s MAD") % {"n": ("+" if movement.z > 0 else "") + text.number(movement.z, decimals)}


def began(movement: Movement, text: Text) -> str:
    """When a signal left its usual beside the start of the episode: "5 min before"."""
    seconds = movement.lead_seconds
    if seconds is None:
        return text.number(None)
    if abs(seconds) < _SAME_TIME_SECONDS:
        return text._("same time")
    phrase = text._("%(length)s before") if seconds < 0 else text._("%(length)s after")
    return phrase % {"length": text.duration(abs(seconds))}


def departed(movement: Movement) -> bool:
    """Whether a signal left its usual: far away from it, or off a value at which it always was."""
    return movement.shift not in (None, 0.0) and (movement.z is None or abs(movement.z) >= DEPARTED)


def outlook(forecast: Forecast | None, text: Text) -> str:
    """When a budget runs out or comes back, if things go on as they do; empty where neither is in sight."""
    if forecast is None:
        return ""
    if forecast.exhausts_at is not None:
        return text._("at this pace lasts until %(day)s") % {"day": text.day(forecast.exhausts_at, year=False)}
    if forecast.recovers_at is not None:
        return text._("back above zero on %(day)s") % {"day": text.day(forecast.recovers_at, year=False)}
    return ""


def first_part(status: SloStatus, text: Text) -> str:
    """Of how much history the numbers are while it is too short for a verdict: "of the first 3 h"."""
    figures = status.figures
    since = figures.start if figures.observed_since is None else figures.observed_since
    return text._("of the first %(length)s") % {"length": text.duration(max(figures.end - since, 0))}


def silence(status: SloStatus, text: Text) -> str:
    """Since when the source has had nothing any more; empty while data comes."""
    for notice in status.notices:
        if notice.code == "silent":
            return text._("nothing since %(moment)s") % {"moment": text.near_moment(float(notice.facts["since"]))}
    return ""
