"""The commands of those who run Tomoni: on several machines, with other programs, with editors. `cli.py` adds them."""

from __future__ import annotations

from pathlib import Path

import click

from tomoni.commands.moments import Moment
from tomoni.commands.shared import SharedOptionsCommand, deed_option
from tomoni.commands.usage import refuse_without


@click.command(cls=SharedOptionsCommand)
@click.option("--once", is_flag=True, help="Fetch what is missing of every source once, then end.")
@click.option("--port", type=click.IntRange(1, 65_535), metavar="N", help="Answer /healthz, /readyz, /metrics there.")
@click.option("--address", default="127.0.0.1", show_default=True, help="With --port: the address to listen on.")
@deed_option
@click.pass_context
def collect(ctx: click.Context, once: bool, port: int | None, address: str) -> None:
    """Ask the sources for all processes on this database, until it is stopped.

    At any time one process asks them. Exit codes: 0 stopped by SIGTERM or done, 1 a problem, 130 stopped by Ctrl-C.
    """
    from tomoni.commands import collecting

    if port is None:
        refuse_without(ctx, "--port", {"address": "--address"})
    if ctx.obj.done.as_json and not once:
        raise click.UsageError(ctx.obj.text._("--format json needs --once: what goes on has no end to tell of."))
    ctx.exit(ctx.obj.done.ended(collecting.run(ctx.obj, collecting.CollectOptions(once, address, port))))


@click.command(cls=SharedOptionsCommand)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="The output folder."
)
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option("--since", type=Moment(), metavar="T", help="Only the days since this moment (RFC 3339).")
@deed_option
@click.pass_context
def parquet(ctx: click.Context, out: Path, app: str | None, since: int | None) -> None:
    """Write what is stored as Parquet, a folder a day; days that did not change are left as they are."""
    from tomoni.commands import lake

    ctx.exit(ctx.obj.done.ended(lake.run(ctx.obj, lake.LakeOptions(out, app, since))))


@click.command(cls=SharedOptionsCommand)
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option("--dry-run", is_flag=True, help="Only say what it would free.")
@deed_option
@click.pass_context
def compact(ctx: click.Context, app: str | None, dry_run: bool) -> None:
    """Compact old buckets to hours and delete those that are too old, as the configuration says.

    A collector does the same by and by.
    """
    from tomoni.commands import compacting

    ctx.exit(ctx.obj.done.ended(compacting.run(ctx.obj, app, dry_run)))


@click.command(cls=SharedOptionsCommand)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", default="schemas", show_default=True, help="The folder."
)
@deed_option
@click.pass_context
def schema(ctx: click.Context, out: Path) -> None:
    """Write the JSON Schemas of the configuration files, for use in editors."""
    from tomoni.commands import describing

    ctx.exit(ctx.obj.done.ended(describing.run(ctx.obj, out)))


COMMANDS: tuple[click.Command, ...] = (collect, compact, schema)
