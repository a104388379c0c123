"""The commands around reviews as they are held, and around the database that remembers them. `cli.py` adds them to
its group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tomoni.commands.failures import Commands
from tomoni.commands.moments import Moment
from tomoni.commands.shared import SharedOptionsCommand, deed_option, output_option
from tomoni.commands.usage import refuse_beside

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=SharedOptionsCommand)
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


@click.group(cls=Commands)
def token() -> None:
    """Make, list and revoke the tokens of the API."""


@token.command()
@click.argument("name", metavar="NAME")
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@deed_option
@click.pass_context
def create(ctx: click.Context, name: str, app: str | None) -> None:
    """Make a token and print it, once."""
    from tomoni.commands import tokens

    name = " ".join(name.split())
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise click.UsageError(ctx.obj.text._("A name has 1 to 100 characters."))
    ctx.exit(ctx.obj.done.ended(tokens.create(ctx.obj, name, app)))


@token.command("list")
@output_option("text")
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the tokens, without their secrets."""
    from tomoni.commands import tokens

    ctx.exit(tokens.show(ctx.obj, form == "json"))


@token.command()
@click.argument("name", metavar="NAME")
@deed_option
@click.pass_context
def revoke(ctx: click.Context, name: str) -> None:
    """Revoke a token for good."""
    from tomoni.commands import tokens

    ctx.exit(ctx.obj.done.ended(tokens.revoke(ctx.obj, name)))


@click.command(cls=SharedOptionsCommand)
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@deed_option
@click.pass_context
def backup(ctx: click.Context, file: Path, force: bool) -> None:
    """Write everything that the database holds to a file, while the app runs."""
    from tomoni.commands import backing_up

    ctx.exit(ctx.obj.done.ended(backing_up.back_up(ctx.obj, file, force)))


@click.command(cls=SharedOptionsCommand)
@click.argument("file", type=FILE)
@click.option("--into", metavar="URL", help="The database, SQLite or PostgreSQL.  [default: TOMONI_DATABASE_URL]")
@click.option("--replace", is_flag=True, help="Replace everything in a database that is not empty.")
@deed_option
@click.pass_context
def restore(ctx: click.Context, file: Path, into: str | None, replace: bool) -> None:
    """Restore a backup into an empty database, all of it or nothing; stop the app before."""
    from tomoni.commands import backing_up

    ctx.exit(ctx.obj.done.ended(backing_up.restore(ctx.obj, file, into, replace)))


@click.command(cls=SharedOptionsCommand)
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option(
    "--days-before",
    type=click.IntRange(0, 366),
    metavar="N",
    default=1,
    show_default=True,
    help="Remind of reviews that are due within so many days.",
)
@click.option("--dry-run", is_flag=True, help="Only show the reminders; nothing is sent.")
@deed_option
@click.pass_context
def remind(ctx: click.Context, app: str | None, days_before: int, dry_run: bool) -> None:
    """Remind Slack, Google Chat or Teams of the reviews that are due, once."""
    from tomoni.commands import reminding

    ctx.exit(ctx.obj.done.ended(reminding.run(ctx.obj, reminding.RemindOptions(app, days_before, dry_run))))


@click.command(cls=SharedOptionsCommand)
@click.option("--app", metavar="A", help="Only this app, by its id.  [default: all]")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", default="reviews.ics", show_default=True, help="The file."
)
@deed_option
@click.pass_context
def calendar(ctx: click.Context, app: str | None, out: Path) -> None:
    """Write the reviews to come as a calendar file (.ics)."""
    from tomoni.commands import calendars

    ctx.exit(ctx.obj.done.ended(calendars.run(ctx.obj, app, out)))


@click.command(cls=SharedOptionsCommand)
@click.option("--app", metavar="A", help="Only this app, by its id.")
@click.option("--team", metavar="T", help="Only this team, by its name.")
@click.option(
    "--state",
    type=click.Choice(["open", "done", "dropped", "all"]),
    default="open",
    show_default=True,
    help="What became of them.",
)
@output_option("table")
@click.pass_context
def actions(ctx: click.Context, app: str | None, team: str | None, state: str, form: str) -> None:
    """List the actions of all apps; those that were due come first."""
    from tomoni.commands import actions as work

    ctx.exit(work.run(ctx.obj, work.ActionsOptions(app, team, state, form == "json")))


@click.command(cls=SharedOptionsCommand)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--app", metavar="A", help="Only of this app, by its id.")
@click.option("--since", type=Moment(), help="Only since this moment (RFC 3339).")
@click.option("--export", is_flag=True, help="All entries as JSON lines, the oldest first.")
@click.option("--verify", is_flag=True, help="Check that no entry was changed or taken out.")
@output_option("text")
@click.pass_context
def audit(ctx: click.Context, /, words: tuple[str, ...], form: str, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Who did what, when and from where: the 200 newest entries that contain all words."""
    from tomoni.commands import auditing

    search = {"words": "WORDS", "app": "--app", "since": "--since"}
    if given["verify"]:
        refuse_beside(ctx, "--verify", {**search, "export": "--export"})
    if given["export"]:
        refuse_beside(ctx, "--export", search)
    ctx.exit(auditing.run(ctx.obj, auditing.AuditOptions(" ".join(words), as_json=form == "json", **given)))


COMMANDS: tuple[click.Command, ...] = (actions, audit, minutes, token, backup, restore, remind, calendar)
