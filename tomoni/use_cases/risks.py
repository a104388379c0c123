"""The register of an app's risks: what its file says and what was changed on the page, and what they cost.

The file says what is known; what teams write on the page lies over it, entry by entry, until it is taken back.
Minutes are those of a full outage, a year is `slo.risk.DAYS_A_YEAR`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tomoni.catalog.for_reviews import KnownRisk
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Incident, RiskEntry
from tomoni.meetings.records import Record, Records, validated
from tomoni.review.model import Review
from tomoni.slo.model import DAY, Objective
from tomoni.slo.risk import DAYS_A_YEAR, Risk, risk_budget
from tomoni.slo.tally import Span
from tomoni.use_cases.incidents import SloPrices

CANDIDATES = tuple(Objective(Decimal(percent)) for percent in ("99", "99.5", "99.9", "99.95", "99.99"))
_LONGEST_LINE = 300


class Written(StrEnum):
    """Where a risk is written: in the app's file, on the page, or in the file and changed on the page."""

    FILE = "file"
    PAGE = "page"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ListedRisk:
    """A risk of the register. ``ref`` is its id in the file, or that of its record; ``known`` what the file says,
    ``record`` what was written on the page (None: nothing)."""

    ref: str
    title: LocalText
    text: LocalText | None
    journeys: tuple[str, ...]
    risk: Risk
    accepted: bool
    known: KnownRisk | None = None
    record: Record[RiskEntry] | None = None

    @property
    def written(self) -> Written:
        """Where it is written."""
        if self.record is None:
            return Written.FILE
        return Written.PAGE if self.known is None else Written.CHANGED

    @property
    def off_register(self) -> bool:
        """Whether it was taken off the page."""
        return self.record is not None and self.record.value.off_register

    def hits(self, journey_id: str) -> bool:
        """Whether it hits a journey."""
        return not self.journeys or journey_id in self.journeys

    def entry(self, app_id: str, language: str) -> RiskEntry:
        """It as one value, its texts in a language."""
        if self.record is not None and self.known is None:
            return self.record.value
        texts = {"title": self.title(language)[:_LONGEST_LINE], "text": self.text(language) if self.text else ""}
        written = {"app": app_id, "journeys": self.journeys, "accepted": self.accepted, **texts}
        return RiskEntry.model_validate({**written, **_numbers(self.risk)})


def _numbers(risk: Risk | KnownRisk) -> dict[str, float]:
    names = ("detect_minutes", "repair_minutes", "share_of_users", "days_between")
    return {name: getattr(risk, name) for name in names}


def register(records: Records, app: App) -> tuple[ListedRisk, ...]:
    """The risks of an app: those of its file in their order, then those of the page. Raises StoreError."""
    return merged(app, records.listed(RiskEntry, app.id))


def merged(app: App, written: Sequence[Record[RiskEntry]]) -> tuple[ListedRisk, ...]:
    """The same of records that were read before."""
    return tuple(each for each in _all(app, written) if not each.off_register)


def taken_off(records: Records, app: App) -> tuple[ListedRisk, ...]:
    """The risks of an app's file that were taken off the page. Raises StoreError."""
    return tuple(each for each in _all(app, records.listed(RiskEntry, app.id)) if each.off_register)


def _all(app: App, written: Sequence[Record[RiskEntry]]) -> list[ListedRisk]:
    by_key = {record.key: record for record in written if record.key}
    known = {risk.id: risk for risk in app.risks}
    of_file = [_of_file(risk, by_key.get(risk.id)) for risk in app.risks]
    # What lay over a risk that the file no longer has stays: nothing that was written goes by itself.
    return of_file + [_of_page(record) for record in written if record.key not in known]


def _of_file(known: KnownRisk, record: Record[RiskEntry] | None) -> ListedRisk:
    if record is None:
        return ListedRisk(
            known.id, known.title, known.text, known.journeys, Risk(**_numbers(known)), known.accepted, known
        )
    changed = record.value
    title, text = _text(known.title, changed.title), _text(known.text, changed.text)
    return ListedRisk(
        known.id, title or known.title, text, changed.journeys, _risk(changed), changed.accepted, known, record
    )


