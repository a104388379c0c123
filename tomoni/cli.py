"""The command line: `tomoni COMMAND`, or `python cli.py COMMAND` in a checkout. Each command's work is in `commands/`.

Exit codes: 0 done, 1 something is wrong with what was asked (one line each on standard error),
2 usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from tomoni.commands.failures import INTERRUPTED, Commands, debugging
from tomoni.commands.moments import Moment
from tomoni.commands.session import Session, language_from
from tomoni.commands.shared import CONFIG, LANG
from tomoni.languages import LANGUAGES
from tomoni.version import VERSION

AT = Moment()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, "--version", prog_name="Tomoni", message="%(prog)s %(version)s")
@click.option("--config", **CONFIG)
@click.option("--lang", **LANG)
@click.pass_context
def cli(ctx: click.Context, config: Path | None, lang: str | None) -> None:
    """How apps do against their objectives, and what infrastructure carries them.

    What is wrong is said on standard error, one line each. Exit codes: 0 done, 1 something is
    wrong with what was asked, 2 usage.
    """
    ctx.obj = Session(config, lang or language_from(os.environ))


@cli.command()
@click.option("--offline", is_flag=True, help="Read the files only; ask no source.")
@click.pass_context
def check(ctx: click.Context, offline: bool) -> None:
    """Name every problem of every file, then ask each source about its queries."""
    from tomoni.commands import checking

    ctx.exit(checking.run(ctx.obj, offline))


@cli.command()
@click.option("--days", type=click.IntRange(1, 3660), metavar="N", help="How far back.  [default: history_days]")
@click.option("--until", type=AT, help="Up to this moment.  [default: now, less each source's lag]")
@click.pass_context
def sync(ctx: click.Context, days: int | None, until: int | None) -> None:
    """Fetch what is missing into the ledger; may run beside the app and beside itself."""
    from tomoni.commands import syncing

    ctx.exit(syncing.run(ctx.obj, days, until))


@cli.command()
@click.option("--at", type=AT, help="As of this moment (RFC 3339).  [default: now, less each source's lag]")
@click.option("--app", metavar="A", help="One app only, by its id.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people or for programs.",
)
@click.option("--no-sync", is_flag=True, help="Show what is remembered; ask no source.")
@click.pass_context
def status(ctx: click.Context, at: int | None, app: str | None, form: str, no_sync: bool) -> None:
    """Show how the SLOs stand."""
    from tomoni.commands import status as showing

    ctx.exit(showing.run(ctx.obj, showing.Asked(at, app, form == "json", not no_sync)))


@cli.command()
@click.option("--app", required=True, metavar="A", help="The app, by its id.")
@click.option("--slo", required=True, metavar="S", help="The SLO, by its id.")
@click.option("--journey", metavar="J", help="Its journey, where several have an SLO of that id.")
@click.option("--at", type=AT, help="As of this moment (RFC 3339).  [default: now, less each source's lag]")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to write."
)
@click.option("--no-sync", is_flag=True, help="Explain what is remembered; ask no source.")
@click.pass_context
def explain(ctx: click.Context, /, at: int | None, form: str, no_sync: bool, **named: Any) -> None:  # noqa: ANN401 - ids
    """Tell how one number was made."""
    from tomoni.commands import explaining

    ctx.exit(explaining.run(ctx.obj, explaining.Asked(**named, at=at, as_json=form == "json", sync_first=not no_sync)))


@cli.command()
@click.option("--app", metavar="A", help="One app only, by its id.  [default: all]")
@click.option("--at", type=AT, help="As of this moment (RFC 3339).  [default: now, less each source's lag]")
@click.option("--days", type=click.IntRange(1, 3660), metavar="N", default=28, show_default=True, help="The period.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where to.")
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    metavar="F,F",
    help="html,pdf,png,pptx,md,csv,json,parquet",
)
@click.option("--language", type=click.Choice([*LANGUAGES, "both"]), help="Of the files.  [default: --lang]")
@click.option("--without", default="", metavar="C,C", help="Chapters to leave out, such as appendix,trust.")
@click.option("--notes", type=click.Path(path_type=Path), metavar="FILE", help="A text to put into the snapshot.")
@click.option("--changed", is_flag=True, help="Only apps whose numbers changed since their last snapshot.")
@click.option("--no-sync", is_flag=True, help="Freeze what is remembered; ask no source.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
@click.pass_context
def snapshot(ctx: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Freeze reviews and write them as files."""
    from tomoni.commands import snapshot as freezing

    text, no_sync = ctx.obj.text, given.pop("no_sync")
    given["formats"] = freezing.read_formats(given["formats"], text)
    given["without"] = freezing.read_chapters(given["without"], text)
    given["notes"] = freezing.read_notes(given["notes"], text)
    ctx.exit(
        freezing.run(ctx.obj, freezing.Asked(**given | {"only_changed": given.pop("changed")}, sync_first=not no_sync))
    )


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def verify(ctx: click.Context, file: Path) -> None:
    """Check a file of a snapshot again: its seal, its record, and its numbers against the ledger."""
    from tomoni.commands import verifying

    ctx.exit(verifying.run(ctx.obj, file))


