"""Loads what pages consist of as soon as a process has started, before a reader asks for one, and opens the product.

Streamlit runs the files of pages as scripts and imports what they need for the first reader, who would wait for it: at
a replica that has just been started, that is somebody whose own replica died.
"""

from __future__ import annotations

import ast
import importlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tomoni.store.errors import StoreError
from tomoni.use_cases.memory import keep_for_good

_ROOT = Path(__file__).parents[2]
_PAGES = _ROOT / "pages"
_OURS = "tomoni."
log = logging.getLogger("tomoni")


def warm_up(opened: Callable[[], object]) -> threading.Thread:
    """Begins in a thread of its own, and returns at once; ``opened`` opens the product.

    Files are parsed before that: Python 3.11 may fail with a SystemError where two threads build syntax trees at once
    (https://github.com/python/cpython/issues/106905).
    """
    thread = threading.Thread(target=_load, args=(_modules(), opened), name="tomoni-warming", daemon=True)
    thread.start()
    return thread


def needed_by(page: Path) -> list[str]:
    """The modules of the package that the file of a page imports, also by their names alone."""
    nodes = (node for node in ast.walk(ast.parse(page.read_text("utf-8"))) if isinstance(node, ast.ImportFrom))
    return [name for node in nodes for name in _named(node) if name.startswith(_OURS)]


def _named(node: ast.ImportFrom) -> Iterator[str]:
    """The module that names are imported from, and those of the names that are modules themselves."""
    room = node.module or ""
    yield room
    for name in (each.name for each in node.names):
        place = _ROOT.joinpath(*room.split("."), name)
        if place.with_suffix(".py").exists() or place.joinpath("__init__.py").exists():
            yield f"{room}.{name}"


def _modules() -> list[str]:
    try:
        return [name for page in sorted(_PAGES.glob("*.py")) for name in needed_by(page)]
    except (OSError, SyntaxError):  # whoever opens the page is told what is wrong with it
        log.exception("what pages need could not be found out before they are opened")
        return []


def _load(modules: list[str], opened: Callable[[], object]) -> None:
    try:
        for name in modules:
            importlib.import_module(name)
        with suppress(StoreError):  # whoever opens a page is told
            opened()
        keep_for_good()
    except Exception:  # whoever opens the page is told what is wrong with it
        log.exception("what pages need could not be loaded before they are opened")
