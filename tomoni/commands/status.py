"""`status`: the status of the SLOs as of a moment."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

import click

from tomoni.catalog.schema import App
from tomoni.commands.failures import report_lines
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.review.model import NamedPeriod, Overview, PeriodStage, PeriodStanding
from tomoni.slo.model import State
from tomoni.words import errors
from tomoni.words.text import Text, text_for

SOURCE = "source"
STATE_REACHED = 3
SOURCE_FAILS = 4


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """The moment, the app, the output format, whether to fetch missing data first, and the
    conditions that the exit code reports: states of SLOs, and `source`."""

    when: When
    app: str | None
    as_json: bool
    sync_first: bool
    fail_on: frozenset[str] = frozenset()


def run(session: Session, options: StatusOptions) -> int:
    """Fetches missing data unless disabled, and shows the status of the SLOs; returns the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    moments = {app.id: session.moment_of(options.when, app.timezone) for app in tomoni.apps(options.app)}
    code = session.report_errors(tomoni.catalog)
    if options.sync_first:
        with watched(session.text) as on_progress:
            for moment in dict.fromkeys(moments.values()):
                tomoni.sync_status(moment, options.app, on_progress)
    overview = tomoni.overview_of(moments, with_trends=False)
    text = text_for(session.language, tomoni.catalog.settings.timezone)
    click.echo(_shown(session, overview, options, text))
    report_lines([errors.source_line(problem, text) for problem in overview.problems])
    return _exit_code(overview, options.fail_on, code)


def _exit_code(overview: Overview, fail_on: frozenset[str], code: int) -> int:
    """The exit code: what is wrong with the configuration counts more than a source that fails, and that
    more than the state of an SLO, whose figures may then be old."""
    if code:
        return code
    if SOURCE in fail_on and overview.problems:
        return SOURCE_FAILS
    states = {status.figures.state.value for status in overview.statuses}
    return STATE_REACHED if states & fail_on else 0


def read_conditions(written: str, text: Text) -> frozenset[str]:
    """The conditions of --fail-on; refuses unknown ones as a usage error."""
    named = frozenset(part.strip() for part in written.split(",") if part.strip())
    known = [SOURCE, *(state.value for state in State)]
    if unknown := sorted(named - set(known)) or ([written] if written and not named else []):
        phrase = text._("There is no condition %(name)s; use %(known)s.")
        raise click.UsageError(phrase % {"name": text.quote(unknown[0]), "known": ", ".join(known)})
    return named


def _shown(session: Session, overview: Overview, options: StatusOptions, text: Text) -> str:
    """Renders the status; imports only the module of the format, so that JSON does not load the table's."""
    found, catalog = _standings(session, overview, options.when), session.tomoni.catalog
    if options.as_json:
        from tomoni.commands import status_json

        complete = all(each.stage is PeriodStage.COMPLETE for _, _, each in found)
        named = status_json.Named(options.when.period, complete) if options.when.period else None
        return status_json.render(overview, text, named, catalog)
    from tomoni.commands import status_table
    from tomoni.words import periods

    watched_now = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if watched_now else None
    progress = [periods.progress(named, each, text_for(text.language, app.timezone)) for app, named, each in found]
    header = [line for line in dict.fromkeys(progress) if line]
    return status_table.render(overview, text, status_table.Screen(width, watched_now, tuple(header)), catalog)


def _standings(session: Session, overview: Overview, when: When) -> list[tuple[App, NamedPeriod, PeriodStanding]]:
    """How far the named period has come in each app; nothing without one."""
    from tomoni.review.named import standing

    apps = {status.app.id: status.app for status in overview.statuses}
    found = []
    for app in apps.values():
        period = session.period_of(when, app.timezone)
        if period is not None and period.named is not None:
            own = [status for status in overview.statuses if status.app.id == app.id]
            found.append((app, period.named, standing(period.named, period.as_of, own)))
    return found
