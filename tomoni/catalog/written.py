"""The files of `config/` as they are written: one model a mapping, one field a key.

`catalog.jsonschema` makes the editors' schemas of the same models. ``PARTS`` names the keys whose
elements are read one by one, so that a broken one does not take the others along; ``SPARE`` names
the keys without which an element is still worth having.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator

from data_sources.durations import format_duration
from tomoni.catalog.codes import Code
from tomoni.catalog.fields import (
    Band,
    Bucket,
    CalendarName,
    CompositeName,
    Count,
    DirectionName,
    Factor,
    Id,
    Length,
    MethodName,
    Moment,
    Name,
    NoDataName,
    Number,
    PageLanguage,
    Percent,
    Rhythm,
    SeverityName,
    Share,
    Title,
    UnitName,
    Url,
    Zone,
)
from tomoni.catalog.readings import fail, read_seconds, whole_number
from tomoni.catalog.schema import Direction, Unit
from tomoni.slo.model import AlertRule, Method, NoData

# What is written under these keys is read by `catalog.forms`; the schema is put in by `catalog.jsonschema`.
SliMapping = Annotated[Any, WithJsonSchema({"$comment": "Sli"})]
SignalQueryText = Annotated[Any, WithJsonSchema({"$comment": "SignalQuery"})]
_Month = Annotated[
    int, PlainValidator(whole_number(1, 12)), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 12})
]
_Days = Annotated[
    int, PlainValidator(whole_number(1, 3660)), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 3660})
]


class Written(BaseModel):
    """What all mappings share: exact keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    PARTS: ClassVar[frozenset[str]] = frozenset()
    SPARE: ClassVar[frozenset[str]] = frozenset()


class LinkEntry(Written):
    """One place that belongs to an app."""

    title: Title = Field(description="The text of the link.")
    url: Url = Field(description="An address that begins with https:// or http://.")


class TeamsEntry(Written):
    """The teams that read the metrics together."""

    app: Name | None = Field(default=None, description="The team that builds and runs the app.")
    infra: Name | None = Field(default=None, description="The team that runs the infrastructure under it.")


class ReviewEntry(Written):
    """The rhythm of the joint reviews."""

    every: Rhythm = Field(description="From one review to the next: 2 weeks, 10 days, 1 week.")
    starting: Moment | None = Field(
        default=None, description="The first review, local time of the app: 2026-11-24T10:00."
    )


class CalendarEntry(Written):
    """A window that begins with the day, week, month or quarter."""

    calendar: CalendarName = Field(description="The period: day, week (from Monday), month or quarter.")
    first_month: _Month | None = Field(
        default=None, description="Quarters only: the month (1 to 12) in which the fiscal year begins."
    )


class SliceEntry(Written):
    """When a slice of time counts as good."""

    length: Length = Field(description="How long a slice is: a multiple of the bucket that divides the window.")
    target: Percent = Field(description="Percent of good events from which a slice is good.")


class AlertEntry(Written):
    """A burn alert: fires while both windows burn faster than the factor."""

    severity: SeverityName = Field(description="page (somebody acts now) or ticket (within days).")
    long: Length = Field(description="The long window; it tells that the burn matters.")
    short: Length = Field(description="The short window; it tells that the burn still goes on.")
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


_Rolling = Annotated[
    int, PlainValidator(read_seconds), WithJsonSchema({"type": "string", "examples": ["28d", "7d"]}), Tag("<rolling>")
]
WindowField = Annotated[
    _Rolling | Annotated[CalendarEntry, Tag("<calendar>")],
    Discriminator(lambda written: "<calendar>" if isinstance(written, dict) else "<rolling>"),
]


class SloEntry(Written):
    """One objective of a journey."""

    SPARE: ClassVar[frozenset[str]] = frozenset({"title", "description"})

    id: Id = Field(description="Names the SLO within its journey: lower case, digits, hyphens.")
    title: Title | None = Field(default=None, description="What people call it; one text, or one for each language.")
    description: Title | None = Field(default=None, description="A sentence or two about it.")
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
        default=NoData.IGNORE, description="With method timeslices: what a slice without data is."
    )
    min_events: Count = Field(default=0, description="Below this many events in the window there are too few to judge.")
    alerts: list[AlertEntry] | None = Field(
        default=None, description="Burn alerts of this SLO instead of those of the settings."
    )
    sli: SliMapping = Field(description="What is counted: a source and exactly one form of query.")


