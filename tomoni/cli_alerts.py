"""The commands around alerts, notifications and assistants. `cli.py` adds them to its group."""

from __future__ import annotations

from typing import Any

import click

from tomoni.commands.moments import Moment, PeriodName, read_when
from tomoni.commands.shared import SharedOptionsCommand
from tomoni.commands.usage import refuse_beside, refuse_without


@click.command(cls=SharedOptionsCommand)
@click.option("--at", type=Moment(), help="Up to this moment (RFC 3339).  [default: now]")
@click.option("--period", type=PeriodName(), help="Of this period: 2026, 2026-Q4, 2026-10, 2026-W48, 2026-11-27.")
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option(
    "--days", type=click.IntRange(1, 366), metavar="N", default=28, show_default=True, help="Over so many days."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Output for people or for programs.",
)
@click.pass_context
def alerts(ctx: click.Context, /, form: str, days: int, app: str | None, **given: Any) -> None:  # noqa: ANN401 - ids
    """Hold the alerts that fired against what burned: precision, recall, detection and reset time."""
    from tomoni.commands import alert_quality

    when = read_when(given["at"], given["period"], ctx.obj.text)
    ctx.exit(alert_quality.run(ctx.obj, alert_quality.AlertsOptions(when, app, days, form == "json")))


@click.command(cls=SharedOptionsCommand)
@click.option("--dry-run", is_flag=True, help="Only show what would be sent now; nothing is sent or remembered.")
@click.option("--sent", is_flag=True, help="List the 200 newest notifications, and what became of each.")
@click.option("--no-sync", is_flag=True, help="Do not fetch missing data first.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people or for programs.",
)
@click.pass_context
def notify(ctx: click.Context, dry_run: bool, sent: bool, no_sync: bool, form: str) -> None:
    """Tell teams that a budget is exhausted, at risk, burns fast or has recovered, once for each change."""
    from tomoni.commands import notifying

    if sent:
        refuse_beside(ctx, "--sent", {"dry_run": "--dry-run", "no_sync": "--no-sync"})
    ctx.exit(notifying.run(ctx.obj, notifying.NotifyOptions(dry_run, sent, form == "json", not no_sync)))


@click.command(cls=SharedOptionsCommand)
@click.option(
    "--http",
    is_flag=True,
    help="Serve HTTP at /mcp, each request with its token; else standard input and output.",
)
@click.option("--address", default="127.0.0.1", show_default=True, help="With --http: the address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8502,
    show_default=True,
    help="With --http: the port to listen on.",
)
@click.pass_context
def mcp(ctx: click.Context, http: bool, address: str, port: int) -> None:
    """Let assistants read objectives, budgets and reviews by the Model Context Protocol, with the rights of a token."""
    from tomoni.commands import assisting

    if not http:
        refuse_without(ctx, "--http", {"address": "--address", "port": "--port"})
    ctx.exit(assisting.run(ctx.obj, assisting.McpOptions(http, address, port)))


COMMANDS: tuple[click.Command, ...] = (alerts, mcp, notify)
