"""The drill of docs/backup.md, line by line, while a collector works that is killed in between."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_collect import until
from tests.cli.test_process import process
from tests.store.postgres import PostgresServer, postgres_server
from tomoni.meetings.model import Action
from tomoni.meetings.records import Records, validated
from tomoni.store.engine import open_engine
from tomoni.store.leases import Leases

__all__ = ["postgres_server"]
pytestmark = pytest.mark.slow
DOCUMENT = Path(__file__).parents[2] / "docs" / "backup.md"


def lines(folder: Path, url: str) -> list[tuple[dict[str, str], list[str]]]:
    """The lines of the drill: their variables and arguments."""
    _, _, drill = DOCUMENT.read_text().partition("## The drill")
    found = re.search(r"```sh\n(.*?)```", drill, re.DOTALL)
    assert found
    written = found[1].replace("sqlite:///drill.db", url).replace("drill.zip", str(folder / "drill.zip"))
    split = [shlex.split(line, comments=True) for line in written.splitlines()]
    return [
        (dict(part.split("=", 1) for part in parts if part.startswith("TOMONI_")), parts[parts.index("cli.py") + 1 :])
        for parts in split
    ]


@pytest.mark.postgres
def test_the_drill_brings_everything_back(
    run: Run, environ: dict[str, str], tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.new_database()
    engine = open_engine(environ["TOMONI_DATABASE_URL"])
    records = Records(engine, lambda: 1.0)
    kept = records.add(validated(Action, {"app": "shop", "text": "Try the drill"}))
    collector = process(environ, "collect")
    until(Leases(engine, "collector"), collector, lambda lease: "completed" in str(lease.report))
    backup, *rest = lines(tmp_path, url)
    assert run(*backup[1]).exit_code == 0
    collector.kill()
    collector.communicate(timeout=300)
    records.add(validated(Action, {"app": "shop", "text": "After the backup"}))
    outputs = [run(*arguments, **variables) for variables, arguments in rest]
    assert [each.exit_code for each in outputs] == [0] * len(rest)
    assert outputs[2].stdout == run("status", "--no-sync").stdout
    restored = open_engine(url)
    assert [each.value for each in Records(restored, lambda: 1.0).listed(Action, "shop")] == [kept.value]
    for each in (engine, restored):
        each.dispose()
