"""The command line: `tomoni COMMAND`, or `python cli.py COMMAND` in a checkout. Each command's work is in `commands/`.

Exit codes: 0 success, 1 a problem (one line each on standard error), 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from tomoni import cli_alerts, cli_dialects, cli_meetings, cli_running, cli_spread
from tomoni.commands.failures import INTERRUPTED, Commands, debugging, report_before_a_command
from tomoni.commands.formats import DocumentFormatsOption, FormatsOption
from tomoni.commands.moments import Moment, PeriodName, When, read_when
from tomoni.commands.session import Session
from tomoni.commands.shared import CONFIG, LANG, deed_option, output_option
from tomoni.languages import LANGUAGES, language_from
from tomoni.version import VERSION

AT = Moment()
PERIOD = PeriodName()

# Options of several commands.
with_at = click.option("--at", type=AT, help="As of this moment (RFC 3339).  [default: now, less each source's lag]")
with_period = click.option("--period", type=PERIOD, help="As of its end: 2026-10, 2026-W48, 2026-Q4, 2026.")
with_no_sync = click.option("--no-sync", is_flag=True, help="Use stored data only; do not query any source.")
with_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Output for people or for programs.",
)
with_language = click.option(
    "--language", type=click.Choice([*LANGUAGES, "both"]), help="The language of the files.  [default: --lang]"
)
with_out = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="The output folder."
)
with_quiet = click.option("--quiet", "-q", is_flag=True, help="Print problems only.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, "--version", prog_name="Tomoni", message="%(prog)s %(version)s")
@click.option("--config", **CONFIG)
@click.option("--lang", **LANG)
@click.pass_context
def cli(ctx: click.Context, config: Path | None, lang: str | None) -> None:
    """Review SLOs: how apps are doing against their objectives, and the infrastructure behind them.

    Problems are reported on standard error, one per line. Exit codes: 0 success, 1 a problem,
    2 wrong usage, 130 stopped by Ctrl-C.
    """
    ctx.obj = Session(config, lang or language_from(os.environ))
    ctx.call_on_close(ctx.obj.close)


@cli.command()
@click.option("--offline", is_flag=True, help="Check the files only; do not query any source.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="Output for people, or for programs and pull requests.",
)
@click.pass_context
def check(ctx: click.Context, offline: bool, form: str) -> None:
    """Report every problem in the configuration files, then check the queries against each source."""
    from tomoni.commands import checking

    ctx.exit(checking.run(ctx.obj, offline, form))


@cli.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
@click.option("--prometheus", metavar="URL", help="A source of kind prometheus; its metrics propose the first SLOs.")
@click.option("--gcp", metavar="PROJECT", help="A source of kind cloud_monitoring.")
@click.option("--files", type=click.Path(path_type=Path), metavar="DIR", help="A source of kind files.")
@click.option("--source", metavar="ID", help="A source that the configuration has already: only the app is written.")
@click.option("--app", default="my-app", show_default=True, metavar="A", help="The id of the first app.")
@deed_option
@click.pass_context
def init(ctx: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Start a configuration of your own in a new folder.  [default: my-config]"""
    from tomoni.commands import initializing

    if len([place for option, place in given.items() if option not in ("folder", "app") and place is not None]) > 1:
        raise click.UsageError(
            ctx.obj.text._(
                "Name one source: --prometheus, --gcp, --files or --source; add others to sources.yaml later."
            )
        )
    ctx.exit(ctx.obj.done.ended(initializing.run(ctx.obj, initializing.InitOptions(**given))))


@cli.command()
@click.option("--days", type=click.IntRange(1, 3660), metavar="N", help="How many days back.  [default: history_days]")
@click.option("--until", type=AT, help="Up to this moment.  [default: now, less each source's lag]")
@click.option("--again", is_flag=True, help="Fetch --from to --until even if it is stored, and replace it.")
@click.option("--from", "start", type=AT, help="With --again: the beginning of the interval.")
@click.option("--period", type=PERIOD, help="What reviews of it need: 2026-10, 2026-W48, 2026-Q4, 2026.")
@click.option("--app", metavar="A", help="With --again: only this app, by its id.")
@click.option("--slo", metavar="S", help="With --again: only this SLO, by its id or app/journey/slo.")
@click.option("--source", metavar="ID", help="With --again: only series of this source.")
@deed_option
@click.pass_context
def sync(ctx: click.Context, /, again: bool, days: int | None, **named: Any) -> None:  # noqa: ANN401 - the options above
    """Fetch missing data into the ledger; can run alongside the app and other syncs."""
    from tomoni.commands import rereading, syncing

    interval = {name: named.pop(name) for name in ("start", "until", "period")}
    _check_interval(ctx, again, days, interval)
    _check_again(ctx, again, {"start": interval["start"], **named})
    if again:
        ctx.exit(ctx.obj.done.ended(rereading.run(ctx.obj, rereading.AgainOptions(**interval, **named))))
    ctx.exit(ctx.obj.done.ended(syncing.run(ctx.obj, syncing.SyncOptions(days, interval["until"], interval["period"]))))


