"""Which level of an app's file a key belongs to, for a key that stands on another one.

Only keys of a single level are here: one that several know (``title``, ``source``, ``alerts``) is at home nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

_KEYS: Mapping[str, str] = {
    "app": "teams timezone links review tickets events ledger policy journeys groups infra",
    "journey": "composite slos steps unmeasured",
    "slo": "objective window method slice no_data min_events judge_after silence split_by alerting sli",
    "sli": "total bad histogram under gauge good_when distribution range rate ratio counts",
    "signal": "query unit limit direction group",
}
LEVELS: Mapping[str, frozenset[str]] = {level: frozenset(keys.split()) for level, keys in _KEYS.items()}


def level_of(key: str, here: str) -> str:
    """The level that a key belongs to, if it is another one than ``here``; empty where neither is known."""
    return next((level for level, keys in LEVELS.items() if here and key in keys and level != here), "")
