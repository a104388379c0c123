"""A wrong use of the command line, told in the language of the command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import click

from tomoni.words.text import Text
from tomoni.words.usage import in_words


class UsageInWords(click.UsageError):
    """A usage error of Click in another language; how it is shown and the exit code are those of Click."""

    def __init__(self, error: click.UsageError, text: Text) -> None:
        super().__init__(in_words(error.format_message(), text), error.ctx)
        self._text = text

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes how the command is used, where its help is, and what was wrong; by default to standard error."""
        _ = self._text._
        if self.ctx is not None:
            usage = self.ctx.get_usage().removeprefix("Usage: ")
            click.echo(_("Usage: %(usage)s") % {"usage": usage}, file=file, err=file is None)
            command = f"{self.ctx.command_path} {self.ctx.help_option_names[-1]}"
            click.echo(_("Help: %(command)s") % {"command": command} + "\n", file=file, err=file is None)
        click.echo(_("Error: %(what)s") % {"what": self.message}, file=file, err=file is None)


def refuse_beside(ctx: click.Context, what: str, unread: Mapping[str, str]) -> None:
    """Refuses parameters that would be left out of account beside ``what``: ``unread`` has them as they are written."""
    if given := _given(ctx, unread):
        phrase = ctx.obj.text._("%(options)s: not used with %(what)s; leave out one of them.")
        raise click.UsageError(phrase % {"options": given, "what": what})


def refuse_without(ctx: click.Context, needed: str, unread: Mapping[str, str]) -> None:
    """Refuses parameters that mean nothing without one that is not given."""
    if given := _given(ctx, unread):
        phrase = ctx.obj.text._("%(options)s: only with %(needed)s.")
        raise click.UsageError(phrase % {"options": given, "needed": needed})


def _given(ctx: click.Context, parameters: Mapping[str, str]) -> str:
    by_hand = click.core.ParameterSource.COMMANDLINE
    found = [written for name, written in parameters.items() if ctx.get_parameter_source(name) is by_hand]
    return str(ctx.obj.text.listed(found))
