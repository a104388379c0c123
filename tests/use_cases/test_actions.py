"""Which actions are open, which are past due by the clocks of their app, and what became of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.meetings.conftest import SetClock
from tests.use_cases.teams import NOW, app_of, catalog_of
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Records
from tomoni.use_cases.actions import ActionFilter, actions_of, days_past_due, ended_since, listed_actions, set_state


def action(text: str, due: date | None = None, app: str = "checkout", team: str = "platform") -> Action:
    return Action(app=app, text=text, team=team, due=due)


def moment(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("now", "zone", "days"),
    [
        ("2026-12-08T14:59", "Asia/Tokyo", 0),  # 23:59 of the day on which it is due
        ("2026-12-08T15:00", "Asia/Tokyo", 1),
        ("2026-12-08T15:00", "UTC", 0),
        ("2026-12-09T00:00", "UTC", 1),
        ("2026-12-09T07:59", "America/Los_Angeles", 0),
        ("2026-12-09T08:00", "America/Los_Angeles", 1),
        ("2026-12-01T00:00", "UTC", 0),
        ("2027-12-08T00:00", "UTC", 365),
    ],
)
def test_an_action_is_past_due_once_its_day_is_over_by_the_clocks_of_its_app(now: str, zone: str, days: int):
    assert days_past_due(action("a", date(2026, 12, 8)), zone, moment(now)) == days


def test_neither_an_action_without_a_due_day_nor_one_that_ended_is_past_due():
    ended = action("a", date(2026, 1, 1)).model_copy(update={"state": ActionState.DONE})
    assert days_past_due(ended, "UTC", NOW) == 0
    assert days_past_due(action("a"), "UTC", NOW) == 0


def test_open_actions_of_all_apps_are_listed_with_the_longest_past_due_first(records: Records):
    for each in (
        action("no day"),
        action("later", date(2026, 12, 24)),
        action("past", date(2026, 11, 20), app="search"),
        action("long past", date(2026, 10, 1)),
        action("soon", date(2026, 11, 30), app="gone"),
    ):
        records.add(each)
    listed = listed_actions(records, catalog_of(app_of(), app_of("search")), NOW)
    assert [each.action.text for each in listed] == ["long past", "past", "soon", "later", "no day"]
    assert [each.days_past for each in listed] == [58, 8, 0, 0, 0]
    assert [each.app.id if each.app else None for each in listed][1:3] == ["search", None]


def test_actions_are_chosen_by_app_team_and_state(records: Records):
    records.add(action("a"))
    records.add(action("b", team="payments"))
    done = records.add(action("c", app="search"))
    set_state(records, done.id, ActionState.DONE, NOW)
    catalog = catalog_of(app_of(), app_of("search"))

    def texts(**chosen: object) -> list[str]:
        return [each.action.text for each in listed_actions(records, catalog, NOW, ActionFilter(**chosen))]  # type: ignore[arg-type]

    assert texts(app="search") == []
    assert texts(app="search", states=frozenset(ActionState)) == ["c"]
    assert texts(team="payments") == ["b"]
    assert texts(states=frozenset({ActionState.DONE})) == ["c"]


def test_what_ended_since_the_last_review_is_told_the_latest_first(records: Records, clock: SetClock):
    made = [records.add(action(text)) for text in ("before", "done", "dropped", "open")]
    set_state(records, made[0].id, ActionState.DONE, NOW - 60)
    set_state(records, made[1].id, ActionState.DONE, NOW)
    set_state(records, made[2].id, ActionState.DROPPED, NOW + 60, "The pool is gone.")
    assert [each.action.text for each in ended_since(records, app_of(), NOW)] == ["dropped", "done"]
    assert [each.action.text for each in actions_of(records, app_of(), NOW)] == ["open"]


def test_an_action_is_ended_once_and_may_be_opened_again(records: Records):
    made = records.add(action("a"))
    done = set_state(records, made.id, ActionState.DONE, NOW)
    assert (done.value.state, done.value.ended_at) == (ActionState.DONE, NOW)
    assert set_state(records, made.id, ActionState.DONE, NOW + 600) == done  # a delivery that is repeated
    opened = set_state(records, made.id, ActionState.OPEN, NOW + 900)
    assert (opened.value.state, opened.value.ended_at, opened.value.reason) == (ActionState.OPEN, None, "")


def test_an_action_is_dropped_only_for_a_reason(records: Records):
    made = records.add(action("a"))
    with pytest.raises(MeetingError) as caught:
        set_state(records, made.id, ActionState.DROPPED, NOW, "  ")
    assert caught.value.facts == {"kind": "action", "field": "", "reason": "reason_missing"}
    dropped = set_state(records, made.id, ActionState.DROPPED, NOW, "No longer needed")
    assert set_state(records, made.id, ActionState.OPEN, NOW).value.reason == ""
    assert dropped.value.reason == "No longer needed"
