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
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.html.page import Site, page
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.snapshots.portal_pages import (
    AppSnapshots,
    Portal,
    address_of,
    app_page,
    deleted_page,
    distinct,
    guide_page,
    list_address,
    list_page,
    start,
)
from tomoni.snapshots.record.listing import DeletedSnapshot, ListedSnapshot
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words.text import text_for

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
        for inner in ("apps", "snapshots"):
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
        shown = replace(portal, saved=there)
        return [self._write("index.html", start(shown, text)), self._write("guide.html", guide_page(text)), *written]

    def _snapshot(self, saved: ListedSnapshot) -> list[Path]:
        """A snapshot's page, unless it is there already, or the snapshot was just deleted."""
        if self._is_shown(saved):
            return []
        found = self._read([saved.hash])
        return [self._write(address_of(saved), document(each, self.language), manifest(each)) for each in found]

    def _read(self, hashes: Iterable[str]) -> Sequence[Snapshot]:
        read = self.portal.read(hashes)
        self.failed.update(read.failed)
        return read.found

    def _is_shown(self, saved: ListedSnapshot) -> bool:
        """Whether the snapshot's page is there, and not the one that says that it was deleted."""
        file = self.home / address_of(saved)
        return file.exists() and (file.stat().st_size > _LARGEST_TRACE or _TRACE not in file.read_text("utf-8"))

    def _deleted(self, trace: DeletedSnapshot) -> list[Path]:
        """Replaces the page of a deleted snapshot by one that says so."""
        if not (self.home / address_of(trace)).exists():
            return []
        text = text_for(self.language, self._zone_of(trace.app))
        shown = deleted_page(self.portal, trace, text)
        content = self._content(address_of(trace), shown, {"schema": _TRACE, "version": 1})
        file = self.home / address_of(trace)
        return [] if file.read_bytes() == content else [write_bytes(file, content)]

    def _zone_of(self, app: str) -> str:
        return next((each.timezone for each in self.portal.apps if each.id == app), self.portal.zone)

    def _app(self, app: App, saved: Sequence[ListedSnapshot]) -> list[Path]:
        """The pages of an app: its own, and the further ones of its list of snapshots."""
        text = text_for(self.language, app.timezone)
        statuses = [status for status in self.portal.overview.statuses if status.app.id == app.id]
        newest = self._read(each.hash for each in distinct(saved)[:2])
        pages = tuple(tuple(saved[at : at + ON_A_PAGE]) for at in range(0, len(saved), ON_A_PAGE))
        shown = app_page(self.portal, app, statuses, AppSnapshots(pages, tuple(newest)), text)
        written = [self._write(list_address(app.id, 1), shown)]
        if len(pages) > 1:
            make_folder(self.home / "apps" / app.id)
        for number in range(2, len(pages) + 1):
            written.append(self._write(list_address(app.id, number), list_page(self.portal, app, pages, number, text)))
        self._remove_pages(app, len(pages))
        return written

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
        there = f"{root}{name}" if other == "en" else f"{root}{other}/{name}"
        links = (
            (text._("All apps"), f"{up}index.html"),
            (text._("Guide"), f"{up}guide.html"),
            (LANGUAGES[other], there),
        )
        body = dict(sections) if sections else {"schema": "tomoni.portal", "version": 1}
        return page(shown, body, Site(f"{root}{LIBRARY}", links)).encode()
