"""Moments on the command line: RFC 3339 with a time zone."""

from __future__ import annotations

import re
from datetime import datetime

import click

from tomoni.commands.failures import language_of
from tomoni.words.text import Text

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")


class Moment(click.ParamType[int]):
    """A moment in whole Unix seconds; fractions of a second are dropped."""

    name = "moment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Its placeholder in the help."""
        return "T"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parses RFC 3339; a usage error shows the format."""
        if isinstance(value, int):
            return value
        text = language_of(ctx or click.get_current_context())
        found = _RFC_3339.fullmatch(str(value))
        if not found:
            self.fail(_how(text._("%(written)r is not a valid time."), str(value), text), param, ctx)
        if not found.group(3):
            self.fail(_how(text._("%(written)r has no time zone."), str(value), text), param, ctx)
        try:
            unix = datetime.fromisoformat(str(value).upper()).timestamp()
        except (ValueError, OverflowError):
            self.fail(_how(text._("%(written)r is not a valid date."), str(value), text), param, ctx)
        if unix < 0:
            self.fail(_how(text._("%(written)r is before 1970."), str(value), text), param, ctx)
        return int(unix)


def _how(what: str, written: str, text: Text) -> str:
    hint = text._("Write it as 2026-11-18T10:00:00Z or 2026-11-18T19:00:00+09:00.")
    return text.sentences(what % {"written": written}, hint)
