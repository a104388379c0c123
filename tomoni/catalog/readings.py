"""Reading one written value: each function takes a `Plain` or `Quoted` text and gives its value.

What is wrong is raised as a PydanticCustomError whose type is a `Code` and whose context holds the
facts, so that pydantic collects it with everything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, NoReturn

from pydantic_core import PydanticCustomError

from data_sources.durations import parse_duration
from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.zones import is_zone, nearest_zone
from tomoni.languages import LANGUAGES

TEN_YEARS = 3650 * 86_400
MAX_TEXT = 4000
MAX_ID = 63
BUCKET_MINUTES = tuple(minutes for minutes in range(1, 61) if 60 % minutes == 0)
ID_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
RHYTHM_PATTERN = r"^\s*(\d{1,3}\s*)?(days?|weeks?|d|w)\s*$"


def fail(code: Code, **facts: str | int | float) -> NoReturn:
    """Says what is wrong with a written value."""
    raise PydanticCustomError(code.value, code.value, facts)


def short(written: object) -> str:
    """What was written, for a sentence: one line, not too long."""
    text = " ".join(str(written).split())
    return text if len(text) <= 80 else text[:79] + "…"


def text_of(written: object, expected: str = "text") -> str:
    """The text of a scalar."""
    if not isinstance(written, str):
        fail(Code.WRONG_TYPE, expected=expected)
    return str(written)


def read_text(written: object) -> str:
    """Any text that says something."""
    text = text_of(written).strip()
    if not text:
        fail(Code.EMPTY_TEXT)
    if len(text) > MAX_TEXT:
        fail(Code.TOO_LONG, at_most=MAX_TEXT)
    return text


def read_id(written: object) -> str:
    """A name for addresses: lower case, digits and hyphens."""
    text = text_of(written)
    if len(text) > MAX_ID:
        fail(Code.TOO_LONG, at_most=MAX_ID)
    if not re.fullmatch(ID_PATTERN, text):
        meant = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        fail(Code.BAD_ID, written=short(text), meant=meant)
    return text


def read_decimal(written: object) -> Decimal:
    """A number, exactly as it was written."""
    text = text_of(written, "number").strip()
    try:
        number = Decimal(text) if "_" not in text and len(text) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 300:
        fail(Code.NOT_A_NUMBER, written=short(text), meant=_meant_number(text))
    return number


def _meant_number(text: str) -> str:
    found = re.fullmatch(r"\s*(-?\d+)(?:[.,](\d+))?\s*%?\s*", text)
    return "" if not found else ".".join(part for part in found.groups() if part)


def read_percent(written: object) -> Decimal:
    """A percentage above 0 and at most 100."""
    percent = read_decimal(written)
    if not 0 < percent <= 100:
        fail(Code.OBJECTIVE_OUT_OF_RANGE, written=short(written))
    return percent


def read_share(written: object) -> Fraction:
    """A ratio above 0 and at most 1, exactly."""
    share = read_decimal(written)
    if not 0 < share <= 1:
        fail(Code.OUT_OF_RANGE, above=0, at_most=1)
    return Fraction(share)


def read_band(written: object) -> float:
    """A ratio of 0 to 1."""
    band = read_decimal(written)
    if not 0 <= band <= 1:
        fail(Code.OUT_OF_RANGE, at_least=0, at_most=1)
    return float(band)


def read_count(written: object) -> float:
    """A number that is not negative."""
    count = read_decimal(written)
    if count < 0:
        fail(Code.OUT_OF_RANGE, at_least=0)
    return float(count)


def read_factor(written: object) -> float:
    """A number above 0."""
    factor = read_decimal(written)
    if factor <= 0:
        fail(Code.OUT_OF_RANGE, above=0)
    return float(factor)


def whole_number(at_least: int, at_most: int) -> Callable[[object], int]:
    """The reading of a whole number within limits."""

    def read(written: object) -> int:
        number = read_decimal(written)
        if number != int(number):
            fail(Code.WRONG_TYPE, expected="whole_number")
        if not at_least <= number <= at_most:
            fail(Code.OUT_OF_RANGE, at_least=at_least, at_most=at_most)
        return int(number)

    return read


def read_seconds(written: object) -> int:
    """A length of time in whole seconds, above 0 and at most ten years."""
    text = text_of(written)
    try:
        seconds = parse_duration(text)
    except ValueError:
        fail(Code.BAD_DURATION, written=short(text))
    if not 0 < seconds <= TEN_YEARS or seconds != int(seconds):
        fail(Code.BAD_DURATION, written=short(text))
    return int(seconds)


def read_bucket(written: object) -> int:
    """A bucket in seconds: whole minutes that divide an hour."""
    seconds = read_seconds(written)
    if seconds % 60 or seconds // 60 not in BUCKET_MINUTES:
        fail(Code.BAD_BUCKET, written=short(written), known=listed(f"{minutes}m" for minutes in BUCKET_MINUTES))
    return seconds


def read_zone(written: object) -> str:
    """An IANA time zone."""
    name = text_of(written)
    if not is_zone(name):
        fail(Code.BAD_TIMEZONE, written=short(name), nearest=nearest_zone(name))
    return name


def read_language(written: object) -> str:
    """A language code."""
    code = text_of(written)
    if not re.fullmatch(LANGUAGE_PATTERN, code):
        fail(Code.BAD_LANGUAGE, written=short(code), nearest=nearest(code.lower(), LANGUAGES), known=listed(LANGUAGES))
    return code


def read_page_language(written: object) -> str:
    """A language in which there are pages."""
    code = text_of(written)
    if code not in LANGUAGES:
        fail(Code.BAD_LANGUAGE, written=short(code), nearest=nearest_language(code), known=listed(LANGUAGES))
    return code


def nearest_language(code: str) -> str:
    """The language that was probably meant: jp is the country of ja."""
    countries = {"jp": "ja", "jpn": "ja", "us": "en", "uk": "en", "gb": "en", "eng": "en"}
    meant = countries.get(code.lower(), code.lower()[:2])
    return meant if meant in LANGUAGES else ""


def read_url(written: object) -> str:
    """An address that a browser may open: http or https, with a host."""
    text = text_of(written).strip()
    if not re.fullmatch(r"https?://[^\s/?#<>\"\\]+[^\s<>\"\\]*", text, re.IGNORECASE):
        fail(Code.BAD_URL)
    return text


def read_moment(written: object) -> datetime:
    """A date, or a date and time (ISO 8601), local where no offset is written."""
    text = text_of(written)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        fail(Code.BAD_MOMENT, written=short(text))
    if not 1970 <= moment.year < 9000:  # moving the first or the last years to another zone overflows
        fail(Code.BAD_MOMENT, written=short(text))
    return moment


def read_rhythm(written: object) -> int:
    """Days from one review to the next: ``2 weeks``, ``10 days``, ``week``."""
    text = text_of(written)
    found = re.fullmatch(RHYTHM_PATTERN, text)
    days = int(found[1] or 1) * (7 if found[2].startswith("w") else 1) if found else 0
    if not 1 <= days <= 366:
        fail(Code.BAD_RHYTHM, written=short(text))
    return days


def choice(choices: type[StrEnum]) -> Callable[[object], Any]:
    """The reading of one of several words."""
    names = [choice.value for choice in choices]

    def read(written: object) -> StrEnum:
        text = text_of(written)
        if text not in names:
            fail(Code.BAD_CHOICE, written=short(text), nearest=nearest(text, names), known=listed(names))
        return choices(text)

    return read
