"""What apps practise already, from their files and from what their teams wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tomoni.catalog.schema import App
from tomoni.meetings.model import Meeting, MeetingState, Question, QuestionState, RiskEntry
from tomoni.meetings.records import Record, Records
from tomoni.review.practices import AppPractices, WrittenOf, practices_of

Listed = Callable[[type[Any]], Sequence[Record[Any]]]


def practices(records: Records, apps: Iterable[App], at: int | None = None) -> tuple[AppPractices, ...]:
    """How some apps stand now, or by what was written before a moment (Unix seconds). Raises StoreError."""
    if at is None:
        return practices_by(records.listed, apps)
    return practices_by(lambda kind: records.listed_as_of(kind, at), apps)


def practices_by(listed: Listed, apps: Iterable[App]) -> tuple[AppPractices, ...]:
    """The same by the records of each kind that are given."""
    reviews = Counter(each.value.app for each in listed(Meeting) if each.value.state is MeetingState.CLOSED)
    risks = Counter(each.value.app for each in listed(RiskEntry) if not each.value.off_register)
    asked = list(listed(Question))
    questions = Counter(each.value.app for each in asked)
    still = (QuestionState.OPEN, QuestionState.PARKED)
    answered = Counter(each.value.app for each in asked if each.value.state not in still)
    return tuple(
        practices_of(app, WrittenOf(reviews[app.id], risks[app.id], answered[app.id], questions[app.id]))
        for app in apps
    )
