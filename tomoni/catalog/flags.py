"""`true` and `false` as users write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code
from tomoni.catalog.document import meaning
from tomoni.catalog.values import fail


def _read_flag(written: object) -> bool:
    """``true`` or ``false``, without quotes."""
    found = meaning(written)
    if not isinstance(found, bool):
        fail(Code.WRONG_TYPE, expected="boolean")
    return found


Flag = Annotated[bool, PlainValidator(_read_flag), WithJsonSchema({"type": "boolean"})]
