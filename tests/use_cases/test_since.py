"""What became of an app's actions since a moment, and which periods follow each other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from tests.use_cases.test_meeting import FIRST, closed, records
from tomoni.meetings.model import Action, ActionState, Meeting
from tomoni.meetings.records import Records
from tomoni.slo.model import DAY
from tomoni.use_cases.since import ActionsSince, actions_since, spans_of

__all__ = ["records"]


def test_actions_that_are_new_done_and_dropped_are_counted(records: Records):
    added = [records.add(Action(app="shop", text=f"Do {n}")) for n in range(4)]
    records.change(Action, added[0].id, {"state": ActionState.DONE, "ended_at": FIRST})
    records.change(Action, added[1].id, {"state": ActionState.DROPPED, "reason": "No", "ended_at": FIRST - DAY})
    records.change(Action, added[2].id, {"state": ActionState.DONE})
    assert actions_since(records, "shop", FIRST) == ActionsSince(added=4, done=2, dropped=0)
    assert actions_since(records, "other", FIRST) == ActionsSince(0, 0, 0)


def test_periods_follow_each_other_as_long_as_each_ends_where_the_next_begins(records: Records):
    held = [records.read(Meeting, closed(records, at, at)) for at in (FIRST, FIRST - DAY, FIRST - 5 * DAY)]
    review = cast(Any, SimpleNamespace(start=FIRST, as_of=FIRST + DAY))
    days = [(FIRST, FIRST + DAY), (FIRST - DAY, FIRST), (FIRST - 2 * DAY, FIRST - DAY)]
    assert list(spans_of(review, held)) == days
