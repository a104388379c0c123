"""One SLO of an app: its keys, the definition that the maths knows, and whether its lengths fit together."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator

from data_sources.durations import DURATION_PATTERN, format_duration
from tomoni.catalog.calendar_windows import CalendarEntry, note_day, note_slips
from tomoni.catalog.codes import Code
from tomoni.catalog.cut_windows import note_cut_windows
from tomoni.catalog.document import Document, Place
from tomoni.catalog.mapping import DISPENSABLE, Entry
from tomoni.catalog.marks import AlertingEntry, MarkedEntry
from tomoni.catalog.meant import meant_calendar
from tomoni.catalog.schema import Settings
from tomoni.catalog.secrets import short
from tomoni.catalog.splits import SplitField, note_split, split_of
from tomoni.catalog.values import (
    Bucket,
    Count,
    Factor,
    Id,
    Length,
    Percent,
    Share,
    Title,
    choice,
    choice_schema,
    fail,
    read_decimal,
    read_seconds,
    text_of,
)
from tomoni.slo.alerts import factor, reachable
from tomoni.slo.model import (
    DAY,
    WORKBOOK_RULES,
    AlertRule,
    CalendarUnit,
    CalendarWindow,
    Definition,
    JudgeAfter,
    Method,
    NoData,
    Objective,
    RollingWindow,
    Severity,
    Silence,
    SilenceMeans,
    TimeSlices,
    Window,
)
from tomoni.slo.periods import calendar_period, longest_seconds, shortest_seconds

# For a native SLO whose objective or window is not written, until its source has answered.
STAND_IN_OBJECTIVE = Objective(Decimal("99.9"))
STAND_IN_WINDOW = RollingWindow(28 * DAY)


class SliceEntry(Entry):
    """When a slice of time counts as good."""

    length: Length = Field(description="How long a slice is: a multiple of the bucket that divides the window.")
    target: Percent = Field(description="Percent of good events from which a slice is good.")


SeverityName = Annotated[Severity, PlainValidator(choice(Severity)), choice_schema(Severity)]


def _read_judge_after(written: object) -> JudgeAfter:
    text = text_of(written).strip()
    if re.match(DURATION_PATTERN, text):
        return JudgeAfter(seconds=read_seconds(text))
    number = text.removesuffix("%")
    share = Fraction(read_decimal(number)) / (1 if number == text else 100)
    if not 0 <= share <= 1:
        fail(Code.OUT_OF_RANGE, at_least=0, at_most=1)
    return JudgeAfter(share)


# A share of the window (0.1 or 10%), or a length of time (3d).
JudgeAfterField = Annotated[
    JudgeAfter,
    PlainValidator(_read_judge_after),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": rf"^\s*\d+(\.\d+)?\s*%\s*$|{DURATION_PATTERN}"},
            ]
        }
    ),
]
SilenceName = Annotated[SilenceMeans, PlainValidator(choice(SilenceMeans)), choice_schema(SilenceMeans)]


class SilenceEntry(Entry):
    """What it means when the source answers and has no data any more."""

    after: Length | None = Field(
        default=None, description="How long nothing was observed before it is called silence; an hour without a word."
    )
    means: SilenceName = Field(
        default=SilenceMeans.NOTICE,
        description="notice: the state stays that of the window, with a notice; no_data: the state says so.",
    )

    @property
    def silence(self) -> Silence:
        """The silence that the maths knows."""
        return Silence(Silence().after_seconds if self.after is None else self.after, self.means)


class AlertEntry(Entry):
    """A burn alert: fires while both windows burn faster than the factor."""

    severity: SeverityName = Field(description="page (act now) or ticket (act within days).")
    long: Length = Field(description="The long window; it shows that the burn matters.")
    short: Length = Field(description="The short window; it shows that the burn is still going on.")
    share: Share | None = Field(
        default=None,
        description="The share of the budget (0.02 is 2 %) that burns within the long window; gives the factor.",
    )
    factor: Factor | None = Field(default=None, description="The burn rate itself, instead of share.")
    min_events: Count = Field(default=0, description="With fewer events in the long window the alert stays silent.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.share is None) == (self.factor is None):
            fail(Code.ALERT_FACTOR)
        if self.short > self.long:
            fail(Code.ALERT_WINDOWS, long=format_duration(self.long), short=format_duration(self.short))
        return self

    @property
    def rule(self) -> AlertRule:
        """The rule that the maths knows."""
        return AlertRule(self.severity, self.long, self.short, self.share, self.factor, self.min_events)


def _read_rolling(written: object) -> int:
    if isinstance(written, list):
        fail(Code.WRONG_TYPE, expected="window")
    if meant := meant_calendar(text_of(written)):
        fail(Code.BAD_DURATION, written=short(written), meant=meant)
    return read_seconds(written)


RollingLength = Annotated[
    int, PlainValidator(_read_rolling), WithJsonSchema({"type": "string", "examples": ["28d", "7d"]}), Tag("<rolling>")
]
WindowField = Annotated[
    RollingLength | Annotated[CalendarEntry, Tag("<calendar>")],
    Discriminator(lambda written: "<calendar>" if isinstance(written, dict) else "<rolling>"),
]
# Read by `catalog.forms`; `catalog.jsonschema` puts the schema of the forms in.
SliMapping = Annotated[Any, WithJsonSchema({"$comment": "Sli"})]


MethodName = Annotated[Method, PlainValidator(choice(Method)), choice_schema(Method)]
NoDataName = Annotated[NoData, PlainValidator(choice(NoData)), choice_schema(NoData)]


class SloEntry(MarkedEntry):
    """One objective of a journey."""

    LEVEL = "slo"

    id: Id = Field(description="Names the SLO within its journey: lower case, digits, hyphens.")
    title: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What people call it; one text, or one for each language."
    )
    description: Annotated[Title | None, DISPENSABLE] = Field(default=None, description="A sentence or two about it.")
    objective: Percent | None = Field(
        default=None, description="Percent of good events (or slices) that is promised: above 0, at most 100."
    )
    window: WindowField | None = Field(
        default=None, description="The time over which it is judged: a length such as 28d, or {calendar: month}."
    )
    bucket: Bucket = Field(default=300, description="The slice of time that is counted and remembered.")
    method: MethodName = Field(
        default=Method.OCCURRENCES, description="Whether events are counted, or good slices of time."
    )
    slice: SliceEntry | None = Field(
        default=None, description="With method timeslices: the slices and when one is good."
    )
    no_data: NoDataName = Field(
        default=NoData.IGNORE,
        description="With method timeslices: what a slice without data is, from the first data on.",
    )
    min_events: Count = Field(default=0, description="Below this many events in the window there are too few to judge.")
    judge_after: JudgeAfterField | None = Field(
        default=None,
        description="How much history it needs before it is judged: a share of the window (0.1, 10%) or a length (3d).",
    )
    silence: SilenceEntry | None = Field(
        default=None, description="What it means when the source answers and has no data any more."
    )
    alerts: list[AlertEntry] | None = Field(
        default=None, description="Burn alerts of this SLO instead of those of the settings."
    )
    split_by: SplitField | None = Field(
        default=None, description="The labels whose values are shown as parts of it, the worst first."
    )
    alerting: Annotated[AlertingEntry | None, DISPENSABLE] = Field(
        default=None, description="What its alerts are called in other tools, and their labels there."
    )
    sli: SliMapping = Field(description="What is counted: a source and exactly one form of query.")


def read_definition(
    document: Document, place: Place, entry: SloEntry, zone: str, settings: Settings
) -> Definition | None:
    """The definition of an SLO; None when something about it is wrong. Notes faults and likely slips."""
    before = len(document.faults)
    slices = _slices(document, place, entry)
    window = _window(entry, zone, settings.first_month)
    _note_lengths(document, place, entry)
    if len(document.faults) > before:
        return None
    definition = Definition(
        objective=Objective(entry.objective) if entry.objective is not None else STAND_IN_OBJECTIVE,
        window=window,
        slices=slices,
        min_events=entry.min_events,
        at_risk_below=settings.at_risk_below,
        rules=settings.rules if entry.alerts is None else tuple(alert.rule for alert in entry.alerts),
        burn_windows_seconds=settings.burn_windows_seconds,
        judge_after=settings.judge_after if entry.judge_after is None else entry.judge_after,
        silence=settings.silence if entry.silence is None else entry.silence.silence,
    )
    _note_slips(document, place, entry, definition)
    _note_cut_days(document, place, entry, definition)
    note_split(document, place, entry.sli if isinstance(entry.sli, dict) else {}, split_of(entry.split_by))
    return definition


def native_defaults(document: Document, place: Place, sli: object) -> frozenset[str] | None:
    """The keys that are left to the source; None when they must be written and are not."""
    missing = frozenset(key for key in ("objective", "window") if document.at((*place, key)) is None)
    if not missing or (isinstance(sli, dict) and sli.get("slo") is not None):
        return missing
    for key in sorted(missing):
        document.note_key((*place, key), Code.MISSING_KEY, key=key)
    return None


def _slices(document: Document, place: Place, entry: SloEntry) -> TimeSlices | None:
    if entry.method is Method.TIME_SLICES:
        if entry.slice is not None:
            return TimeSlices(entry.slice.length, entry.slice.target, entry.no_data)
        if document.at((*place, "slice")) is None:
            document.note((*place, "method"), Code.SLICE_MISSING)
    elif entry.slice is not None:
        document.note_key((*place, "slice"), Code.SLICE_UNUSED)
    return None


def _window(entry: SloEntry, zone: str, first_month: int) -> Window:
    if isinstance(entry.window, CalendarEntry):
        return entry.window.window(zone, first_month)
    return RollingWindow(entry.window) if entry.window is not None else STAND_IN_WINDOW


def _note_lengths(document: Document, place: Place, entry: SloEntry) -> None:
    slice_seconds = entry.slice.length if entry.slice is not None else None
    if slice_seconds is not None and slice_seconds % entry.bucket:
        lengths = {"slice": format_duration(slice_seconds), "bucket": format_duration(entry.bucket)}
        document.note((*place, "slice", "length"), Code.SLICE_NOT_WHOLE, **lengths)
    if isinstance(entry.window, CalendarEntry):
        note_day(document, (*place, "window"), entry.window)
    if not isinstance(entry.window, int):
        return
    for part, seconds in (("bucket", entry.bucket), ("slice", slice_seconds)):
        if seconds is not None and entry.window % seconds:
            written = format_duration(entry.window)
            document.note(
                (*place, "window"), Code.WINDOW_NOT_WHOLE, window=written, part=part, length=format_duration(seconds)
            )
            return


def _note_cut_days(document: Document, place: Place, entry: SloEntry, definition: Definition) -> None:
    """Notes buckets or slices in which a day of a calendar window begins: they count as a whole for the one before."""
    part, unit = ("slice", entry.slice.length) if entry.slice is not None else ("bucket", entry.bucket)
    window = definition.window
    if not isinstance(window, CalendarWindow):
        return
    day = CalendarWindow(CalendarUnit.DAY, window.zone, start_minutes=window.start_minutes)
    noons = (int(datetime(2026, month, 1, 12, tzinfo=UTC).timestamp()) for month in (1, 7))
    if whole := gcd(*(calendar_period(day, noon).start for noon in noons), unit) % unit:
        facts = {"zone": window.zone, "part": part, "length": format_duration(unit), "meant": format_duration(whole)}
        document.note((*place, "window"), Code.CALENDAR_CUTS, **facts)


def _note_slips(document: Document, place: Place, entry: SloEntry, definition: Definition) -> None:
    """What is possible but hardly intended."""
    _note_ratio(document, (*place, "objective"), entry.objective)
    if entry.slice is not None:
        _note_ratio(document, (*place, "slice", "target"), entry.slice.target)
    if entry.method is Method.OCCURRENCES and entry.no_data is not NoData.IGNORE:
        document.note_key((*place, "no_data"), Code.NO_DATA_UNUSED)
    if isinstance(entry.window, CalendarEntry):
        note_slips(document, (*place, "window"), entry.window)
    # Nothing follows from an objective that is a mistake.
    if entry.objective is not None and entry.objective > 1 and entry.window is not None:
        for index, rule in enumerate(definition.rules):
            own = entry.alerts is not None
            _note_alert(document, (*place, "alerts", index) if own else (*place, "objective"), rule, definition, entry)
        part, unit = ("slice", entry.slice.length) if entry.slice is not None else ("bucket", entry.bucket)
        written = part if part in entry.model_fields_set else "objective"
        note_cut_windows(document, (*place, written), definition, part, unit)


def _note_ratio(document: Document, place: Place, percent: Decimal | None) -> None:
    if percent is not None and percent <= 1:
        meant = f"{(percent * 100).normalize():f}"
        document.note(place, Code.OBJECTIVE_LOOKS_LIKE_RATIO, written=str(percent), meant=meant)


def _note_alert(document: Document, place: Place, rule: AlertRule, definition: Definition, entry: SloEntry) -> None:
    window, allowance = definition.window, definition.objective.allowance
    # An alert that cannot fire in the shortest month never fires.
    seconds = shortest_seconds(window)
    slices = definition.slices
    part, unit = ("slice", slices.length_seconds) if slices else ("bucket", entry.bucket)
    asked_for = definition.rules is not WORKBOOK_RULES
    facts: dict[str, str | int | float] = {
        "severity": rule.severity.value,
        "long": format_duration(rule.long_seconds),
        "short": format_duration(rule.short_seconds),
    }
    if allowance == 0:
        return
    if rule.short_seconds < unit:
        if asked_for:
            document.note(place, Code.ALERT_TOO_FINE, **facts, part=part, length=format_duration(unit))
    elif not reachable(rule, seconds, allowance, unit):
        facts["objective"] = str(definition.objective.percent)
        document.note(place, Code.ALERT_UNREACHABLE, **facts, factor=float(factor(rule, seconds)))
    elif asked_for and rule.long_seconds > longest_seconds(window):
        longest = format_duration(longest_seconds(window))
        document.note(place, Code.ALERT_BEYOND_WINDOW, **facts, window=longest)
