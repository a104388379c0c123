"""What a reader sees of the product: the apps that are not hidden from them, and what belongs to these."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from tomoni.access.policy import Grants
from tomoni.catalog.schema import Catalog, Problem
from tomoni.review.model import Overview
from tomoni.use_cases.background import Live, LiveView
from tomoni.use_cases.configuration import Configuration, Setup

_FOLDERS = ("apps", "exclusions", "agendas", "risks")


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
        catalog, written = (_of_catalog(each, self._grants) for each in (now.catalog, now.written))
        seen = replace(now, catalog=catalog, written=written)
        self._last = (now, seen)
        return seen

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

    def __init__(self, whole: LiveView, grants: Grants) -> None:
        self._whole, self._grants = whole, grants
        self._last: tuple[Live, Live] | None = None

    def current(self) -> Live:
        """The newest drawing, the same value for as long as it is the newest."""
        now, last = self._whole.current(), self._last
        if last is not None and last[0] is now:
            return last[1]
        seen = replace(now, overview=_of_overview(now.overview, self._grants))
        self._last = (now, seen)
        return seen

    def redraw(self) -> Live:
        """Draws anew for everybody."""
        self._whole.redraw()
        return self.current()


def _of_overview(overview: Overview, grants: Grants) -> Overview:
    return replace(
        overview,
        statuses=tuple(each for each in overview.statuses if grants.sees(each.app.id)),
        journeys=tuple(each for each in overview.journeys if grants.sees(each.app.id)),
    )


def _of_catalog(catalog: Catalog, grants: Grants) -> Catalog:
    return replace(
        catalog,
        apps=tuple(app for app in catalog.apps if grants.sees(app.id)),
        problems=tuple(problem for problem in catalog.problems if _concerns(problem, grants)),
        spots={place: spot for place, spot in catalog.spots.items() if grants.sees(place.partition("/")[0])},
        held={place: spot for place, spot in catalog.held.items() if grants.sees(place.partition("/")[0])},
    )


def _concerns(problem: Problem, grants: Grants) -> bool:
    """Whether a problem is one of what a reader sees, by its file and its element."""
    file = PurePath(problem.spot.file)
    of_app = file.parent.name in _FOLDERS and not grants.sees(file.stem)
    element = problem.element.partition("/")[0]
    return not of_app and (not element or ":" in element or grants.sees(element))
