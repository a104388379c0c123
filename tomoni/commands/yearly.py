"""`year`: freezes a year of apps and writes it as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.catalog.schema import App
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.session import Session
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.use_cases.yearly import YearNotBegunError, freeze_year
from tomoni.words import exports


@dataclass(frozen=True, slots=True)
class YearOptions:
    """Which year of which app (None: all); it begins with a month (None: as in settings.yaml)."""

    year: int
    app: str | None
    first_month: int | None
    out: Path
    formats: tuple[str, ...]


def run(session: Session, options: YearOptions) -> int:
    """Freezes and writes the year of each app, from stored data; the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    code = session.report_errors(tomoni.catalog)
    with ChromiumPrinter(tomoni.settings.chromium) as printer:
        written = [_one(session, options, app, printer) for app in tomoni.apps(options.app)]
    return code if all(written) else 1


def _one(session: Session, options: YearOptions, app: App, printer: ChromiumPrinter) -> bool:
    """One app; whether all of its files were written."""
    tomoni, text = session.tomoni, session.text
    first_month = options.first_month or tomoni.catalog.settings.first_month
    try:
        snapshot = freeze_year(tomoni, app, options.year, first_month)
    except YearNotBegunError:
        phrase = text._("%(period)s has not begun yet; choose a period up to now (%(now)s).")
        raise Refusal([phrase % {"period": options.year, "now": text.moment(tomoni.now())}]) from None
    tomoni.snapshots.keep(snapshot)
    try:
        for file in export(snapshot, options.formats, options.out, EditionOptions((session.language,)), printer):
            click.echo(str(file))
    except SnapshotError as error:
        said = text.sentences(*exports.describe(error.code, error.facts, error.detail, text))
        report_lines([f"{app.id}: {said}"])
        return False
    return True
