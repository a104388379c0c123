"""The commands around reviews as they are held. `cli.py` adds them to its group."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
