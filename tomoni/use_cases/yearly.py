"""The review of a year of an app: what its ledger and its teams have of it, frozen as a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tomoni.catalog.schema import App, DefinitionVersion
from tomoni.meetings.model import Action, ActionState, Decision, Incident, Meeting, MeetingState, Postmortem
from tomoni.meetings.records import Record, Records
from tomoni.review.agreements import changes
from tomoni.review.model import Period
from tomoni.slo.hours import in_hours
from tomoni.slo.in_a_row import counted, observed_share
from tomoni.slo.model import CalendarUnit, CalendarWindow, Definition
from tomoni.slo.named_periods import name_at, named_period
from tomoni.slo.pricing import whole_price
from tomoni.slo.tally import Span, finite
from tomoni.snapshots.record.meeting import FrozenAction, FrozenDecision, FrozenIncident, FrozenPostmortem, Price
from tomoni.snapshots.record.snapshot import Snapshot, freeze
from tomoni.snapshots.record.year import NamedFactor, ObjectiveChange, SloYear, YearInterval, YearRecord
from tomoni.use_cases.postmortems import recurring
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.reviewing import RememberedSlo, Reviewing

DAYS = 28  # of the review beside the year, as of its end
_MINUTE = 60


class YearNotBegunError(ValueError):
    """A year of which nothing has happened yet."""


def span_of_year(year: int, first_month: int, zone: str) -> Span:
    """A year by the clocks of a zone; it begins with ``first_month`` of the year of its name. Raises ValueError for
    one that dates do not have."""
    first, last = (named_period(f"{year}-Q{quarter}", zone, first_month) for quarter in (1, 4))
    return first.start, last.end


def freeze_year(tomoni: Tomoni, app: App, year: int, first_month: int, notes: str = "") -> Snapshot:
    """The snapshot of a year as far as it has come, with notes; not saved yet. Raises YearNotBegunError, ValueError,
    StoreError."""
    start, end = span_of_year(year, first_month, app.timezone)
    now = tomoni.now() - tomoni.now() % _MINUTE
    if start >= now:
        raise YearNotBegunError(str(year))
    as_of = min(end, now)
    snapshot = tomoni.freeze(app, Period(as_of, DAYS), notes)
    found = _year(tomoni, app, YearRecord(year, first_month, start, as_of, is_over=end <= now))
    return freeze(snapshot.review, snapshot.origin, snapshot.made_at, replace(snapshot.beside, year=found))


def slo_years(reviewing: Reviewing, app: App, record: YearRecord) -> tuple[SloYear, ...]:
    """What every SLO of an app did over a year, from the ledger alone; the app as it is given."""
    return tuple(_slo_year(each, record, app.timezone) for each in _remembered(reviewing, app, record))


def _remembered(reviewing: Reviewing, app: App, record: YearRecord) -> tuple[RememberedSlo, ...]:
    return reviewing.remembered(app, record.start, record.end)


def _slo_year(each: RememberedSlo, record: YearRecord, zone: str) -> SloYear:
    return SloYear(
        slo=each.place.path,
        whole=_interval(each, record.name, (record.start, record.end)),
        months=tuple(_intervals(each, record, CalendarWindow(CalendarUnit.MONTH, zone, record.first_month))),
        quarters=tuple(_intervals(each, record, CalendarWindow(CalendarUnit.QUARTER, zone, record.first_month))),
    )


def _intervals(each: RememberedSlo, record: YearRecord, unit: CalendarWindow) -> Iterator[YearInterval]:
    """The months or quarters of the year, as far as they have come."""
    at = record.start
    while at < record.end:
        name = name_at(unit, at)
        end = named_period(name, unit.zone, record.first_month).end
        yield _interval(each, name, (at, min(end, record.end)))
        at = end


def _interval(each: RememberedSlo, name: str, span: Span) -> YearInterval:
    slo = each.place.slo
    found = counted(each.buckets, slo.definition, *span)
    missed = None if slo.objective is None else found.missed
    coverage = observed_share(each.buckets, slo.definition, *span)
    return YearInterval(name, *span, found.bad, found.total, found.sli, missed, coverage)


def _year(tomoni: Tomoni, app: App, record: YearRecord) -> YearRecord:
    reviewing = Reviewing(tomoni.setup, tomoni.ledger, tomoni.now())
    then = reviewing.app_as_of(app, record.end)
    records, span = tomoni.meetings.records, (record.start, record.end)
    remembered = _remembered(reviewing, then, record)
    incidents = [each for each in records.listed(Incident, app.id) if _overlaps(each.value.start, each.value.end, span)]
    learned = _postmortems(records, app, incidents, span)
    return replace(
        record,
        slos=tuple(_slo_year(each, record, app.timezone) for each in remembered),
        incidents=tuple(_priced(each, remembered, record) for each in incidents),
        decisions=tuple(
            FrozenDecision(each.id, each.revision, each.value)
            for each in records.listed(Decision, app.id)
            if _within(each.created_at, span)
        ),
        postmortems=tuple(FrozenPostmortem(each.id, each.revision, each.value) for each in learned),
        factors=tuple(NamedFactor(each.name, each.count) for each in recurring(learned)),
        actions=tuple(_ended(records, app, span)),
        changes=tuple(_changes(tomoni, then, record)),
        reviews=sum(_closed_within(each.value, span) for each in records.listed(Meeting, app.id)),
    )


def _overlaps(start: int, end: int, span: Span) -> bool:
    return start < span[1] and span[0] < end


def _within(moment: int | None, span: Span) -> bool:
    return moment is not None and span[0] <= moment < span[1]


def _closed_within(meeting: Meeting, span: Span) -> bool:
    return meeting.state is MeetingState.CLOSED and _within(meeting.closed_at, span)


def _postmortems(
    records: Records, app: App, incidents: Sequence[Record[Incident]], span: Span
) -> list[Record[Postmortem]]:
    known = {each.id for each in incidents}
    found = records.listed(Postmortem, app.id)
    return [
        each
        for each in found
        if each.value.incident in known or (each.value.incident is None and _within(each.created_at, span))
    ]


def _ended(records: Records, app: App, span: Span) -> Iterator[FrozenAction]:
    for each in records.listed(Action, app.id):
        moment = each.value.ended_at or each.changed_at
        if each.value.state is not ActionState.OPEN and _within(moment, span):
            yield FrozenAction(each.id, each.revision, each.value)


def _priced(each: Record[Incident], remembered: Sequence[RememberedSlo], record: YearRecord) -> FrozenIncident:
    """An incident with what it cost each SLO within the year."""
    span = max(each.value.start, record.start), min(each.value.end, record.end)
    return FrozenIncident(each.id, each.revision, each.value, tuple(_price(slo, span, record) for slo in remembered))


def _price(each: RememberedSlo, span: Span, record: YearRecord) -> Price:
    definition = each.place.slo.definition
    bad = whole_price(in_hours(each.buckets), definition, span)
    return Price(each.place.path, bad, _share(bad, each, definition, record))


def _share(bad: float, each: RememberedSlo, definition: Definition, record: YearRecord) -> float | None:
    """The share of the budget of the year: of the bad events that the objective allows at its traffic."""
    if each.place.slo.objective is None:
        return None
    total = counted(each.buckets, definition, record.start, record.end).total
    allowed = Fraction(total) * definition.objective.allowance
    return finite(Fraction(bad) / allowed) if allowed else None


def _changes(tomoni: Tomoni, app: App, record: YearRecord) -> Iterator[ObjectiveChange]:
    """What was agreed anew of the app's SLOs within the year, in order of time."""
    found = []
    for path, versions in tomoni.ledger.definitions_of([app.id]).items():
        for change in changes(versions, record.start, record.end):
            before, after = (_objective(version) for version in (change.before, change.after))
            found.append(ObjectiveChange(path, change.at, change.changed, before, after))
    yield from sorted(found, key=lambda each: (each.at, each.slo))


def _objective(version: DefinitionVersion) -> str:
    return str(version.body.get("objective") or "")
