"""What the process that asks the sources tells the others of itself, as JSON in its lease."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, TypeVar

from tomoni.catalog.for_reviews import EventFeed
from tomoni.catalog.schema import App
from tomoni.review.model import SourceProblem
from tomoni.store.leases import Lease
from tomoni.use_cases.background import Progress
from tomoni.use_cases.collecting import Collecting
from tomoni.use_cases.event_feeds import EventFeeds, FailingFeed
from tomoni.use_cases.refreshing import SourceRefresh, SourceRefreshes

K = TypeVar("K")
V = TypeVar("V")


class News:
    """How the sources do: as this process knows it where it asks them, or where nobody has told it of another; else as
    that one tells it."""

    def __init__(self, refreshes: SourceRefreshes, feeds: EventFeeds, collecting: Collecting) -> None:
        self._refreshes, self._feeds, self._collecting = refreshes, feeds, collecting

    def report(self, apps: Iterable[App]) -> dict[str, Any]:
        """What the others are told: how each source does, how far the refresh has come, and the feeds that fail."""
        progress = self._refreshes.progress
        return {
            "sources": {id_: asdict(state) for id_, state in self._refreshes.states.items()},
            "progress": None if progress is None else asdict(progress),
            "feeds": [[each.app, _name(each.feed), asdict(each.problem)] for each in self._feeds.failing(apps)],
        }

    @property
    def states(self) -> Mapping[str, SourceRefresh]:
        """How each source does by its id; of a process that is gone nothing runs any more."""
        lease = self._others
        if lease is None:
            return self._refreshes.states
        found = dict(_read(SourceRefresh, lease.report.get("sources", {}).items()))
        return found if lease.is_held else {id_: replace(state, began=None) for id_, state in found.items()}

    @property
    def progress(self) -> Progress | None:
        """How far the refresh has come; None while none runs."""
        lease = self._others
        if lease is None:
            return self._refreshes.progress
        told = lease.report.get("progress") if lease.is_held else None
        return next((progress for _, progress in _read(Progress, [("", told)])), None) if told else None

    def failing(self, apps: Sequence[App]) -> tuple[FailingFeed, ...]:
        """The feeds of some apps that fail."""
        lease = self._others
        if lease is None:
            return self._feeds.failing(apps)
        told = (((app, feed), problem) for app, feed, problem in lease.report.get("feeds", []))
        known = dict(_read(SourceProblem, told))
        feeds = ((app.id, feed) for app in apps for feed in app.events)
        return tuple(
            FailingFeed(app, feed, known[app, _name(feed)]) for app, feed in feeds if (app, _name(feed)) in known
        )

    @property
    def _others(self) -> Lease | None:
        """The lease with what another process tells, if one tells anything."""
        lease = self._collecting.lease
        return None if self._collecting.holds or lease is None or not lease.report else lease


def _read(kind: type[V], told: Iterable[tuple[K, Mapping[str, Any]]]) -> Iterator[tuple[K, V]]:
    """Values of a kind; what another version tells in another way is left out."""
    for name, fields in told:
        with suppress(TypeError):
            yield name, kind(**fields)


def _name(feed: EventFeed) -> str:
    return f"{feed.source} {feed.query or feed.file}"
