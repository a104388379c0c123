"""`schema`: describes the configuration files to editors."""

from __future__ import annotations

from pathlib import Path

import click

from tomoni.catalog.jsonschema import write
from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session


def run(session: Session, out: Path) -> int:
    """Writes the JSON Schemas into a folder; returns the exit code."""
    try:
        write(out)
    except OSError as error:
        phrase = session.text._("%(folder)s cannot be written (%(reason)s); name another folder with --out.")
        raise Refusal([phrase % {"folder": out, "reason": error.strerror or type(error).__name__}]) from None
    click.echo(session.text._("Wrote the JSON Schemas into %(folder)s.") % {"folder": out})
    return 0
