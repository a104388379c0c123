"""The reviews that come: planned meetings and those that the rhythm of an app has after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from tomoni.catalog.schema import App
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Record, Records
from tomoni.review.agreements import next_review
from tomoni.slo.model import DAY
from tomoni.use_cases.meeting import due_key, standing

AHEAD_DAYS = 182  # how far ahead a calendar looks
_MOST_AHEAD, _MOST_PAST = 60, 20


@dataclass(frozen=True, slots=True)
class ComingReview:
    """A review of an app at a moment (Unix seconds). ``key`` stays the same when it is moved; ``meeting`` is its record
    once it is prepared."""

    app: App
    at: int
    key: str
    meeting: Record[Meeting] | None = None

    @property
    def is_off(self) -> bool:
        """Whether it was skipped."""
        return self.meeting is not None and self.meeting.value.state is MeetingState.SKIPPED

    def address(self, base: str) -> str:
        """The address of its page below the address of the product; a path where that is not known."""
        query = {"app": self.app.id, **({"meeting": self.meeting.id} if self.meeting else {})}
        return f"{base.rstrip('/')}/review?{urlencode(query)}"


def coming_reviews(records: Records, app: App, now: int) -> tuple[ComingReview, ...]:
    """The reviews of an app that were held or skipped of late, the one that is prepared, and those of its rhythm within
    `AHEAD_DAYS`, in order of time. Raises StoreError."""
    found = standing(records, app, now)
    held = [*found.past[:_MOST_PAST], *([found.current] if found.current else [])]
    known = [ComingReview(app, each.value.planned_at, _key(each), each) for each in held if not each.value.corrects]
    taken = {each.key for each in known}
    last = max((each.at for each in known), default=now - 1)
    if found.current is None and found.due is not None and found.due > last:
        last = found.due - 1
    rhythm = [ComingReview(app, at, due_key(at)) for at in _rhythm(app, last + 1, now + AHEAD_DAYS * DAY)]
    return tuple(sorted([*known, *(each for each in rhythm if each.key not in taken)], key=lambda each: each.at))


def _key(meeting: Record[Meeting]) -> str:
    return meeting.key or meeting.id


def _rhythm(app: App, start: int, until: int) -> Iterator[int]:
    for _ in range(_MOST_AHEAD):
        following = next_review(app, start)
        if following is None or following.timestamp() > until:
            return
        yield int(following.timestamp())
        start = int(following.timestamp()) + 1


def due_within(records: Records, app: App, now: int, days: int) -> ComingReview | None:
    """The next review of an app that is still to be held, where it is due within some days. Raises StoreError."""
    still = (MeetingState.DRAFT, MeetingState.OPEN)
    for each in coming_reviews(records, app, now):
        if each.at >= now and (each.meeting is None or each.meeting.value.state in still):
            return each if each.at <= now + days * DAY else None
    return None
