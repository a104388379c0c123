"""Which decisions are in force, and what a meeting concludes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.meetings.conftest import SetClock
from tests.use_cases.teams import NOW, app_of
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Decision, DecisionKind
from tomoni.meetings.records import Record, Records, validated
from tomoni.use_cases.decisions import decide, decisions_in_force, past_decisions

APP = app_of(zone="Asia/Tokyo")


def decision(text: str = "One reliability item in each sprint", until: date | None = None) -> Decision:
    return Decision(app="checkout", what=DecisionKind.CONFIRMED, text=text, until=until)


def texts(found: tuple[Record[Decision], ...]) -> list[str]:
    return [record.value.text for record in found]


def test_a_decision_is_in_force_from_when_it_was_made_to_the_end_of_its_last_day(records: Records):
    records.add(decision("a", until=date(2026, 12, 8)))
    last = 1_796_742_000 - 1  # 23:59:59 in Tokyo
    assert texts(decisions_in_force(records, APP, NOW - 1)) == []
    assert texts(decisions_in_force(records, APP, NOW)) == ["a"]
    assert texts(decisions_in_force(records, APP, last)) == ["a"]
    assert texts(decisions_in_force(records, APP, last + 1)) == []
    assert texts(past_decisions(records, APP, last + 1)) == ["a"]


def test_a_later_decision_takes_the_place_of_those_that_it_supersedes(records: Records, clock: SetClock):
    first = records.add(decision("first"))
    records.add(decision("beside"))
    clock.now += 3600
    second = decide(records, decision("second"), [first.id])
    assert texts(decisions_in_force(records, APP, NOW)) == ["beside", "first"]  # as it was then
    assert texts(decisions_in_force(records, APP, NOW + 3600)) == ["second", "beside"]
    records.remove(Decision, second.id)  # it was a mistake
    assert texts(decisions_in_force(records, APP, NOW + 3600)) == ["beside", "first"]


def test_decisions_of_other_apps_are_not_in_force(records: Records):
    records.add(decision().model_copy(update={"app": "search"}))
    assert decisions_in_force(records, APP, NOW) == ()


@pytest.mark.parametrize(
    ("what", "fields", "reason"),
    [
        ("changed", {}, "reason_missing"),
        ("exception", {"until": "2026-12-08"}, "reason_missing"),
        ("exception", {"reason": "The sale of the year"}, "until_missing"),
    ],
)
def test_a_change_needs_a_reason_and_an_exception_an_end(what: str, fields: dict[str, str], reason: str):
    with pytest.raises(MeetingError) as caught:
        validated(Decision, {"app": "checkout", "what": what, "text": "Roll out anyway", **fields})
    assert caught.value.facts["reason"] == reason
