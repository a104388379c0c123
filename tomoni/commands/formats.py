"""The option `--format` of commands that write files: its choices are those of the table of formats."""

from __future__ import annotations

from collections.abc import Callable, Collection

import click

from tomoni.words.text import Text


def snapshot_formats() -> list[str]:
    """Every format of a snapshot."""
    from tomoni.snapshots.exporters.formats import FORMATS

    return list(FORMATS)


def document_formats() -> list[str]:
    """The formats of a document that is not of one snapshot."""
    from tomoni.snapshots.exporters import formats

    return formats.document_formats()


class FormatsOption(click.Option):
    """A list of formats with commas; its help names them when it is shown, so that other commands never load them."""

    known: Callable[[], list[str]] = staticmethod(snapshot_formats)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The lines of the help with the formats that there are."""
        self.help = ",".join(self.known())
        return super().get_help_record(ctx)


class DocumentFormatsOption(FormatsOption):
    """The same for a document that is not of one snapshot."""

    known = staticmethod(document_formats)


def read_choices(written: str, known: Collection[str], text: Text, option: str = "--format") -> tuple[str, ...]:
    """The choices of a list with commas, each once. Raises click.BadParameter for one that is not known, and for a list
    without any."""
    chosen = tuple(dict.fromkeys(part.strip().lower() for part in written.split(",") if part.strip()))
    wrong = next((choice for choice in chosen or [written] if choice not in known), None)
    if wrong is not None:
        phrase = text._("%(written)s is not one of the choices. Use one of: %(known)s.")
        facts = {"written": text.quote(wrong), "known": ", ".join(known)}
        raise click.BadParameter(phrase % facts, param_hint=[option])
    return chosen
