"""`snapshot`: freezes reviews and writes them as files."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path

import click

from tomoni.catalog.codes import Code
from tomoni.catalog.schema import App, Problem, Severity, Spot
from tomoni.catalog.secrets import secrets_of_text
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.formats import read_choices
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.languages import LANGUAGES
from tomoni.review.model import Period
from tomoni.snapshots.document.contents import CHAPTERS
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters import template
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, document_formats, export
from tomoni.snapshots.exporters.template import Template
from tomoni.snapshots.record.snapshot import Snapshot, numbers_hash
from tomoni.store.errors import StoreError
from tomoni.words import database, errors, exports, problems
from tomoni.words.text import Text

BOTH = "both"
_LONGEST_NOTES = 1_000_000  # bytes
_TAKES_NOTHING = ("database_read_only", "database_full")


@dataclass(frozen=True, slots=True)
class SnapshotOptions:
    """What is to be frozen and written. Moments are Unix seconds."""

    app: str | None
    when: When
    days: int
    out: Path
    formats: tuple[str, ...]
    language: str | None
    without: frozenset[str] = frozenset()
    notes: str = ""
    template: Template | None = None
    only_changed: bool = False
    sync_first: bool = True
    quiet: bool = False


@dataclass
class Done:
    """How a run went: files that were written, apps that were left alone, lines that tell what failed."""

    files: int = 0
    unchanged: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def run(session: Session, options: SnapshotOptions) -> int:
    """Freezes one app or all, one after the other; what fails for one leaves the others alone. The exit code."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    periods = [(app, _period(session, options, app)) for app in tomoni.apps(options.app)]
    code = session.report_errors(tomoni.catalog)
    if options.sync_first:
        with watched(text) as on_progress:
            for period in dict.fromkeys(period for _, period in periods):
                tomoni.sync_review(period, options.app, on_progress)
    done = Done()
    with ChromiumPrinter(tomoni.settings.chromium) as printer:
        for app, period in periods:
            _one(session, options, (app, period), printer, done)
    if done.unchanged and not options.quiet:
        click.echo(
            text._("Unchanged since the last snapshot: %(apps)s.")
            % {"apps": text.join([text.quote(app) for app in done.unchanged])}
        )
    return 1 if done.failed else code


def _period(session: Session, options: SnapshotOptions, app: App) -> Period:
    """The named period of an app, else the days before the moment."""
    named = session.period_of(options.when, app.timezone)
    if named is not None:
        return named
    moment = session.moment_of(options.when, app.timezone)
    return Period(session.tomoni.now() if moment is None else moment, options.days)


def _one(
    session: Session, options: SnapshotOptions, what: tuple[App, Period], printer: ChromiumPrinter, done: Done
) -> None:
    """One app: freezes it, saves it, writes its files."""
    tomoni, text = session.tomoni, session.text
    app, period = what
    snapshot = tomoni.freeze(app, period, options.notes)
    report_lines([f"{app.id}: {errors.source_line(problem, text)}" for problem in snapshot.review.problems])
    if options.only_changed and _is_known(session, snapshot):
        done.unchanged.append(app.id)
        return
    _keep(session, snapshot, done)
    wanted = EditionOptions(_languages(options.language or session.language), options.without, options.template)
    told: set[str] = set()
    for name in options.formats:
        try:
            files = export(snapshot, [name], options.out, wanted, printer)
        except SnapshotError as error:
            done.failed.append(app.id)
            why = text.sentences(*exports.describe(error.code, error.facts, error.detail, text))
            report_lines([f"{app.id}: {why}"] if why not in told else [])  # a folder refuses every format alike
            told.add(why)
            continue
        done.files += len(files)
        if not options.quiet:
            for file in files:
                click.echo(str(file))


def _keep(session: Session, snapshot: Snapshot, done: Done) -> None:
    """Saves it; where the database takes nothing its files can be written all the same, which is said. Raises
    StoreError."""
    try:
        session.tomoni.snapshots.keep(snapshot)
    except StoreError as error:
        if error.code not in _TAKES_NOTHING:
            raise
        text, app = session.text, snapshot.review.app.id
        done.failed.append(app)
        what, _ = database.describe(error.code, error.facts, "", text)
        then = text._(
            "The files are written all the same. Run it again once it can be written to, to keep the snapshot too."
        )
        report_lines([f"{app}: {text.sentences(what, then)}"])


def _is_known(session: Session, snapshot: Snapshot) -> bool:
    """Whether the newest snapshot of the app says the same numbers."""
    kept = session.tomoni.snapshots.listed(snapshot.review.app.id)
    return bool(kept) and kept[0].numbers == numbers_hash(snapshot.review)


def _languages(language: str) -> tuple[str, ...]:
    return tuple(LANGUAGES) if language == BOTH else (language,)


def read_formats(written: str, text: Text) -> tuple[str, ...]:
    """The formats of a list with commas. Raises click.BadParameter for one that is not known."""
    return read_choices(written, FORMATS, text)


def read_documents(written: str, text: Text) -> tuple[str, ...]:
    """The formats of a document that is of several snapshots. Raises click.BadParameter."""
    return read_choices(written, document_formats(), text)


def read_chapters(written: str, text: Text) -> frozenset[str]:
    """The chapters of a list with commas, none of an empty one. Raises click.BadParameter for one that is not known."""
    return frozenset(read_choices(written, CHAPTERS, text, "--without")) if written else frozenset()


def read_notes(file: Path | None, text: Text) -> str:
    """The text of a file of notes, none without one. Raises Refusal."""
    if file is None:
        return ""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST_NOTES + 1)  # what never ends is read no further
        if len(content) > _LONGEST_NOTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        notes = content.decode()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        facts = {"file": str(file), "reason": str(reason)}
        raise Refusal([text.sentences(*exports.describe("file_unreadable", facts, "", text))]) from None
    if lines := [_secret_line(file, number, part, text) for number, part in secrets_of_text(notes)]:
        raise Refusal(lines)
    return notes


def read_template(file: Path | None, session: Session, formats: tuple[str, ...]) -> Template | None:
    """The template for slides: the one given, else that of the settings where slides are wanted. Raises Refusal."""
    named = file or (session.settings.template if "pptx" in formats else None)
    try:
        return template.read_template(named) if named else None
    except SnapshotError as error:
        said = exports.describe(error.code, error.facts, error.detail, session.text)
        raise Refusal([session.text.sentences(*said)]) from None


def _secret_line(file: Path, number: int, part: str, text: Text) -> str:
    facts = {"part": part}
    return problems.line(Problem(Spot(str(file), number), Severity.ERROR, Code.SECRET_IN_LINK.value, facts), text)
