"""What teams write is stored with all its revisions, on both kinds of database."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import Engine

from tests.meetings.conftest import NOW, SetClock
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, ActionState, Event, EventKind, Incident, Question
from tomoni.meetings.records import Records, body_of, validated
from tomoni.meetings.steps import Steps
from tomoni.store.engine import reading
from tomoni.store.tables import record_revisions
from tomoni.store.tables import records as table

POOL = Action(app="checkout", text="Raise the limit of the connection pool", team="platform", due=date(2026, 12, 8))
DEPLOY = Event(app="checkout", at=NOW, what=EventKind.DEPLOY, title="2.41")


@pytest.mark.parametrize("unseen", ["\u200b", "\u2800", "\u3164 \u00ad", "\u200d\ufeff"])
def test_a_line_without_a_sign_to_see_is_refused_as_an_empty_one_is(unseen: str) -> None:
    for written in (unseen, ""):
        with pytest.raises(MeetingError) as refused:
            validated(Action, {"app": "checkout", "text": written})
        assert refused.value.facts == {"kind": "action", "field": "text", "reason": "string_too_short"}
    assert validated(Action, {"app": "checkout", "text": f"見る{unseen}"}).text.startswith("見る")
    assert Action(app="checkout", text=unseen).text == unseen.strip()  # one that was stored is read


def test_a_record_is_read_as_it_was_written(records: Records):
    made = records.add(POOL)
    assert records.read(Action, made.id) == made
    assert (made.value, made.revision, made.created_at) == (POOL, 1, NOW)
    assert records.listed(Action, "checkout") == (made,)
    assert records.listed(Action, "other") == ()
    assert records.listed(Question) == ()


def test_every_revision_stays(records: Records, clock: SetClock):
    made = records.add(POOL)
    clock.now += 60
    done = records.change(Action, made.id, {"state": "done", "ended_at": NOW + 60})
    assert (done.revision, done.changed_at, done.value.state) == (2, NOW + 60, ActionState.DONE)
    assert [(each.number, each.at, each.value) for each in records.history(Action, made.id)] == [
        (1, NOW, POOL),
        (2, NOW + 60, done.value),
    ]


def test_changing_nothing_makes_no_revision(records: Records):
    made = records.add(POOL)
    before = records.version("checkout")
    assert records.change(Action, made.id, {"text": f" {POOL.text} "}) == made
    assert records.version("checkout") == before


def test_what_is_written_of_one_app_is_not_news_for_another(records: Records):
    made = records.add(POOL)
    before = [records.version("checkout"), records.version("other")]
    records.remove(Action, made.id)
    removed = [records.version("checkout"), records.version("other")]
    records.restore(Action, made.id)
    assert (before[0] < removed[0] < records.version("checkout"), removed[1]) == (True, before[1])


def test_the_same_key_counts_once(records: Records):
    first = records.add(DEPLOY, key="run-17")
    assert records.add(DEPLOY.model_copy(update={"title": "2.42"}), key="run-17") == first
    assert records.add(DEPLOY.model_copy(update={"app": "other"}), key="run-17").id != first.id
    assert records.keyed(Event, "checkout", "run-17") == first
    assert records.keyed(Event, "checkout", "run-18") is None


def test_a_change_of_what_somebody_else_changed_is_refused_where_it_says_so(records: Records):
    made = records.add(POOL)
    records.change(Action, made.id, {"team": "payments"}, expected=1)
    with pytest.raises(MeetingError) as caught:
        records.change(Action, made.id, {"text": "Another"}, expected=1)
    assert (caught.value.code, caught.value.facts["found"]) == ("record_changed", 2)
    assert records.read(Action, made.id).value.team == "payments"


def test_a_removed_record_is_on_no_list_and_can_be_put_back(records: Records):
    made = records.add(POOL)
    records.remove(Action, made.id)
    records.remove(Action, made.id)
    assert records.listed(Action) == ()
    for refused in (lambda: records.read(Action, made.id), lambda: records.change(Action, made.id, {"team": "x"})):
        with pytest.raises(MeetingError) as caught:
            refused()
        assert caught.value.code == "record_removed"
    assert records.restore(Action, made.id).value == POOL
    assert len(records.history(Action, made.id)) == 3


@pytest.mark.parametrize(
    ("kind", "fields", "field", "reason"),
    [
        (Action, {"app": "checkout", "text": ""}, "text", "string_too_short"),
        (Action, {"app": "checkout", "text": "x" * 301}, "text", "string_too_long"),
        (Action, {"app": "../x", "text": "x"}, "app", "string_pattern_mismatch"),
        (Action, {"app": "checkout", "text": "x", "ticket": "javascript:alert(1)"}, "ticket", "url_scheme"),
        (Action, {"app": "checkout", "text": "x", "due": "8 Dec"}, "due", "date_from_datetime_parsing"),
        (Action, {"app": "checkout", "text": "x", "state": "dropped"}, "", "reason_missing"),
        (Event, {"app": "checkout", "title": "x", "at": 9, "until": 8}, "", "start_after_end"),
        (Event, {"app": "checkout", "title": "x", "at": -1}, "at", "greater_than_equal"),
        (Incident, {"app": "checkout", "title": "x", "start": 0, "end": 253_402_300_799}, "end", "less_than_equal"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_its_field(kind, fields, field, reason):
    with pytest.raises(MeetingError) as caught:
        validated(kind, fields)
    assert caught.value.facts == {"kind": kind.kind, "field": field, "reason": reason}


def test_a_change_to_a_wrong_value_changes_nothing(records: Records):
    made = records.add(POOL)
    with pytest.raises(MeetingError):
        records.change(Action, made.id, {"state": "dropped"})
    assert records.read(Action, made.id) == made


def test_fields_of_a_newer_version_survive_a_change_by_this_one(records: Records, engine: Engine):
    made = records.add(POOL)
    with engine.connect() as connection, connection.begin():
        connection.execute(table.update().values(body={**body_of(POOL), "priority": "high"}))
    records.change(Action, made.id, {"team": "payments"})
    with reading(engine) as connection:
        assert connection.execute(table.select()).one().body["priority"] == "high"


def test_of_a_question_only_the_day_is_stored(records: Records, engine: Engine):
    made = records.add(Question(app="checkout", text="What does burn mean?"))
    records.change(Question, made.id, {"state": "answered", "answer": "How fast the budget is spent."})
    midnight = NOW - NOW % 86_400
    with reading(engine) as connection:
        (row,) = connection.execute(table.select()).all()
        revisions = connection.execute(record_revisions.select()).all()
    assert (row.created_at, row.changed_at) == (midnight, midnight)
    assert {each.at for each in revisions} == {midnight}


def test_changes_of_other_fields_at_the_same_time_are_all_kept(records: Records):
    made = records.add(POOL)
    changes = [{"team": "payments"}, {"ticket": "https://tracker.example.com/7"}, {"reason": "asked"}, {"due": None}]
    threads = [threading.Thread(target=records.change, args=(Action, made.id, change)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = records.read(Action, made.id)
    assert now.revision == 5
    assert (now.value.team, now.value.ticket, now.value.reason, now.value.due) == (
        "payments",
        "https://tracker.example.com/7",
        "asked",
        None,
    )


def test_a_meeting_is_at_one_step_since_it_was_taken_there(records: Records, engine: Engine, clock: SetClock):
    steps, meeting = Steps(engine, clock, records), records.add(POOL).id
    assert steps.current(meeting) is None
    steps.go(meeting, "journeys")
    clock.now += 30
    steps.go(meeting, "journeys")
    first = steps.current(meeting)
    assert first is not None
    assert (first.name, first.since, first.revision) == ("journeys", NOW, 1)
    steps.go(meeting, "burned")
    second = steps.current(meeting)
    assert second is not None
    assert (second.name, second.since, second.revision) == ("burned", NOW + 30, 2)


def test_records_as_of_a_moment_have_the_revisions_of_before_it_and_those_that_were_removed_since(
    records: Records, clock: SetClock
):
    first = records.add(POOL)
    clock.now += 10
    second = records.add(POOL.model_copy(update={"text": "Watch the queue"}))
    clock.now += 10
    records.change(Action, first.id, {"text": "Raise it twice"})
    clock.now += 10
    records.remove(Action, first.id)
    told = {
        after: [(each.id, each.revision, each.value.text) for each in records.listed_as_of(Action, NOW + after)]
        for after in (0, 1, 10, 11, 20, 21, 30, 31)
    }
    raised, watched = (first.id, 1, POOL.text), (second.id, 1, "Watch the queue")
    assert told == {
        0: [],
        1: [raised],
        10: [raised],
        11: [raised, watched],
        20: [raised, watched],
        21: [(first.id, 2, "Raise it twice"), watched],
        30: [(first.id, 2, "Raise it twice"), watched],
        31: [watched],
    }
    assert records.listed_as_of(Event, NOW + 99) == ()
