"""The notes of meetings: a text in Markdown for each step, merged where several people write, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from tomoni.access.audit import Deeds
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.merging import merge
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Clock, Records, read_within
from tomoni.store.engine import reading, write
from tomoni.store.tables import notes as table

MOST_CHARACTERS = 200_000
_MOST_OF_A_STEP = 40


@dataclass(frozen=True, slots=True)
class Note:
    """A text of a step since a moment (Unix seconds); revision 0 is the empty one before the first."""

    revision: int
    text: str
    saved_at: int | None


@dataclass(frozen=True, slots=True)
class SavedNote:
    """What there is after a text was saved. ``merged``: it has changes of others too; ``conflict``: some of them in
    the same lines, of which both versions stay."""

    revision: int
    text: str
    merged: bool = False
    conflict: bool = False


class Notes:
    """Keeps the notes of all meetings. Safe in several threads and processes; methods raise StoreError."""

    def __init__(self, engine: Engine, clock: Clock, records: Records, deeds: Deeds | None = None) -> None:
        self._engine, self._clock, self._records = engine, clock, records
        self._deeds = deeds or Deeds(clock)

    def read(self, meeting: str, step: str) -> Note:
        """The newest text of a step."""
        if not self._records.is_seen(Meeting, meeting):
            return Note(0, "", None)
        with reading(self._engine) as connection:
            return _newest(connection, meeting, step)

    def revision(self, meeting: str, step: str) -> int:
        """The revision of the newest text, 0 without one: cheap enough for a poll."""
        if not self._records.is_seen(Meeting, meeting):
            return 0
        query = _of(meeting, step).with_only_columns(table.c.revision).order_by(table.c.revision.desc()).limit(1)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() or 0

    def history(self, meeting: str, step: str) -> tuple[Note, ...]:
        """Every text that was saved, the oldest first; a merged one follows what was sent."""
        if not self._records.is_seen(Meeting, meeting):
            return ()
        with reading(self._engine) as connection:
            rows = connection.execute(_of(meeting, step).order_by(table.c.revision)).all()
        return tuple(Note(row.revision, row.text, row.saved_at) for row in rows)

    def save(self, meeting: str, step: str, base: str, text: str) -> SavedNote:
        """Saves a text that somebody made of ``base``, merged with what others saved since.

        Saving the same again changes nothing, so that it can be repeated where no answer came. Raises MeetingError:
        `record_unknown`, `record_removed`, `meeting_closed`, `record_invalid` (longer than `MOST_CHARACTERS`, also
        after merging).
        """
        self._records.may_change(Meeting, meeting)
        mine = _checked(text, "text", MOST_CHARACTERS)
        place = _checked(step, "step", _MOST_OF_A_STEP)
        return write(self._engine, lambda connection: self._save(connection, meeting, place, clean(base), mine))

    def _save(self, connection: Connection, meeting: str, step: str, base: str, mine: str) -> SavedNote:
        held = read_within(connection, Meeting, meeting).value
        if held.state not in (MeetingState.DRAFT, MeetingState.OPEN):
            raise MeetingError("meeting_closed", {"id": meeting})
        now = _newest(connection, meeting, step)
        merged = merge(base, now.text, mine)
        text = _checked(merged.text, "text", MOST_CHARACTERS)
        wanted = [] if text == now.text else [mine, text] if text != mine else [text]
        revision, moment = now.revision, max(int(self._clock()), now.saved_at or 0)
        for each in wanted:
            revision += 1
            row = {"meeting": meeting, "step": step, "revision": revision, "saved_at": moment, "text": each}
            connection.execute(insert(table), row)
        if wanted:
            self._deeds.remember(connection, "note.saved", held.app, f"{meeting}/{step}")
        return SavedNote(revision, text, text != mine, merged.conflict)


def clean(text: str) -> str:
    """A text as every database keeps it: one kind of line end, and no character that is none."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _checked(text: str, field: str, most: int) -> str:
    if len(text) > most:
        raise MeetingError(
            "record_invalid", {"kind": "note", "field": field, "reason": "string_too_long", "limit": most}
        )
    return clean(text)


def _of(meeting: str, step: str) -> Select[Any]:
    return select(table).where(table.c.meeting == meeting, table.c.step == step)


def _newest(connection: Connection, meeting: str, step: str) -> Note:
    row = connection.execute(_of(meeting, step).order_by(table.c.revision.desc()).limit(1)).one_or_none()
    return Note(row.revision, row.text, row.saved_at) if row else Note(0, "", None)
