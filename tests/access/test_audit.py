"""The chain of deeds: what is in it, that nothing in it can be changed unseen, and who may read it."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tomoni.access.audit import Actor, Audit, Chain, Wanted
from tomoni.access.policy import EVERYTHING, Grants, NotAllowedError
from tomoni.catalog.who_may import Role
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Meeting, Question
from tomoni.store.engine import write

NOW = 1_795_860_000
PERSON = Actor("page", "a@example.com i#1", "10.0.0.5")


@pytest.fixture
def meetings(engine: Engine) -> Meetings:
    return Meetings(engine, lambda: float(NOW)).seen_by(EVERYTHING, PERSON)


def deeds(meetings: Meetings) -> list[tuple[str, str]]:
    return [(entry.what, entry.app) for entry in meetings.audit.all()]


def test_everything_that_is_written_is_in_it_once_with_who_when_and_from_where(meetings: Meetings):
    records = meetings.records
    one = records.add(Action(app="shop", text="raise the limit"), "key")
    records.add(Action(app="shop", text="raise the limit"), "key")
    records.change(Action, one.id, {"text": "lower it"})
    records.change(Action, one.id, {"text": "lower it"})
    records.remove(Action, one.id)
    records.remove(Action, one.id)
    records.restore(Action, one.id)
    held = records.add(Meeting(app="shop", planned_at=NOW, start=NOW - 86_400, as_of=NOW))
    meetings.notes.save(held.id, "since", "", "secret words")
    meetings.notes.save(held.id, "since", "secret words", "secret words")
    meetings.steps.go(held.id, "since")
    meetings.steps.go(held.id, "since")
    meetings.tokens.create("ci", None)
    meetings.tokens.revoke("ci")
    assert deeds(meetings) == [
        ("action.added", "shop"),
        ("action.changed", "shop"),
        ("action.removed", "shop"),
        ("action.restored", "shop"),
        ("meeting.added", "shop"),
        ("note.saved", "shop"),
        ("meeting.stepped", "shop"),
        ("token.created", ""),
        ("token.revoked", ""),
    ]
    first = next(meetings.audit.all())
    assert (first.number, first.at, first.actor, first.about) == (1, NOW, PERSON, one.id)
    assert "secret words" not in "".join(entry.as_json() for entry in meetings.audit.all())
    assert json.loads(first.as_json())["who"] == PERSON.who


def test_what_was_not_stored_is_not_in_it_and_nothing_of_questions_is(meetings: Meetings):
    asked = meetings.records.add(Question(app="shop", text="why?"))
    meetings.records.change(Question, asked.id, {"text": "why not?"})
    meetings.records.remove(Question, asked.id)
    stranger = Meetings(meetings._engine, lambda: 0.0).seen_by(Grants(Role.VIEWER), PERSON)
    with pytest.raises(NotAllowedError):
        stranger.records.add(Action(app="shop", text="x"))
    assert deeds(meetings) == []
    assert meetings.audit.verify() == Chain(0, "0" * 64)


def test_many_who_write_at_once_make_one_chain(engine: Engine, meetings: Meetings):
    def work(number: int) -> None:
        for _ in range(5):
            meetings.records.add(Action(app=f"app-{number}", text="x"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meetings.audit.verify().entries == 20
    assert meetings.audit.verify().broken_at is None


UNLOCK = {
    "sqlite": "DROP TRIGGER audit_is_not_changed",
    "postgresql": "DROP TRIGGER audit_is_not_changed ON audit",
}


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit SET who = 'somebody else' WHERE number = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE number = 3", 3),
        ("UPDATE audit SET about = '' WHERE number = 1", 1),
        ("UPDATE audit SET hash = previous WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("UPDATE audit SET number = 9 WHERE number = 4", 4),
    ],
)
def test_what_was_changed_or_taken_out_is_found(engine: Engine, meetings: Meetings, statement: str, at: int):
    for _ in range(4):
        meetings.records.add(Action(app="shop", text="x"))
    write(engine, lambda connection: connection.execute(text(UNLOCK[engine.dialect.name])))
    write(engine, lambda connection: connection.execute(text(statement)))
    assert meetings.audit.verify().broken_at == at


def test_an_entry_cannot_be_changed_by_whoever_has_the_database_open(engine: Engine, meetings: Meetings):
    meetings.records.add(Action(app="shop", text="x"))
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("UPDATE audit SET who = 'x'"))


def test_it_is_searched_and_read_by_admins_alone(engine: Engine, meetings: Meetings):
    meetings.records.add(Action(app="shop", text="x"))
    meetings.tokens.create("ci_100%", "back")
    audit = meetings.audit
    assert [entry.what for entry in audit.found()] == ["token.created", "action.added"]
    assert [entry.what for entry in audit.found(Wanted("EXAMPLE.com token"))] == ["token.created"]
    assert [entry.what for entry in audit.found(Wanted("_100%"))] == ["token.created"]
    assert [entry.what for entry in audit.found(Wanted(app="shop", since=NOW))] == ["action.added"]
    assert audit.found(Wanted("%")) == audit.found(Wanted("100%"))
    assert audit.found(Wanted(since=NOW + 1)) == ()
    for role in (Role.NONE, Role.VIEWER, Role.MEMBER, Role.EDITOR):
        closed = Audit(engine, Grants(role))
        for read in (closed.found, closed.verify, lambda closed=closed: list(closed.all())):
            with pytest.raises(NotAllowedError):
                read()
