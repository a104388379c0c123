"""The kinds of values that users write: for each the function that reads it, and below it the type
with its JSON Schema that the models of the files use.

A reading takes a `Plain` or `Quoted` text and gives the value. What is wrong is raised as a
PydanticCustomError whose type is a `Code` and whose context holds the facts, so that pydantic
collects it with everything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, NoReturn

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    GetPydanticSchema,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from data_sources.durations import DURATION_PATTERN, parse_duration
from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.meant import meant_length
from tomoni.catalog.secrets import secrets_of_text, short
from tomoni.catalog.seen_text import is_seen
from tomoni.languages import LANGUAGES

_TEN_YEARS = 3650 * 86_400
FIRST_YEAR, LAST_YEAR = 1970, 8999  # moving the first or the last years of all to another zone overflows
_MAX_TEXT = 4000
_STRING = {"type": "string"}
_NUMBER = {"type": "number"}


def fail(code: Code, **facts: str | int | float) -> NoReturn:
    """Reports what is wrong with a written value."""
    raise PydanticCustomError(code.value, code.value, facts)


def _meant(text: str) -> dict[str, str]:
    return {"meant": text} if text else {}


# Texts and names


def text_of(written: object, expected: str = "text") -> str:
    """The text of a scalar; one without anything to see in it counts as nothing."""
    if not isinstance(written, str):
        fail(Code.WRONG_TYPE, expected=expected)
    if not is_seen(written):
        fail(Code.EMPTY_TEXT)
    return str(written)


def read_text(written: object) -> str:
    """Any text that is not empty and has no secret in an address."""
    text = text_of(written).strip()
    if len(text) > _MAX_TEXT:
        fail(Code.TOO_LONG, at_most=_MAX_TEXT)
    for _, part in secrets_of_text(text):
        fail(Code.SECRET_IN_LINK, part=part)
    return text


_ONE_TEXT = {"type": ["string", "number"], "minLength": 1}
Name = Annotated[str, PlainValidator(read_text), WithJsonSchema(_ONE_TEXT)]

MAX_ID = 63
ID_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"


def read_id(written: object) -> str:
    """A name for addresses: lower case, digits and hyphens."""
    text = text_of(written)
    if len(text) > MAX_ID:
        fail(Code.TOO_LONG, at_most=MAX_ID)
    if not re.fullmatch(ID_PATTERN, text):
        meant = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKC", text).lower()).strip("-")
        fail(Code.BAD_ID, written=short(text), meant=meant)
    return text


Id = Annotated[
    str,
    PlainValidator(read_id),
    WithJsonSchema({"type": ["string", "integer"], "pattern": ID_PATTERN, "maxLength": MAX_ID}),
]

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


def _read_language(written: object) -> str:
    code = text_of(written)
    if not re.fullmatch(LANGUAGE_PATTERN, code):
        fail(Code.BAD_LANGUAGE, written=short(code), nearest=nearest(code.lower(), LANGUAGES), known=listed(LANGUAGES))
    return code


_LanguageKey = Annotated[str, PlainValidator(_read_language), WithJsonSchema(_STRING)]


def _read_page_language(written: object) -> str:
    code = text_of(written)
    if code not in LANGUAGES:
        fail(Code.BAD_LANGUAGE, written=short(code), nearest=nearest_language(code), known=listed(LANGUAGES))
    return code


PageLanguage = Annotated[str, PlainValidator(_read_page_language), WithJsonSchema({**_STRING, "enum": list(LANGUAGES)})]


def nearest_language(code: str) -> str:
    """The language that was probably meant: jp is the country of ja."""
    countries = {"jp": "ja", "jpn": "ja", "us": "en", "uk": "en", "gb": "en", "eng": "en"}
    meant = countries.get(code.lower(), code.lower()[:2])
    return meant if meant in LANGUAGES else ""


def _without_empty(written: object) -> object:
    """A language without a text counts as not written; what is no language is still refused."""
    if not isinstance(written, dict):
        return written
    return {key: text for key, text in written.items() if text is not None or key not in LANGUAGES}


_Texts = Annotated[
    dict[_LanguageKey, Name],
    Field(min_length=1),
    BeforeValidator(_without_empty),
    AfterValidator(LocalText),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": LANGUAGE_PATTERN},
            "additionalProperties": _ONE_TEXT,
            "minProperties": 1,
        }
    ),
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
# One text, or one for each language: both ways of writing it give a LocalText.
Title = Annotated[LocalText, GetPydanticSchema(lambda _, handler: handler.generate_schema(_Title))]


# Numbers


def read_decimal(written: object, ratio: bool = False) -> Decimal:
    """A number, exactly as it was written."""
    text = text_of(written, "number").strip()
    try:
        number = Decimal(text) if "_" not in text and len(text) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 300:
        fail(Code.NOT_A_NUMBER, written=short(text), meant=_meant_number(text, ratio))
    return number


def _meant_number(text: str, ratio: bool = False) -> str:
    """The number that was probably meant; of a ``ratio`` what a percentage is of 1."""
    text = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"-?\d{1,3}([,._ '’]\d{3})+", text):
        whole = re.sub(r"[^\d-]", "", text)
        # Where one comma is written, it may as well be a decimal one.
        return f"{whole} / {text.replace(',', '.')}" if re.fullmatch(r"-?\d+,\d+", text) else whole
    found = re.fullmatch(r"(-?\d+)(?:[.,](\d+))?\s*(%?)", text)
    if not found:
        return ""
    number = ".".join(part for part in found.groups()[:2] if part)
    return f"{(Decimal(number) / 100).normalize():f}" if ratio and found[3] and len(number) <= 40 else number


def _read_number(written: object) -> float:
    """Any number; where a percentage is written, either way to write it may be meant."""
    text = text_of(written, "number").strip()
    if text.endswith("%") and (percent := _meant_number(text)):
        fail(Code.NOT_A_NUMBER, written=short(text), meant=f"{_meant_number(text, ratio=True)} / {percent}")
    return float(read_decimal(written))


Number = Annotated[float, PlainValidator(_read_number), WithJsonSchema(_NUMBER)]


def _read_percent(written: object) -> Decimal:
    percent = read_decimal(written)
    if not 0 < percent <= 100:
        fail(Code.OBJECTIVE_OUT_OF_RANGE, written=short(written))
    return percent


# A percentage above 0 and at most 100, exactly.
Percent = Annotated[
    Decimal, PlainValidator(_read_percent), WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0, "maximum": 100})
]


def _meant_ratio(percent: Decimal) -> str:
    """The ratio that a percentage without its sign means; empty for what is none."""
    return f"{(percent / 100).normalize():f}" if 1 < percent <= 100 else ""


def _read_share(written: object) -> Fraction:
    share = read_decimal(written, ratio=True)
    if not 0 < share <= 1:
        fail(Code.OUT_OF_RANGE, above=0, at_most=1, **_meant(_meant_ratio(share)))
    return Fraction(share)


# A ratio above 0 and at most 1, exactly.
Share = Annotated[
    Fraction, PlainValidator(_read_share), WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0, "maximum": 1})
]


def read_band(written: object) -> float:
    """A ratio of 0 to 1."""
    band = read_decimal(written, ratio=True)
    if not 0 <= band <= 1:
        fail(Code.OUT_OF_RANGE, at_least=0, at_most=1, **_meant(_meant_ratio(band)))
    return float(band)


Band = Annotated[float, PlainValidator(read_band), WithJsonSchema({**_NUMBER, "minimum": 0, "maximum": 1})]


def _read_count(written: object) -> float:
    count = read_decimal(written)
    if count < 0:
        fail(Code.OUT_OF_RANGE, at_least=0)
    return float(count)


# A number that is not negative.
Count = Annotated[float, PlainValidator(_read_count), WithJsonSchema({**_NUMBER, "minimum": 0})]


def _read_factor(written: object) -> float:
    factor = read_decimal(written)
    if factor <= 0:
        fail(Code.OUT_OF_RANGE, above=0)
    return float(factor)


# A number above 0.
Factor = Annotated[float, PlainValidator(_read_factor), WithJsonSchema({**_NUMBER, "exclusiveMinimum": 0})]


def whole_number(at_least: int, at_most: int) -> Callable[[object], int]:
    """What reads a whole number between two limits."""

    def read(written: object) -> int:
        number = read_decimal(written)
        if number != int(number):
            fail(Code.WRONG_TYPE, expected="whole_number")
        if not at_least <= number <= at_most:
            fail(Code.OUT_OF_RANGE, at_least=at_least, at_most=at_most)
        return int(number)

    return read


def whole_schema(at_least: int, at_most: int) -> WithJsonSchema:
    """The JSON Schema of `whole_number`."""
    return WithJsonSchema({"type": "integer", "minimum": at_least, "maximum": at_most})


Month = Annotated[int, PlainValidator(whole_number(1, 12)), whole_schema(1, 12)]


# Time


def read_seconds(written: object) -> int:
    """A length of time in whole seconds, above 0 and at most ten years."""
    seconds = read_duration(written)
    if not 0 < seconds <= _TEN_YEARS or seconds != int(seconds):
        fail(Code.LENGTH_OUT_OF_RANGE, written=short(written), days=_TEN_YEARS // 86_400)
    return int(seconds)


def read_duration(written: object) -> float:
    """The seconds of any length of time; one with a minus sign is below 0, so that its range can be told."""
    text = text_of(written).strip()
    try:
        return -parse_duration(text[1:]) if text.startswith("-") else parse_duration(text)
    except ValueError:
        fail(Code.BAD_DURATION, written=short(text), **_meant(meant_length(text)))


Length = Annotated[int, PlainValidator(read_seconds), WithJsonSchema({**_STRING, "pattern": DURATION_PATTERN})]


BUCKET_MINUTES = tuple(minutes for minutes in range(1, 61) if 60 % minutes == 0)


def _read_bucket(written: object) -> int:
    """A bucket in seconds: whole minutes that divide an hour."""
    seconds = read_seconds(written)
    if seconds % 60 or seconds // 60 not in BUCKET_MINUTES:
        fail(Code.BAD_BUCKET, written=short(written), known=listed(f"{minutes}m" for minutes in BUCKET_MINUTES))
    return seconds


Bucket = Annotated[
    int,
    PlainValidator(_read_bucket),
    WithJsonSchema({**_STRING, "pattern": DURATION_PATTERN, "examples": [f"{minutes}m" for minutes in BUCKET_MINUTES]}),
]


def read_moment(written: object) -> datetime:
    """A date, or a date and time (ISO 8601), local where no offset is written."""
    text = text_of(written)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        fail(Code.BAD_MOMENT, written=short(text))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        fail(Code.OUT_OF_YEARS, first=FIRST_YEAR, last=LAST_YEAR)
    return moment


def read_day(written: object) -> date:
    """A date without a time of day."""
    try:
        return read_moment(written).date()
    except PydanticCustomError as error:
        if error.type != Code.BAD_MOMENT.value:
            raise
        fail(Code.BAD_DAY, written=short(written))


Moment = Annotated[datetime, PlainValidator(read_moment), WithJsonSchema({**_STRING, "examples": ["2026-11-24T10:00"]})]

_RHYTHM_PATTERN = r"^\s*(\d{1,3}\s*)?(days?|weeks?|d|w)\s*$"


def _read_rhythm(written: object) -> int:
    """Days from one review to the next: ``2 weeks``, ``10 days``, ``week``."""
    text = text_of(written)
    found = re.fullmatch(_RHYTHM_PATTERN, text)
    days = int(found[1] or 1) * (7 if found[2].startswith("w") else 1) if found else 0
    if not found:
        fail(Code.BAD_RHYTHM, written=short(text))
    if not 1 <= days <= 366:
        fail(Code.RHYTHM_OUT_OF_RANGE, written=short(text), most=366)
    return days


Rhythm = Annotated[int, PlainValidator(_read_rhythm), WithJsonSchema({**_STRING, "pattern": _RHYTHM_PATTERN})]


# One of several words


def choice(choices: type[StrEnum]) -> Callable[[object], Any]:
    """The reading of one of several words."""
    names = [choice.value for choice in choices]

    def read(written: object) -> StrEnum:
        text = text_of(written)
        if text not in names:
            fail(Code.BAD_CHOICE, written=short(text), nearest=nearest(text.lower(), names), known=listed(names))
        return choices(text)

    return read


def choice_schema(choices: type[StrEnum]) -> WithJsonSchema:
    """The JSON Schema of one of several words."""
    return WithJsonSchema({**_STRING, "enum": [choice.value for choice in choices]})
