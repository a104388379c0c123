"""The kinds of values that users write, each with its reading and its JSON Schema."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, GetPydanticSchema, PlainValidator, Tag, WithJsonSchema

from data_sources.durations import DURATION_PATTERN
from tomoni.catalog.readings import (
    BUCKET_MINUTES,
    ID_PATTERN,
    LANGUAGE_PATTERN,
    MAX_ID,
    RHYTHM_PATTERN,
    choice,
    read_band,
    read_bucket,
    read_count,
    read_decimal,
    read_factor,
    read_id,
    read_language,
    read_moment,
    read_page_language,
    read_percent,
    read_rhythm,
    read_seconds,
    read_share,
    read_text,
    read_url,
    read_zone,
)
from tomoni.catalog.schema import Direction, LocalText, Unit
from tomoni.languages import LANGUAGES
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import CalendarUnit, Method, NoData, Severity

_NUMBER = {"type": "number"}


def _enum(choices: type[StrEnum]) -> dict[str, Any]:
    return {"type": "string", "enum": [choice.value for choice in choices]}


Name = Annotated[str, PlainValidator(read_text), WithJsonSchema({"type": ["string", "number"], "minLength": 1})]
Id = Annotated[
    str,
    PlainValidator(read_id),
    WithJsonSchema({"type": ["string", "integer"], "pattern": ID_PATTERN, "maxLength": MAX_ID}),
]
LanguageKey = Annotated[str, PlainValidator(read_language), WithJsonSchema({"type": "string"})]
_ONE_TEXT = {"type": ["string", "number"], "minLength": 1}
_TEXTS = {
    "type": "object",
    "propertyNames": {"pattern": LANGUAGE_PATTERN},
    "additionalProperties": _ONE_TEXT,
    "minProperties": 1,
}
_Texts = Annotated[
    dict[LanguageKey, Name],
    Field(min_length=1),
    AfterValidator(LocalText),
    WithJsonSchema(_TEXTS),
    Tag("<texts>"),
]
_OneText = Annotated[
    LocalText,
    PlainValidator(lambda written: LocalText({"": read_text(written)})),
    WithJsonSchema(_ONE_TEXT),
    Tag("<text>"),
]
_Title = Annotated[
    _Texts | _OneText, Discriminator(lambda written: "<texts>" if isinstance(written, dict) else "<text>")
]
# Both ways of writing it give a LocalText.
Title = Annotated[LocalText, GetPydanticSchema(lambda _, handler: handler.generate_schema(_Title))]
Percent = Annotated[
    Decimal,
    PlainValidator(read_percent),
    WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0, "maximum": 100}),
]
Share = Annotated[
    Fraction, PlainValidator(read_share), WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0, "maximum": 1})
]
Band = Annotated[float, PlainValidator(read_band), WithJsonSchema({**_NUMBER, "minimum": 0, "maximum": 1})]
Count = Annotated[float, PlainValidator(read_count), WithJsonSchema({**_NUMBER, "minimum": 0})]
Factor = Annotated[float, PlainValidator(read_factor), WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0})]
Number = Annotated[float, PlainValidator(lambda written: float(read_decimal(written))), WithJsonSchema(_NUMBER)]
Length = Annotated[int, PlainValidator(read_seconds), WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN})]
Bucket = Annotated[
    int,
    PlainValidator(read_bucket),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": DURATION_PATTERN,
            "examples": [f"{minutes}m" for minutes in BUCKET_MINUTES],
        }
    ),
]
Zone = Annotated[str, PlainValidator(read_zone), WithJsonSchema({"type": "string", "examples": ["Asia/Tokyo", "UTC"]})]
PageLanguage = Annotated[
    str, PlainValidator(read_page_language), WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})
]
Url = Annotated[
    str, PlainValidator(read_url), WithJsonSchema({"type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://"})
]
Moment = Annotated[
    datetime,
    PlainValidator(read_moment),
    WithJsonSchema({"type": "string", "examples": ["2026-11-24T10:00"]}),
]
Rhythm = Annotated[int, PlainValidator(read_rhythm), WithJsonSchema({"type": "string", "pattern": RHYTHM_PATTERN})]
UnitName = Annotated[Unit, PlainValidator(choice(Unit)), WithJsonSchema(_enum(Unit))]
DirectionName = Annotated[Direction, PlainValidator(choice(Direction)), WithJsonSchema(_enum(Direction))]
MethodName = Annotated[Method, PlainValidator(choice(Method)), WithJsonSchema(_enum(Method))]
NoDataName = Annotated[NoData, PlainValidator(choice(NoData)), WithJsonSchema(_enum(NoData))]
CompositeName = Annotated[
    CompositeMethod, PlainValidator(choice(CompositeMethod)), WithJsonSchema(_enum(CompositeMethod))
]
SeverityName = Annotated[Severity, PlainValidator(choice(Severity)), WithJsonSchema(_enum(Severity))]
CalendarName = Annotated[CalendarUnit, PlainValidator(choice(CalendarUnit)), WithJsonSchema(_enum(CalendarUnit))]