@cli.command("import")
@click.argument("system", type=click.Choice(["gcp"]))
@click.option("--project", required=True, metavar="P", help="The Google Cloud project whose SLOs are read.")
@click.option("--source", metavar="ID", help="Its source in sources.yaml.  [default: the one of the project]")
@click.option("--service", "services", multiple=True, metavar="S", help="Only this service; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to.  [default: apps of --config]")
@click.option("--dry-run", is_flag=True, help="Show the files; write nothing.")
@click.option("--force", is_flag=True, help="Write over files that exist.")
@click.pass_context
def import_(ctx: click.Context, /, system: str, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Write app files from SLOs that are kept elsewhere; nothing is changed there."""
    from tomoni.commands import importing

    ctx.exit(importing.run(ctx.obj, importing.Asked(**given)))


@cli.command()
@click.argument("named", nargs=-1, metavar="[SNAPSHOT SNAPSHOT]")
@click.option("--app", metavar="A", help="The last two snapshots of this app.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write it into files there."
)
@click.option("--format", "formats", default="html", show_default=True, metavar="F,F", help="html,pdf,png,pptx,md")
@click.option("--language", type=click.Choice([*LANGUAGES, "both"]), help="Of the files.  [default: --lang]")
@click.pass_context
def compare(ctx: click.Context, /, formats: str, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Tell what changed from one snapshot (a hash or a file) to another."""
    from tomoni.commands import comparing
    from tomoni.commands import snapshot as freezing

    chosen = freezing.read_documents(formats, ctx.obj.text)
    ctx.exit(comparing.run(ctx.obj, comparing.Asked(formats=chosen, **given)))


@cli.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where to.")
@click.option("--at", type=AT, help="As of this moment (RFC 3339).  [default: now, less each source's lag]")
@click.option("--no-sync", is_flag=True, help="Show what is remembered; ask no source.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")
@click.pass_context
def portal(ctx: click.Context, out: Path, at: int | None, no_sync: bool, quiet: bool) -> None:
    """Write a static site of all apps and their snapshots."""
    from tomoni.commands import portal as building

    ctx.exit(building.run(ctx.obj, building.Asked(out, at, not no_sync, quiet)))


@cli.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True, help="The port to listen on.")
@click.pass_context
def serve(ctx: click.Context, address: str, port: int) -> None:
    """Start the app, for browsers."""
    from tomoni.commands import serving

    ctx.exit(serving.serve(ctx.obj, serving.ServeOptions(address, port)))


@cli.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True, help="The port to listen on.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where its data base is kept.  [default: tomoni in the user's data folder]",
)
@click.pass_context
def demo(ctx: click.Context, address: str, port: int, data: Path | None) -> None:
    """Start the app with made-up apps; needs no account and no configuration."""
    from tomoni.commands import serving

    ctx.exit(serving.demo(ctx.obj, serving.ServeOptions(address, port), data))


@cli.command()
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", default="schemas", show_default=True, help="The folder."
)
@click.pass_context
def schema(ctx: click.Context, out: Path) -> None:
    """Write the JSON Schemas of the configuration files, for editors."""
    from tomoni.commands import describing

    ctx.exit(describing.run(ctx.obj, out))


def main() -> None:
    """Runs the command line of this process."""
    _keep_streams_apart()
    if not debugging():
        # Libraries' warnings are for those who look into a problem, not for those who read a table.
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name=_program())
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # A source's threads may wait for a silent server; whoever pressed Ctrl-C should not.
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise


def _program() -> str:
    """How the user called this, for the lines on usage: ``cli.py`` in a checkout, else ``tomoni``."""
    return "cli.py" if Path(sys.argv[0]).name == "cli.py" else "tomoni"


def _keep_streams_apart() -> None:
    """Opens the standard streams that are closed: the next file to be opened, such as the data base,
    would take their place, and what is printed would go into it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(_at(number), mode, encoding="utf-8"))


def _at(number: int) -> int:
    """The null device at the place of a standard stream."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return number
