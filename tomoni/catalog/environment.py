"""Variables of the environment that look like settings of Tomoni and are none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import SequenceMatcher

from tomoni.catalog.codes import Code, listed, nearest, severity_of
from tomoni.catalog.schema import Problem, Spot

PREFIX = "TOMONI_"
# What container platforms set for a service that is named tomoni, and what the tests of Tomoni read.
_OF_OTHERS = re.compile(r"TOMONI_(SERVICE_.*|PORT(_.*)?|ENV_.*|NAME|TEST_.*)")
_SIMILAR = 0.8
WHERE = "environment"


def unknown_variables(written: Iterable[str], settings: Collection[str], used: Collection[str]) -> Iterator[Problem]:
    """A warning for each variable that is probably a mistyped setting; ``used`` are named in the files."""
    known = {setting.removeprefix(PREFIX): setting for setting in settings}
    for name in sorted(set(written) - set(used)):
        if name.upper() in settings or _OF_OTHERS.fullmatch(name) or not _is_like_ours(name):
            continue
        facts: dict[str, str | int | float] = {
            "name": name,
            "nearest": known.get(nearest(name.partition("_")[2].upper(), known), ""),
            "known": listed(settings),
        }
        yield Problem(Spot(WHERE), severity_of(Code.UNKNOWN_VARIABLE), Code.UNKNOWN_VARIABLE, facts)


def _is_like_ours(name: str) -> bool:
    """Whether a name begins with the prefix of settings, or nearly so."""
    first, separator, _ = name.upper().partition("_")
    return bool(separator) and SequenceMatcher(None, first, PREFIX[:-1]).ratio() >= _SIMILAR