def _check_interval(ctx: click.Context, again: bool, days: int | None, interval: dict[str, Any]) -> None:
    """Refuses intervals of `sync` that are given twice or not at all."""
    text = ctx.obj.text
    ends = [interval["start"], interval["until"]]
    if interval["period"] is not None and (days is not None or any(end is not None for end in ends)):
        raise click.UsageError(text._("Use --period without --days, --from and --until."))
    if again and interval["period"] is None and (days is not None or None in ends):
        raise click.UsageError(text._("--again needs --from and --until, or --period, and no --days."))


def _check_again(ctx: click.Context, again: bool, named: dict[str, Any]) -> None:
    """Refuses options of `sync` that need another one."""
    text = ctx.obj.text
    if not again and any(value is not None for value in named.values()):
        raise click.UsageError(text._("--from, --app, --slo and --source need --again."))


@cli.command()
@with_at
@with_period
@click.option("--app", metavar="A", help="Only this app, by its id.")
@with_format
@with_no_sync
@click.option("--fail-on", default="", metavar="C,C", help="Exit 3 if an SLO is in a state, 4 if a source fails.")
@click.pass_context
def status(ctx: click.Context, /, form: str, no_sync: bool, fail_on: str, **given: Any) -> None:  # noqa: ANN401 - ids
    """Show the status of the SLOs."""
    from tomoni.commands import status as showing

    conditions = showing.read_conditions(fail_on, ctx.obj.text)
    when = _when(ctx, given)
    options = showing.StatusOptions(when, **given, as_json=form == "json", sync_first=not no_sync, fail_on=conditions)
    ctx.exit(showing.run(ctx.obj, options))


@cli.command()
@click.option("--app", required=True, metavar="A", help="The app, by its id.")
@click.option("--slo", required=True, metavar="S", help="The SLO, by its id or journey/slo.")
@click.option("--journey", metavar="J", help="Its journey, if several have an SLO with that id.")
@with_at
@with_period
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The output format.",
)
@with_no_sync
@click.pass_context
def explain(ctx: click.Context, /, form: str, no_sync: bool, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Explain how a figure was calculated."""
    from tomoni.commands import explaining

    when = _when(ctx, given)
    options = explaining.ExplainOptions(**given, when=when, as_json=form == "json", sync_first=not no_sync)
    ctx.exit(explaining.run(ctx.obj, options))


@cli.command()
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@with_at
@with_period
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    metavar="N",
    default=28,
    show_default=True,
    help="The length of the period, in days.",
)
@with_out
@click.option("--format", "formats", cls=FormatsOption, default="html", show_default=True, metavar="F,F")
@with_language
@click.option("--without", default="", metavar="C,C", help="Chapters to omit, such as appendix,trust.")
@click.option(
    "--notes", type=click.Path(path_type=Path), metavar="FILE", help="A text file to include in the snapshot."
)
@click.option("--template", type=click.Path(path_type=Path), metavar="FILE", help="The template for slides (.pptx).")
@click.option("--changed", is_flag=True, help="Only apps whose numbers have changed since their last snapshot.")
@with_no_sync
@with_quiet
@click.pass_context
def snapshot(ctx: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Freeze reviews and write them as files."""
    from tomoni.commands import snapshot as freezing

    text, no_sync = ctx.obj.text, given.pop("no_sync")
    given["when"] = _when(ctx, given)
    given["formats"] = freezing.read_formats(given["formats"], text)
    given["without"] = freezing.read_chapters(given["without"], text)
    given["notes"] = freezing.read_notes(given["notes"], text)
    given["template"] = freezing.read_template(given["template"], ctx.obj, given["formats"])
    ctx.exit(
        freezing.run(
            ctx.obj, freezing.SnapshotOptions(**given | {"only_changed": given.pop("changed")}, sync_first=not no_sync)
        )
    )


@cli.command()
@click.argument("named", nargs=-1, metavar="[SNAPSHOT]...")
@click.option("--app", metavar="A", help="List only snapshots of this app, by its id.")
@click.option(
    "--period", type=PERIOD, help="List only snapshots as of a moment in it: 2026-10, 2026-W48, 2026-Q4, 2026."
)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="The page of the list.")
@with_format
@click.option("--delete", is_flag=True, help="Delete the snapshots, each given by the start of its hash.")
@click.option("--pin", is_flag=True, help="Pin them: they cannot be deleted and do not expire.")
@click.option("--unpin", is_flag=True, help="Unpin them.")
@click.option("--expire", is_flag=True, help="Delete those that the rule in settings.yaml does not keep.")
@click.option("--dry-run", is_flag=True, help="Report what would be done; change nothing.")
@click.pass_context
def snapshots(ctx: click.Context, /, named: tuple[str, ...], dry_run: bool, **given: Any) -> None:  # noqa: ANN401 - the options above
    """List the saved snapshots, or delete, pin and expire them."""
    from tomoni.commands import snapshots as saved

    ctx.obj.done.as_json = given["form"] == "json"
    action = saved.read_action(ctx, named, dry_run, [name for name in saved.ACTIONS if given.pop(name)])
    if action == "expire":
        ctx.exit(saved.expire(ctx.obj, dry_run))
    if action is not None:
        ctx.exit(saved.change(ctx.obj, saved.ChangeOptions(action, named, dry_run)))
    ctx.exit(saved.show(ctx.obj, saved.ListOptions(as_json=given.pop("form") == "json", **given)))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@output_option("text")
