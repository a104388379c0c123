"""The documents of other tools' files: every document of every file, folders searched."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from tomoni.catalog.document import Document
from tomoni.catalog.yaml_file import read_documents

# What Helm fills in; templates of Sloth and of alerts have other names: {{.window}}, {{ $labels.job }}.
_HELM = re.compile(r"\{\{[^}\n]*(\.(Values|Release|Chart|Capabilities|Files)\b|\binclude\s)")
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


def templates_in(documents: Iterable[Document]) -> list[tuple[str, int]]:
    """The files that are templates of Helm, each with the line of the first thing that it would fill in."""
    found: dict[str, int] = {}
    for document in documents:
        if document.text and (match := _HELM.search(document.text)):
            found.setdefault(document.file, document.text.count("\n", 0, match.start()) + 1)
    return list(found.items())
