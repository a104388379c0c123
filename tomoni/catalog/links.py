"""Links that readers may open."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code
from tomoni.catalog.secrets import secret_in
from tomoni.catalog.values import fail, text_of


def _read_url(written: object) -> str:
    """An address that a browser may open: http or https, with a host and without a secret."""
    text = text_of(written).strip()
    if (part := secret_in(text)) is not None:
        fail(Code.SECRET_IN_LINK, part=part)
    if not re.fullmatch(r"https?://[^\s/?#<>\"\\]+[^\s<>\"\\]*", text, re.IGNORECASE):
        fail(Code.BAD_URL)
    return text


Url = Annotated[
    str, PlainValidator(_read_url), WithJsonSchema({"type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://"})
]
