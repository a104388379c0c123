"""What a reader sees of the product: the apps that are not hidden from them, and what belongs to these."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from tomoni.access.policy import Grants
from tomoni.catalog.schema import App, Catalog, Problem
from tomoni.review.model import JourneyStanding, Overview, SloStatus
from tomoni.use_cases.background import Live, LiveView
from tomoni.use_cases.configuration import Configuration, Setup
from tomoni.use_cases.unsaid import Names, discreet, tellable

OfApp = TypeVar("OfApp", SloStatus, JourneyStanding)
_FOLDERS = ("apps", "exclusions", "agendas", "risks")
_RULES, _SOURCE = "access", "source:"


class SeenConfiguration(Configuration):
    """The configuration in force without what is hidden from a reader."""

    def __init__(self, whole: Configuration, grants: Grants) -> None:
        self._whole, self._grants = whole, grants
        self._last: tuple[Setup, Setup] | None = None

    @property
    def current(self) -> Setup:
        """The setup that is in force, as this reader sees it."""
        now, last = self._whole.current, self._last
        if last is not None and last[0] is now:
            return last[1]
        catalog, written = (catalog_of(each, self._grants) for each in (now.catalog, now.written))
        sources = {id_: source for id_, source in now.sources.items() if id_ in catalog.sources}
        seen = replace(now, catalog=catalog, written=written, sources=sources)
        self._last = (now, seen)
        return seen

    @property
    def unsaid(self) -> Names:
        """The names of the apps that are hidden from this reader."""
        catalog = self._whole.current.catalog
        return Names.of(catalog, {app.id for app in catalog.apps if not self._grants.sees(app.id)})

    def reload_changed_files(self) -> None:
        """Reloads the configuration for everybody if a file changed."""
        self._whole.reload_changed_files()

    def fetch_native_definitions(self, now: int, source: str | None = None) -> None:
        """Fetches for everybody what sources define, where it is due."""
        self._whole.fetch_native_definitions(now, source)

    def close(self) -> None:
        """Closes the connections of all sources."""
        self._whole.close()


class SeenLive(LiveView):
    """What live pages show of the apps that a reader sees."""

    def __init__(self, whole: LiveView, grants: Grants, configuration: SeenConfiguration) -> None:
        self._whole, self._grants, self._configuration = whole, grants, configuration
        self._last: tuple[Live, Live] | None = None

    def current(self) -> Live:
        """The newest drawing, the same value for as long as it is the newest."""
        now, last = self._whole.current(), self._last
        if last is not None and last[0] is now:
            return last[1]
        seen = replace(now, overview=self._of(now.overview))
        self._last = (now, seen)
        return seen

    def _of(self, overview: Overview) -> Overview:
        sees, names = self._grants.sees, self._configuration.unsaid
        sources = self._configuration.current.catalog.sources
        return replace(
            overview,
            statuses=tuple(_of_app(each, names) for each in overview.statuses if sees(each.app.id)),
            journeys=tuple(_of_app(each, names) for each in overview.journeys if sees(each.app.id)),
            problems=tuple(each for each in overview.problems if each.source in sources),
        )

    def redraw(self) -> Live:
        """Draws anew for everybody."""
        self._whole.redraw()
        return self.current()


def _of_app(each: OfApp, names: Names) -> OfApp:
    """A value about an app, with the app as a reader sees it."""
    app = discreet(each.app, names)
    return each if app is each.app else replace(each, app=app)


def catalog_of(catalog: Catalog, grants: Grants) -> Catalog:
    """A catalog without what is hidden from a reader."""
    hidden = frozenset(app.id for app in catalog.apps if not grants.sees(app.id))
    names, others = Names.of(catalog, hidden), _sources_of(catalog, hidden)
    concerning = _Concerning(catalog, grants, others)
    told = (tellable(problem, names) for problem in catalog.problems if concerning.tells(problem))
    return replace(
        catalog,
        apps=tuple(discreet(app, names) for app in catalog.apps if grants.sees(app.id)),
        sources={id_: each for id_, each in catalog.sources.items() if id_ not in others},
        problems=tuple(problem for problem in told if problem is not None),
        spots={place: spot for place, spot in catalog.spots.items() if _is_seen(place, grants, others)},
        held={place: spot for place, spot in catalog.held.items() if grants.sees(place.partition("/")[0])},
    )


def _sources_of(catalog: Catalog, hidden: Collection[str]) -> frozenset[str]:
    """The sources that nothing but hidden apps uses: they are named after these as often as not."""
    theirs = frozenset(source for app in catalog.apps if app.id in hidden for source in _used(app))
    return theirs - {source for app in catalog.apps if app.id not in hidden for source in _used(app)}


def _used(app: App) -> Iterator[str]:
    yield from (slo.source for journey in app.journeys for slo in journey.slos)
    yield from (signal.source for signal in app.infra)
    yield from (feed.source for feed in app.events)


def _is_seen(place: str, grants: Grants, others: Collection[str]) -> bool:
    """Whether a place of `Catalog.spots` is one of what a reader sees."""
    if place.startswith(_SOURCE):
        return place.removeprefix(_SOURCE) not in others
    return not place or ":" in place or grants.sees(place.partition("/")[0])


class _Concerning:
    """Which problems are of what a reader sees, by their files and their elements. What is wrong with
    the rules of access is told to admins; where they cannot be read, by whoever reads them (`unread_rules`)."""

    def __init__(self, catalog: Catalog, grants: Grants, others: Collection[str]) -> None:
        self._grants, self._others = grants, others
        self._owners = {app.file: app.id for app in catalog.apps}
        # A file that nobody can read may be that of a hidden app, by whatever name.
        self._any_missing = bool(grants.unseen - {app.id for app in catalog.apps})

    def tells(self, problem: Problem) -> bool:
        """Whether a reader is told of a problem."""
        file = PurePath(problem.spot.file)
        if file.stem == _RULES or not _is_seen(problem.element, self._grants, self._others):
            return False
        if file.parent.name not in _FOLDERS:
            return True
        owner = self._owners.get(problem.spot.file)
        if owner is None and self._any_missing and file.stem not in self._owners.values():
            return False
        return self._grants.sees(file.stem if owner is None else owner)
