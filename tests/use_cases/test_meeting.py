"""How meetings are prepared by a rhythm, begun, moved and skipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.use_cases.teams import app_of
from tomoni.catalog.schema import ReviewRhythm
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Records
from tomoni.slo.model import DAY
from tomoni.store.engine import open_engine
from tomoni.use_cases import meeting as meetings
from tomoni.use_cases.coming_reviews import coming_reviews

FIRST = 1_795_482_000  # 24 Nov 2026, 10:00 in Tokyo
TWO_WEEKS = 14 * DAY
APP = replace(app_of("shop", "Asia/Tokyo"), review=ReviewRhythm(14, datetime.fromisoformat("2026-11-24T10:00")))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    engine = open_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    yield Records(engine, lambda: float(FIRST))
    engine.dispose()


def closed(records: Records, at: int, planned_at: int) -> str:
    """A meeting that was closed at a moment."""
    value = Meeting(
        app="shop", state=MeetingState.CLOSED, planned_at=planned_at, start=at - DAY, as_of=at, closed_at=at
    )
    return records.add(value).id


def test_the_next_meeting_of_the_rhythm_is_drafted_once(records: Records):
    first = meetings.prepared(records, APP, FIRST - 3 * DAY, FIRST - 3 * DAY - 60)
    again = meetings.prepared(records, APP, FIRST - DAY, FIRST - DAY - 60)
    assert first.current
    assert again.current
    assert again.current.id == first.current.id
    assert again.due == FIRST
    assert again.current.value.start == FIRST - 3 * DAY - 60 - TWO_WEEKS


def test_nothing_is_drafted_without_a_rhythm_or_long_before(records: Records):
    assert meetings.prepared(records, replace(APP, review=None), FIRST, FIRST).current is None
    early = meetings.prepared(records, APP, FIRST - 16 * DAY, FIRST - 16 * DAY)
    assert (early.current, early.due) == (None, FIRST)


def test_the_next_meeting_starts_from_the_last_closed_one(records: Records):
    last = closed(records, FIRST + 600, FIRST)
    found = meetings.prepared(records, APP, FIRST + DAY, FIRST + DAY)
    assert found.last
    assert found.last.id == last
    assert found.current
    assert found.current.value.previous == last
    assert found.current.value.start == FIRST + 600
    assert found.due == FIRST + TWO_WEEKS


def test_a_meeting_that_was_not_held_stays_due_and_says_how_many_rhythms_went_by(records: Records):
    meetings.prepared(records, APP, FIRST - DAY, FIRST - DAY)
    late = meetings.standing(records, APP, FIRST + 3 * TWO_WEEKS + DAY)
    assert (late.due, late.missed) == (FIRST, 3)
    assert meetings.standing(records, APP, FIRST + DAY).missed == 0


@pytest.mark.parametrize(
    ("moved_to", "ended", "at", "due"),
    [
        (FIRST, "skipped", FIRST + DAY, FIRST + TWO_WEEKS),
        (FIRST + 3_600, "draft", FIRST, FIRST + 3_600),
        (FIRST - DAY, "closed", FIRST - DAY, FIRST + TWO_WEEKS),  # its own moment is not due again
        (FIRST - DAY, "skipped", FIRST, FIRST + TWO_WEEKS),
        (FIRST + DAY, "closed", FIRST + DAY, FIRST + TWO_WEEKS),
        (FIRST, "closed", FIRST + 3 * TWO_WEEKS, FIRST + 4 * TWO_WEEKS),  # those that went by meanwhile are over
    ],
)
def test_after_a_meeting_that_was_moved_held_or_skipped_the_next_is_prepared(
    records: Records, moved_to: int, ended: str, at: int, due: int
):
    found = meetings.prepared(records, APP, FIRST - DAY, FIRST - DAY - 60)
    assert found.current
    meetings.move(records, found.current.id, moved_to)
    if ended == "skipped":
        meetings.skip(records, found.current.id, "A holiday")
    if ended == "closed":
        meetings.begin(records, found.current.id, at, at)
        records.change(Meeting, found.current.id, {"state": "closed", "closed_at": at + 60})
    after = meetings.prepared(records, APP, at + 120, at + 60)
    assert after.due == due
    assert after.current
    assert (after.current.id == found.current.id) is (ended == "draft")
    assert (after.last is not None) is (ended == "closed")
    assert [each.value.reason for each in after.past] == {"skipped": ["A holiday"], "closed": [""]}.get(ended, [])
    calendar = [each.at for each in coming_reviews(records, APP, at + 120)]
    assert [each for each in calendar if each <= due] == [*([moved_to] if after.past else []), due]


def test_beginning_fixes_the_figures_for_everybody(records: Records):
    found = meetings.prepared(records, APP, FIRST - DAY, FIRST - DAY)
    assert found.current
    drafted = found.current.value
    assert meetings.as_seen(drafted, FIRST).as_of == FIRST
    begun = meetings.begin(records, found.current.id, FIRST, FIRST + 60)
    assert (begun.value.as_of, begun.value.start, begun.value.begun_at) == (FIRST, drafted.start, FIRST + 60)
    assert meetings.begin(records, begun.id, FIRST + 900, FIRST + 960) == begun
    assert meetings.as_seen(begun.value, FIRST + 900) == begun.value


def test_a_chosen_period_moves_along_with_the_draft_and_stays_once_it_has_begun(records: Records):
    found = meetings.prepared(records, APP, FIRST - DAY, FIRST - DAY)
    assert found.current
    chosen = meetings.choose_period(records, found.current.id, 28)
    seen = meetings.as_seen(chosen.value, FIRST)
    assert seen.as_of - seen.start == 28 * DAY
    begun = meetings.begin(records, chosen.id, FIRST, FIRST)
    assert meetings.choose_period(records, chosen.id, 14).value.start == begun.value.start


def test_what_is_over_is_not_changed(records: Records):
    over = closed(records, FIRST, FIRST)
    for change in (
        lambda: meetings.begin(records, over, FIRST, FIRST),
        lambda: meetings.skip(records, over),
        lambda: meetings.move(records, over, FIRST),
    ):
        with pytest.raises(MeetingError, match="meeting_closed"):
            change()


def test_the_queue_has_the_earliest_first_and_apps_without_a_rhythm_last(records: Records):
    later = replace(APP, id="later", review=ReviewRhythm(14, datetime.fromisoformat("2026-11-25T10:00")))
    free = replace(APP, id="free", review=None)
    found = meetings.standings(records, [free, later, APP], FIRST - DAY)
    assert [each.app.id for each in found] == ["shop", "later", "free"]