class JourneyEntry(Written):
    """What a user wants to get done."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"slos"})
    SPARE: ClassVar[frozenset[str]] = frozenset({"title", "description", "composite"})

    id: Id = Field(description="Names the journey within its app: lower case, digits, hyphens.")
    title: Title | None = Field(
        default=None, description="What the user gets done; one text, or one for each language."
    )
    description: Title | None = Field(default=None, description="A sentence or two about it.")
    composite: CompositeName | None = Field(
        default=None,
        description="One budget for the journey: events_summed (all events alike) or worst_of (that of the worst SLO).",
    )
    slos: list[SloEntry] = Field(default=[], description="The objectives of the journey.")


class SignalEntry(Written):
    """A metric of the infrastructure that carries journeys."""

    SPARE: ClassVar[frozenset[str]] = frozenset({"title"})

    id: Id = Field(description="Names the signal within its app: lower case, digits, hyphens.")
    title: Title | None = Field(default=None, description="What people call it; one text, or one for each language.")
    group: Name = Field(default="infra", description="A free word: signals of one group are drawn together.")
    journeys: list[Id] = Field(default=[], description="The journeys that it carries; all of them where none is named.")
    source: Name = Field(description="The source that is asked: an id of sources.yaml.")
    query: SignalQueryText = Field(description="What the source is asked; its form depends on the source's kind.")
    unit: UnitName = Field(default=Unit.COUNT, description="What the values are measured in.")
    limit: Number | None = Field(default=None, description="Where trouble begins; drawn as a line.")
    direction: DirectionName = Field(
        default=Direction.HIGH_IS_BAD, description="On which side of the limit trouble is."
    )
    bucket: Bucket = Field(default=300, description="The slice of time whose mean is remembered.")


class AppEntry(Written):
    """`config/apps/<app>.yaml`."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"links", "journeys", "infra"})
    SPARE: ClassVar[frozenset[str]] = frozenset(
        {"title", "description", "teams", "timezone", "review", "policy", "alerts"}
    )

    app: Id = Field(description="Names the app everywhere: lower case, digits, hyphens.")
    title: Title | None = Field(default=None, description="What people call it; one text, or one for each language.")
    description: Title | None = Field(default=None, description="A sentence or two about it.")
    teams: TeamsEntry | None = Field(default=None, description="The two teams that review it together.")
    timezone: Zone | None = Field(default=None, description="The IANA time zone of its calendar windows and reviews.")
    links: list[LinkEntry] = Field(default=[], description="Places that belong to it, such as its runbook.")
    review: ReviewEntry | None = Field(default=None, description="How often both teams review it.")
    policy: Id | None = Field(
        default=None, description="What the teams do about its budgets: an id of policies.yaml; else its default."
    )
    alerts: list[AlertEntry] | None = Field(
        default=None, description="The burn alerts of its SLOs that have none of their own."
    )
    journeys: list[JourneyEntry] = Field(default=[], description="What its users want to get done.")
    infra: list[SignalEntry] = Field(default=[], description="The metrics of the infrastructure that carry it.")


class SettingsEntry(Written):
    """`config/settings.yaml`."""

    SPARE: ClassVar[frozenset[str]] = frozenset(
        {"timezone", "languages", "at_risk_below", "burn_windows", "alerts", "history_days", "first_month"}
    )

    timezone: Zone = Field(
        default="UTC", description="The IANA time zone of the apps that name none, and of the pages."
    )
    languages: list[PageLanguage] = Field(
        default=["en", "ja"], min_length=1, description="Offered languages; the first is the default."
    )
    at_risk_below: Band = Field(
        default=0.25, description="Below this share of the budget the state is at risk: 0.25 is a quarter."
    )
    burn_windows: list[Length] | None = Field(
        default=None, min_length=1, description="The windows whose burn rates are shown."
    )
    alerts: list[AlertEntry] | None = Field(
        default=None, description="The burn alerts of every SLO that has none of its own."
    )
    first_month: _Month = Field(
        default=1, description="The month (1 to 12) in which the fiscal year begins, for windows of a quarter."
    )
    history_days: _Days = Field(default=35, description="How many days back a series is fetched when it is first met.")


class SourcesEntry(Written):
    """`config/sources.yaml`."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"sources"})

    sources: dict[str, Any] = Field(
        default={}, description="Where metrics come from: an id of your own for each source."
    )
