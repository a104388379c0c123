"""A time of the day as users write it."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code
from tomoni.catalog.secrets import short
from tomoni.catalog.values import fail, text_of

_CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"


def read_clock(written: object) -> time:
    """A time of the day: 22:00."""
    if isinstance(written, int):  # YAML reads 22:00 without quotes as minutes
        written = f"{written // 60}:{written % 60:02d}"
    text = text_of(written, "text").strip()
    if not re.fullmatch(_CLOCK, text):
        fail(Code.BAD_CLOCK, written=short(text), latest="23:59")
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


Clock = Annotated[time, PlainValidator(read_clock), WithJsonSchema({"type": "string", "pattern": _CLOCK})]
