"""What to run next, once files of a configuration are there."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click


def command(folder: Path) -> str:
    """How this program is run on a folder of configuration, with a blank before."""
    program = click.get_current_context().find_root().info_name or "tomoni"
    program = f"python {program}" if program.endswith(".py") else program
    return f"  {program} --config {quote(str(folder))}"


def usual(folder: Path) -> list[str]:
    """To check, to fetch and to look."""
    return [f"{command(folder)} {name}" for name in ("check", "sync", "serve")]
