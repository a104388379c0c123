"""The records of what teams write, each with all its revisions: nothing that was stored is ever overwritten.

A record is one value of `meetings.model` under an id. Changing it stores the whole value again as the next
revision; who changes other fields at the same time loses nothing, and of the same field both are in the history.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, Select, Table, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from tomoni.access.audit import Deeds
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.catalog.who_may import Role
from tomoni.meetings import search
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import KINDS, WRITING, Question, Written
from tomoni.meetings.remembered import remembered
from tomoni.store.engine import reading, write
from tomoni.store.tables import record_revisions, records

W = TypeVar("W", bound=Written)
Clock = Callable[[], float]
_DAY = 86_400
_PLACES = 2**31
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record(Generic[W]):
    """A value with its id, its revision (from 1) and when it was made and last changed (Unix seconds).

    ``key`` is the name that its sender gave it, None without one. Questions know only the day.
    """

    id: str
    key: str | None
    revision: int
    created_at: int
    changed_at: int
    value: W


@dataclass(frozen=True, slots=True)
class Revision(Generic[W]):
    """A record as it was since a moment (Unix seconds)."""

    number: int
    at: int
    value: W


def new_id() -> str:
    """A random id that cannot be guessed."""
    return secrets.token_hex(12)


class Records:
    """Keeps and finds what teams write. Safe in several threads and processes.

    What belongs to an app that the reader does not see is not there. All methods raise StoreError; those that write
    also NotAllowedError, and MeetingError: `record_invalid`.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        make_id: Callable[[], str] = new_id,
        grants: Grants = EVERYTHING,
        deeds: Deeds | None = None,
    ) -> None:
        self._engine, self._clock, self._make_id, self._grants = engine, clock, make_id, grants
        self._deeds = deeds or Deeds(clock)

    def writable(self, app: str) -> bool:
        """Whether the reader may write of an app."""
        return self._grants.may(Role.MEMBER, app)

    def add(self, value: W, key: str | None = None) -> Record[W]:
        """Stores a value as a new record. The same ``key`` of the same app and kind counts once: the record
        that is there already is returned as it is."""
        body, id_ = body_of(value), self._make_id()
        return write(self._engine, lambda connection: self._insert(connection, type(value), id_, key, body))

    def add_within(self, connection: Connection, value: W, key: str | None) -> Record[W]:
        """The same as `add`, as a part of a write transaction."""
        return self._insert(connection, type(value), self._make_id(), key, body_of(value))

    def change_within(self, connection: Connection, kind: type[W], id_: str, changes: Mapping[str, Any]) -> Record[W]:
        """The same as `change`, as a part of a write transaction."""
        return self._change(connection, kind, id_, changes, None)

    def change(self, kind: type[W], id_: str, changes: Mapping[str, Any], expected: int | None = None) -> Record[W]:
        """Stores a record with some fields changed; with ``expected`` only while it has this revision.

        Raises MeetingError: `record_unknown`, `record_removed`, `record_changed`.
        """
        return write(self._engine, lambda connection: self._change(connection, kind, id_, changes, expected))

    def remove(self, kind: type[W], id_: str) -> None:
        """Takes a record off all lists; its revisions stay. Raises MeetingError: `record_unknown`."""

        def work(connection: Connection) -> None:
            row = self._locked(connection, kind, id_)
            if row.removed_at is None:
                gone = update(records).where(records.c.id == id_)
                connection.execute(gone.values(removed_at=self._now(kind), revision=row.revision + 1))
                _remember(connection, kind, id_, row.revision + 1, self._now(kind), row.body)
                search.keep(connection, kind.kind, id_, None)
                self._did(connection, kind, "removed", row)

        write(self._engine, work)

    def restore(self, kind: type[W], id_: str) -> Record[W]:
        """Puts a removed record back. Raises MeetingError: `record_unknown`."""

        def work(connection: Connection) -> Record[W]:
            row = self._locked(connection, kind, id_)
            back = update(records).where(records.c.id == id_)
            connection.execute(back.values(removed_at=None, revision=row.revision + 1))
            _remember(connection, kind, id_, row.revision + 1, self._now(kind), row.body)
            search.keep(connection, kind.kind, id_, row.body)
            self._did(connection, kind, "restored", row)
            return _record(kind, _row(connection, kind, id_))

        return write(self._engine, work)

    def read(self, kind: type[W], id_: str) -> Record[W]:
        """One record. Raises MeetingError: `record_unknown`, `record_removed`."""
        with reading(self._engine) as connection:
            row = _row(connection, kind, id_)
        if not self._grants.sees(row.app):
            raise MeetingError("record_unknown", {"kind": kind.kind, "id": id_})
        if row.removed_at is not None:
            raise MeetingError("record_removed", {"kind": kind.kind, "id": id_})
        return _record(kind, row)

    def listed(self, kind: type[W], app: str | None = None) -> tuple[Record[W], ...]:
        """All records of a kind, or those of one app, in the order in which they were made; questions by their
        day, and within it in no order that means anything."""
        return remembered(app, kind, lambda: self._listed(kind, app))

    def _listed(self, kind: type[W], app: str | None) -> tuple[Record[W], ...]:
        query = _present(kind).order_by(records.c.created_at, records.c.sequence)
        if app is not None:
            query = query.where(records.c.app == app)
        with reading(self._engine) as connection:
            return tuple(_record(kind, row) for row in connection.execute(query) if self._grants.sees(row.app))

    def listed_as_of(self, kind: type[W], moment: int) -> tuple[Record[W], ...]:
        """All records of a kind as they stood at a moment (Unix seconds), before anything that came at it or later:
        with the revision of then, also those that were removed since; in the order of `listed`."""
        c, then = records.c, record_revisions.c
        newest = select(then.record, func.max(then.revision).label("revision")).where(then.at < moment)
        last = newest.group_by(then.record).subquery()
        query: Select[Any] = (
            select(c.id, c.app, c.key, c.created_at, then.revision, then.at.label("changed_at"), then.body)
            .join(last, last.c.record == c.id)
            .join(record_revisions, (then.record == c.id) & (then.revision == last.c.revision))
            .where(c.kind == kind.kind, or_(c.removed_at.is_(None), c.removed_at >= moment))
            .order_by(c.created_at, c.sequence)
        )
        with reading(self._engine) as connection:
            return tuple(_record(kind, row) for row in connection.execute(query) if self._grants.sees(row.app))

    def keyed(self, kind: type[W], app: str, key: str) -> Record[W] | None:
        """The record of a sender's key, None where there is none or it was removed."""
        with reading(self._engine) as connection:
            query = _present(kind).where(records.c.app == app, records.c.key == key)
            row = connection.execute(query).one_or_none()
        return _record(kind, row) if row and self._grants.sees(app) else None

    def history(self, kind: type[W], id_: str) -> tuple[Revision[W], ...]:
        """Every revision of a record, the oldest first."""
        c = record_revisions.c
        query = select(record_revisions).where(c.record == id_).order_by(c.revision)
        with reading(self._engine) as connection:
            rows = [row for row in connection.execute(query) if self._grants.sees(row.body["app"])]
        return tuple(Revision(row.revision, row.at, kind.model_validate(row.body)) for row in rows)

    def is_seen(self, kind: type[Written], id_: str) -> bool:
        """Whether what belongs to a record is there for this reader; asks nothing where no app is hidden."""
        if self._grants.sees_all:
            return True
        app = self.app_of(kind, id_)
        return app is not None and self._grants.sees(app)

    def may_change(self, kind: type[Written], id_: str) -> None:
        """Raises NotAllowedError where this reader may not write what belongs to a record, MeetingError:
        `record_unknown` where it is not there for them."""
        if self._grants.may(Role.ADMIN):
            return
        app = self.app_of(kind, id_)
        if app is None or not self._grants.sees(app):
            raise MeetingError("record_unknown", {"kind": kind.kind, "id": id_})
        self._grants.require(Role.MEMBER, app)

    def app_of(self, kind: type[Written], id_: str) -> str | None:
        """The app of a record, also of one that was removed; None where there is none."""
        with reading(self._engine) as connection:
            query = select(records.c.app).where(records.c.id == id_, records.c.kind == kind.kind)
            return connection.execute(query).scalar()

    def version(self, app: str) -> int:
        """A number that grows with everything that is stored of an app; cheap enough to be asked every second."""
        if not self._grants.sees(app):
            return 0
        every = select(func.sum(records.c.revision)).where(records.c.app == app)
        with reading(self._engine) as connection:
            return int(connection.execute(every).scalar() or 0)

    def _locked(self, connection: Connection, kind: type[W], id_: str) -> Row[Any]:
        """The row, held until the transaction ends, of what this reader may change. Raises NotAllowedError."""
        row = _locked(connection, kind, id_)
        if not self._grants.sees(row.app):
            raise MeetingError("record_unknown", {"kind": kind.kind, "id": id_})
        self._grants.require(Role.MEMBER, row.app)
        return row

    def _now(self, kind: type[Written]) -> int:
        """The moment that is stored: of a question only the day, so that it tells nothing of who asked."""
        now = int(self._clock())
        return now - now % _DAY if kind is Question else now

    def _insert(self, connection: Connection, kind: type[W], id_: str, key: str | None, body: Body) -> Record[W]:
        self._grants.require(Role.MEMBER, body["app"])
        known = _by_key(connection, kind, body["app"], key)
        if known is not None:
            return _record(kind, known)
        now = self._now(kind)
        row = {"id": id_, "kind": kind.kind, "app": body["app"], "key": key, "revision": 1, "body": body}
        row |= _hidden(connection, records, kind)
        try:
            with connection.begin_nested():
                connection.execute(insert(records), {**row, "created_at": now, "changed_at": now})
                _remember(connection, kind, id_, 1, now, body)
                search.keep(connection, kind.kind, id_, body)
        except IntegrityError:  # another process was faster with the same key
            known = _by_key(connection, kind, body["app"], key)
            if known is None:
                raise
            return _record(kind, known)
        made = _row(connection, kind, id_)
        self._did(connection, kind, "added", made)
        return _record(kind, made)

    def _did(self, connection: Connection, kind: type[Written], what: str, row: Row[Any]) -> None:
        """Remembers who did this; of a question nothing, for its place among the others would tell who asked it."""
        if kind is Question:
            self._deeds.count_question()
        else:
            self._deeds.remember(connection, f"{kind.kind}.{what}", row.app, row.id)

    def _change(
        self, connection: Connection, kind: type[W], id_: str, changes: Mapping[str, Any], expected: int | None
    ) -> Record[W]:
        row = self._locked(connection, kind, id_)
        facts = {"kind": kind.kind, "id": id_}
        if row.removed_at is not None:
            raise MeetingError("record_removed", facts)
        if expected is not None and row.revision != expected:
            raise MeetingError("record_changed", {**facts, "expected": expected, "found": row.revision})
        body = {**row.body, **body_of(validated(kind, {**row.body, **changes}))}
        if body == row.body:
            return _record(kind, row)
        number, now = row.revision + 1, max(self._now(kind), row.changed_at)
        changed = update(records).where(records.c.id == id_)
        connection.execute(changed.values(revision=number, changed_at=now, body=body))
        _remember(connection, kind, id_, number, now, body)
        search.keep(connection, kind.kind, id_, body)
        self._did(connection, kind, "changed", row)
        return _record(kind, _row(connection, kind, id_))


