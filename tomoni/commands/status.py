"""`status`: the status of the SLOs as of a moment."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

import click

from tomoni.commands.failures import tell
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.review.model import Overview
from tomoni.words import errors
from tomoni.words.text import Text, text_for


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """The moment (Unix seconds), the app, the output format, and whether to fetch missing data first."""

    at: int | None
    app: str | None
    as_json: bool
    sync_first: bool


def run(session: Session, options: StatusOptions) -> int:
    """Fetches missing data unless disabled, and shows the status of the SLOs; returns the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    session.past(options.at)
    code = session.report_errors(tomoni.catalog)
    if options.sync_first:
        with watched(session.text) as on_progress:
            tomoni.sync_status(options.at, options.app, on_progress)
    overview = tomoni.overview(options.at, options.app, with_trends=False)
    text = text_for(session.language, tomoni.catalog.settings.timezone)
    click.echo(_shown(overview, options.as_json, text))
    tell([errors.source_line(problem, text) for problem in overview.problems])
    return code


def _shown(overview: Overview, as_json: bool, text: Text) -> str:
    """Renders the status; imports only the module of the format, so that JSON does not load the table's."""
    if as_json:
        from tomoni.commands import status_json

        return status_json.render(overview, text)
    from tomoni.commands import status_table

    watched_now = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if watched_now else None
    return status_table.render(overview, text, status_table.Screen(width, watched_now))
