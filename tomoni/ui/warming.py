"""Loads what pages consist of as soon as a process has started, before a reader asks for one.

Streamlit runs the files of pages as scripts and imports what they need for the first reader, who would wait for it: at
a replica that has just been started, that is somebody whose own replica died.
"""

from __future__ import annotations

import ast
import importlib
import logging
import threading
from pathlib import Path

_PAGES = Path(__file__).parents[2] / "pages"
_OURS = "tomoni."
log = logging.getLogger("tomoni")


def warm_up() -> threading.Thread:
    """Begins in a thread of its own, and returns at once."""
    thread = threading.Thread(target=_load, name="tomoni-warming", daemon=True)
    thread.start()
    return thread


def needed_by(page: Path) -> list[str]:
    """The modules of the package that the file of a page imports."""
    found = (node.module for node in ast.walk(ast.parse(page.read_text("utf-8"))) if isinstance(node, ast.ImportFrom))
    return [name for name in found if name and name.startswith(_OURS)]


def _load() -> None:
    try:
        for page in sorted(_PAGES.glob("*.py")):
            for name in needed_by(page):
                importlib.import_module(name)
    except Exception:  # whoever opens the page is told what is wrong with it
        log.exception("what pages need could not be loaded before they are opened")
