"""How a command reports failures: one line each on standard error, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from tomoni.access.policy import NotAllowedError
from tomoni.commands.shared import SharedOptionsCommand
from tomoni.commands.usage import UsageInWords
from tomoni.languages import language_from
from tomoni.snapshots.errors import SnapshotError
from tomoni.store.errors import StoreError
from tomoni.words import access, database, exports
from tomoni.words.phrases import plain
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text, text_for

REFUSED = 1
INTERRUPTED = 130  # what shells return for SIGINT
BROKEN_PIPE = 141  # what shells return for SIGPIPE
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Refusal(Exception):
    """The command cannot do what was requested; each line states where, what, and how to fix it."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(*lines)
        self.lines = lines


class Commands(click.Group):
    """A group of commands that exits cleanly whatever a command raises."""

    command_class = SharedOptionsCommand

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it
        """Runs a command; turns exceptions into lines and an exit code."""
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            ctx.exit(BROKEN_PIPE)
        except KeyboardInterrupt:
            report_lines([language_of(ctx)._("Stopped. Everything fetched so far is kept.")])
            ctx.exit(INTERRUPTED)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            text = language_of(ctx)
            raise error if text.language == "en" else UsageInWords(error, text) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # the outermost boundary: a user never sees a traceback
            _report_failure(error, language_of(ctx))
            ctx.exit(REFUSED)
        return answer


def _drop_output() -> None:
    """Redirects output to the null device: Python flushes what is left at exit, and must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report_failure(error: Exception, text: Text) -> None:
    if isinstance(error, Refusal):
        report_lines(error.lines)
    elif isinstance(error, NotAllowedError):
        report_lines([text.sentences(*access.describe(error, text))])
    elif isinstance(error, SnapshotError):  # of files that are no snapshots too: folders that cannot be written
        report_lines([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))])
    elif isinstance(error, StoreError):
        report_lines([text.sentences(*database.describe(error.code, error.facts, error.detail, text))])
    elif isinstance(error, ModuleNotFoundError):
        phrase = text._(
            "The package %(name)s is missing for %(python)s; install what requirements.txt names, or begin with "
            "`. .venv/bin/activate`."
        )
        report_lines([phrase % {"name": text.quote(error.name or "?"), "python": sys.executable}])
    elif isinstance(error, OSError) and _no_space(error):
        place = _full_place(error, text)
        _drop_output()
        phrase = text._("There is no room for %(file)s (%(reason)s); free some space, then try again.")
        report_lines([phrase % {"file": place, "reason": reason_of(error, text)}])
    else:
        _unexpected(error, text)


def report_before_a_command(error: OSError) -> int:
    """Reports that what is said before a command runs, such as its help, cannot be written; the exit code."""
    _report_failure(error, text_for(language_from(os.environ)))
    return REFUSED


def _full_place(error: OSError, text: Text) -> str:
    """What there is no room for. The system names no file when it refuses the bytes of an open one, such as the
    output of a command."""
    if error.filename:
        return text.quote(str(error.filename))
    if "No usable temporary directory" in str(error):
        return text.quote(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - only its name
    return text._("what is to be written")


def _no_space(error: OSError) -> bool:
    """Whether there is no room; Python tries to write before it chooses a temporary folder, and reports of
    folders that are full that there is none."""
    return error.errno in _NO_SPACE or "No usable temporary directory" in str(error)


def report_lines(lines: Sequence[str]) -> None:
    """Writes lines to standard error."""
    for line in lines:
        click.echo(plain(line, longest=2000), err=True)


def language_of(ctx: click.Context) -> Text:
    """The texts of the chosen language; before the session begins, as the option or the terminal has it."""
    return ctx.obj.text if ctx.obj is not None else text_for(ctx.params.get("lang") or language_from(os.environ))


def debugging() -> bool:
    """Whether details of unexpected errors are shown."""
    return os.environ.get("TOMONI_DEBUG") == "1"


def _unexpected(error: Exception, text: Text) -> None:
    """One line without the error's own text, which may contain secrets; the traceback only when debugging."""
    phrase = text._("An unexpected error occurred (%(kind)s); set TOMONI_DEBUG=1 to see the details.")
    report_lines([phrase % {"kind": type(error).__name__}])
    if debugging():
        traceback.print_exception(error)
