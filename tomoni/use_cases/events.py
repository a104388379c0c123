"""The events of an app as its reviews show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Event, EventKind
from tomoni.meetings.records import Record, Records
from tomoni.review.events import ReviewEvent, shown_event
from tomoni.review.joint import PLANNED_DAYS
from tomoni.review.model import Review
from tomoni.slo.model import DAY

_APPS = 200  # the apps whose events are kept at hand


class Events:
    """Finds the events of an app; asks the database again only when something was written. Safe in several threads."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = Lock()
        self._known: Mapping[str, tuple[int, tuple[ReviewEvent, ...]]] = {}

    def of(self, app: str, start: int, end: int) -> tuple[ReviewEvent, ...]:
        """What happened to an app in a period ``[start, end)``, Unix seconds, in order of time, and work that is
        planned for the 28 days after it. Raises StoreError."""
        return tuple(each for each in self._all(app) if _shown(each, start, end))

    def newest(self, review: Review) -> Review:
        """A review with its events as they are known now. Raises StoreError."""
        return replace(review, events=self.of(review.app.id, review.start, review.end))

    def _all(self, app: str) -> tuple[ReviewEvent, ...]:
        version = self._records.version(app)
        with self._lock:
            if app in self._known and self._known[app][0] == version:
                return self._known[app][1]
        shown = (shown_event(each.id, each.value) for each in self._records.listed(Event, app))
        found = tuple(sorted(shown, key=lambda each: (each.at, each.id)))
        with self._lock:
            kept = self._known if len(self._known) < _APPS else {}
            self._known = {**kept, app: (version, found)}
        return found


def _shown(event: ReviewEvent, start: int, end: int) -> bool:
    """Whether an event touches the period; after it only planned work is shown, so that a moment that is past
    shows the same to everybody."""
    if event.at >= end:
        return event.what is EventKind.PLANNED and event.at < end + PLANNED_DAYS * DAY
    return event.at >= start or (event.until is not None and event.until > start)


def store_event(records: Records, value: Event, key: str) -> Record[Event]:
    """Stores what a sender says of an event; what it said before stays, in whatever order it arrives.

    It began at the earliest moment that was said, and ended at the latest; its other fields are those that came
    first, or what somebody wrote since. One that was removed stays so. Raises StoreError, MeetingError.
    """
    record = records.add(value, key)
    merged = {"at": min(record.value.at, value.at), "until": _latest(record.value.until, value.until)}
    if all(getattr(record.value, name) == found for name, found in merged.items()):
        return record
    try:
        return records.change(Event, record.id, merged)
    except MeetingError as error:
        if error.code != "record_removed":
            raise
        return record


def _latest(one: int | None, other: int | None) -> int | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
