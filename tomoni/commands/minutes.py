"""`minutes`: what a closed review saw and decided, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.commands.failures import Refusal
from tomoni.commands.formats import read_choices
from tomoni.commands.session import Session
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Record
from tomoni.snapshots import minutes
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.use_cases.meeting import last_closed
from tomoni.words import exports, meeting_errors
from tomoni.words.text import Text

LATEST = "latest"
_MOST_NAMED = 10  # the newest ids that a refusal lists


@dataclass(frozen=True, slots=True)
class MinutesOptions:
    """The minutes of which app and meeting (an id, or ``latest``), in which formats and where."""

    app: str
    meeting: str
    formats: tuple[str, ...]
    out: Path


def run(session: Session, options: MinutesOptions) -> int:
    """Writes the minutes; the exit code."""
    tomoni, text = session.tomoni, session.text
    session.known_app(tomoni.catalog, options.app)
    closed = _closed(session, options)
    try:
        snapshot = tomoni.snapshots.read(closed.value.snapshot)
        with ChromiumPrinter(tomoni.settings.chromium) as printer:
            files = minutes.export_minutes(snapshot, options.formats, options.out, session.language, printer)
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))]) from None
    for file in files:
        click.echo(str(file))
    return 0


def _closed(session: Session, options: MinutesOptions) -> Record[Meeting]:
    """The meeting that is asked for. Raises Refusal for one that is not closed."""
    records, text = session.tomoni.meetings.records, session.text
    facts = {"app": text.quote(options.app)}
    if options.meeting == LATEST:
        found = last_closed(records.listed(Meeting, options.app))
        if found is None:
            raise Refusal([text._("No review of %(app)s is closed yet; close one on the page /review.") % facts])
        return found
    try:
        meeting = records.read(Meeting, options.meeting)
    except MeetingError as error:
        if error.code != "record_unknown":
            raise Refusal([meeting_errors.line(error, text)]) from None
        ids = [each.id for each in records.listed(Meeting, options.app) if each.value.state is MeetingState.CLOSED]
        what = text._("%(app)s has no review %(id)s.") % {**facts, "id": text.quote(options.meeting[:80])}
        hint = text._("Use one of: %(known)s.") % {"known": ", ".join(ids[-_MOST_NAMED:])}
        raise Refusal([text.sentences(what, hint if ids else "")]) from None
    if meeting.value.app != options.app:
        raise Refusal([text._("This review is of another app, %(app)s.") % {"app": text.quote(meeting.value.app)}])
    if meeting.value.state is not MeetingState.CLOSED:
        raise Refusal([text._("This review is not closed yet; close it on the page /review.")])
    return meeting


def read_formats(written: str, text: Text) -> tuple[str, ...]:
    """The formats of a list with commas. Raises click.BadParameter for one that minutes do not have."""
    return read_choices(written, minutes.FORMATS, text)
