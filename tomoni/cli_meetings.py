"""The commands around reviews as they are held. `cli.py` adds them to its group."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--app", metavar="APP", required=True, help="The app.")
@click.option("--meeting", metavar="ID", default="latest", show_default=True, help="The review.")
@click.option("--format", "formats", metavar="LIST", default="md,html,pdf", show_default=True, help="The formats.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help="The folder.")
@click.pass_context
def minutes(ctx: click.Context, app: str, meeting: str, formats: str, out: Path) -> None:
    """Write the minutes of a closed review: what was seen and decided, and who does what by when."""
    from tomoni.commands import minutes as writing

    chosen = writing.read_formats(formats, ctx.obj.text)
    ctx.exit(writing.run(ctx.obj, writing.MinutesOptions(app, meeting, chosen, out)))


COMMANDS: tuple[click.Command, ...] = (minutes,)
