"""What the tests of the command line share: a world, and commands run in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import cli
from tests.cli.world import NOW, build

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def environ(config: Path) -> dict[str, str]:
    return {
        "TOMONI_CONFIG": str(config),
        "TOMONI_DATABASE_URL": f"sqlite:///{config.parent / 'ledger.db'}",
        "TOMONI_NOW": NOW.isoformat(),
        "LANG": "C.UTF-8",
        "LC_ALL": "",
    }


@pytest.fixture
def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process."""
    for name in [name for name in os.environ if name.startswith(("TOMONI_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)

    def invoke(*args: str, **more: str) -> Result:
        return CliRunner().invoke(cli, args, env={**environ, **more}, prog_name="cli.py")

    return invoke
