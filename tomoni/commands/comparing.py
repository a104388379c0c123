"""`compare`: what changed from one snapshot to another, as sentences and as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.catalog.schema import App
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.moments import When
from tomoni.commands.session import Session
from tomoni.commands.snapshot import read_template
from tomoni.languages import LANGUAGES
from tomoni.slo.named_periods import period_before
from tomoni.snapshots.document.sections.agreed import agreed
from tomoni.snapshots.document.sections.changes import comparison, sentence
from tomoni.snapshots.document.side_by_side import side_by_side
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import export_document, stem_of
from tomoni.snapshots.record.comparing import compare, year
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.verifying.reading import read_claim
from tomoni.words import exports
from tomoni.words.phrases import plain
from tomoni.words.text import text_for

BOTH = "both"
MOST_IN_A_ROW = 60  # a year of weekly reviews and some more


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What is compared: two snapshots by hash or JSON file, an app's last two, or two of its periods; and which
    files are wanted."""

    app: str | None
    named: tuple[str, ...]
    periods: tuple[str, ...]
    out: Path | None
    formats: tuple[str, ...]
    language: str | None


def run(session: Session, options: CompareOptions) -> int:
    """Says what changed, the most important first, and writes it where files are wanted; the exit code."""
    try:
        row = _row(session, options)
        _tell(session, options, row)
    except SnapshotError as error:
        told = exports.describe(error.code, error.facts, error.detail, session.text)
        raise Refusal([session.text.sentences(*told)]) from None
    return 0


def _row(session: Session, options: CompareOptions) -> list[Snapshot]:
    """The snapshots in a row; the last two are compared."""
    text, saved = session.text, session.tomoni.snapshots
    if len(options.named) == 2:
        row = sorted((_read(session, name) for name in options.named), key=lambda each: each.review.as_of)
        if row[0].review.app.id != row[1].review.app.id:
            raise Refusal([text._("These snapshots are of different apps; name two of the same app.")])
        return row
    if options.periods:
        return _of_periods(session, options)
    listed = saved.listed(options.app) if options.app else ()
    if not listed:
        session.known_app(session.tomoni.catalog, options.app)
    newest = {each.as_of: each for each in reversed(listed)}
    kept = list(newest.values())[-MOST_IN_A_ROW:]
    read = saved.read_all(each.hash for each in kept)
    row = list(read.found)
    report_lines(
        [
            f"{each}: {text.sentences(*exports.describe(e.code, e.facts, e.detail, text))}"
            for each, e in read.failed.items()
        ]
    )
    if len(row) < 2:
        raise Refusal([text._("Two snapshots are needed to compare; name an app that has them, or two snapshots.")])
    return row


def _of_periods(session: Session, options: CompareOptions) -> list[Snapshot]:
    """An app in two periods, the earlier first: as they are saved, else as the ledger has them now."""
    tomoni = session.tomoni
    session.known_app(tomoni.catalog, options.app)
    (app,) = tomoni.apps(options.app)
    names = options.periods
    if len(names) == 1:
        names = (*names, period_before(names[0], app.timezone, tomoni.catalog.settings.first_month))
    return sorted((_of_period(session, app, name) for name in names), key=lambda each: each.review.as_of)


def _of_period(session: Session, app: App, name: str) -> Snapshot:
    """The newest saved snapshot of a period as far as it has come, else one that is made now and not saved.

    Raises Refusal if the period has not begun.
    """
    period = session.period_of(When(period=name), app.timezone)
    if period is None:
        raise ValueError(name)
    saved = session.tomoni.snapshots.listed(app.id)
    same = [each.hash for each in saved if each.period == period.named and each.as_of == period.as_of]
    return session.tomoni.snapshots.read(same[0]) if same else session.tomoni.freeze(app, period)


def _read(session: Session, named: str) -> Snapshot:
    """A saved snapshot, or in a JSON file."""
    if not Path(named).is_file():
        return session.tomoni.snapshots.read(named)
    claim = read_claim(Path(named))
    return claim.snapshot or session.tomoni.snapshots.read(str(claim.manifest["snapshot"]))


def _tell(session: Session, options: CompareOptions, row: list[Snapshot]) -> None:
    compared = compare(row[-2], row[-1])
    language = options.language or session.language
    text = text_for(language if language in LANGUAGES else session.language, compared.after.review.app.timezone)
    if options.out is None:
        lines = [*(sentence(change, text) for change in compared.changes), *agreed(compared, text)]
        click.echo("\n".join(plain(line) for line in lines) or text._("There are no notable changes."))
        return
    told = [comparison(compared, each, year(row)) for each in (LANGUAGES if language == BOTH else (language,))]
    shown = told[0] if len(told) == 1 else side_by_side(told[0], told[1])
    said = {"schema": "tomoni.comparison", "version": 1, "snapshots": [each.hash for each in row[-2:]]}
    place = options.out / f"{stem_of(compared.before.review)}-to-{stem_of(compared.after.review)}"
    template = read_template(None, session, options.formats)
    with ChromiumPrinter(session.tomoni.settings.chromium) as printer:
        for file in export_document(shown, said, place, options.formats, printer, template):
            click.echo(str(file))
