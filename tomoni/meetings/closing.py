"""Closing a meeting: it is closed exactly when what was frozen of it is saved, both in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, and_, func, insert, select

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.held import Held, Noted, held
from tomoni.meetings.model import Conclusion, Meeting, MeetingState
from tomoni.meetings.records import Clock, Record, Records, all_within, read_within
from tomoni.store.engine import reading, write
from tomoni.store.tables import notes as table

Transaction = Connection
# Saves what was frozen of a meeting within the transaction, and returns its hash.
Keep = Callable[[Transaction], str]
# Freezes a meeting, outside of any transaction: it takes a while, and nobody can write meanwhile in one.
Seal = Callable[[Held], Keep]
_ATTEMPTS = 3  # with which a meeting is frozen while others go on writing; then they wait


@dataclass(frozen=True, slots=True)
class Scope:
    """What is chosen of an app's records: by the clocks of which time zone, and since when (see `held.held`)."""

    zone: str
    since: int | None = None


class _Outdated(Exception):
    """Somebody wrote something while the meeting was frozen."""


class Closing:
    """Closes meetings. Safe in several threads and processes; methods raise StoreError."""

    def __init__(self, engine: Engine, clock: Clock, records: Records) -> None:
        self._engine, self._clock, self._records = engine, clock, records

    def held(self, id_: str, zone: str, since: int | None = None) -> Held:
        """What a meeting would be closed with now. ``since`` as in `held.held`. Raises MeetingError: `record_unknown`,
        `record_removed`."""
        meeting = self._records.read(Meeting, id_)
        with reading(self._engine) as connection:
            return self._held(connection, meeting, Scope(zone, since))

    def close(self, id_: str, zone: str, seal: Seal, since: int | None = None) -> Record[Meeting]:
        """Closes an open meeting of an app in a time zone; one that is closed already is returned as it is.
        ``since`` as in `held.held`.

        ``seal`` may run several times, of which one counts: what is frozen is what is written when it is saved.
        Raises MeetingError: `record_unknown`, `record_removed`, `meeting_not_open`, and what ``seal`` raises.
        """
        scope = Scope(zone, since)
        for _ in range(_ATTEMPTS):
            found = self.held(id_, zone, since)
            if not _is_open(found.meeting):
                return found.meeting
            closing = self._closing(found)
            keep = seal(closing)
            with suppress(_Outdated):
                return write(self._engine, partial(self._close, closing=closing, scope=scope, keep=keep))
        return write(self._engine, partial(self._close_within, id_=id_, scope=scope, seal=seal))

    def _closing(self, found: Held) -> Held:
        """What was written of a meeting, as it is once the meeting is closed."""
        now = max(int(self._clock()), found.meeting.value.as_of)
        value = found.meeting.value.model_copy(update={"state": MeetingState.CLOSED, "closed_at": now})
        return replace(found, meeting=replace(found.meeting, value=value))

    def _close(self, connection: Connection, closing: Held, scope: Scope, keep: Keep) -> Record[Meeting]:
        """Closes a meeting with what was frozen. Raises _Outdated where something else is written by now."""
        meeting = read_within(connection, Meeting, closing.meeting.id)
        if not _is_open(meeting):
            return meeting
        if meeting.revision != closing.meeting.revision or self._held(connection, closing.meeting, scope) != closing:
            raise _Outdated
        value = closing.meeting.value
        changes = {"state": value.state, "closed_at": value.closed_at, "snapshot": keep(connection)}
        return self._records.change_within(connection, Meeting, meeting.id, changes)

    def _close_within(self, connection: Connection, id_: str, scope: Scope, seal: Seal) -> Record[Meeting]:
        """Freezes and closes a meeting while everybody else waits."""
        meeting = read_within(connection, Meeting, id_)
        if not _is_open(meeting):
            return meeting
        closing = self._closing(self._held(connection, meeting, scope))
        return self._close(connection, closing, scope, seal(closing))

    def correct(self, id_: str) -> Record[Meeting]:
        """Opens a meeting in the place of a closed one, with its notes and conclusions to be changed; made once.

        Raises MeetingError: `record_unknown`, `record_removed`, `meeting_not_closed`.
        """

        self._records.read(Meeting, id_)  # what is not there for the reader is not there

        def work(connection: Connection) -> Record[Meeting]:
            closed = read_within(connection, Meeting, id_)
            if closed.value.state is not MeetingState.CLOSED:
                raise MeetingError("meeting_not_closed", {"id": id_, "state": closed.value.state.value})
            again = {"state": MeetingState.OPEN, "closed_at": None, "snapshot": "", "corrects": id_}
            value = closed.value.model_copy(update=again)
            made = self._records.add_within(connection, value, f"corrects-{id_}")
            self._copy_what_belongs_to(connection, closed, made)
            return made

        return write(self._engine, work)

    def _copy_what_belongs_to(self, connection: Connection, closed: Record[Meeting], made: Record[Meeting]) -> None:
        """Copies notes and conclusions to a meeting that has just been made."""
        if _noted(connection, made.id):
            return
        for note in _noted(connection, closed.id):
            self._note(connection, made.id, note.step, note.text)
        for each in all_within(connection, closed.value.app).get(Conclusion.kind, ()):
            if each.value.meeting == closed.id:
                key = each.key and each.key.replace(closed.id, made.id)
                self._records.add_within(connection, each.value.model_copy(update={"meeting": made.id}), key)

    def _note(self, connection: Connection, meeting: str, step: str, text: str) -> None:
        row = {"meeting": meeting, "step": step, "revision": 1, "saved_at": int(self._clock()), "text": text}
        connection.execute(insert(table), row)

    def _held(self, connection: Connection, meeting: Record[Meeting], scope: Scope) -> Held:
        today = datetime.fromtimestamp(self._clock(), ZoneInfo(scope.zone)).date()
        records = all_within(connection, meeting.value.app)
        return held(meeting, _noted(connection, meeting.id), records, today, scope.since)


def _is_open(meeting: Record[Meeting]) -> bool:
    """Whether a meeting is open; False where it is closed. Raises MeetingError: `meeting_not_open`."""
    state = meeting.value.state
    if state not in (MeetingState.OPEN, MeetingState.CLOSED):
        raise MeetingError("meeting_not_open", {"id": meeting.id, "state": state.value})
    return state is MeetingState.OPEN


def _noted(connection: Connection, meeting: str) -> list[Noted]:
    """The newest text of each step."""
    c = table.c
    newest = select(c.step, func.max(c.revision).label("revision")).where(c.meeting == meeting).group_by(c.step)
    last = newest.subquery()
    matching = and_(c.step == last.c.step, c.revision == last.c.revision)
    query = select(c.step, c.text, c.revision).join(last, matching).where(c.meeting == meeting)
    return [Noted(row.step, row.text, row.revision) for row in connection.execute(query.order_by(c.step))]