@click.pass_context
def verify(ctx: click.Context, file: Path, form: str) -> None:
    """Verify a snapshot file: its seal, all that it shows, its record, and its numbers against the ledger."""
    from tomoni.commands import verifying

    ctx.exit(verifying.run(ctx.obj, file, form == "json"))


@cli.command()
@click.argument("named", nargs=-1, metavar="[SNAPSHOT SNAPSHOT]")
@click.option("--app", metavar="A", help="The last two snapshots of this app.")
@click.option(
    "--period",
    "periods",
    type=PERIOD,
    multiple=True,
    help="With --app: this period and another, or the one before it.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write files to this folder."
)
@click.option("--format", "formats", cls=DocumentFormatsOption, default="html", show_default=True, metavar="F,F")
@with_language
@click.pass_context
def compare(ctx: click.Context, /, formats: str, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Show what changed between two snapshots, each given as a hash or a file."""
    from tomoni.commands import comparing
    from tomoni.commands import snapshot as freezing

    text = ctx.obj.text
    if given["periods"] and (given["named"] or given["app"] is None or len(given["periods"]) > 2):
        raise click.UsageError(text._("--period needs --app, once or twice, and no other snapshots."))
    if given["named"] and (given["app"] is not None or len(given["named"]) != 2):
        raise click.UsageError(text._("Name two snapshots, or an app with --app, and not both."))
    if len(set(given["periods"])) < len(given["periods"]):
        raise click.UsageError(text._("--period names the same period twice; name two different ones."))
    chosen = freezing.read_documents(formats, text)
    ctx.exit(comparing.run(ctx.obj, comparing.CompareOptions(formats=chosen, **given)))


@cli.command()
@with_out
@with_at
@with_period
@click.option("--url", default="", metavar="URL", help="The address the site will have, for the links in its feeds.")
@with_no_sync
@with_quiet
@deed_option
@click.pass_context
def portal(ctx: click.Context, /, out: Path, no_sync: bool, quiet: bool, url: str, **given: Any) -> None:  # noqa: ANN401 - the moment
    """Write a static site of all apps, their snapshots and what their teams wrote."""
    from tomoni.commands import portal as building

    address = building.read_address(url, ctx.obj.text)
    options = building.PortalOptions(out, _when(ctx, given), not no_sync, quiet, address)
    ctx.exit(ctx.obj.done.ended(building.run(ctx.obj, options)))


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
    help="The folder of its database.  [default: tomoni in the user's data folder]",
)
@click.pass_context
def demo(ctx: click.Context, address: str, port: int, data: Path | None) -> None:
    """Start the app with demo data; needs no account and no configuration."""
    from tomoni.commands import serving

    ctx.exit(serving.demo(ctx.obj, serving.ServeOptions(address, port), data))


_OTHERS = (cli_alerts, cli_dialects, cli_meetings, cli_running, cli_spread)
for each in (command for others in _OTHERS for command in others.COMMANDS):
    cli.add_command(each)
cli_dialects.export.add_command(cli_running.parquet)


def _when(ctx: click.Context, given: dict[str, Any]) -> When:
    """Takes the moment out of the options of a command."""
    return read_when(given.pop("at"), given.pop("period"), ctx.obj.text)


def main() -> None:
    """Runs the command line of this process."""
    _keep_streams_apart()
    if not debugging():
        # Warnings of libraries help to debug a problem; readers of a table do not need them.
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name=_program())
    except OSError as error:
        sys.exit(report_before_a_command(error))
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # Threads of a source may still wait for a silent server; Ctrl-C must not wait for them.
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise


def _program() -> str:
    """The name for usage messages: ``cli.py`` in a checkout, else ``tomoni``."""
    return "cli.py" if Path(sys.argv[0]).name == "cli.py" else "tomoni"


def _keep_streams_apart() -> None:
    """Reopens closed standard streams: otherwise the next file that is opened, such as the database,
    takes their number, and printed output goes into it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(_at(number), mode, encoding="utf-8"))


def _at(number: int) -> int:
    """Opens the null device under the number of a standard stream."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return number
