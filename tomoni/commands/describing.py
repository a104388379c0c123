"""`schema`: describes the configuration files to editors."""

from __future__ import annotations

from pathlib import Path

from tomoni.catalog.jsonschema import schema_files
from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.words import exports


def run(session: Session, out: Path) -> int:
    """Writes the JSON Schemas into a folder; returns the exit code."""
    try:
        make_folder(out)
        for name, content in schema_files().items():
            write_bytes(out / name, content.encode())
    except SnapshotError as error:
        raise Refusal([session.text.sentences(*exports.describe(error.code, error.facts, "", session.text))]) from None
    session.done.say(session.text._("Wrote the JSON Schemas into %(folder)s.") % {"folder": session.text.quote(out)})
    session.done.facts = {"folder": str(out), "files": sorted(schema_files())}
    return 0
