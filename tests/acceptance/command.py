"""Tomoni as somebody uses it: a folder of files, a database, and `python cli.py` as a process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli import cli

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 300
# file:line: what; what to do
SAID = re.compile(r"\S.*:\d+: (Warning: )?.+[;；] .+")


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said on standard error, a line each."""
        return self.err.splitlines()

    @property
    def body(self) -> Any:
        """The JSON that it printed."""
        return json.loads(self.out)

    def slo(self, name: str) -> dict[str, Any]:
        """One SLO of the printed JSON."""
        (found,) = (slo for slo in self.body["slos"] if slo["slo"] == name)
        return dict(found)


@dataclass(frozen=True)
class Place:
    """A folder with ``config/`` and a database of its own, and commands that run on them."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """The folder of the configuration files."""
        return self.folder / "config"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "ledger.db"

    def write(self, **files: str | bytes) -> Place:
        """Writes files of the configuration by their names; ``app_shop`` is ``apps/shop.yaml``."""
        (self.config / "apps").mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = self.config / (name.replace("app_", "apps/", 1) + ".yaml")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def variables(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a command; ``environ`` overrides, and a value of "" takes a variable away."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOMONI_", "LC_", "LANG"))}
        own = {"TOMONI_DATABASE_URL": f"sqlite:///{self.database}", "LANG": "C.UTF-8"}
        together = {**kept, **own, **self.environ, **(environ or {})}
        return {name: value for name, value in together.items() if value}

    def start(self, *args: str, environ: Mapping[str, str] | None = None, **how: Any) -> subprocess.Popen[str]:
        """Starts a command as a process."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "--config", str(self.config), *args],
            **{"cwd": self.folder, **pipes, **how},
            env=self.variables(environ),
            text=True,
            encoding="utf-8",
        )

    def run(self, *args: str, environ: Mapping[str, str] | None = None, **how: Any) -> Ended:
        """Runs a command to its end, as a process."""
        process = self.start(*args, environ=environ, **how)
        out, err = process.communicate(timeout=LONGEST_SECONDS)
        return Ended(process.returncode, out or "", err or "")

    def status(self, *args: str, **environ: str) -> Ended:
        """The status as JSON."""
        return self.run("status", "--format", "json", *args, environ=environ)


class PlaceWithin(Place):
    """The same, where commands run within this process: they need no second to load their libraries."""

    def run(self, *args: str, environ: Mapping[str, str] | None = None, **how: Any) -> Ended:
        """Runs a command to its end; with ``how`` as a process."""
        if how:
            return super().run(*args, environ=environ, **how)
        wanted = self.variables(environ)
        gone = {name: None for name in os.environ if name not in wanted}
        with chdir(self.folder):
            result = CliRunner().invoke(
                cli, ["--config", str(self.config), *args], env={**wanted, **gone}, prog_name="cli.py"
            )
        return Ended(result.exit_code, result.stdout, result.stderr)


def rfc3339(unix: float) -> str:
    """A moment as the command line takes and prints it."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
