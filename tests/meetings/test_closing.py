"""A meeting is closed exactly when what was frozen of it is saved; nothing is in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, insert, select

from tests.meetings.conftest import NOW, SetClock
from tomoni.meetings.closing import Closing, Keep
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.held import Held, Noted, held
from tomoni.meetings.model import (
    Action,
    Choice,
    Conclusion,
    Decision,
    EpisodeReason,
    Event,
    Incident,
    Meeting,
    Postmortem,
    Question,
    QuestionState,
    Reason,
    RiskEntry,
    Written,
)
from tomoni.meetings.records import Record, Records
from tomoni.store.engine import reading, write
from tomoni.store.tables import notes
from tomoni.store.tables import sent_messages as saved

DAY = 86_400
START, AS_OF = NOW - 14 * DAY, NOW - 600
TODAY = date(2026, 11, 28)


@pytest.fixture
def closing(engine: Engine, clock: SetClock, records: Records) -> Closing:
    return Closing(engine, clock, records)


def opened(records: Records, **fields: object) -> Record[Meeting]:
    value = {"app": "checkout", "state": "open", "planned_at": NOW, "start": START, "as_of": AS_OF}
    return records.add(Meeting.model_validate(value | fields))


def seal(everything: Held) -> Keep:
    """Saves something in the same transaction, as a snapshot is saved."""

    def keep(connection: Connection) -> str:
        connection.execute(insert(saved), {"key": "sha256:frozen", "sent_at": len(everything.actions)})
        return "sha256:frozen"

    return keep


def kept(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(saved.c.key)).scalars())


def note(engine: Engine, meeting: str, step: str, revision: int, text: str) -> None:
    row = {"meeting": meeting, "step": step, "revision": revision, "saved_at": NOW, "text": text}
    write(engine, lambda connection: connection.execute(insert(notes), row))


def test_a_meeting_closes_with_the_hash_of_what_was_saved(engine, closing, records):
    meeting = opened(records)
    closed = closing.close(meeting.id, "UTC", seal)
    assert (closed.value.state, closed.value.snapshot, closed.value.closed_at) == ("closed", "sha256:frozen", NOW)
    assert kept(engine) == ["sha256:frozen"]


def test_closing_again_changes_nothing(closing, records, clock):
    first = closing.close(opened(records).id, "UTC", seal)
    clock.now += 60
    assert closing.close(first.id, "UTC", seal) == first


@pytest.mark.parametrize("writes", [1, 9])
def test_what_is_written_while_a_meeting_is_frozen_is_frozen_as_well(engine, closing, records, writes):
    meeting = opened(records)
    times: list[int] = []

    def busy(everything: Held) -> Keep:
        if len(times) < min(writes, 3):  # at last others have to wait
            records.add(Action(app="checkout", text="Meanwhile"))
        times.append(len(everything.actions))
        return seal(everything)

    closing.close(meeting.id, "UTC", busy)
    with reading(engine) as connection:
        assert connection.execute(select(saved.c.sent_at)).scalars().all() == [min(writes, 3)]
    assert times == list(range(min(writes, 3) + 1))


def test_a_failure_after_saving_leaves_an_open_meeting_and_nothing_saved(engine, closing, records, monkeypatch):
    meeting = opened(records)
    monkeypatch.setattr(records, "change_within", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        closing.close(meeting.id, "UTC", seal)
    assert kept(engine) == []
    assert records.read(Meeting, meeting.id) == meeting


def test_a_failure_before_saving_leaves_an_open_meeting(engine, closing, records):
    def fail(_everything: Held) -> Keep:
        raise RuntimeError("killed")

    meeting = opened(records)
    with pytest.raises(RuntimeError):
        closing.close(meeting.id, "UTC", fail)
    assert kept(engine) == []
    assert records.read(Meeting, meeting.id).value.state == "open"


@pytest.mark.parametrize("state", ["draft", "skipped"])
def test_only_a_meeting_that_was_begun_closes(closing, records, state):
    with pytest.raises(MeetingError) as caught:
        closing.close(opened(records, state=state).id, "UTC", seal)
    assert (caught.value.code, caught.value.facts["state"]) == ("meeting_not_open", state)


def test_the_newest_notes_of_each_step_are_frozen(engine, closing, records):
    meeting, other = opened(records), opened(records)
    note(engine, meeting.id, "since", 1, "first")
    note(engine, meeting.id, "since", 2, "second")
    note(engine, meeting.id, "decide", 1, "  ")
    note(engine, other.id, "since", 3, "of another")
    assert closing.held(meeting.id, "UTC").notes == (Noted("since", "second", 2),)


def test_a_correction_starts_with_the_notes_and_conclusions_and_is_made_once(engine, closing, records):
    meeting = opened(records)
    note(engine, meeting.id, "since", 2, "second")
    conclusion = Conclusion(app="checkout", meeting=meeting.id, slo="checkout/buy/fast", choice=Choice.KEPT)
    records.add(conclusion, f"{meeting.id}-abc")
    closing.close(meeting.id, "UTC", seal)
    made = closing.correct(meeting.id)
    assert (made.value.state, made.value.corrects, made.value.as_of) == ("open", meeting.id, AS_OF)
    everything = closing.held(made.id, "UTC")
    assert everything.notes == (Noted("since", "second", 1),)
    assert [(each.key, each.value.choice) for each in everything.conclusions] == [(f"{made.id}-abc", "kept")]
    assert closing.correct(meeting.id) == made
    assert len(closing.held(made.id, "UTC").conclusions) == 1


def test_only_a_closed_meeting_is_corrected(closing, records):
    with pytest.raises(MeetingError) as caught:
        closing.correct(opened(records).id)
    assert caught.value.code == "meeting_not_closed"


def record(value: Written, id_: str = "b" * 24) -> Record[Written]:
    return Record(id_, None, 1, NOW, NOW, value)


MEETING = Record("a" * 24, None, 1, NOW, NOW, Meeting(app="shop", planned_at=NOW, start=START, as_of=AS_OF))


def chosen(value: Written) -> bool:
    """Whether a value is among what a meeting saw."""
    everything = held(MEETING, [], {value.kind: [record(value)]}, TODAY)
    return any(getattr(everything, name) for name in Held.__dataclass_fields__ if name != "meeting")


def action(**fields: object) -> Action:
    return Action.model_validate({"app": "shop", "text": "x"} | fields)


def decision(**fields: object) -> Decision:
    return Decision.model_validate({"app": "shop", "what": "confirmed", "text": "x"} | fields)


def incident(start: int, end: int) -> Incident:
    return Incident(app="shop", title="x", start=start, end=end)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (action(), True),
        (action(state="done", ended_at=START), True),
        (action(state="done", ended_at=START - 1), False),
        (action(state="done", meeting="a" * 24), True),
        (incident(START - DAY, START), False),
        (incident(START - DAY, START + 1), True),
        (incident(AS_OF, AS_OF + 1), False),
        (EpisodeReason(app="shop", slo="a/b/c", start=START, end=AS_OF, reason=Reason.UNKNOWN), True),
        (EpisodeReason(app="shop", slo="a/b/c", start=START - 9, end=START, reason=Reason.UNKNOWN), False),
        (Question(app="shop", text="x"), True),
        (Question(app="shop", text="x", state=QuestionState.PARKED), True),
        (Question(app="shop", text="x", state=QuestionState.ANSWERED), False),
        (Question(app="shop", text="x", state=QuestionState.ANSWERED, meeting="a" * 24), True),
        (Conclusion(app="shop", meeting="a" * 24, slo="a/b/c", choice=Choice.KEPT), True),
        (Conclusion(app="shop", meeting="c" * 24, slo="a/b/c", choice=Choice.KEPT), False),
        (decision(), True),
        (decision(until=TODAY), True),
        (decision(until=date(2026, 11, 27)), False),
        (decision(until=date(2026, 11, 27), meeting="a" * 24), True),
        (decision(superseded_by="d" * 24), True),
        (Event(app="shop", at=START, title="x"), True),
        (Event(app="shop", at=START - 1, title="x"), False),
        (Event(app="shop", at=START - 9, until=START, title="x"), True),
        (Event(app="shop", at=AS_OF, title="x"), False),
        (RiskEntry(app="shop", title="x", detect_minutes=1, repair_minutes=1, share_of_users=1, days_between=1), True),
        (Postmortem(app="shop", title="x"), False),
    ],
)
def test_a_meeting_is_closed_with_what_it_saw(value, expected):
    assert chosen(value) is expected


def test_a_decision_that_a_present_one_superseded_is_over_and_one_by_a_removed_one_is_not():
    old, new = record(decision(superseded_by="d" * 24)), record(decision(), "d" * 24)
    assert held(MEETING, [], {"decision": [old, new]}, TODAY).decisions == (new,)
    assert held(MEETING, [], {"decision": [old]}, TODAY).decisions == (old,)


def test_what_came_up_in_the_meetings_that_one_corrects_is_its_own():
    first, second = (
        replace(MEETING, id=n * 24, value=MEETING.value.model_copy(update={"corrects": of and of * 24}))
        for n, of in (("1", None), ("2", "1"))
    )
    third = replace(MEETING, id="3" * 24, value=MEETING.value.model_copy(update={"corrects": second.id}))
    long_ago = {"meeting": first.id, "until": date(2026, 11, 1)}
    found = held(
        third,
        [],
        {
            "meeting": [first, second, third],
            "decision": [
                record(decision(**long_ago), "a" * 24),
                record(decision(**long_ago, superseded_by="c" * 24), "b" * 24),
                record(decision(meeting=third.id), "c" * 24),
                record(decision(**long_ago, superseded_by="e" * 24), "d" * 24),
                record(decision(meeting=second.id), "e" * 24),  # which the first correction has replaced
            ],
            "question": [record(Question(app="shop", text="x", state=QuestionState.ANSWERED, meeting=second.id))],
            "action": [record(action(state="done", ended_at=START - 1, meeting=each * 24), each * 24) for each in "14"],
        },
        TODAY,
    )
    assert [each.id[0] for each in found.decisions] == ["a", "c", "e"]
    assert [each.id[0] for each in found.actions] == ["1"]
    own = [{each.value.meeting for each in kind} for kind in (found.decisions, found.questions)]
    assert own == [{third.id}, {third.id}]
    assert found.actions[0].value.meeting == third.id


def test_the_postmortem_of_an_incident_of_the_period_is_frozen_with_it():
    one = record(incident(START, AS_OF), "e" * 24)
    of_it, of_other = (record(Postmortem(app="shop", title="x", incident=i * 24)) for i in "ef")
    found = held(MEETING, [], {"incident": [one], "postmortem": [of_it, of_other]}, TODAY)
    assert found.postmortems == (of_it,)
    before = record(incident(START - 900, START - 600), "f" * 24)
    everything = {"incident": [before, one], "postmortem": [of_it, of_other]}
    assert held(MEETING, [], everything, TODAY).incidents == (one,)
    assert held(MEETING, [], everything, TODAY, START - 600).incidents == (one,)
    reaching = held(MEETING, [], everything, TODAY, START - 601)  # a window of its figures holds it
    assert (reaching.incidents, reaching.postmortems) == ((before, one), (of_it,))
    assert held(replace(MEETING), [], {}, TODAY).incidents == ()
