"""The documents of other tools' files: every document of every file, folders searched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tomoni.catalog.document import Document
from tomoni.catalog.yaml_file import read_documents

ENDINGS = (".yaml", ".yml", ".json")


def documents_of(paths: Iterable[Path]) -> list[Document]:
    """The documents of files, and of all files below folders whose names end like YAML or JSON, in order.

    Names that begin with a dot are left alone in folders. What cannot be read is a fault of its document.
    """
    return [document for path in _files(paths) for document in read_documents(path)]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(sorted(_below(path)) if path.is_dir() else [path])
    return list(found)


def _below(folder: Path) -> list[Path]:
    files = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(place, name) for name in names if name.endswith(ENDINGS) and not name.startswith(".")]
    return files
