"""Preparing, beginning, moving and skipping a meeting. Times are Unix seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Record, Records
from tomoni.review.agreements import next_review
from tomoni.review.model import Period
from tomoni.slo.model import DAY

DAYS = (14, 28)  # which a meeting may look at instead of the time since the last one
MINUTES = 15  # of each meeting where several apps meet in one sitting
_AHEAD = 15 * DAY  # so early a meeting is prepared: as soon as the one two weeks before is over
_DUE = "due-"
_STILL = (MeetingState.DRAFT, MeetingState.OPEN)
Held = Record[Meeting]


@dataclass(frozen=True, slots=True)
class Standing:
    """The meetings of an app: the one that is prepared or held now, those that were closed or skipped (the newest
    first), and when the next one is due by the app's rhythm (None without one).

    ``missed`` is how many rhythms went by since it was due.
    """

    app: App
    current: Held | None
    past: tuple[Held, ...]
    due: int | None
    missed: int = 0

    @property
    def last(self) -> Held | None:
        """The newest one that was closed: what the next one starts from."""
        return last_closed(self.past)


def standing(records: Records, app: App, now: int) -> Standing:
    """How an app's meetings stand. Raises StoreError."""
    return _standing(app, records.listed(Meeting, app.id), now)


def standings(records: Records, apps: Sequence[App], now: int) -> tuple[Standing, ...]:
    """How the meetings of some apps stand, the earliest due first; apps without a rhythm come last."""
    listed = records.listed(Meeting)
    found = [_standing(app, [each for each in listed if each.value.app == app.id], now) for app in apps]
    return tuple(sorted(found, key=lambda each: (each.due is None, each.due or 0, each.app.id)))


def _standing(app: App, listed: Sequence[Held], now: int) -> Standing:
    current = [each for each in listed if each.value.state in _STILL]
    past = sorted((each for each in listed if each.value.state not in _STILL), key=_when, reverse=True)
    held = max(current, key=lambda each: (each.value.state is MeetingState.OPEN, each.created_at), default=None)
    due = held.value.planned_at if held else _due(app, past, now)
    return Standing(app, held, tuple(past), due, _missed(app, due, now))


def _when(meeting: Held) -> tuple[int, int]:
    return meeting.value.as_of, meeting.value.closed_at or meeting.changed_at


def last_closed(meetings: Sequence[Held]) -> Held | None:
    """The newest of some meetings that was closed; of one that was corrected, its correction."""
    closed = [each for each in meetings if each.value.state is MeetingState.CLOSED]
    corrected = {each.value.corrects for each in closed}
    return max((each for each in closed if each.id not in corrected), key=_when, default=None)


def _due(app: App, past: Sequence[Held], now: int) -> int | None:
    """When the next meeting is due: the first of the rhythm after the last one, else the next from now on."""
    over = max(map(_stood_for, past), default=None)
    found = next_review(app, now if over is None else over + 1)
    return int(found.timestamp()) if found else None


def _stood_for(meeting: Held) -> int:
    """Up to when no other meeting is due beside one that is over: its own moment of the rhythm, wherever it was moved,
    and all that went by before it was held."""
    moments = [meeting.value.planned_at]
    if meeting.key and meeting.key.startswith(_DUE):
        moments.append(int(meeting.key.removeprefix(_DUE)))
    if meeting.value.state is MeetingState.CLOSED:
        moments.append(meeting.value.as_of)
    return max(moments)


def _missed(app: App, due: int | None, now: int) -> int:
    if due is None or app.review is None or due >= now:
        return 0
    return (now - due) // (app.review.every_days * DAY)


def prepared(records: Records, app: App, now: int, as_of: int) -> Standing:
    """How an app's meetings stand, with a draft of the next one where that is due within two weeks.

    Whoever looks first and may write of the app makes it; it is made once.
    """
    found = standing(records, app, now)
    due = found.current is None and found.due is not None and found.due - now <= _AHEAD
    if not due or found.due is None or not records.writable(app.id):
        return found
    draft(records, found, found.due, as_of, due_key(found.due))
    return standing(records, app, now)


def due_key(moment: int) -> str:
    """The key of the meeting that the rhythm of an app has at a moment."""
    return f"{_DUE}{moment}"


def draft(records: Records, found: Standing, planned_at: int, as_of: int, key: str | None = None) -> Held:
    """A new draft; one with the same ``key`` is made once."""
    last = found.last
    begins = last.value.as_of if last and last.value.as_of < as_of else as_of - usual_days(found.app) * DAY
    previous = last.id if last else None
    return records.add(
        Meeting(app=found.app.id, planned_at=planned_at, start=begins, as_of=as_of, previous=previous), key
    )


def usual_days(app: App) -> int:
    """How long the period of an app's first meeting is: two weeks, or four where it meets less often."""
    return DAYS[0] if app.review is None or app.review.every_days <= DAYS[0] else DAYS[1]


def as_seen(meeting: Meeting, as_of: int) -> Meeting:
    """A meeting with the figures that it shows: those of a draft move along with ``as_of``, others are fixed."""
    if meeting.state is not MeetingState.DRAFT:
        return meeting
    at = max(as_of, meeting.start + 1)
    start = at - meeting.days * DAY if meeting.days else meeting.start
    return meeting.model_copy(update={"as_of": at, "start": start})


def begin(records: Records, id_: str, as_of: int, now: int) -> Held:
    """Fixes the figures of a draft for everybody. One that has begun stays as it is.

    Raises MeetingError: `record_unknown`, `record_removed`, `meeting_closed`.
    """

    def begun(meeting: Meeting) -> dict[str, Any]:
        if meeting.state is MeetingState.OPEN:
            return {}
        seen = as_seen(meeting, as_of)
        return {"state": MeetingState.OPEN, "begun_at": now, "as_of": seen.as_of, "start": seen.start}

    return _change(records, id_, begun)


def skip(records: Records, id_: str, reason: str = "") -> Held:
    """Takes a meeting as not held; the next one of the rhythm is due then. Raises MeetingError as `begin`."""
    return _change(records, id_, lambda _: {"state": MeetingState.SKIPPED, "reason": reason})


def move(records: Records, id_: str, planned_at: int) -> Held:
    """Plans a meeting for another moment. Raises MeetingError as `begin`."""
    return _change(records, id_, lambda _: {"planned_at": planned_at})


def choose_period(records: Records, id_: str, days: int | None) -> Held:
    """Lets a draft look at so many days, or (None) at the time since the last closed meeting.

    Raises MeetingError as `begin`.
    """

    def chosen(meeting: Meeting) -> dict[str, Any]:
        return {"days": days} if meeting.state is MeetingState.DRAFT else {}

    return _change(records, id_, chosen)


def _change(records: Records, id_: str, changes: Callable[[Meeting], dict[str, Any]]) -> Held:
    """Changes a meeting that is not over, on the newest of its revisions."""
    while True:
        found = records.read(Meeting, id_)
        if found.value.state not in _STILL:
            raise MeetingError("meeting_closed", {"id": id_})
        try:
            return records.change(Meeting, id_, changes(found.value), found.revision)
        except MeetingError as error:
            if error.code != "record_changed":
                raise


def period_of(meeting: Meeting) -> Period:
    """What the review of a meeting looks at."""
    return Period(meeting.as_of, -(-(meeting.as_of - meeting.start) // DAY), begins=meeting.start)
