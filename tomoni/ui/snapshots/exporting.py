"""Files of snapshots for the browser: made when they are asked for, off the thread that draws, a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from tomoni.charts.canvas import Spec
from tomoni.snapshots import minutes
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter, find_chromium
from tomoni.snapshots.exporters.formats import (
    FORMATS,
    EditionOptions,
    document_formats,
    export,
    export_document,
    stem_of,
)
from tomoni.snapshots.exporters.picture import print_figure
from tomoni.snapshots.exporters.template import Template, read_template
from tomoni.snapshots.files import temporary_folder
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words import exports
from tomoni.words.text import Text

AT_A_TIME = 2
_TURNS = threading.BoundedSemaphore(AT_A_TIME)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison as a document, what it says of itself to programs, and the name of its files."""

    shown: Document
    said: dict[str, object]
    stem: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What the settings name for making files: a Chromium that prints, and a template for slides."""

    chromium: str | None = None
    template: Path | None = None

    def template_of(self, name: str) -> Template | None:
        """The template for a format that can have one. Raises SnapshotError."""
        if self.template is None or not FORMATS[name].templated:
            return None
        changed = self.template.stat().st_mtime_ns if self.template.is_file() else 0
        return _read(self.template, changed)

    def unable(self, name: str, text: Text) -> str:
        """Why a format cannot be made here; empty where it can."""
        try:
            if FORMATS[name].printed:
                find_chromium(self.chromium)
            self.template_of(name)
        except SnapshotError as error:
            return text.sentences(*exports.describe(error.code, error.facts, error.detail, text))
        return ""


@lru_cache(maxsize=2)
def _read(template: Path, _changed: int) -> Template:
    """A template, checked once for each state of its file."""
    return read_template(template)


def snapshot_buttons(snapshot: Snapshot, wanted: EditionOptions, stem: str, tools: Tools, text: Text) -> None:
    """A button for each format of a snapshot."""

    def make(name: str) -> Callable[[], bytes]:
        def work(folder: Path, printer: ChromiumPrinter) -> list[Path]:
            return export(snapshot, [name], folder, replace(wanted, template=tools.template_of(name)), printer)

        return lambda: _made(work, tools.chromium)

    _buttons(list(FORMATS), make, stem, tools, text)


def comparison_buttons(compared: Compared, tools: Tools, text: Text) -> None:
    """A button for each format of a comparison."""

    def make(name: str) -> Callable[[], bytes]:
        def work(folder: Path, printer: ChromiumPrinter) -> list[Path]:
            place, template = folder / compared.stem, tools.template_of(name)
            return export_document(compared.shown, compared.said, place, [name], printer, template)

        return lambda: _made(work, tools.chromium)

    _buttons(document_formats(), make, compared.stem, tools, text)


def minutes_buttons(snapshot: Snapshot, tools: Tools, text: Text) -> None:
    """A button for each format of the minutes of a closed meeting."""

    def make(name: str) -> Callable[[], bytes]:
        def work(folder: Path, printer: ChromiumPrinter) -> list[Path]:
            return minutes.export_minutes(snapshot, [name], folder, text.language, printer)

        return lambda: _made(work, tools.chromium)

    _buttons(list(minutes.FORMATS), make, f"{stem_of(snapshot.review)}-minutes", tools, text)


def figure_button(spec: Callable[[], Spec], words: tuple[str, str], stem: str, tools: Tools, text: Text) -> None:
    """A button for a figure as a picture, with its title and a line about it."""

    def work(folder: Path, printer: ChromiumPrinter) -> list[Path]:
        return [print_figure(spec(), *words, folder, printer)]

    unable = tools.unable("png", text)
    st.download_button(
        "PNG",
        lambda: _made(work, tools.chromium),
        file_name=f"{stem}.png",
        mime="image/png",
        key=f"picture-{stem}",
        on_click="ignore",
        disabled=bool(unable),
        help=unable or None,
    )


def _buttons(names: list[str], make: Callable[[str], Callable[[], bytes]], stem: str, tools: Tools, text: Text) -> None:
    with st.container(horizontal=True, gap="small", key=f"files-{stem}"):
        for name in names:
            unable = tools.unable(name, text)
            st.download_button(
                name.upper(),
                make(name),
                file_name=f"{stem}.{name}",
                mime=FORMATS[name].mime,
                key=f"file-{stem}-{name}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
                disabled=bool(unable),
                help=unable or None,
            )


def _made(work: Callable[[Path, ChromiumPrinter], list[Path]], chromium: str | None) -> bytes:
    """The bytes of the first file that ``work`` writes; waits for its turn."""
    with _TURNS, temporary_folder("file") as folder, ChromiumPrinter(chromium) as printer:
        return work(folder, printer)[0].read_bytes()
