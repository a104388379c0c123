"""A part of a whole, such as a budget or all users, as users write it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code
from tomoni.catalog.secrets import short
from tomoni.catalog.values import fail, read_band, text_of

PART_PATTERN = r"^(100|\d{1,2}(\.\d+)?)\s*%$"


def _read_part(written: object) -> float:
    """A part of a whole, such as a budget or all users: ``25%`` or 0.25."""
    text = text_of(written, "number").strip()
    if not text.endswith("%"):
        return read_band(written)
    if not re.fullmatch(PART_PATTERN, text):
        fail(Code.BAD_PART, written=short(text))
    return float(text.rstrip("% ")) / 100


PartOfAll = Annotated[
    float,
    PlainValidator(_read_part),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": PART_PATTERN}, {"type": "number", "minimum": 0, "maximum": 1}]},
    ),
]