def _text(known: LocalText | None, changed: str) -> LocalText | None:
    """A text as it was changed; as the file has it, in every language, where it is still one of these."""
    if known is not None and changed in [text[:_LONGEST_LINE] for text in known.by_language.values()]:
        return known
    return LocalText({"": changed}) if changed else None


def _of_page(record: Record[RiskEntry]) -> ListedRisk:
    entry = record.value
    text = LocalText({"": entry.text}) if entry.text else None
    ref = record.key or record.id
    return ListedRisk(
        ref, LocalText({"": entry.title}), text, entry.journeys, _risk(entry), entry.accepted, record=record
    )


def _risk(entry: RiskEntry) -> Risk:
    return Risk(entry.detect_minutes, entry.repair_minutes, entry.share_of_users, entry.days_between)


def of_entries(entries: Iterable[tuple[str, RiskEntry]]) -> tuple[ListedRisk, ...]:
    """The risks of a register that was frozen, by their refs."""
    return tuple(_of_page(Record(ref, ref, 1, 0, 0, entry)) for ref, entry in entries)


# Changing the register


def add_risk(records: Records, app: App, fields: Mapping[str, Any]) -> Record[RiskEntry]:
    """Puts a risk on the register. Raises MeetingError: `record_invalid`; StoreError."""
    return records.add(validated(RiskEntry, {**fields, "app": app.id}))


def change_risk(
    records: Records, app: App, ref: str, changes: Mapping[str, Any], language: str = "en"
) -> Record[RiskEntry]:
    """Changes a risk; one of the file is changed on the page, its texts in a language, and stays in the file as it is.

    Raises MeetingError: `record_unknown`, `record_invalid`; StoreError.
    """
    found = _found(records, app, ref)
    if found.record is not None:
        return records.change(RiskEntry, found.record.id, changes)
    value = validated(RiskEntry, {**found.entry(app.id, language).model_dump(), **changes})
    made = records.add(value, ref)
    if made.value == value and made.revision == 1:
        return made
    # There was one before, which was taken back.
    return records.change(RiskEntry, records.restore(RiskEntry, made.id).id, value.model_dump())


def remove_risk(records: Records, app: App, ref: str, language: str = "en") -> None:
    """Takes a risk off the register; one of the file can be put back. Raises MeetingError, StoreError as above."""
    found = _found(records, app, ref)
    if found.known is not None:
        change_risk(records, app, ref, {"off_register": True}, language)
    elif found.record is not None:
        records.remove(RiskEntry, found.record.id)


def as_in_file(records: Records, app: App, ref: str) -> None:
    """Takes back what was changed on the page of a risk of the file. Raises MeetingError, StoreError as above."""
    found = _found(records, app, ref)
    if found.known is not None and found.record is not None:
        records.remove(RiskEntry, found.record.id)


def _found(records: Records, app: App, ref: str) -> ListedRisk:
    for each in _all(app, records.listed(RiskEntry, app.id)):
        if ref in (each.ref, each.record.id if each.record else None):
            return each
    raise MeetingError("record_unknown", {"kind": RiskEntry.kind, "id": ref})


# What they cost


