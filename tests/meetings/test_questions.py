"""A question without a name: nothing that is stored or logged tells who asked, nor when within the day."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import Engine, select

from tests.meetings.conftest import NOW, SetClock
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, Question, QuestionState
from tomoni.meetings.records import Records
from tomoni.store.engine import reading
from tomoni.store.tables import record_revisions
from tomoni.store.tables import records as table
from tomoni.use_cases.questions import answer, ask, park, questions_of, reopen, turn_into_action

DAY = 86_400
DAY_OF_NOW = NOW - NOW % DAY


def asked(records: Records, clock: SetClock, n: int) -> list[str]:
    """Questions at one moment after the other, each between two actions whose moments are known."""
    ids = []
    for each in range(n):
        clock.now += 60
        records.add(Action(app="checkout", text=f"action {each}"))
        ids.append(ask(records, "checkout", f"question {each}", "journeys").id)
    return ids


def test_the_store_knows_only_the_day_of_a_question(records: Records, clock: SetClock, engine: Engine):
    made = asked(records, clock, 3)
    answer(records, made[0], "Because of the pool")
    park(records, made[1])
    records.remove(Question, made[2])
    with reading(engine) as connection:
        rows = connection.execute(select(table).where(table.c.kind == "question")).mappings().all()
        revisions = connection.execute(select(record_revisions).where(record_revisions.c.record.in_(made))).all()
    for row in rows:
        assert {row["created_at"], row["changed_at"], row["removed_at"]} <= {DAY_OF_NOW, None}
        assert set(row["body"]) == {"app", "text", "step", "state", "answer", "action", "meeting"}
        assert row["key"] is None
    assert {row.at for row in revisions} == {DAY_OF_NOW}
    assert len(revisions) == 6


def test_neither_the_places_of_rows_nor_their_order_tell_when_a_question_was_asked(
    records: Records, clock: SetClock, engine: Engine
):
    """Beside actions, whose moments are known, a place in one sequence would be a moment."""
    made = asked(records, clock, 12)
    with reading(engine) as connection:
        for column, kind in ((table.c.sequence, table.c.id), (record_revisions.c.sequence, record_revisions.c.record)):
            places = {row[1]: row[0] for row in connection.execute(select(column, kind))}
            questions = [places.pop(each) for each in made]
            assert all(place < 0 for place in questions)
            assert questions != sorted(questions)
            assert questions != sorted(questions, reverse=True)
            assert sorted(places.values()) == list(range(1, 13))  # no gap where a question was
    assert [record.id for record in questions_of(records, "checkout")] == sorted(made)
    assert {record.id for record in records.listed(Question)} == set(made)


def test_pages_still_see_that_a_question_was_asked_or_changed(records: Records, clock: SetClock):
    seen = [records.version("checkout")]
    made = ask(records, "checkout", "What is a burn rate?")
    seen.append(records.version("checkout"))
    answer(records, made.id, "How fast the budget goes")
    seen.append(records.version("checkout"))
    records.add(Action(app="checkout", text="Explain it in the guide"))
    seen.append(records.version("checkout"))
    assert seen == sorted(set(seen))


def test_nothing_of_a_question_is_logged(records: Records, clock: SetClock, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    made = ask(records, "checkout", "Why did nobody look?", "burned")
    answer(records, made.id, "We had no alert")
    with pytest.raises(MeetingError):
        ask(records, "checkout", "x" * 3000)
    for told in ("nobody look", "no alert", "xxx", made.id):
        assert told not in caplog.text


def test_questions_are_listed_by_state_and_step(records: Records, clock: SetClock):
    journeys = ask(records, "checkout", "a", "journeys")
    anywhere = ask(records, "checkout", "b")
    ask(records, "search", "c")
    park(records, anywhere.id)
    assert [each.id for each in questions_of(records, "checkout", step="journeys")] == [journeys.id]
    assert [each.id for each in questions_of(records, "checkout", QuestionState.PARKED)] == [anywhere.id]
    assert questions_of(records, "checkout", step="burned") == ()
    reopen(records, anywhere.id)
    assert len(questions_of(records, "checkout")) == 2


def test_a_question_becomes_an_action_and_each_names_the_other(records: Records, clock: SetClock):
    made = ask(records, "checkout", "Who sees the pool?")
    action = turn_into_action(records, made.id, Action(app="checkout", text="Draw the pool", team="platform"))
    question = records.read(Question, made.id).value
    assert (question.state, question.action) == (QuestionState.ACTION, action.id)
    assert action.value.origin is not None
    assert (action.value.origin.place, action.value.origin.ref) == ("question", made.id)
