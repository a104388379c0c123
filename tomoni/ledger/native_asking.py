"""Asking sources about SLOs of their own: a few at once, sources side by side, errors as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from data_sources.base import KeepsSlos, Source
from data_sources.errors import NotFound, QueryRefused, SourceError
from tomoni.catalog.schema import NativeName

_AT_ONCE = 4
# What says something of one SLO alone. Any other error is its source's, and the rest is not asked.
_OF_ONE = (NotFound, QueryRefused)
T = TypeVar("T")
Ask = Callable[[KeepsSlos, NativeName], T]


def asked(sources: Mapping[str, Source], names: Iterable[NativeName], ask: Ask[T]) -> dict[NativeName, T | SourceError]:
    """What each SLO's source says, or why it does not; SLOs of sources that keep none are left out."""
    by_source: defaultdict[str, list[NativeName]] = defaultdict(list)
    for name in names:
        by_source[name[0]].append(name)
    keepers = {source_id: source for source_id in by_source if isinstance(source := sources.get(source_id), KeepsSlos)}
    if not keepers:
        return {}
    with ThreadPoolExecutor(len(keepers), thread_name_prefix="native") as pool:
        parts = pool.map(lambda one: _of_source(one[1], by_source[one[0]], ask), keepers.items())
        return {name: answer for part in parts for name, answer in part.items()}


def _of_source(source: KeepsSlos, names: Sequence[NativeName], ask: Ask[T]) -> dict[NativeName, T | SourceError]:
    found: dict[NativeName, T | SourceError] = {}
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="native-slos") as pool:
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            found |= zip(some, pool.map(lambda name: _one(source, name, ask), some), strict=True)
            failed = (found[name] for name in some)
            stop = next((e for e in failed if isinstance(e, SourceError) and not isinstance(e, _OF_ONE)), None)
            if stop is not None:
                return {name: found.get(name, stop) for name in names}
    return found


def _one(source: KeepsSlos, name: NativeName, ask: Ask[T]) -> T | SourceError:
    try:
        return ask(source, name)
    except SourceError as error:
        return error
    except Exception as error:  # one broken adapter must not keep the others from being asked
        return SourceError(name[0], facts={"exception": type(error).__name__})
