"""A static site of all apps: how they stand, their snapshots, what changed, and how to read it.

Any web server or bucket can serve it. Its pages are documents like all others and share one plotly.js.
A snapshot's page is written once: what is frozen does not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plotly.offline import get_plotlyjs

from tomoni.catalog.schema import App
from tomoni.languages import LANGUAGES
from tomoni.meetings.published import ToldKind, of_app
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.html.page import Site, page
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.snapshots.minutes import minutes
from tomoni.snapshots.portal_pages import (
    AppSnapshots,
    Portal,
    address_of,
    app_page,
    deleted_page,
    distinct,
    framed,
    guide_page,
    list_address,
    list_page,
    start,
)
from tomoni.snapshots.record.listing import DeletedSnapshot, ListedSnapshot
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.spread.contents import feeds, search_entries, search_words
from tomoni.snapshots.spread.feeds import Feed, atom
from tomoni.snapshots.spread.finding import search_files
from tomoni.snapshots.spread.monthly import address_of as report_address
from tomoni.snapshots.spread.monthly import report_document
from tomoni.snapshots.spread.pages import (
    SEARCH,
    Places,
    actions_section,
    minutes_address,
    minutes_page,
    postmortem_page,
    search_page,
    team_address,
    team_page,
    teams_section,
    written_section,
)
from tomoni.snapshots.spread.practices import PRACTICES, app_practices_section, practices_section
from tomoni.words.text import Text, text_for

LIBRARY = "assets/plotly.js"
ON_A_PAGE = 50  # snapshots of a list
_TRACE = "tomoni.portal.deleted"  # what a page says of itself to programs in the place of a deleted snapshot
_LARGEST_TRACE = 100_000  # bytes of such a page


@dataclass(frozen=True, slots=True, eq=False)
class WrittenPortal:
    """The files that were written, and why some snapshots could not be read, by their hashes."""

    files: Sequence[Path]
    failed: Mapping[str, SnapshotError]


def write_portal(portal: Portal, folder: Path) -> WrittenPortal:
    """Writes the site, each file whole or not at all. Raises SnapshotError."""
    make_folder(folder / "assets")
    written = _library(folder)
    failed: dict[str, SnapshotError] = {}
    for language in LANGUAGES:
        home = folder if language == "en" else folder / language
        for inner in ("apps", "snapshots", "minutes", "postmortems", "teams", "search", "reports"):
            make_folder(home / inner)
        writer = _Writer(portal, home, language, failed)
        written += writer.all()
    return WrittenPortal(written, failed)


def _library(folder: Path) -> list[Path]:
    content = get_plotlyjs().encode()
    file = folder / LIBRARY
    known = file.exists() and hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(content).digest()
    return [] if known else [write_bytes(file, content)]


@dataclass(frozen=True, slots=True, eq=False)
class _Writer:
    """Writes the pages of one language into its folder."""

    portal: Portal
    home: Path
    language: str
    failed: dict[str, SnapshotError]

    def all(self) -> list[Path]:
        """A page for each snapshot and each app, the start and the guide."""
        portal, text = self.portal, text_for(self.language, self.portal.zone)
        written = [file for trace in portal.deleted for file in self._deleted(trace)]
        # What is deleted while this runs is in no list.
        there: dict[str, Sequence[ListedSnapshot]] = {}
        for app in portal.apps:
            saved = portal.saved.get(app.id, ())
            written += [file for each in reversed(saved) for file in self._snapshot(each)]
            there[app.id] = [each for each in saved if self._is_shown(each)]
            written += self._app(app, there[app.id])
        places = Places(replace(portal, saved=there))
        first = start(places.portal, text)
        whole = replace(first, sections=(*first.sections, *teams_section(places, text)))
        written += [self._write("index.html", whole), self._write("guide.html", guide_page(text))]
        return [*written, *self._written_of(places, text)]

    def _written_of(self, places: Places, text: Text) -> list[Path]:
        """Teams, postmortems, the search and the feeds."""
        found = [self._write(team_address(team), team_page(places, team, text)) for team in places.teams]
        for each in places.portal.told:
            if each.kind is ToldKind.POSTMORTEM:
                shown = postmortem_page(places, each, text_for(self.language, self._zone_of(each.app)))
                found.append(self._write(places.of(each), shown))
        found += self._organisation(text)
        found.append(self._write(SEARCH, search_page(places, text)))
        files = search_files(search_entries(places, text), search_words(text))
        found += [write_bytes(self.home / "search" / name, content) for name, content in files]
        self._remove_left({*found})
        return [*found, *(write_bytes(self.home / feed.place, atom(feed)) for feed in self._feeds(places))]

    def _organisation(self, text: Text) -> list[Path]:
        """The report of the last month that was over, beside those that are there, and what is practised."""
        portal, found = self.portal, []
        if portal.practices:
            section = practices_section(portal.practices, text, "")
            found.append(self._write(PRACTICES, framed(portal, text._("Practices"), (section,), text)))
        if portal.report is not None and portal.report.apps:
            earlier = sorted({file.stem for file in (self.home / "reports").glob("????-??.html")}, reverse=True)
            others = [month for month in earlier if month != portal.report.month]
            made = report_document(portal.report, self.language, portal.zone, portal.product, "../", others)
            found.append(self._write(report_address(portal.report.month), made))
        return found

    def _feeds(self, places: Places) -> Iterable[Feed]:
        return feeds(places, self.language, self.portal.zone)

    def _remove_left(self, written: set[Path]) -> None:
        """Removes what is left of teams, postmortems and parts of the search that are no more."""
        for file in (file for inner in ("teams", "postmortems", "search") for file in (self.home / inner).iterdir()):
            whose = file.with_suffix(".html") if file.suffix == ".xml" else file
            if whose not in written and file.suffix in (".html", ".xml", ".js"):
                file.unlink(missing_ok=True)

    def _snapshot(self, saved: ListedSnapshot) -> list[Path]:
        """A snapshot's page, and that of the minutes of the review that it closed, unless they are there already, or
        the snapshot was just deleted."""
        wanted = [] if self._is_shown(saved) else [address_of(saved)]
        if saved.meeting and not (self.home / minutes_address(saved)).exists():
            wanted.append(minutes_address(saved))
        return [
            self._frozen(each, saved, place) for each in self._read([saved.hash][: len(wanted)]) for place in wanted
        ]

    def _frozen(self, found: Snapshot, saved: ListedSnapshot, place: str) -> Path:
        if place == address_of(saved):
            return self._write(place, document(found, self.language), manifest(found))
        text = text_for(self.language, found.review.app.timezone)
        return self._write(place, minutes_page(minutes(found, self.language), saved, text), manifest(found))

    def _read(self, hashes: Iterable[str]) -> Sequence[Snapshot]:
        read = self.portal.read(hashes)
        self.failed.update(read.failed)
        return read.found

    def _is_shown(self, saved: ListedSnapshot) -> bool:
        """Whether the snapshot's page is there, and not the one that says that it was deleted."""
        file = self.home / address_of(saved)
        return file.exists() and (file.stat().st_size > _LARGEST_TRACE or _TRACE not in file.read_text("utf-8"))

    def _deleted(self, trace: DeletedSnapshot) -> list[Path]:
        """Replaces the pages of a deleted snapshot by one that says so."""
        places = [place for place in (address_of(trace), minutes_address(trace)) if (self.home / place).exists()]
        return [file for place in places for file in self._replaced(trace, place)]

    def _replaced(self, trace: DeletedSnapshot, place: str) -> list[Path]:
        text = text_for(self.language, self._zone_of(trace.app))
        shown = deleted_page(self.portal, trace, text)
        content = self._content(place, shown, {"schema": _TRACE, "version": 1})
        file = self.home / place
        return [] if file.read_bytes() == content else [write_bytes(file, content)]

    def _zone_of(self, app: str) -> str:
        return next((each.timezone for each in self.portal.apps if each.id == app), self.portal.zone)

    def _app(self, app: App, saved: Sequence[ListedSnapshot]) -> list[Path]:
        """The pages of an app: its own, and the further ones of its list of snapshots."""
        text = text_for(self.language, app.timezone)
        statuses = [status for status in self.portal.overview.statuses if status.app.id == app.id]
        newest = self._read(each.hash for each in distinct(saved)[:2])
        pages = tuple(tuple(saved[at : at + ON_A_PAGE]) for at in range(0, len(saved), ON_A_PAGE))
        shown = self._with_written(app, app_page(self.portal, app, statuses, AppSnapshots(pages, tuple(newest)), text))
        written = [self._write(list_address(app.id, 1), shown)]
        if len(pages) > 1:
            make_folder(self.home / "apps" / app.id)
        for number in range(2, len(pages) + 1):
            written.append(self._write(list_address(app.id, number), list_page(self.portal, app, pages, number, text)))
        self._remove_pages(app, len(pages))
        return written

    def _with_written(self, app: App, shown: Document) -> Document:
        """The page of an app with its open actions and the newest of what was written."""
        places, text = Places(self.portal), text_for(self.language, app.timezone)
        actions = [each for each in self.portal.actions if each.value.app == app.id]
        found = of_app(self.portal.told, app.id)
        known = [app_practices_section(each, text) for each in self.portal.practices if each.app.id == app.id]
        more = (*actions_section(actions, places, text), *written_section(found, places, text, with_app=False), *known)
        return replace(shown, sections=(*shown.sections, *more))

    def _remove_pages(self, app: App, pages: int) -> None:
        """Removes what is left of a list that was longer."""
        for file in (self.home / "apps" / app.id).glob("*.html"):
            if file.stem.isdecimal() and int(file.stem) > pages:
                file.unlink(missing_ok=True)

    def _write(self, name: str, shown: Document, sections: Mapping[str, object] | None = None) -> Path:
        return write_bytes(self.home / name, self._content(name, shown, sections))

    def _content(self, name: str, shown: Document, sections: Mapping[str, object] | None) -> bytes:
        up = "../" * name.count("/")
        root = up if self.language == "en" else f"{up}../"
        text = text_for(self.language)
        other = next(code for code in LANGUAGES if code != self.language)
        report = self.portal.report
        there = f"{root}{name}" if other == "en" else f"{root}{other}/{name}"
        links = (
            (text._("All apps"), f"{up}index.html"),
            (text._("Search"), f"{up}{SEARCH}"),
            *([(text._("Monthly report"), f"{up}{report_address(report.month)}")] if report and report.apps else []),
            *([(text._("Practices"), f"{up}{PRACTICES}")] if self.portal.practices else []),
            (text._("Guide"), f"{up}guide.html"),
            (LANGUAGES[other], there),
        )
        body = dict(sections) if sections else {"schema": "tomoni.portal", "version": 1}
        scripts = ("search/meta.js", "search/find.js") if name == SEARCH else ()
        return page(shown, body, Site(f"{root}{LIBRARY}", links, scripts, up + self._feed_of(name))).encode()

    def _feed_of(self, name: str) -> str:
        """The feed that a page leads to: of its app or team, else of all."""
        folder, _, file = name.rpartition("/")
        app = file.removesuffix(".html")
        known = folder == "teams" or (folder == "apps" and any(each.id == app for each in self.portal.apps))
        return name.removesuffix(".html") + ".xml" if known else "feed.xml"
