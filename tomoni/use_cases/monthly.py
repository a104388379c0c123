"""The monthly report of all apps that a reader sees: a closed interval, and what was written by its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tomoni.catalog.schema import App
from tomoni.meetings.model import (
    Action,
    ActionState,
    Decision,
    DecisionKind,
    Meeting,
    MeetingState,
    Question,
    RiskEntry,
)
from tomoni.meetings.published import OpenAction
from tomoni.meetings.records import Record, Records
from tomoni.review.inputs import counted_seconds
from tomoni.review.model import NamedPeriod
from tomoni.review.monthly import LONG_DAYS, LOOKED_BACK, SHORT_DAYS, AppMonth, MonthlyReport, SloMonth, report_of
from tomoni.review.practices import AppPractices
from tomoni.slo.history import history
from tomoni.slo.in_a_row import Counted, Run, counted, further_back, missed_in_a_row, observed_share
from tomoni.slo.model import DAY, Buckets
from tomoni.slo.named_periods import named_period, period_before, resolved
from tomoni.slo.periods import counted_end
from tomoni.slo.tally import Span
from tomoni.use_cases.actions import days_past_due, local_day
from tomoni.use_cases.practices import practices_by
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.reviewing import RememberedSlo, Reviewing

Then = Mapping[type[Any], Sequence[Record[Any]]]
_KINDS = (Action, Decision, Meeting, Question, RiskEntry)


def month_of(app: App, month: str, first_month: int) -> NamedPeriod:
    """A month by the clocks of an app."""
    whole = named_period(month, app.timezone, first_month)
    return NamedPeriod(month, whole.start, whole.end)


def is_over(tomoni: Tomoni, month: str) -> bool:
    """Whether a month is over by the clocks of every app."""
    first = tomoni.catalog.settings.first_month
    return all(month_of(app, month, first).end <= tomoni.now() for app in tomoni.apps())


def last_month(tomoni: Tomoni, at: int) -> str:
    """The last month that was over for every app at a moment (Unix seconds)."""
    first = tomoni.catalog.settings.first_month
    month = resolved("last-month", tomoni.catalog.settings.timezone, first, at)
    late = any(month_of(app, month, first).end > at for app in tomoni.apps())
    return period_before(month, tomoni.catalog.settings.timezone, first) if late else month


def monthly_report(tomoni: Tomoni, month: str) -> MonthlyReport:
    """The report of a month that is over, as of its end: the same whenever it is made. Raises StoreError."""
    reviewing = Reviewing(tomoni.setup, tomoni.ledger, tomoni.now())
    ends: dict[int, Then] = {}
    found: list[AppMonth] = []
    for app in tomoni.apps():
        named = month_of(app, month, tomoni.catalog.settings.first_month)
        if named.end not in ends:
            ends[named.end] = _written_by(tomoni.meetings.records, named.end)
        found.append(_app_month(reviewing, app, named, ends[named.end]))
    whole = sum(each.events for each in found)
    return report_of(month, [replace(each, share=share_of(each, whole)) for each in found])


def share_of(app: AppMonth, whole: float) -> float | None:
    """How much of the traffic of all apps is an app's; None where nothing of it was observed, which is not 0."""
    return app.events / whole if whole and any(slo.coverage[0] for slo in app.slos) else None


def _written_by(records: Records, end: int) -> Then:
    return {kind: records.listed_as_of(kind, end) for kind in _KINDS}


def _app_month(reviewing: Reviewing, app: App, named: NamedPeriod, written: Then) -> AppMonth:
    then = reviewing.app_as_of(app, named.end)
    remembered = reviewing.remembered(then, named.end - LOOKED_BACK * LONG_DAYS * DAY, named.end)
    events = {each.place.path: _events(each.whole, (named.end - LONG_DAYS * DAY, named.end)) for each in remembered}
    total = _app_events(remembered, events)
    (practised,) = practices_by(lambda kind: [each for each in written[kind] if each.value.app == app.id], [then])
    return AppMonth(
        app=then,
        start=named.start,
        end=named.end,
        slos=tuple(_slo_month(each, named.end, events[each.place.path], total) for each in remembered),
        events=total,
        share=None,
        actions=_open(app, named.end, written[Action]),
        exceptions=tuple(_exceptions(app, named.end, written[Decision])),
        reviews=sum(_closed_within(each.value, app, named) for each in written[Meeting]),
        practices=_of(practised, app),
    )


def _of(practised: AppPractices, app: App) -> AppPractices:
    return replace(practised, app=app)


def _slo_month(each: RememberedSlo, end: int, events: float, total: float) -> SloMonth:
    definition, slo = each.place.slo.definition, each.place.slo
    spans: list[Span] = [(end - LONG_DAYS * DAY, end)]
    long, short = (counted(each.buckets, definition, end - days * DAY, end) for days in (LONG_DAYS, SHORT_DAYS))
    since = history(each.buckets, end).since or end
    run = missed_in_a_row(each.buckets, definition, tuple(further_back(spans, since)))
    if slo.objective is None:  # only its source knows
        long, short, run = Counted(long.bad, long.total, None), Counted(short.bad, short.total, None), Run(0)
    last = counted_end(definition.window, end, counted_seconds(slo))
    late = each.known_until is not None and each.known_until < last
    coverage = _coverage(each, end, LONG_DAYS), _coverage(each, end, SHORT_DAYS)
    share = events / total if total and coverage[0] else None
    return SloMonth(each.place, long, short, events, share, run, late, coverage)


def _coverage(each: RememberedSlo, end: int, days: int) -> float | None:
    return observed_share(each.buckets, each.place.slo.definition, end - days * DAY, end)


def _events(whole: Buckets, span: Span) -> float:
    """The events of an SLO in an interval, also of what is excluded: it was traffic."""
    times = whole.start + np.arange(len(whole.total)) * whole.step_seconds
    inside = (times >= span[0]) & (times < span[1]) & (whole.total >= 0)
    return float(whole.total[inside].sum())


def _app_events(remembered: Sequence[RememberedSlo], events: Mapping[str, float]) -> float:
    """The events of an app: of each journey those of its largest SLO, for its SLOs judge the same ones."""
    of: dict[str, float] = {}
    for each in remembered:
        journey = each.place.journey.id
        of[journey] = max(of.get(journey, 0.0), events[each.place.path])
    return sum(of.values())


def _open(app: App, end: int, written: Sequence[Record[Action]]) -> tuple[OpenAction, ...]:
    """The actions that were open then, the longest past due first."""
    own = [each for each in written if each.value.app == app.id and each.value.state is ActionState.OPEN]
    found = [(OpenAction(each.value, days_past_due(each.value, app.timezone, end - 1)), each) for each in own]
    found.sort(key=lambda pair: (-pair[0].days_past, pair[1].created_at, pair[1].id))
    return tuple(action for action, _ in found)


def _exceptions(app: App, end: int, written: Sequence[Record[Decision]]) -> Iterator[Decision]:
    """The exceptions from the policy that held at the end; their last day still counts."""
    today, known = local_day(end - 1, app.timezone), {each.id for each in written}
    for each in written:
        value = each.value
        held = value.superseded_by not in known and (value.until is None or today <= value.until)
        if value.app == app.id and value.what is DecisionKind.EXCEPTION and held:
            yield value


def _closed_within(meeting: Meeting, app: App, named: NamedPeriod) -> bool:
    closed = meeting.closed_at if meeting.state is MeetingState.CLOSED and meeting.app == app.id else None
    return closed is not None and named.start <= closed < named.end
