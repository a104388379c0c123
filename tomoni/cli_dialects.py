"""The commands that bring SLOs in from other tools and take them out again. `cli.py` adds them to its group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tomoni.commands.failures import Commands
from tomoni.commands.lengths import Length
from tomoni.commands.shared import SharedOptionsCommand
from tomoni.dialects.registry import BY_NAME, READ, WRITTEN

GOOGLE = "gcp"


@click.command("import", cls=SharedOptionsCommand)
@click.argument("system", type=click.Choice(READ), metavar="FROM")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True), metavar="[PATH]...")
@click.option("--project", metavar="P", help="gcp: the Google Cloud project to read SLOs from, without PATH.")
@click.option("--source", metavar="ID", help="The source of queries whose files name none.  [default: one that fits]")
@click.option("--service", "services", multiple=True, metavar="S", help="gcp: only this service; can be repeated.")
@click.option(
    "--map", "names", multiple=True, metavar="NAME=ID", help="The source for a spec's own name of one; can be repeated."
)
@click.option("--window", type=Length(), metavar="L", help="The window of SLOs whose files have none, such as 30d.")
@click.option("--app", metavar="A", help="Put all SLOs of the files into this app.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="The output folder.  [default: apps in --config]"
)
@click.option("--dry-run", is_flag=True, help="Show the files; write nothing.")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The output."
)
@click.pass_context
def import_(ctx: click.Context, /, system: str, paths: tuple[Path, ...], form: str, **given: Any) -> None:  # noqa: ANN401 - options
    """Create app files from SLOs that are defined elsewhere; nothing is changed there.

    FROM is the tool whose files the PATHs are, folders searched; gcp also reads a project. What is not exact is
    reported on standard error, by file and line.
    """
    text = ctx.obj.text
    project, services = given.pop("project"), given.pop("services")
    names = dict(_pair(name, ctx) for name in given.pop("names"))
    if not paths and system == GOOGLE:
        from tomoni.commands import importing

        if project is None:
            raise click.UsageError(text._("import gcp needs --project, or the files to read."))
        left = {key: given[key] for key in ("source", "out", "dry_run", "force")}
        ctx.exit(importing.run(ctx.obj, importing.ImportOptions(project, services=services, **left)))
    if not paths or project is not None or services:
        raise click.UsageError(text._("Name the files or folders to read; --project and --service go without them."))
    from tomoni.commands import importing_files

    window = given.pop("window")
    options = importing_files.ImportFilesOptions(
        system, paths, names=names, window_seconds=window, as_json=form == "json", **given
    )
    ctx.exit(importing_files.run(ctx.obj, options))


def _pair(written: str, ctx: click.Context) -> tuple[str, str]:
    name, equals, id_ = written.rpartition("=")
    if not (name and equals and id_):
        raise click.UsageError(ctx.obj.text._("Write --map as NAME=ID: the name in the files, and the id of a source."))
    return name, id_


@click.group(cls=Commands)
def export() -> None:
    """Write the SLOs as files of other tools; what these cannot hold is reported on standard error."""


def _export_to(name: str) -> click.Command:
    """The command that writes one dialect."""
    dialect = BY_NAME[name]

    @click.option("--app", "apps", metavar="A", multiple=True, help="Only this app; can be repeated.  [default: all]")
    @click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="The output folder; files of the same names are replaced.  [default: standard output]",
    )
    @click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The report."
    )
    @click.pass_context
    def command(ctx: click.Context, /, form: str, apps: tuple[str, ...], out: Path | None, **given: Any) -> None:  # noqa: ANN401 - options
        from tomoni.commands import exporting

        flags = {key: "yes" for key, _ in dialect.flags if given.pop(key.replace("-", "_"))}
        options = flags | {key: f"{seconds}s" for key, seconds in given.items() if seconds is not None}
        ctx.exit(exporting.run(ctx.obj, exporting.ExportOptions(name, apps, out, options, form == "json")))

    declared = click.command(name, cls=SharedOptionsCommand, help=dialect.does)(command)
    declared.params += [
        click.Option([f"--{key}"], type=Length(), metavar="L", help=text) for key, text in dialect.options
    ]
    declared.params += [click.Option([f"--{key}"], is_flag=True, help=text) for key, text in dialect.flags]
    return declared


for each in WRITTEN:
    export.add_command(_export_to(each))

COMMANDS = (export, import_)
