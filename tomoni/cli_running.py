"""The commands of those who run Tomoni on several machines. `cli.py` adds them to its group."""

from __future__ import annotations

import click

from tomoni.commands.shared import SharedOptionsCommand


@click.command(cls=SharedOptionsCommand)
@click.option("--once", is_flag=True, help="Fetch what is missing of every source once, then end.")
@click.option("--port", type=click.IntRange(1, 65_535), metavar="N", help="Answer /healthz, /readyz, /metrics there.")
@click.option("--address", default="127.0.0.1", show_default=True, help="With --port: the address to listen on.")
@click.pass_context
def collect(ctx: click.Context, once: bool, port: int | None, address: str) -> None:
    """Ask the sources for all processes on this database, until it is stopped.

    At any time one process asks them. Exit codes: 0 stopped by SIGTERM or done, 1 a problem, 130 stopped by Ctrl-C.
    """
    from tomoni.commands import collecting

    ctx.exit(collecting.run(ctx.obj, collecting.CollectOptions(once, address, port)))


COMMANDS: tuple[click.Command, ...] = (collect,)
