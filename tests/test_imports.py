"""Who may import whom (docs/architecture.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.tables import table

ROOT = Path(__file__).parent.parent
# room → what it may import of ours; a dotted name allows that module alone.
ALLOWED: dict[str, set[str]] = {
    "slo": set(),
    "store": set(),
    "settings": set(),
    "logs": set(),
    "languages": set(),
    "access": {"catalog.schema", "catalog.who_may", "store"},
    "words.clocks": set(),
    "words.decimals": set(),
    "words.direction": set(),
    "words.text": {"languages", "words.clocks", "words.decimals", "words.direction"},
    "data_sources": {"slo"},
    "catalog": {"data_sources", "slo", "languages"},
    "ledger": {
        "logs",
        "catalog.schema",
        "data_sources.base",
        "data_sources.errors",
        "data_sources.splits",
        "store",
        "slo",
    },
    "meetings": {
        "access.audit",
        "access.pace",
        "access.policy",
        "catalog.who_may",
        "catalog.for_reviews",
        "catalog.schema",
        "catalog.secrets",
        "catalog.seen_text",
        "slo",
        "store",
    },
    "exploring": {"catalog", "data_sources", "slo", "store"},
    "dialects": {"catalog", "data_sources", "slo"},
    "review": {
        "meetings.model",
        "meetings.published",
        "ledger",
        "slo",
        "catalog.schema",
        "catalog.occurrences",
        "data_sources.base",
        "data_sources.errors",
        "data_sources.splits",
    },
    "words": {
        "access.pace",
        "access.policy",
        "catalog.who_may",
        "dialects.apps",
        "dialects.report",
        "exploring.draft",
        "exploring.likely",
        "meetings.errors",
        "meetings.model",
        "review.events",
        "review.model",
        "review.monthly",
        "review.practices",
        "catalog.codes",
        "catalog.for_reviews",
        "catalog.local_text",
        "catalog.peak_lines",
        "catalog.profile",
        "catalog.schema",
        "data_sources.base",
        "data_sources.durations",
        "data_sources.errors",
        "data_sources.exploring",
        "slo",
        "languages",
    },
    "charts": {
        "data_sources.base",
        "data_sources.exploring",
        "meetings.model",
        "review.alerting",
        "review.events",
        "review.model",
        "catalog.occurrences",
        "catalog.schema",
        "slo",
        "words",
        "languages",
    },
    "use_cases": {
        "logs",
        "access",
        "settings",
        "version",
        "catalog",
        "data_sources.base",
        "data_sources.errors",
        "data_sources.events",
        "data_sources.exploring",
        "data_sources.queries",
        "data_sources.underlying",
        "exploring",
        "ledger",
        "meetings",
        "review",
        "slo",
        "snapshots.record",
        "store.errors",
        "store.drawn",
        "store.leases",
        "words.notifications",
        "words.reminders",
        "words.text",
    },
    "assistants": {
        "access.audit",
        "api.access",
        "api.limits",
        "api.problems",
        "catalog.schema",
        "meetings.model",
        "review",
        "snapshots.record",
        "store.errors",
        "use_cases",
        "version",
        "words",
    },
    "wiring": {
        "logs",
        "data_sources.masking",
        "access.audit",
        "use_cases",
        "settings",
        "catalog.load",
        "data_sources.config",
        "data_sources.kinds",
        "ledger",
        "meetings",
        "snapshots.leftovers",
        "snapshots.record.store",
        "store",
    },
    "snapshots": {
        "access.audit",
        "access.policy",
        "catalog.who_may",
        "review.alerting",
        "review.events",
        "review.model",
        "review.monthly",
        "review.practices",
        "catalog.for_reviews",
        "catalog.local_text",
        "catalog.schema",
        "data_sources.base",
        "data_sources.durations",
        "data_sources.kinds",
        "data_sources.queries",
        "slo",
        "store",
        "meetings.model",
        "meetings.published",
        "charts",
        "words",
        "languages",
    },
    "commands": {
        "api.problems",
        "assistants",
        "access",
        "languages",
        "use_cases",
        "version",
        "wiring",
        "settings",
        "catalog",
        "data_sources",
        "dialects",
        "exploring",
        "ledger",
        "meetings",
        "review",
        "store",
        "slo",
        "words",
        "serving.alone",
        "snapshots",
    },
    "api": {
        "access",
        "catalog.schema",
        "commands.calendars",
        "commands.status_json",
        "languages",
        "meetings",
        "slo",
        "snapshots.record.status",
        "store.errors",
        "use_cases",
        "version",
        "words",
    },
    "serving": {
        "logs",
        "access",
        "api",
        "data_sources.calls",
        "languages",
        "settings",
        "slo",
        "store.errors",
        "use_cases",
        "version",
        "words",
    },
    "version": set(),
    "cli": {
        "cli_alerts",
        "cli_dialects",
        "cli_meetings",
        "cli_running",
        "cli_spread",
        "commands",
        "languages",
        "version",
        "words.text",
    },
    "cli_alerts": {"commands", "languages", "words.text"},
    "cli_dialects": {"commands", "dialects.registry", "languages", "words.text"},
    "cli_meetings": {"commands", "languages", "words.text"},
    "cli_running": {"commands", "languages", "words.text"},
    "cli_spread": {"commands", "languages", "words.text"},
}
PAGES = {*ALLOWED, "ui"} - {
    "cli",
    "cli_alerts",
    "cli_dialects",
    "cli_meetings",
    "cli_running",
    "cli_spread",
    "commands",
}
ALLOWED |= {"ui": PAGES, "pages": PAGES, "app": PAGES, "asgi": {"app", "ui"}}
# client library → the only rooms that may import it
LIBRARIES = {
    "streamlit": {"app", "asgi", "pages", "ui"},
    "plotly": {"charts", "snapshots"},
    "sqlalchemy": {"access", "store", "ledger", "meetings", "snapshots"},
    "alembic": {"store"},
    "playwright": {"snapshots"},
    "pptx": {"snapshots"},
    "pypdf": {"snapshots"},
    "markdown_it": {"words"},
    "nh3": {"words"},
    "click": {"cli", "cli_alerts", "cli_dialects", "cli_meetings", "cli_running", "cli_spread", "commands"},
    "rich": {"commands"},
    "starlette": {"api", "assistants", "serving"},
    "mcp": {"assistants"},
    "prometheus_client": {"serving"},
    "joserfc": {"access"},
    "itsdangerous": {"access"},
}
TOP = ("app.py", "asgi.py", "cli.py", "pages", "data_sources")


def modules() -> list[Path]:
    """Every module of the product; `tomoni/__init__.py` and migrations left out."""
    top = [ROOT / name for name in TOP]
    paths = [
        file for place in [*top, ROOT / "tomoni"] for file in ([place] if place.is_file() else place.rglob("*.py"))
    ]
    return sorted(p for p in paths if "migrations" not in p.parts and p != ROOT / "tomoni" / "__init__.py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the full name of everything that a module imports; of ours without ``tomoni.``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name.removeprefix("tomoni.")) for name in names)


def room_of(name: str) -> str:
    """The room of a module, named with dots: the longest name that the table has."""
    parts = name.split(".")
    return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in ALLOWED), parts[0])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("tomoni.").removesuffix(".__init__")


def test_every_room_stands_in_the_table() -> None:
    assert {room_of(name_of(path)) for path in modules()} == set(ALLOWED)


@table("path", modules())
def test_a_module_imports_only_what_its_room_may_know(path: Path) -> None:
    room = room_of(name_of(path))
    for line, name in imported(path):
        top, of = name.split(".")[0], room_of(name)
        if of in ALLOWED and of != room:
            known = ALLOWED[room]
            assert any(name == k or name.startswith(k + ".") for k in known | {room}), (
                f"{path.relative_to(ROOT)}:{line}: {room} may not import {name}"
            )
        assert top not in LIBRARIES or room in LIBRARIES[top], (
            f"{path.relative_to(ROOT)}:{line}: {top} belongs to {sorted(LIBRARIES[top])}"
        )


def test_the_start_of_a_prometheus_user_imports_no_client_library() -> None:
    code = (
        "import sys, tomoni.wiring, data_sources.prometheus.source as p\n"
        "heavy = {'google', 'pandas', 'prometheus_api_client', 'promql_parser', 'streamlit', 'plotly', 'grpc', "
        "'markdown_it', 'nh3'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
