"""Notes are kept with every text that was ever saved, on both kinds of database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from tests.meetings.conftest import NOW, SetClock
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting
from tomoni.meetings.notes import MOST_CHARACTERS, Note, Notes, SavedNote
from tomoni.meetings.records import Records

MEETING = Meeting(app="checkout", planned_at=NOW, start=NOW - 86_400, as_of=NOW)


@pytest.fixture
def notes(engine: Engine, clock: SetClock) -> Notes:
    return Notes(engine, clock, Records(engine, clock))


@pytest.fixture
def meeting(records: Records) -> str:
    return records.add(MEETING).id


def test_a_text_is_read_as_it_was_saved(notes: Notes, meeting: str):
    assert notes.read(meeting, "since") == Note(0, "", None)
    assert notes.save(meeting, "since", "", "- 朝の遅れ\n") == SavedNote(1, "- 朝の遅れ\n")
    assert notes.read(meeting, "since") == Note(1, "- 朝の遅れ\n", NOW)
    assert notes.revision(meeting, "since") == 1
    assert notes.revision(meeting, "decide") == 0


def test_every_text_stays(notes: Notes, meeting: str, clock: SetClock):
    notes.save(meeting, "since", "", "a")
    clock.now += 5
    notes.save(meeting, "since", "a", "b")
    assert notes.history(meeting, "since") == (Note(1, "a", NOW), Note(2, "b", NOW + 5))


def test_what_others_saved_meanwhile_is_merged_and_what_was_sent_stays_too(notes: Notes, meeting: str):
    notes.save(meeting, "since", "", "a\nb")
    notes.save(meeting, "since", "a\nb", "A\nb")
    assert notes.save(meeting, "since", "a\nb", "a\nB") == SavedNote(4, "A\nB", merged=True)
    assert [each.text for each in notes.history(meeting, "since")] == ["a\nb", "A\nb", "a\nB", "A\nB"]


def test_of_the_same_line_both_stay(notes: Notes, meeting: str):
    notes.save(meeting, "since", "", "pool full")
    assert notes.save(meeting, "since", "", "deploy") == SavedNote(3, "pool full\ndeploy", merged=True, conflict=True)


def test_saving_the_same_again_changes_nothing(notes: Notes, meeting: str):
    notes.save(meeting, "since", "", "a")
    notes.save(meeting, "since", "a", "a\nb")
    assert notes.save(meeting, "since", "a", "a\nb") == SavedNote(2, "a\nb")
    assert notes.revision(meeting, "since") == 2


def test_a_clock_that_jumps_back_leaves_the_order(notes: Notes, meeting: str, clock: SetClock):
    notes.save(meeting, "since", "", "a")
    clock.now -= 3600
    notes.save(meeting, "since", "a", "b")
    assert [each.saved_at for each in notes.history(meeting, "since")] == [NOW, NOW]


@pytest.mark.parametrize("state", ["closed", "skipped"])
def test_what_is_over_is_not_changed_any_more(notes: Notes, records: Records, meeting: str, state: str):
    records.change(Meeting, meeting, {"state": state})
    with pytest.raises(MeetingError, match="meeting_closed"):
        notes.save(meeting, "since", "", "late")


@pytest.mark.parametrize(
    ("step", "base", "text"),
    [
        ("since", "", "a" * (MOST_CHARACTERS + 1)),
        ("since", "", "a" * 1_000_000),
        ("since", "", "b" * MOST_CHARACTERS),
        ("s" * 41, "", "a"),
    ],
)
def test_what_is_too_long_is_refused_also_once_it_is_merged(
    notes: Notes, meeting: str, step: str, base: str, text: str
):
    notes.save(meeting, "since", "", "already there")
    with pytest.raises(MeetingError, match="record_invalid"):
        notes.save(meeting, step, base, text)
    assert notes.revision(meeting, "since") == 1


def test_an_unknown_meeting_has_no_notes(notes: Notes):
    with pytest.raises(MeetingError, match="record_unknown"):
        notes.save("0" * 24, "since", "", "a")


def test_characters_that_no_database_takes_are_replaced(notes: Notes, meeting: str):
    assert notes.save(meeting, "since", "", "a\0b\ud800c\r\nd\re\U0001f600").text == "a\ufffdb\ufffdc\nd\ne\U0001f600"


def test_writers_at_the_same_time_lose_nothing(notes: Notes, meeting: str):
    def write(name: str) -> None:
        base = ""
        for n in range(5):
            text = f"{base}\n{name} {n}" if base else f"{name} {n}"
            base = notes.save(meeting, "since", base, text).text

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = notes.read(meeting, "since").text.split("\n")
    assert sorted(lines) == sorted(f"{name} {n}" for name in "abcd" for n in range(5))
