"""Which definition of an SLO was in force when, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tomoni.catalog.schema import App, DefinitionVersion, Journey, Slo
from tomoni.review.desk import path_of
from tomoni.review.model import DefinitionChange

Versions = Mapping[str, tuple[DefinitionVersion, ...]]


def in_force(versions: Sequence[DefinitionVersion], at: int) -> DefinitionVersion | None:
    """The version in force at a moment: the last that was seen by then.

    Before the first was seen nobody has read a figure: there it is the last of all, so that history
    that was fetched later is read as it is defined today.
    """
    seen = [version for version in versions if version.first_seen <= at]
    known = seen or list(versions)
    return known[-1] if known else None


def superseded(versions: Sequence[DefinitionVersion], at: int) -> DefinitionVersion | None:
    """The version in force at a moment if another has taken its place since; else None."""
    version = in_force(versions, at)
    return version if versions and version is not versions[-1] else None


def apps_as_of(
    apps: Iterable[App], versions: Versions, at: int, as_defined: Callable[[Slo, DefinitionVersion], Slo | None]
) -> tuple[App, ...]:
    """The apps with the definitions that were in force at a moment, where others took their place.

    ``as_defined`` gives an SLO the content of another version, or None where it cannot be read; then
    the SLO stays as it is.
    """

    if not any(superseded(known, at) for known in versions.values()):
        return tuple(apps)

    def then(app: App, journey: Journey, slo: Slo) -> Slo:
        old = superseded(versions.get(path_of((app, journey, slo)), ()), at)
        return slo if old is None else as_defined(slo, old) or slo

    def journeys_of(app: App) -> tuple[Journey, ...]:
        return tuple(replace(j, slos=tuple(then(app, j, slo) for slo in j.slos)) for j in app.journeys)

    return tuple(replace(app, journeys=journeys_of(app)) for app in apps)


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
