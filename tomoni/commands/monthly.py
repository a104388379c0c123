"""`report`: a month of all apps, as of its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.commands.failures import Refusal
from tomoni.commands.formats import read_choices
from tomoni.commands.session import Session
from tomoni.review.monthly import MonthlyReport
from tomoni.slo.model import CalendarUnit
from tomoni.slo.named_periods import unit_of
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import export_document
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.snapshots.spread import monthly as written
from tomoni.use_cases.monthly import is_over, last_month, monthly_report
from tomoni.version import VERSION
from tomoni.words import exports
from tomoni.words.text import Text

FORMATS = ("md", "html", "csv", "json")


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The month (None: the last one that is over), where its files go, and in which formats."""

    month: str | None
    out: Path
    formats: tuple[str, ...]


def run(session: Session, options: ReportOptions) -> int:
    """Writes the report of a month; the exit code."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    code = session.report_errors(tomoni.catalog)
    month = options.month or last_month(tomoni, tomoni.now())
    if not is_over(tomoni, month):
        phrase = text._("%(period)s is not over yet for every app; choose a month that is.")
        raise Refusal([phrase % {"period": month}])
    report = monthly_report(tomoni, month)
    try:
        files = [file for name in options.formats for file in _written(session, report, name, options.out)]
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))]) from None
    for file in files:
        click.echo(str(file))
    return code


def _written(session: Session, report: MonthlyReport, name: str, folder: Path) -> list[Path]:
    make_folder(folder)
    place = folder / f"report-{report.month}"
    if name == "csv":
        return [write_bytes(place.with_name(f"{place.name}.csv"), written.as_csv(report))]
    described = written.as_json(report)
    if name == "json":
        content = json.dumps(described, ensure_ascii=False, indent=2, allow_nan=False).encode()
        return [write_bytes(place.with_name(f"{place.name}.json"), content)]
    zone = session.tomoni.catalog.settings.timezone
    shown = written.report_document(report, session.language, zone, VERSION)
    return export_document(shown, described, place, [name])


def read_month(written_period: str | None, text: Text) -> str | None:
    """The name of a month. Raises click.BadParameter for that of another period."""
    if written_period is not None and unit_of(written_period) is not CalendarUnit.MONTH:
        phrase = text._("%(written)s is no month; write it as 2026-10.") % {"written": text.quote(written_period)}
        raise click.BadParameter(phrase, param_hint="--period")
    return written_period


def read_formats(chosen: str, text: Text) -> tuple[str, ...]:
    """The formats of a list with commas. Raises click.BadParameter for one that reports do not have."""
    return read_choices(chosen, FORMATS, text)
