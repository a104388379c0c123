"""What both teams agreed on, as it is written: exclusions and policies. One model a mapping."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.fields import Id, Length, Moment, Title
from tomoni.catalog.occurrences import EARLIEST_YEAR, FREQUENCIES, LATEST_YEAR, countries, rule_fault
from tomoni.catalog.readings import choice, fail, read_band, read_moment, short, text_of
from tomoni.catalog.written import Written

CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"
LEVEL_PATTERN = r"^(100|\d{1,2}(\.\d+)?)\s*%$"
# The keys of each form of an exclusion: all of one of them are written, and no others.
FORMS = (("start", "end"), ("repeats", "starting", "lasts"), ("outside_hours",), ("holidays",))


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def read_clock(written: object) -> int:
    """A time of the day in minutes: ``09:00``; ``24:00`` is the end of the day."""
    text = text_of(written)
    if not re.fullmatch(CLOCK_PATTERN, text):
        fail(Code.BAD_CLOCK, written=short(text))
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def read_rule(written: object) -> str:
    """An RRULE of whole days (RFC 5545)."""
    text = text_of(written).strip().upper().removeprefix("RRULE:")
    if part := rule_fault(text):
        fail(Code.BAD_RULE, written=short(part), known=listed(FREQUENCIES))
    return text


def read_country(written: object) -> str:
    """A country (ISO 3166, two letters) whose public holidays are known."""
    text = text_of(written).strip()
    known = countries()
    if text not in known:
        fail(Code.BAD_COUNTRY, written=short(text), nearest=text.upper() if text.upper() in known else "")
    return text


def read_level(written: object) -> float:
    """A share of the budget: ``25%`` or 0.25."""
    text = text_of(written, "number").strip()
    if not text.endswith("%"):
        return read_band(written)
    if not re.fullmatch(LEVEL_PATTERN, text):
        fail(Code.BAD_LEVEL, written=short(text))
    return float(text.rstrip("% ")) / 100


def read_agreed(written: object) -> Any:  # noqa: ANN401 - pydantic's validators are untyped
    """The day on which something was agreed."""
    return read_moment(written).date()


def read_slo_path(written: object) -> str:
    """An SLO within its app: ``journey/slo``."""
    text = text_of(written).strip()
    if text.count("/") != 1:
        fail(Code.BAD_SLO_PATH, written=short(text))
    return text


_TEXT = {"type": "string"}
Clock = Annotated[int, PlainValidator(read_clock), WithJsonSchema({**_TEXT, "pattern": CLOCK_PATTERN})]
Rule = Annotated[
    str, PlainValidator(read_rule), WithJsonSchema({**_TEXT, "examples": ["FREQ=MONTHLY;BYDAY=2SU", "FREQ=WEEKLY"]})
]
Country = Annotated[str, PlainValidator(read_country), WithJsonSchema({**_TEXT, "pattern": "^[A-Z]{2}$"})]
WeekdayName = Annotated[
    Weekday, PlainValidator(choice(Weekday)), WithJsonSchema({**_TEXT, "enum": [day.value for day in Weekday]})
]
LevelShare = Annotated[
    float,
    PlainValidator(read_level),
    WithJsonSchema(
        {"anyOf": [{**_TEXT, "pattern": LEVEL_PATTERN}, {"type": "number", "minimum": 0, "maximum": 1}]},
    ),
]
Agreed = Annotated[Any, PlainValidator(read_agreed), WithJsonSchema({**_TEXT, "examples": ["2026-04-01"]})]
SloPath = Annotated[str, PlainValidator(read_slo_path), WithJsonSchema({**_TEXT, "pattern": "^[^/]+/[^/]+$"})]


class HoursEntry(Written):
    """Business hours: all other time does not count."""

    days: list[WeekdayName] = Field(
        default=[Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI],
        description="The days that are open: mon, tue, wed, thu, fri, sat, sun.",
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


class ExclusionEntry(Written):
    """Time that does not count: start with end, repeats with starting and lasts, outside_hours, or holidays."""

    id: Id = Field(description="Names the exclusion within its app: lower case, digits, hyphens.")
    reason: Title = Field(description="Why this time does not count; one text, or one for each language.")
    journeys: list[Id] = Field(default=[], description="The journeys that it concerns; without journeys and slos all.")
    slos: list[SloPath] = Field(default=[], description="The SLOs that it concerns, as journey/slo.")
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


class ExclusionsEntry(Written):
    """`config/exclusions/<app>.yaml`."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"exclusions"})

    app: Id = Field(description="The app whose time this is: an id of apps/.")
    exclusions: list[ExclusionEntry] = Field(default=[], description="What does not count, each with its reason.")


class LevelEntry(Written):
    """What the teams do while less than a share of the budget is left."""

    SPARE: ClassVar[frozenset[str]] = frozenset({"title"})

    below: LevelShare = Field(
        description="Below this share of the budget it holds: 50%; 0% holds once the budget is exhausted."
    )
    title: Title | None = Field(default=None, description="What people call the level.")
    do: list[Title] = Field(default=[], description="What the teams agreed to do then, a sentence each.")


class PolicyEntry(Written):
    """What the teams agreed to do about an error budget."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"levels"})
    SPARE: ClassVar[frozenset[str]] = frozenset({"title", "agreed"})

    title: Title | None = Field(default=None, description="What people call it; one text, or one for each language.")
    agreed: Agreed = Field(default=None, description="The day on which the teams agreed: 2026-04-01.")
    levels: list[LevelEntry] = Field(default=[], description="The levels of the budget, in any order.")


class PoliciesEntry(Written):
    """`config/policies.yaml`."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"policies"})
    SPARE: ClassVar[frozenset[str]] = frozenset({"default"})

    default: Id | None = Field(default=None, description="The policy of the apps that name none.")
    policies: dict[str, PolicyEntry] = Field(default={}, description="The policies, each under an id of your own.")


def near(word: str, known: list[str]) -> dict[str, str]:
    """The facts of a name that is not known."""
    return {"nearest": nearest(word, known), "known": listed(known)}
