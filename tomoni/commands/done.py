"""What a command that does something says of it: lines for people as it goes on, one object for programs at the end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import click


@dataclass(slots=True)
class Done:
    """What was done. ``facts`` are plain data, whose names are part of the contract; problems go to standard error."""

    as_json: bool = False
    facts: dict[str, object] = field(default_factory=dict)

    def say(self, line: str) -> None:
        """A line for people, on standard output."""
        if not self.as_json:
            click.echo(line)

    def ended(self, code: int) -> int:
        """Prints the object for programs, unless nothing could be begun; gives the exit code back."""
        if self.as_json and self.facts:
            click.echo(json.dumps(self.facts, ensure_ascii=False, indent=2))
        return code
