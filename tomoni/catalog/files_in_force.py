"""Reading the files of a folder, with what stays in force of those that are broken now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from data_sources.config import SourceConfig
from tomoni.catalog import good_sources
from tomoni.catalog.apps import AppReader
from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.document import Document
from tomoni.catalog.last_good import HEAD, app_in_force, digest, is_blank, renewed
from tomoni.catalog.schema import App, GoodFile, GoodFiles, Problem, Spot
from tomoni.catalog.sources import SourceTable, note_unfilled, read_sources
from tomoni.catalog.unread_files import ENDINGS
from tomoni.catalog.yaml_file import document_of, read_document

T = TypeVar("T")
_SOURCES = tuple("sources" + ending for ending in ENDINGS)


class FilesInForce:
    """Reads files and keeps the last good text of each. What grows with what is read: ``kept``; ``held``, the
    places of what is broken by the paths of SLOs; ``held_files``, the same by the names of whole files."""

    def __init__(self, folder: Path, good: GoodFiles) -> None:
        self._folder = folder
        self._good = good
        self._documents: list[Document] = []
        self._remarks: list[Problem] = []
        self.kept: dict[str, GoodFile] = {}
        self.held: dict[str, Spot] = {}
        self.held_files: dict[str, Spot] = {}

    def whole(self, document: Document, read: Callable[[Document], T]) -> T:
        """What a file says; of a broken one what its last good text said."""
        name, good = self._begin(document)
        found = read(document)
        text = good.text()
        if is_blank(document) and text is not None:
            document.note((), Code.FILE_EMPTY)
        if not document.errors():
            if document.text is not None:
                self.kept[name] = renewed(good, {HEAD: digest(document.text)}, document.text)
            return found
        self.kept[name] = good
        if text is None:
            return found
        old = document_of(document.file, text)
        found = read(old)
        # Of an app that is gone nothing can stay in force.
        if not any(fault.code is Code.UNKNOWN_APP and fault.place == ("app",) for fault in old.faults):
            self.held_files[document.file] = _first_error(document)
            self._remark(name, self.held_files[document.file])
        return found

    def sources(
        self, document: Document, environ: Mapping[str, str], before: Mapping[str, SourceConfig]
    ) -> SourceTable:
        """The sources; of those that cannot be read now the last good definitions, or at least the kinds."""
        name, good = self._begin(document)
        table = read_sources(document, environ)
        self.kept[name] = good_sources.kept(document, table, good)
        found = good_sources.in_force(document, table, good, before, environ)
        for source in sorted(found.held):
            self._remark(source, source_spot(document, source), f"source:{source}")
        return found

    def apps(self, paths: Iterable[Path], reader: AppReader) -> tuple[App, ...]:
        """The apps of some files, each with its last good definitions where it is broken."""
        read = [(document := read_document(path), reader.read(document)) for path in paths]
        sources = replace(reader.sources, kinds={**self._good_kinds(), **reader.sources.kinds})

        def read_old(document: Document) -> App | None:
            return AppReader(reader.settings, sources, reader.policies).read(document)

        taken = {app.id for _, app in read if app is not None}
        apps = []
        for document, app in read:
            name, good = self._begin(document)
            found = app_in_force(document, app, good, read_old)
            self.kept[name] = found.good
            if found.app is not None and (app is not None or found.app.id not in taken):
                self.held.update(found.held)
                apps.append(found.app)
                reader.spots.update(found.held)
                reader.spots.update({f"{path}/query": spot for path, spot in found.held.items()})
        return tuple(apps)

    def mark(self, apps: Iterable[App], sources: SourceTable, spots: Mapping[str, Spot]) -> None:
        """Marks the SLOs that depend on a file or a source of which an earlier definition is in force."""
        apps = list(apps)
        for file, spot in self.held_files.items():
            if Path(file).parent != self._folder:
                continue
            if Path(file).stem == "settings":
                self.hold(spot, apps)
            elif Path(file).stem == "policies":
                self.hold(spot, [app for app in apps if app.policy is not None])
        for source in sources.held:
            self.hold(spots[f"source:{source}"], apps, source)

    def hold(self, spot: Spot, apps: Iterable[App], source: str | None = None) -> None:
        """Marks all SLOs of some apps, or those of one source, unless they are marked for themselves."""
        for app in apps:
            for journey in app.journeys:
                for slo in journey.slos:
                    if source in (None, slo.source):
                        self.held.setdefault(f"{app.id}/{journey.id}/{slo.id}", spot)

    def problems(self, sources: Document) -> list[Problem]:
        """What is wrong in the files that were read; only those of ``sources`` may name variables."""
        for document in self._documents:
            if document is not sources:
                note_unfilled(document, document.data)
        return [problem for document in self._documents for problem in document.problems()] + self._remarks

    def _begin(self, document: Document) -> tuple[str, GoodFile]:
        self._documents.append(document)
        name = Path(document.file).relative_to(self._folder).as_posix()
        return name, self._good.get(name, GoodFile())

    def _good_kinds(self) -> Mapping[str, str]:
        return {source: kind for name in _SOURCES for source, kind in self._good.get(name, GoodFile()).elements.items()}

    def _remark(self, name: str, spot: Spot, element: str = "") -> None:
        """That something stays in force as it last was."""
        code = Code.LAST_GOOD_IN_FORCE
        self._remarks.append(Problem(spot, severity_of(code), code, {"name": name}, element))


def source_spot(document: Document, name: str) -> Spot:
    """Where a source is written; of a broken one what is wrong with it."""
    own = [problem.spot for problem in document.problems() if problem.element == f"source:{name}"]
    spot = document.spot(("sources", name), True)
    if spot.line:
        return spot
    return own[0] if own else _first_error(document)


def _first_error(document: Document) -> Spot:
    found = next((problem.spot for problem in document.problems()), Spot(document.file))
    return found if found.line else Spot(document.file, 1)
