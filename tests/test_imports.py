"""Who may import whom (docs/architecture.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# room → what it may import of ours; a dotted name allows that module alone.
ALLOWED: dict[str, set[str]] = {
    "slo": set(),
    "store": set(),
    "settings": set(),
    "text": set(),
    "data_sources": {"slo"},
    "catalog": {"data_sources", "slo"},
    "ledger": {"catalog.schema", "data_sources.base", "data_sources.errors", "store", "slo"},
    "review": {"ledger", "slo", "catalog.schema", "catalog.occurrences", "data_sources.base", "data_sources.errors"},
    "words": {"review.model", "catalog.schema", "data_sources.base", "data_sources.errors", "slo", "text"},
    "charts": {"review.model", "catalog.schema", "slo", "words", "text"},
    "wiring": {
        "snapshots.record",
        "snapshots.shelf",
        "settings",
        "catalog",
        "data_sources",
        "ledger",
        "review",
        "store",
        "slo",
    },
    "snapshots": {
        "review.model",
        "catalog.schema",
        "data_sources.base",
        "data_sources.durations",
        "slo",
        "store",
        "charts",
        "words",
        "text",
    },
    "commands": {
        "wiring",
        "settings",
        "catalog",
        "data_sources",
        "ledger",
        "review",
        "store",
        "slo",
        "words",
        "text",
        "snapshots",
    },
    "cli": {"commands", "text"},
}
PAGES = {*ALLOWED, "ui"} - {"cli", "commands"}
ALLOWED |= {"ui": PAGES, "pages": PAGES, "app": PAGES, "asgi": set()}
# client library → the only rooms (or modules) that may import it
LIBRARIES = {
    "streamlit": {"app", "asgi", "pages", "ui"},
    "plotly": {"charts", "snapshots"},
    "sqlalchemy": {"store", "ledger", "snapshots"},
    "alembic": {"store"},
    "playwright": {"snapshots"},
    "pptx": {"snapshots"},
    "pypdf": {"snapshots"},
    "click": {"cli", "commands"},
    "rich": {"commands"},
}


def modules() -> list[Path]:
    return [
        path
        for room in ALLOWED
        for path in ([ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else sorted((ROOT / room).rglob("*.py")))
        if "migrations" not in path.parts
    ]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may_know(path: Path) -> None:
    room = room_of(path)
    for line, name in imported(path):
        top = name.split(".")[0]
        if top in ALLOWED and top != room:
            known = ALLOWED[room]
            assert top in known or any(name == k or name.startswith(k + ".") for k in known), (
                f"{path.relative_to(ROOT)}:{line}: {room} may not import {name}"
            )
        assert top not in LIBRARIES or room in LIBRARIES[top], (
            f"{path.relative_to(ROOT)}:{line}: {top} belongs to {sorted(LIBRARIES[top])}"
        )


def test_the_start_of_a_prometheus_user_imports_no_client_library() -> None:
    code = (
        "import sys, wiring, data_sources.prometheus as p\n"
        "heavy = {'google', 'pandas', 'prometheus_api_client', 'streamlit', 'plotly', 'grpc'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
