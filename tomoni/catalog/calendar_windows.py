"""Calendar windows as users write them: the period, and where it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, PlainValidator

from tomoni.catalog.clock import Clock
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.mapping import Entry
from tomoni.catalog.values import Month, choice, choice_schema, whole_number, whole_schema
from tomoni.catalog.zones import Zone, note_misread
from tomoni.slo.model import CalendarUnit, CalendarWindow

CalendarName = Annotated[CalendarUnit, PlainValidator(choice(CalendarUnit)), choice_schema(CalendarUnit)]
LAST_DAYS: Mapping[CalendarUnit, int] = {CalendarUnit.WEEK: 7}  # of the others 28: every month has these days
_LAST_DAY = 28
_Day = Annotated[int, PlainValidator(whole_number(1, _LAST_DAY)), whole_schema(1, _LAST_DAY)]
_OF_YEARS = frozenset({CalendarUnit.QUARTER, CalendarUnit.YEAR})


class CalendarEntry(Entry):
    """A window that begins with the day, week, month, quarter or year."""

    calendar: CalendarName = Field(description="The period: day, week (from Monday), month, quarter or year.")
    first_month: Month | None = Field(
        default=None, description="Quarters and years only: the month (1 to 12) in which the fiscal year begins."
    )
    first_day: _Day | None = Field(
        default=None,
        description="The day on which it begins: of the week (1, Monday, to 7), or of the month (1 to 28).",
    )
    starts_at: Clock | None = Field(default=None, description="The time of the day at which it begins.")
    timezone: Zone | None = Field(default=None, description="By the clocks of this zone, not of the app's.")

    def window(self, zone: str, first_month: int) -> CalendarWindow:
        """The window that the maths knows; ``zone`` and ``first_month`` are those of the app and the settings."""
        return CalendarWindow(
            self.calendar,
            self.timezone or zone,
            (self.first_month or first_month) if self.calendar in _OF_YEARS else 1,
            (self.first_day or 1) if self.calendar is not CalendarUnit.DAY else 1,
            self.starts_at.hour * 60 + self.starts_at.minute if self.starts_at else 0,
        )


def note_day(document: Document, place: Place, window: CalendarEntry) -> None:
    """Notes a day that a week does not have."""
    last = LAST_DAYS.get(window.calendar, _LAST_DAY)
    if window.first_day is not None and window.first_day > last:
        document.note((*place, "first_day"), Code.OUT_OF_RANGE, at_least=1, at_most=last)


def note_slips(document: Document, place: Place, window: CalendarEntry) -> None:
    """Notes the keys that do not move a period of this length, and a time zone that is not what it seems."""
    note_misread(document, (*place, "timezone"), window.timezone or "")
    written = window.model_fields_set
    if "first_month" in written and window.calendar not in _OF_YEARS:
        document.note_key((*place, "first_month"), Code.FIRST_MONTH_UNUSED)
    if "first_day" in written and window.calendar is CalendarUnit.DAY:
        document.note_key((*place, "first_day"), Code.FIRST_DAY_UNUSED)
