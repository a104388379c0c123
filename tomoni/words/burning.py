"""What moved with an episode, and what a budget comes to if things go on, in a few words."""

from __future__ import annotations

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
        return text._("at this pace lasts to %(day)s") % {"day": text.day(forecast.exhausts_at, year=False)}
    if forecast.recovers_at is not None:
        return text._("back above zero on %(day)s") % {"day": text.day(forecast.recovers_at, year=False)}
    return ""
