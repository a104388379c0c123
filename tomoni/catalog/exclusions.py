"""`exclusions/<app>.yaml`: time of an app that does not count; the keys first, then the reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from tomoni.catalog.clock_changes import note_clock_changes
from tomoni.catalog.codes import Code, facts_of_unknown, listed
from tomoni.catalog.document import Document, Place
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.occurrences import EARLIEST_YEAR, FREQUENCIES, LATEST_YEAR, countries, ever_happens, rule_fault
from tomoni.catalog.schema import App, Exclusion, OneOff, OutsideHours, PublicHolidays, Recurring, Spot
from tomoni.catalog.secrets import short
from tomoni.catalog.values import Id, Length, Moment, Title, choice, choice_schema, fail, text_of

CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"
# The keys of each form of an exclusion: all of one of them are written, and no others.
FORMS = (("start", "end"), ("repeats", "starting", "lasts"), ("outside_hours",), ("holidays",))
_TEXT = {"type": "string"}


def read_clock(written: object) -> int:
    """A time of the day in minutes: ``09:00``; ``24:00`` is the end of the day."""
    text = text_of(written)
    if not re.fullmatch(CLOCK_PATTERN, text):
        fail(Code.BAD_CLOCK, written=short(text), latest="24:00")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


Clock = Annotated[int, PlainValidator(read_clock), WithJsonSchema({**_TEXT, "pattern": CLOCK_PATTERN})]


def read_rule(written: object) -> str:
    """An RRULE of whole days (RFC 5545)."""
    text = text_of(written).strip().upper().removeprefix("RRULE:")
    if part := rule_fault(text):
        fail(Code.BAD_RULE, written=short(part), known=listed(FREQUENCIES))
    return text


Rule = Annotated[
    str, PlainValidator(read_rule), WithJsonSchema({**_TEXT, "examples": ["FREQ=MONTHLY;BYDAY=2SU", "FREQ=WEEKLY"]})
]


def read_country(written: object) -> str:
    """A country (ISO 3166, two letters) whose public holidays are known."""
    text = text_of(written).strip()
    known = countries()
    if text not in known:
        fail(Code.BAD_COUNTRY, written=short(text), nearest=text.upper() if text.upper() in known else "")
    return text


Country = Annotated[str, PlainValidator(read_country), WithJsonSchema({**_TEXT, "pattern": "^[A-Z]{2}$"})]


def read_slo_path(written: object) -> str:
    """An SLO within its app: ``journey/slo``."""
    text = text_of(written).strip()
    if text.count("/") != 1:
        fail(Code.BAD_SLO_PATH, written=short(text))
    return text


SloPath = Annotated[str, PlainValidator(read_slo_path), WithJsonSchema({**_TEXT, "pattern": "^[^/]+/[^/]+$"})]


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WeekdayName = Annotated[Weekday, PlainValidator(choice(Weekday)), choice_schema(Weekday)]


class HoursEntry(Entry):
    """Business hours: all other time does not count."""

    days: list[WeekdayName] = Field(
        default=[Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI],
        min_length=1,
        description="The days of business: mon, tue, wed, thu, fri, sat, sun.",
    )
    opens: Clock = Field(description='When the day opens, local time of the app: "09:00".')
    closes: Clock = Field(description='When the day closes, local time of the app: "18:00"; "24:00" is its end.')
    holidays: Country | None = Field(
        default=None, description="Closed on the public holidays of this country: JP (ISO 3166)."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.closes <= self.opens:
            fail(Code.CLOSES_FIRST)
        return self


class ExclusionEntry(Entry):
    """Time that does not count: start with end, repeats with starting and lasts, outside_hours, or holidays."""

    id: Id = Field(description="Names the exclusion within its app: lower case, digits, hyphens.")
    reason: Title = Field(description="Why this time does not count; one text, or one for each language.")
    journeys: list[Id] = Field(
        default=[], description="The journeys that it applies to; without journeys and slos, all of them."
    )
    slos: list[SloPath] = Field(default=[], description="The SLOs that it applies to, as journey/slo.")
    start: Moment | None = Field(default=None, description="Once: from this moment, local time of the app.")
    end: Moment | None = Field(default=None, description="Once: up to this moment, local time of the app.")
    repeats: Rule | None = Field(
        default=None, description="Again and again: an RRULE of whole days, such as FREQ=MONTHLY;BYDAY=2SU."
    )
    starting: Moment | None = Field(
        default=None, description="With repeats: the first day and the time of day, local time of the app."
    )
    lasts: Length | None = Field(default=None, description="With repeats: how long each time lasts, such as 2h.")
    outside_hours: HoursEntry | None = Field(default=None, description="All time outside these business hours.")
    holidays: Country | None = Field(
        default=None, description="The whole public holidays of this country: JP (ISO 3166)."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        written = {key for form in FORMS for key in form if getattr(self, key) is not None}
        if written not in [set(form) for form in FORMS]:
            fail(Code.EXCLUSION_FORM, known="; ".join(" + ".join(form) for form in FORMS))
        if self.starting is not None and not EARLIEST_YEAR <= self.starting.year <= LATEST_YEAR:
            fail(Code.OUT_OF_YEARS, first=EARLIEST_YEAR, last=LATEST_YEAR)
        return self


class ExclusionsEntry(Entry):
    """`config/exclusions/<app>.yaml`."""

    app: Id = Field(description="The app whose time this is: an id of apps/.")
    exclusions: Annotated[list[ExclusionEntry], ONE_BY_ONE] = Field(
        default=[], description="What does not count, each with its reason."
    )


@dataclass(slots=True)
class ExclusionReader:
    """Reads the exclusions of apps; ``spots`` grows with what it finds."""

    apps: Sequence[App]
    spots: dict[str, Spot]
    _found: dict[str, list[Exclusion]] = field(default_factory=dict)

    def read(self, document: Document) -> None:
        """Adds the exclusions of a document; faults are noted in it."""
        if document.data is None:  # all of it may be commented out
            return
        entry = read_entry(document, (), ExclusionsEntry)
        app = next((app for app in self.apps if entry and app.id == entry.app), None)
        if entry is not None and app is None:
            document.note(
                ("app",), Code.UNKNOWN_APP, app=entry.app, **facts_of_unknown(entry.app, [app.id for app in self.apps])
            )
        for place in elements(document, ("exclusions",)):
            found = read_entry(document, place, ExclusionEntry)
            if found is None or app is None:
                continue
            exclusion = _exclusion(document, place, found, app)
            if exclusion is not None and self._is_new(document, place, f"{app.id}/exclusions/{found.id}"):
                self._found.setdefault(app.id, []).append(exclusion)

    def applied(self) -> tuple[App, ...]:
        """The apps with their exclusions."""
        return tuple(replace(app, exclusions=tuple(self._found.get(app.id, ()))) for app in self.apps)

    def _is_new(self, document: Document, place: Place, path: str) -> bool:
        spot = document.spot((*place, "id"))
        first = self.spots.setdefault(path, spot)
        if first != spot:
            name = path.rpartition("/")[2]
            facts = {"what": "exclusion", "id": name, "first_file": first.file}
            document.note((*place, "id"), Code.DUPLICATE_ID, **facts, first_line=first.line)
        return first == spot


def _exclusion(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Exclusion | None:
    when = _when(document, place, entry, app.timezone)
    known = [*_unknown_journeys(document, place, entry, app), *_unknown_slos(document, place, entry, app)]
    if when is None or known:
        return None
    return Exclusion(entry.id, entry.reason, app.timezone, when, frozenset(entry.journeys), frozenset(entry.slos))


def _when(
    document: Document, place: Place, entry: ExclusionEntry, zone: str
) -> OneOff | Recurring | OutsideHours | PublicHolidays | None:
    note_clock_changes(document, place, {"start": entry.start, "end": entry.end}, zone)
    if entry.start is not None and entry.end is not None:
        once = OneOff(_unix(entry.start, zone), _unix(entry.end, zone))
        if once.end > once.start:
            return once
        document.note((*place, "end"), Code.ENDS_BEFORE_START)
        return None
    if entry.repeats is not None and entry.starting is not None and entry.lasts is not None:
        again = Recurring(entry.repeats, _local(entry.starting, zone), entry.lasts)
        if ever_happens(again, zone):
            return again
        document.note((*place, "repeats"), Code.NEVER_HAPPENS, written=entry.repeats)
        return None
    if entry.outside_hours is not None:
        return _outside(entry.outside_hours)
    return PublicHolidays(entry.holidays or "")


def _outside(hours: HoursEntry) -> OutsideHours:
    week = list(Weekday)
    return OutsideHours(frozenset(week.index(day) for day in hours.days), hours.opens, hours.closes, hours.holidays)


def _unix(moment: datetime, zone: str) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp())


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment


def _unknown_journeys(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Iterator[str]:
    known = [journey.id for journey in app.journeys]
    for index, journey in enumerate(entry.journeys):
        if journey not in known:
            document.note(
                (*place, "journeys", index), Code.UNKNOWN_JOURNEY, journey=journey, **facts_of_unknown(journey, known)
            )
            yield journey


def _unknown_slos(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Iterator[str]:
    known = [f"{journey.id}/{slo.id}" for journey in app.journeys for slo in journey.slos]
    for index, slo in enumerate(entry.slos):
        if slo not in known:
            document.note((*place, "slos", index), Code.UNKNOWN_SLO, slo=slo, **facts_of_unknown(slo, known))
            yield slo
