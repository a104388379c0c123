"""Lengths of time on the command line: ``30d``, ``4w``, ``1h30m``."""

from __future__ import annotations

import click

from data_sources.durations import parse_duration
from tomoni.commands.failures import language_of
from tomoni.words.text import Text


def read_length(written: str, text: Text) -> int:
    """The whole seconds of a length of time. Raises click.BadParameter, which shows how one is written."""
    try:
        seconds = parse_duration(written)
    except ValueError:
        phrase = text._("%(written)r is not a length of time; write 28d, 4w or 1h.")
        raise click.BadParameter(phrase % {"written": written[:80]}) from None
    if seconds <= 0 or seconds != int(seconds):
        phrase = text._("%(written)r is too short; write whole seconds above 0, such as 28d, 4w or 1h.")
        raise click.BadParameter(phrase % {"written": written[:80]})
    return int(seconds)


class Length(click.ParamType[int]):
    """A length of time in whole seconds."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parses it; a usage error shows the format."""
        if isinstance(value, int):
            return value
        return read_length(str(value), language_of(ctx or click.get_current_context()))
