"""The profile of an app and of its journeys: the keys first, then the reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from tomoni.catalog.clock_changes import note_clock_changes
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.exclusions import Rule
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.mapping import DISPENSABLE, ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.occurrences import EARLIEST_YEAR, LATEST_YEAR, ever_happens
from tomoni.catalog.profile import Peak, Profile
from tomoni.catalog.schema import Recurring
from tomoni.catalog.values import Length, Moment, Title, fail

# The keys of each form of a peak: all of one of them are written, and no others.
FORMS = (("start", "end"), ("repeats", "starting", "lasts"))


class PeakEntry(Entry):
    """When it matters most: start with end, or repeats with starting and lasts."""

    title: Title = Field(description="What happens then; one text, or one for each language.")
    start: Moment | None = Field(default=None, description="Once: from this moment, local time of the app.")
    end: Moment | None = Field(default=None, description="Once: up to this moment, local time of the app.")
    repeats: Rule | None = Field(
        default=None, description="Again and again: an RRULE of whole days, such as FREQ=MONTHLY;BYMONTHDAY=-1."
    )
    starting: Moment | None = Field(
        default=None, description="With repeats: the first day and the time of day, local time of the app."
    )
    lasts: Length | None = Field(default=None, description="With repeats: how long each time lasts, such as 1d.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        written = {key for form in FORMS for key in form if getattr(self, key) is not None}
        if written not in [set(form) for form in FORMS]:
            fail(Code.PEAK_FORM, known="; ".join(" + ".join(form) for form in FORMS))
        if self.starting is not None and not EARLIEST_YEAR <= self.starting.year <= LATEST_YEAR:
            fail(Code.OUT_OF_YEARS, first=EARLIEST_YEAR, last=LATEST_YEAR)
        return self


class ProfileEntry(Entry):
    """What both teams know besides what is measured."""

    users: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="Who the users are; one text, or one for each language."
    )
    importance: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What it is worth to them and to the business."
    )
    peaks: Annotated[list[PeakEntry], ONE_BY_ONE] = Field(
        default=[], description="When it matters most; marked on figures."
    )
    depends_on: Annotated[list[Title], DISPENSABLE] = Field(
        default=[], description="What it depends on: apps, systems, partners."
    )


class JourneyProfileEntry(ProfileEntry):
    """The same of a journey, with its steps."""

    steps: Annotated[list[Title], DISPENSABLE] = Field(default=[], description="What a user does, one after the other.")
    good: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What good means, in the words of the users."
    )
    unmeasured: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What matters and cannot be measured yet."
    )


def profile_of(document: Document, place: Place, entry: ProfileEntry, zone: str) -> Profile:
    """The profile at the place of an app or a journey; faults of its peaks are noted."""
    steps: tuple[LocalText, ...] = ()
    good = unmeasured = None
    if isinstance(entry, JourneyProfileEntry):
        steps, good, unmeasured = tuple(entry.steps), entry.good, entry.unmeasured
    peaks = peaks_of(document, place, zone)
    return Profile(entry.users, entry.importance, peaks, tuple(entry.depends_on), steps, good, unmeasured)


def peaks_of(document: Document, place: Place, zone: str) -> tuple[Peak, ...]:
    """The peaks at the place of an app or a journey, also of one that is left out; their faults are noted."""
    return tuple(_peaks(document, (*place, "peaks"), zone))


def _peaks(document: Document, place: Place, zone: str) -> Iterator[Peak]:
    for each in elements(document, place):
        entry = read_entry(document, each, PeakEntry)
        if entry is None:
            continue
        note_clock_changes(document, each, {"start": entry.start, "end": entry.end}, zone)
        if entry.start is not None and entry.end is not None:
            start, end = (_local(moment, zone) for moment in (entry.start, entry.end))
            if end > start:
                yield Peak(entry.title, start, int((end - start).total_seconds()))
            else:
                document.note((*each, "end"), Code.ENDS_BEFORE_START)
        elif entry.repeats is not None and entry.starting is not None and entry.lasts is not None:
            again = Recurring(entry.repeats, _local(entry.starting, zone), entry.lasts)
            if ever_happens(again, zone):
                yield Peak(entry.title, again.starting, again.seconds, again.rule)
            else:
                document.note((*each, "repeats"), Code.NEVER_HAPPENS, written=entry.repeats)


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment
