"""Action items: which are open, which are past due, and what became of them.

A day counts by the clocks of the app's zone; ``now`` is always given (Unix seconds).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import App, Catalog
from tomoni.meetings.model import Action, ActionState
from tomoni.meetings.records import Record, Records

OPEN: frozenset[ActionState] = frozenset({ActionState.OPEN})
_LAST = date.max


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action with its app (None: it is no longer configured) and how many days it is past due (0: it is not)."""

    record: Record[Action]
    app: App | None
    days_past: int

    @property
    def action(self) -> Action:
        """What is to be done."""
        return self.record.value


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions are wanted: of an app by its id, of a team by its name, in these states."""

    app: str | None = None
    team: str | None = None
    states: frozenset[ActionState] = OPEN

    def takes(self, action: Action) -> bool:
        """Whether an action is one of these."""
        return action.state in self.states and self.team in (None, action.team)


def local_day(moment: int, zone: str) -> date:
    """The day of a moment by the clocks of a zone."""
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).date()


def days_past_due(action: Action, zone: str, now: int) -> int:
    """How many days an open action is past the day on which it was due; that day itself still counts."""
    if action.due is None or action.state is not ActionState.OPEN:
        return 0
    return max((local_day(now, zone) - action.due).days, 0)


def listed_actions(
    records: Records, catalog: Catalog, now: int, chosen: ActionFilter | None = None
) -> tuple[ListedAction, ...]:
    """The actions that are wanted, by default the open ones of all apps: the longest past due first, then by
    due day, those without one, and last what ended, the latest first. Raises StoreError."""
    wanted = chosen or ActionFilter()
    found = (record for record in records.listed(Action, wanted.app) if wanted.takes(record.value))
    return in_order(_listed(record, catalog, now) for record in found)


def actions_of(records: Records, app: App, now: int, states: frozenset[ActionState] = OPEN) -> tuple[ListedAction, ...]:
    """The actions of one app in some states, in the same order. Raises StoreError."""
    found = (record for record in records.listed(Action, app.id) if record.value.state in states)
    return in_order(ListedAction(record, app, days_past_due(record.value, app.timezone, now)) for record in found)


def ended_since(records: Records, app: App, since: int) -> tuple[ListedAction, ...]:
    """The actions of an app that were done or dropped at a moment or later, the latest first. Raises StoreError."""
    ended = actions_of(records, app, since, frozenset(ActionState) - OPEN)
    return tuple(each for each in ended if (each.action.ended_at or each.record.changed_at) >= since)


def in_order(actions: Iterable[ListedAction]) -> tuple[ListedAction, ...]:
    """Actions as they are listed: see `listed_actions`."""
    return tuple(sorted(actions, key=_place))


def set_state(records: Records, id_: str, state: ActionState, now: int, reason: str = "") -> Record[Action]:
    """Records what became of an action; the same state again changes nothing. An open one has no reason.

    Raises StoreError and MeetingError: `record_unknown`, `record_removed`, `record_invalid` (`reason_missing`
    for one that is dropped without a reason).
    """
    known = records.read(Action, id_).value
    if known.state is state and (not reason or reason == known.reason):
        return records.read(Action, id_)
    ended = None if state is ActionState.OPEN else now
    kept = "" if state is ActionState.OPEN else reason
    return records.change(Action, id_, {"state": state.value, "reason": kept, "ended_at": ended})


def teams_of(app: App) -> tuple[str, ...]:
    """The teams that may own an action of an app, each once."""
    return tuple(dict.fromkeys(app.teams.values()))


def _listed(record: Record[Action], catalog: Catalog, now: int) -> ListedAction:
    app = catalog.app(record.value.app)
    zone = app.timezone if app else catalog.settings.timezone
    return ListedAction(record, app, days_past_due(record.value, zone, now))


def _place(listed: ListedAction) -> tuple[int, int, date, int, str]:
    action, record = listed.action, listed.record
    if action.state is ActionState.OPEN:
        return 0, -listed.days_past, action.due or _LAST, record.created_at, record.id
    return 1, -(action.ended_at or record.changed_at), _LAST, record.created_at, record.id
