"""Looks for known weaknesses of the dependencies: `make audit`.

pip-audit asks the index for what is known today. Where it cannot be reached, the installed packages are held against
`advisories.json`, which is shipped and reviewed at each release: it finds what was known then, and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import click
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ADVISORIES = ROOT / "scripts" / "advisories.json"
PIP_AUDIT = ROOT / "build" / "audit" / "bin" / "pip-audit"
_UNKNOWN = "could not be audited"


@dataclass(frozen=True, slots=True)
class Advisory:
    """A known weakness of some versions of a package."""

    id: str
    package: str
    affected: str

    def is_about(self, name: str, version: str) -> bool:
        """Whether a version of a package has it."""
        same = canonicalize_name(name) == canonicalize_name(self.package)
        return same and SpecifierSet(self.affected, prereleases=True).contains(version)


def advisories() -> tuple[str, tuple[Advisory, ...]]:
    """When the shipped list was last reviewed, and what is on it."""
    found = json.loads(ADVISORIES.read_text(encoding="utf-8"))
    return found["checked"], tuple(Advisory(**each) for each in found["advisories"])


def weaknesses(installed: Mapping[str, str], known: Iterable[Advisory]) -> list[str]:
    """What is known of installed packages (versions by name), a line each."""
    return [
        f"{name} {version}: {each.id} (affected: {each.affected})"
        for each in known
        for name, version in sorted(installed.items())
        if each.is_about(name, version)
    ]


def _asked() -> int | None:
    """What pip-audit found, as an exit code; None where it could not ask."""
    if not PIP_AUDIT.exists():
        return None
    command = [
        str(PIP_AUDIT),
        "--requirement",
        str(ROOT / "requirements.txt"),
        "--no-deps",
        "--disable-pip",
        "--strict",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if _UNKNOWN in done.stdout + done.stderr or "Connection" in done.stderr or "resolve" in done.stderr:
        return None
    click.echo(done.stdout + done.stderr)
    return done.returncode


def main() -> int:
    """Asks pip-audit, else the shipped list; 1 where something is known."""
    asked = _asked()
    checked, known = advisories()
    installed = {each.name: each.version for each in distributions()}
    found = weaknesses(installed, known)
    click.echo("\n".join(found) or f"{len(installed)} packages have none of the weaknesses of the list of {checked}.")
    if asked is None:
        click.echo("pip-audit could not ask the index: what became known since then is not in this.", err=True)
    return 1 if found or asked else 0


if __name__ == "__main__":
    sys.exit(main())
