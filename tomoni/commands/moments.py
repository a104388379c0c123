"""Moments on the command line: RFC 3339 with a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import click
from click.core import ParameterSource

from tomoni.commands.failures import language_of
from tomoni.slo.named_periods import named_period
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
            phrase = text._("%(written)r is no moment: its date, time or offset does not exist.")
            self.fail(_how(phrase, str(value), text), param, ctx)
        if unix < 0:
            self.fail(_how(text._("%(written)r is before 1970."), str(value), text), param, ctx)
        return int(unix)


class PeriodName(click.ParamType[str]):
    """The name of a period: a day, an ISO week, a month, a quarter or a year."""

    name = "period"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help calls it."""
        return "P"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Checks the name; a usage error says how to write it."""
        try:
            named_period(str(value), "UTC")
        except (ValueError, OverflowError):
            text = language_of(ctx or click.get_current_context())
            what = text._("%(written)r is not the name of a period.") % {"written": str(value)}
            hint = text._("Write it as 2026-10, 2026-W48, 2026-Q4, 2026-11-27 or 2026.")
            self.fail(text.sentences(what, hint), param, ctx)
        return str(value).upper()


@dataclass(frozen=True, slots=True)
class When:
    """The moment that a command looks at: Unix seconds, the end of a named period, or now (both None)."""

    at: int | None = None
    period: str | None = None


def read_when(at: int | None, period: str | None, text: Text) -> When:
    """What was written of a moment; both at once, and a period with days, are refused as a usage error."""
    if at is not None and period is not None:
        raise click.UsageError(text._("Use either --at or --period, not both."))
    ctx = click.get_current_context(silent=True)
    if period is not None and ctx is not None and ctx.get_parameter_source("days") is ParameterSource.COMMANDLINE:
        raise click.UsageError(text._("Use either --period or --days, not both: a period has its own length."))
    return When(at, period)


def _how(what: str, written: str, text: Text) -> str:
    hint = text._("Write it as 2026-11-18T10:00:00Z or 2026-11-18T19:00:00+09:00.")
    return text.sentences(what % {"written": written}, hint)
