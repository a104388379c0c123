"""The events that a review shows."""

from __future__ import annotations

import pytest

from tests.meetings.conftest import SetClock, clock, database_url, engine, postgres_server, records
from tomoni.meetings.model import Event, EventKind
from tomoni.meetings.records import Records
from tomoni.use_cases.events import Events

__all__ = ["SetClock", "clock", "database_url", "engine", "postgres_server", "records"]
DAY = 86_400
START, END = 100 * DAY, 128 * DAY


def test_a_review_shows_what_touches_its_period_and_what_is_planned_after_it(records: Records) -> None:
    events = Events(records)
    for at, until, what, title in (
        (START - 1, None, EventKind.DEPLOY, "before"),
        (START - 1, START + 1, EventKind.PLANNED, "into it"),
        (START, None, EventKind.DEPLOY, "first"),
        (END - 1, None, EventKind.FLAG, "last"),
        (END, None, EventKind.DEPLOY, "after"),
        (END + 27 * DAY, None, EventKind.PLANNED, "planned"),
        (END + 29 * DAY, None, EventKind.PLANNED, "far"),
    ):
        records.add(Event(app="shop", at=at, until=until, what=what, title=title))
    records.add(Event(app="other", at=START, title="of another app"))
    shown = events.of("shop", START, END)
    assert [event.title for event in shown] == ["into it", "first", "last", "planned"]


def test_what_was_written_since_is_shown(records: Records) -> None:
    events = Events(records)
    made = records.add(Event(app="shop", at=START, title="2.41"))
    assert [event.title for event in events.of("shop", START, END)] == ["2.41"]
    assert events.of("shop", START, END)[0] is events.of("shop", START, END)[0]
    records.change(Event, made.id, {"title": "2.42"})
    assert [event.title for event in events.of("shop", START, END)] == ["2.42"]
    records.remove(Event, made.id)
    assert events.of("shop", START, END) == ()


@pytest.mark.parametrize("app", ["shop", "other"])
def test_an_app_without_events_has_none(records: Records, app: str) -> None:
    assert Events(records).of(app, START, END) == ()
