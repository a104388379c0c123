"""What all models share that read what users write: exact keys, and faults that name the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

# The errors of pydantic for a text of the right type whose content is wrong.
_CONTENT = frozenset({"string_pattern_mismatch", "value_error"})


@dataclass(frozen=True, slots=True)
class KeyFault:
    """One thing that is wrong: the path of the key from the model, a code of `tomoni.catalog.codes`
    and its facts. ``at_key`` points to the key, or to where it is missing, instead of its value."""

    path: tuple[str, ...]
    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    at_key: bool = False


class Written(BaseModel):
    """One mapping that users write: frozen, exact keys. Each field has a description for editors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: object) -> object:
        """A known key without a value counts as not written; an unknown one is still refused."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}

    def faults(self) -> Iterator[KeyFault]:
        """What is wrong although each key is right by itself."""
        yield from ()


def named(code: str, whatever: bool = False) -> Any:  # noqa: ANN401 - pydantic's annotations are untyped
    """Reports a wrong content under a code of `tomoni.catalog.codes`, with the fact ``written``.

    With ``whatever`` every error is that code, without a fact.
    """

    def check(value: object, handler: ValidatorFunctionWrapHandler) -> object:
        try:
            return handler(value)
        except ValidationError as error:
            if whatever:
                raise PydanticCustomError(code, code) from None
            if not {details["type"] for details in error.errors()} <= _CONTENT:
                raise
            raise PydanticCustomError(code, code, {"written": _short(value)}) from None

    return WrapValidator(check)


def _short(written: object) -> str:
    text = " ".join(str(written).split())
    return text if len(text) <= 80 else text[:79] + "…"
