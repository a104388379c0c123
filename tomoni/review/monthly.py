"""A month of all apps as of its end: what each SLO did in 28 and 7 days, what is open, and where to look first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tomoni.catalog.schema import App
from tomoni.meetings.model import Decision
from tomoni.meetings.published import OpenAction
from tomoni.review.inputs import SloPlace
from tomoni.review.practices import AppPractices
from tomoni.slo.in_a_row import Counted, Run

LONG_DAYS, SHORT_DAYS = 28, 7
IN_A_ROW = 3  # periods of 28 days that were missed one after the other are worth a look
LOOKED_BACK = 6  # periods of 28 days, at most


class Look(StrEnum):
    """Why an app is worth a look, the most important first; the values are part of the contract."""

    IN_A_ROW = "in_a_row"
    MISSED = "missed"
    OVERDUE = "overdue"
    MISSED_WEEK = "missed_week"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class SloMonth:
    """What an SLO did in the 28 and the 7 days before the end of a month. ``share`` is how much of its app's traffic of
    the 28 days it judges (None: there was none), ``run`` in how many periods of 28 days in a row its objective was
    missed. ``is_late``: its last data had not arrived when this was read. ``coverage`` are the shares of the buckets of
    the 28 and the 7 days that were observed."""

    place: SloPlace
    long: Counted
    short: Counted
    events: float
    share: float | None
    run: Run
    is_late: bool = False
    coverage: tuple[float | None, float | None] = (None, None)

    @property
    def is_in_a_row(self) -> bool:
        """Whether it was missed so often in a row that it is worth a look."""
        return self.run.missed >= IN_A_ROW


@dataclass(frozen=True, slots=True)
class AppMonth:
    """An app as of the end of a month by its own clocks (Unix seconds). ``share`` is how much of the traffic of all
    apps is its own; actions, exceptions and practices are those of that moment, ``reviews`` were closed within it."""

    app: App
    start: int
    end: int
    slos: tuple[SloMonth, ...]
    events: float
    share: float | None
    actions: tuple[OpenAction, ...]
    exceptions: tuple[Decision, ...]
    reviews: int
    practices: AppPractices

    @property
    def overdue(self) -> int:
        """How many open actions are past due."""
        return sum(each.days_past > 0 for each in self.actions)

    @property
    def looks(self) -> tuple[Look, ...]:
        """Why it is worth a look."""
        found = {
            Look.IN_A_ROW: any(slo.is_in_a_row for slo in self.slos),
            Look.MISSED: any(slo.long.missed for slo in self.slos),
            Look.OVERDUE: self.overdue > 0,
            Look.MISSED_WEEK: any(slo.short.missed for slo in self.slos),
            Look.EXCEPTION: bool(self.exceptions),
        }
        return tuple(look for look, there in found.items() if there)


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """A team as of the end of a month: its apps, and those of them that are worth a look; its open actions."""

    team: str
    apps: tuple[App, ...]
    looked_at: tuple[App, ...]
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """A month (``2026-10``) of all apps, those that are worth a look first, and of their teams."""

    month: str
    apps: tuple[AppMonth, ...]
    teams: tuple[TeamMonth, ...]


def report_of(month: str, apps: Sequence[AppMonth]) -> MonthlyReport:
    """The report of some apps."""
    return MonthlyReport(month, tuple(sorted(apps, key=_place)), _teams(apps))


def _place(each: AppMonth) -> tuple[tuple[int, ...], str]:
    """By the first reason to look, then by how much there is of each, then by id."""
    order = list(Look)
    first = order.index(each.looks[0]) if each.looks else len(order)
    missed = sum(bool(slo.long.missed) for slo in each.slos)
    in_a_row = sum(slo.is_in_a_row for slo in each.slos)
    return (first, -in_a_row, -missed, -each.overdue), each.app.id


def _teams(apps: Sequence[AppMonth]) -> tuple[TeamMonth, ...]:
    names = {team for each in apps for team in each.app.teams.values()}
    names |= {action.value.team for each in apps for action in each.actions if action.value.team}
    found = []
    for name in names:
        own = [each for each in apps if name in each.app.teams.values()]
        actions = [action for each in apps for action in each.actions if action.value.team == name]
        late = sum(action.days_past > 0 for action in actions)
        looked_at = tuple(each.app for each in sorted(own, key=_place) if each.looks)
        found.append(TeamMonth(name, tuple(each.app for each in own), looked_at, len(actions), late))
    return tuple(sorted(found, key=lambda each: (not each.looked_at, each.overdue == 0, each.team)))
