"""What the tests of imports share: specs written to files, brought over, and read again as the product reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tomoni.catalog.apps import AppReader
from tomoni.catalog.schema import App, Settings, Slo
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.yaml_file import document_of
from tomoni.dialects.apps import apps_of
from tomoni.dialects.documents import documents_of
from tomoni.dialects.found import Wanted
from tomoni.dialects.proof import proven
from tomoni.dialects.registry import BY_NAME
from tomoni.dialects.report import Fate, Line
from tomoni.words.dialects import line_text
from tomoni.words.imported_file import imported_text
from tomoni.words.text import text_for

KINDS = {"prometheus": "prometheus", "cloud_monitoring": "cloud_monitoring"}


@dataclass(frozen=True)
class Import:
    """What became of some files: the apps as the product reads them, the texts of their files, and the report."""

    apps: dict[str, App]
    texts: dict[str, str]
    lines: list[Line]

    @property
    def slos(self) -> dict[str, Slo]:
        """The SLOs by their ids; one that several journeys have is named once."""
        return {slo.id: slo for app in self.apps.values() for journey in app.journeys for slo in journey.slos}

    def told(self) -> list[str]:
        """Everything that is not exact, as `line what fate reason`."""
        return [_told(line) for line in self.lines if line.fate is not Fate.EXACT]


def _told(line: Line) -> str:
    fate = "left_out" if line.left_out else line.fate.value
    return f"{line.line} {line.what} {fate} {line.reason}".replace("  ", " ").strip()


def brought(dialect: str, folder: Path, *specs: str, wanted: Wanted | None = None) -> Import:
    """Writes each spec to a file of a folder and brings all of them over."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, spec in enumerate(specs):
        (folder / f"{number:04}.yaml").write_text(dedent(spec), encoding="utf-8")
    documents = [document for document in documents_of([folder]) if document.data is not None]
    imported = BY_NAME[dialect].read(documents, wanted or Wanted(lambda kind, name: kind))
    text = text_for("en")
    made = [proven(app, lambda one: imported_text(one, dialect, text), KINDS) for app in apps_of(imported)]
    lines = [line for reading in imported.readings for line in reading.lines()]
    assert all(line_text(line, text) and "?" not in line_text(line, text) for line in lines)
    apps = {}
    for app, content in made:
        if content:
            document = document_of(app.id, content)
            apps[app.id] = AppReader(Settings(), SourceTable(kinds=KINDS)).read(document)
            assert not document.errors()
    return Import({name: app for name, app in apps.items() if app}, {app.id: t for app, t in made}, lines)


def paths_of(data: object, path: str = "") -> list[str]:
    """Every value of some data by its path, as reports name it; empty ones left out."""
    if isinstance(data, dict):
        return [each for key, value in data.items() for each in paths_of(value, f"{path}.{key}" if path else key)]
    if isinstance(data, list):
        return [each for n, value in enumerate(data) for each in paths_of(value, f"{path}[{n}]")]
    return [] if data is None else [path]