@dataclass(frozen=True, slots=True)
class CostedRisk:
    """A risk against a yearly budget: its bad minutes, their share of the budget (None: there is no budget), and
    whether it alone takes too much of it."""

    listed: ListedRisk
    minutes: float
    share: float | None
    large: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an objective would bear in a year, in minutes: its budget, what the accepted risks take of it, what is
    left (below 0: they take more than there is), and how many of all risks would be too large alone."""

    objective: Objective
    budget: float
    accepted: float
    unallocated: float
    large: int
    own: bool


def costs(risks: Sequence[ListedRisk], objective: Objective) -> tuple[CostedRisk, ...]:
    """The risks against an objective, the most expensive first."""
    told = risk_budget([each.risk for each in risks], objective)
    found = []
    for place in told.ranked:
        minutes = risks[place].risk.bad_minutes_a_year
        share = minutes / told.budget_minutes if told.budget_minutes else None
        found.append(CostedRisk(risks[place], minutes, share, place in told.large))
    return tuple(found)


def candidates(risks: Sequence[ListedRisk], own: Iterable[Objective]) -> tuple[Candidate, ...]:
    """The usual objectives and the app's ``own``, from the lowest."""
    kept = {objective.percent: objective for objective in own}
    offered = {**{each.percent: each for each in CANDIDATES}, **kept}
    return tuple(_candidate(risks, offered[percent], percent in kept) for percent in sorted(offered))


def _candidate(risks: Sequence[ListedRisk], objective: Objective, own: bool) -> Candidate:
    accepted = risk_budget([each.risk for each in risks if each.accepted], objective)
    large = risk_budget([each.risk for each in risks], objective).large
    taken = accepted.accepted_minutes
    return Candidate(objective, accepted.budget_minutes, taken, accepted.unallocated_minutes, len(large), own)


# What really happened


@dataclass(frozen=True, slots=True)
class Happened:
    """What incidents of a year really cost an SLO: how many, and their bad minutes (None: unknown)."""

    incidents: int
    minutes: float | None


def incidents_of_a_year(
    records: Records, app: App, as_of: int, known: Collection[str]
) -> dict[str, tuple[Incident, ...]]:
    """The incidents of an app that touch the year before a moment (Unix seconds), by the risk that came true in each:
    one of the ``known`` refs, or empty. Raises StoreError."""
    since = as_of - int(DAYS_A_YEAR * DAY)
    found: dict[str, tuple[Incident, ...]] = {}
    for record in records.listed(Incident, app.id):
        if record.value.start < as_of and since < record.value.end:
            ref = record.value.risk if record.value.risk in known else ""
            found[ref] = (*found.get(ref, ()), record.value)
    return found


def happened(
    incidents: Mapping[str, Sequence[Incident]],
    as_of: int,
    unit_seconds: int,
    price: Callable[[Sequence[Span]], SloPrices | None],
) -> dict[str, Happened]:
    """What the incidents of each risk cost an SLO that counts in buckets (or slices) of ``unit_seconds``. ``price``
    gives the prices of all their intervals at once."""
    spans = {ref: spans_of(each, as_of, unit_seconds) for ref, each in incidents.items()}
    prices = price([span for of_risk in spans.values() for span in of_risk]) if spans else None
    left = iter(prices.whole if prices else ())
    found = {}
    for ref, of_risk in spans.items():
        bad = sum(next(left, 0.0) for _ in of_risk)
        found[ref] = Happened(len(incidents[ref]), bad_minutes(prices, bad) if prices else None)
    return found


def spans_of(incidents: Iterable[Incident], as_of: int, unit_seconds: int) -> tuple[Span, ...]:
    """The whole buckets (or slices) that some incidents touch in the year before a moment, each once."""
    since = as_of - int(DAYS_A_YEAR * DAY)
    found: list[Span] = []
    for first, last in sorted((max(each.start, since), min(each.end, as_of)) for each in incidents):
        start, end = first - first % unit_seconds, last + -last % unit_seconds
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def bad_minutes(prices: SloPrices, bad: float) -> float | None:
    """Bad events as minutes of a full outage at the usual traffic of the SLO's window; None where it had none."""
    figures = prices.track.status.figures
    return bad * figures.allowed_minutes / figures.allowed_bad if figures.allowed_bad else None


def objectives_of(review: Review, journey_id: str | None = None) -> tuple[Objective, ...]:
    """The objectives that the SLOs of a review (or of one journey) have."""
    found = [
        track.status.slo.objective
        for track in review.tracks
        if track.status.slo.objective is not None and journey_id in (None, track.status.journey.id)
    ]
    return tuple({objective.percent: objective for objective in found}.values())
