"""The names that were probably meant: by spelling, among tens of thousands in a few milliseconds."""

# rapidfuzz is imported with the first name that is not found.
# ruff: noqa: PLC0415

from __future__ import annotations

import re
from collections.abc import Iterable

_SIMILAR = 78.0  # of 100; below, a name is rather another one than a misspelling
_REORDERED = 90.0
_MOST = 3
_MOST_NAMES = 50_000


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three known names that are spelled like a name, the most similar first; none is better
    than a wrong one. Of more than 50 000 names only as many are looked at."""
    from rapidfuzz import fuzz, process

    names = [each for _, each in zip(range(_MOST_NAMES), known, strict=False)]
    found = process.extract(name, names, scorer=fuzz.ratio, processor=str.lower, limit=_MOST, score_cutoff=_SIMILAR)
    if not found:
        found = process.extract(
            name, names, scorer=fuzz.token_sort_ratio, processor=_words, limit=_MOST, score_cutoff=_REORDERED
        )
    return tuple(each for each, _score, _place in found)


def _words(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower())
