"""The commands that tell of all apps at once and of long times. `cli.py` adds them to its group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tomoni.commands.formats import FormatsOption
from tomoni.commands.moments import PeriodName
from tomoni.commands.shared import SharedOptionsCommand

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(cls=SharedOptionsCommand)
@click.option("--period", type=PeriodName(), help="The month, such as 2026-10.  [default: the last one that is over]")
@click.option("--format", "formats", metavar="F,F", default="md,html,csv,json", show_default=True, help="The formats.")
@click.option("--out", type=FOLDER, metavar="DIR", required=True, help="The folder.")
@click.pass_context
def report(ctx: click.Context, period: str | None, formats: str, out: Path) -> None:
    """Write the monthly report of all apps, as of the end of a month: what is worth a look comes first."""
    from tomoni.commands import monthly

    text = ctx.obj.text
    month, chosen = monthly.read_month(period, text), monthly.read_formats(formats, text)
    ctx.exit(monthly.run(ctx.obj, monthly.ReportOptions(month, out, chosen)))


@click.command(cls=SharedOptionsCommand)
@click.option("--year", type=click.IntRange(1970, 9998), metavar="N", required=True, help="The year that it begins in.")
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option("--first-month", type=click.IntRange(1, 12), metavar="N", help="Its first month.  [default: first_month]")
@click.option("--format", "formats", cls=FormatsOption, default="html", show_default=True, metavar="F,F")
@click.option("--out", type=FOLDER, metavar="DIR", required=True, help="The folder.")
@click.pass_context
def year(ctx: click.Context, /, formats: str, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Freeze a year of an app, as far as it has come, and write it as files."""
    from tomoni.commands import yearly
    from tomoni.commands.snapshot import read_formats

    chosen = read_formats(formats, ctx.obj.text)
    ctx.exit(yearly.run(ctx.obj, yearly.YearOptions(formats=chosen, **given)))


COMMANDS: tuple[click.Command, ...] = (report, year)
