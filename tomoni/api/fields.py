"""The fields of a body by a pydantic model; what is wrong names its field."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tomoni.api.problems import ApiProblem

M = TypeVar("M", bound=BaseModel)
_CODES = {"missing": "field_missing", "extra_forbidden": "field_unknown"}

# What each of pydantic's errors asks for, by a code that is a word in `words.phrases.VOCABULARY`.
_WANTED = {
    "string_type": "text",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "float_type": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "dict_type": "mapping",
    "list_type": "list",
    "string_too_long": "shorter_text",
    "string_too_short": "longer_text",
    "date_type": "day",
    "date_parsing": "day",
    "date_from_datetime_parsing": "day",
    "date_from_datetime_inexact": "day",
}


def fields_of(model: type[M], body: Any) -> M:  # noqa: ANN401 - JSON data
    """The fields of a body. Raises ApiProblem: 422 with the first field that is wrong."""
    if not isinstance(body, dict):
        raise ApiProblem(422, "body_unknown")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        allowed = str(first.get("ctx", {}).get("expected", "")) if first["type"] == "enum" else ""
        facts = {"field": field, "reason": allowed or _WANTED.get(first["type"], first["type"])}
        raise ApiProblem(422, _CODES.get(first["type"], "field_wrong"), facts) from None