def read_within(connection: Connection, kind: type[W], id_: str) -> Record[W]:
    """One record, held until the write transaction ends. Raises MeetingError: `record_unknown`, `record_removed`."""
    row = _locked(connection, kind, id_)
    if row.removed_at is not None:
        raise MeetingError("record_removed", {"kind": kind.kind, "id": id_})
    return _record(kind, row)


def all_within(connection: Connection, app: str) -> Mapping[str, tuple[Record[Any], ...]]:
    """All records of an app as of one moment, by kind, in the order in which they were made."""
    query = select(records).where(records.c.app == app, records.c.removed_at.is_(None))
    found: dict[str, list[Record[Any]]] = {}
    for row in connection.execute(query.order_by(records.c.created_at, records.c.sequence)):
        if row.kind in KINDS:
            found.setdefault(row.kind, []).append(_record(KINDS[row.kind], row))
    return {kind: tuple(each) for kind, each in found.items()}


def validated(kind: type[W], fields: Mapping[str, Any]) -> W:
    """The value of some fields. Raises MeetingError: `record_invalid` with the first field that is wrong."""
    try:
        return kind.model_validate(dict(fields), context=WRITING)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=True)[0]
        cause = first.get("ctx", {}).get("error")
        reason = str(cause) if isinstance(cause, ValueError) else first["type"]
        place = ".".join(str(part) for part in first["loc"])
        raise MeetingError("record_invalid", {"kind": kind.kind, "field": place, "reason": reason}) from None


