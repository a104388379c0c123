"""`status`: how the SLOs stand as of a moment."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

import click

from tomoni.commands.failures import tell
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.review.model import Overview
from tomoni.words import troubles
from tomoni.words.text import Text, text_for


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know: as of when (Unix seconds), of which app, in which format."""

    at: int | None
    app: str | None
    as_json: bool
    sync_first: bool


def run(session: Session, asked: Asked) -> int:
    """Fetches what is missing unless told not to, and shows how the SLOs stand; the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, asked.app)
    session.past(asked.at)
    code = session.report_errors(tomoni.catalog)
    if asked.sync_first:
        with watched(session.text) as on_progress:
            tomoni.sync_status(asked.at, asked.app, on_progress)
    overview = tomoni.overview(asked.at, asked.app, with_trends=False)
    text = text_for(session.language, tomoni.catalog.settings.timezone)
    click.echo(_shown(overview, asked.as_json, text))
    tell([troubles.line(problem, text) for problem in overview.problems])
    return code


def _shown(overview: Overview, as_json: bool, text: Text) -> str:
    """The format's own module is imported only here: a terminal's table costs JSON nothing."""
    if as_json:
        from tomoni.commands import status_json

        return status_json.render(overview, text)
    from tomoni.commands import status_table

    watched_now = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if watched_now else None
    return status_table.render(overview, text, status_table.Screen(width, watched_now))
