"""Which definition of an SLO was in force when, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from catalog.schema import DefinitionVersion
from review.model import DefinitionChange


def in_force(versions: Sequence[DefinitionVersion], at: int) -> DefinitionVersion | None:
    """The version in force at a moment: the last that was seen by then.

    Before the first was seen nobody has read a figure: there it is the last of all, so that history
    that was fetched later is read as it is defined today.
    """
    seen = [version for version in versions if version.first_seen <= at]
    return (seen or list(versions) or [None])[-1]


def changes(versions: Sequence[DefinitionVersion], start: int, end: int) -> tuple[DefinitionChange, ...]:
    """What changed in ``(start, end]``, in order of time."""
    return tuple(
        DefinitionChange(after.first_seen, tuple(_changed(before, after)), before, after)
        for before, after in pairwise(versions)
        if start < after.first_seen <= end
    )


def _changed(before: DefinitionVersion, after: DefinitionVersion) -> Iterator[str]:
    keys = sorted({*before.body, *after.body})
    yield from (key for key in keys if before.body.get(key) != after.body.get(key))
