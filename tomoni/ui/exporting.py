"""Files of snapshots for the browser: made when they are asked for, off the thread that draws, a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from tomoni.snapshots.document.model import Document
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter, find_chromium
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, document_formats, export, export_document
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


def snapshot_buttons(snapshot: Snapshot, wanted: EditionOptions, stem: str, chromium: str | None, text: Text) -> None:
    """A button for each format of a snapshot."""

    def make(name: str) -> Callable[[], bytes]:
        return lambda: _made(lambda folder, printer: export(snapshot, [name], folder, wanted, printer), chromium)

    _buttons(list(FORMATS), make, stem, chromium, text)


def comparison_buttons(compared: Compared, chromium: str | None, text: Text) -> None:
    """A button for each format of a comparison."""

    def make(name: str) -> Callable[[], bytes]:
        def work(folder: Path, printer: ChromiumPrinter) -> list[Path]:
            return export_document(compared.shown, compared.said, folder / compared.stem, [name], printer)

        return lambda: _made(work, chromium)

    _buttons(document_formats(), make, compared.stem, chromium, text)


def _buttons(
    names: list[str], make: Callable[[str], Callable[[], bytes]], stem: str, chromium: str | None, text: Text
) -> None:
    missing = _missing(chromium, text)
    with st.container(horizontal=True, gap="small", key=f"files-{stem}"):
        for name in names:
            unable = missing if FORMATS[name].printed else ""
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


def _missing(chromium: str | None, text: Text) -> str:
    """Why PDF and PNG cannot be made here; empty where they can."""
    try:
        find_chromium(chromium)
    except SnapshotError as error:
        return text.sentences(*exports.describe(error.code, error.facts, error.detail, text))
    return ""


def _made(work: Callable[[Path, ChromiumPrinter], list[Path]], chromium: str | None) -> bytes:
    """The bytes of the first file that ``work`` writes; waits for its turn."""
    with _TURNS, temporary_folder("file") as folder, ChromiumPrinter(chromium) as printer:
        return work(folder, printer)[0].read_bytes()