def body_of(value: Written) -> Body:
    """A value as JSON."""
    return value.model_dump(mode="json")


def _present(kind: type[Written]) -> Select[Any]:
    return select(records).where(records.c.kind == kind.kind, records.c.removed_at.is_(None))


def _by_key(connection: Connection, kind: type[Written], app: str, key: str | None) -> Row[Any] | None:
    if key is None:
        return None
    c = records.c
    query = select(records).where(c.kind == kind.kind, c.app == app, c.key == key)
    return connection.execute(query).one_or_none()


def _row(connection: Connection, kind: type[Written], id_: str, lock: bool = False) -> Row[Any]:
    query = select(records).where(records.c.id == id_, records.c.kind == kind.kind)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise MeetingError("record_unknown", {"kind": kind.kind, "id": id_})
    return row


def _locked(connection: Connection, kind: type[Written], id_: str) -> Row[Any]:
    """The row, held until the transaction ends."""
    return _row(connection, kind, id_, lock=True)


def _remember(connection: Connection, kind: type[Written], id_: str, number: int, at: int, body: Body) -> None:
    row = {"record": id_, "revision": number, "at": at, "body": body}
    connection.execute(insert(record_revisions), {**row, **_hidden(connection, record_revisions, kind)})


def _hidden(connection: Connection, table: Table, kind: type[Written]) -> dict[str, int]:
    """Where a row of a question goes: a free random place below zero. In the sequence of the others, whose moments
    are known, its place would tell when within the day it was asked."""
    if kind is not Question:
        return {}
    while True:
        place = -1 - secrets.randbelow(_PLACES)
        if connection.execute(select(table.c.sequence).where(table.c.sequence == place)).one_or_none() is None:
            return {"sequence": place}


def _record(kind: type[W], row: Row[Any]) -> Record[W]:
    return Record(row.id, row.key, row.revision, row.created_at, row.changed_at, kind.model_validate(row.body))
