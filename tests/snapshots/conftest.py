"""The hostile shop, frozen once for all tests of a process, and what its numbers are said to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import cli
from tests.snapshots.world import NOW, frozen, hostile_shop
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.product import Tomoni


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.fixture(scope="session")
def tomoni(folder: Path) -> Iterator[Tomoni]:
    opened = hostile_shop(folder).open(NOW)
    opened.sync(days=6)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def snapshot(tomoni: Tomoni) -> Snapshot:
    return frozen(tomoni)


@pytest.fixture(scope="session")
def environ(folder: Path) -> dict[str, str]:
    return {
        "TOMONI_CONFIG": str(folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
        "TOMONI_NOW": rfc3339(NOW),
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture(scope="session")
def said(tomoni: Tomoni, environ: dict[str, str]) -> dict[str, Any]:
    """What `status --at` says of each SLO, by its id."""
    asked = ["status", "--at", rfc3339(NOW), "--format", "json", "--no-sync"]
    answer = CliRunner().invoke(cli, asked, env=environ, prog_name="cli.py")
    assert answer.exit_code == 0, answer.output
    slos = json.loads(answer.stdout)["slos"]
    assert [slo.pop("problems") for slo in slos] == [[] for _ in slos]  # of the files, which a snapshot does not have
    return {slo["slo"]: slo for slo in slos}
