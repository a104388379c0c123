"""Reading one mapping of a document by its model, with every fault at its line.

Each kind of mapping is one model, an `Entry`, with one field a key; `catalog.jsonschema` makes the
editors' schemas of the same models. What has faults is left out: the key alone where the element is
usable without it (`DISPENSABLE`), otherwise the element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, ClassVar, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from data_sources.written import Written
from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.document import Document, Facts, Fault, Place, Plain, meaning
from tomoni.catalog.levels import level_of


class Handling(Enum):
    """How a key is handled when something about it is wrong."""

    ONE_BY_ONE = "one by one"
    DISPENSABLE = "dispensable"


# The elements under the key are read by themselves, so that a broken one does not affect the others.
ONE_BY_ONE = Handling.ONE_BY_ONE
# Without the key the rest is still usable.
DISPENSABLE = Handling.DISPENSABLE


class Entry(Written):
    """One mapping of a configuration file; ``LEVEL`` is its name in `catalog.levels`, where it has one."""

    LEVEL: ClassVar[str] = ""
    model_config = ConfigDict(arbitrary_types_allowed=True)


E = TypeVar("E", bound=Entry)
M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "mapping_type": "mapping",
    "list_type": "list",
    "tuple_type": "list",
    "string_type": "text",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "path_type": "text",
}
_OWN = frozenset(code.value for code in Code)
_CODES = {
    "string_too_short": Code.EMPTY_TEXT,
    "too_short": Code.EMPTY_TEXT,
    "url_parsing": Code.BAD_URL,
    "url_scheme": Code.BAD_URL,
    "url_type": Code.BAD_URL,
    "url_syntax_violation": Code.BAD_URL,
    "url_too_long": Code.BAD_URL,
}
_LIMITS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at_most", "le"),
}


@cache
def keys_of(model: type[Entry], handling: Handling) -> frozenset[str]:
    """The keys of a model that are handled in a way."""
    return frozenset(name for name, field in model.model_fields.items() if handling in field.metadata)


def read_entry(document: Document, place: Place, model: type[E]) -> E | None:
    """The mapping at a place; None when what is left of it is not usable. Notes all faults."""
    entry, usable = read_what_is_left(document, place, model)
    return entry if usable else None


def read_what_is_left(document: Document, place: Place, model: type[E]) -> tuple[E | None, bool]:
    """The mapping at a place without what has faults, and whether it is usable.

    What is not usable can still be checked for further faults. Notes all faults.
    """
    written = document.at(place)
    if not isinstance(written, dict):
        document.note(place, Code.WRONG_TYPE, expected="mapping")
        return None, False
    apart, dispensable = keys_of(model, ONE_BY_ONE), keys_of(model, DISPENSABLE)
    own = {key: value for key, value in written.items() if key not in apart and not _is_free(key, place)}
    entry, faults = validated(model, own, place)
    broken = {fault.place[len(place)] for fault in faults if len(fault.place) > len(place)}
    broken |= set(_broken_before(document, place, model))
    document.faults.extend(faults)
    if not broken:
        return entry, entry is not None
    unknown = own.keys() - model.model_fields.keys()
    usable = broken <= (dispensable | unknown if apart or not place else dispensable)
    left = {key: value for key, value in own.items() if key not in broken}
    return validated(model, left, place)[0], usable


def _is_free(key: str | int, place: Place) -> bool:
    """Whether a key of a file is for its anchors, and not read."""
    return not place and str(key).startswith("x-")


def _broken_before(document: Document, place: Place, model: type[Entry]) -> Iterator[str | int]:
    """The keys that reading the file has already found faults in: repeated keys, tags, loops."""
    depth = len(place)
    for fault in document.faults:
        if fault.place[:depth] == place and len(fault.place) > depth:
            key = fault.place[depth]
            if key not in keys_of(model, ONE_BY_ONE) and not _is_free(key, place):
                yield key


def elements(document: Document, place: Place) -> Iterator[Place]:
    """The places of the elements of a list; a fault when it is no list."""
    written = document.at(place)
    if isinstance(written, list):
        yield from ((*place, index) for index in range(len(written)))
    elif written is not None:
        document.note(place, Code.WRONG_TYPE, expected="list")


def validated(model: type[M], data: Mapping[str, Any], place: Place) -> tuple[M | None, list[Fault]]:
    """A model from data, or None and the faults, one for each written place."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        faults: dict[Place, Fault] = {}
        for details in error.errors(include_url=False):
            fault = _fault(details, model, data, place)
            faults.setdefault((*fault.place, fault.code) if fault.at_key else fault.place, fault)
        return None, list(faults.values())


def validated_meaning(model: type[M], written: Mapping[str, Any], place: Place) -> tuple[M | None, list[Fault]]:
    """A model from what written data mean: a number where a text is wanted is the text as written."""
    data = {key: meaning(value) for key, value in written.items()}
    entry, faults = validated(model, data, place)
    texts = [fault.place[len(place) :] for fault in faults if fault.facts.get("expected") == "text"]
    changed = [step for step in texts if _keep_text(data, written, step)]
    return validated(model, data, place) if changed else (entry, faults)


def _keep_text(data: dict[Any, Any], written: Mapping[Any, Any], place: Place) -> bool:
    """Restores the written text where its meaning was not a text; returns whether there was one."""
    for step in place[:-1]:
        data, written = data[step], written[step]
    if not place or not isinstance(written[place[-1]], Plain):
        return False
    data[place[-1]] = str(written[place[-1]])
    return True


def written_place(loc: Place, data: object, empty: bool = True) -> tuple[Place, str]:
    """The part of an error's location that is written, and the key that is not, where one is missing.

    A key without a value is part of it only with ``empty``.
    """
    place: list[str | int] = []
    missing = ""
    for step in loc:
        if _holds(data, step, empty):
            data = cast(Any, data)[step]
            place.append(step)
        else:
            missing = str(step)
    return tuple(place), missing


def _holds(data: object, step: str | int, empty: bool) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data and (empty or data[step] is not None)


def _fault(details: ErrorDetails, model: type[BaseModel], data: Mapping[str, Any], base: Place) -> Fault:
    kind, context = details["type"], details.get("ctx", {})
    place, missing = written_place(details["loc"], data, empty=kind != "missing")
    place = (*base, *place)
    if kind == "missing":
        return Fault((*place, missing), Code.MISSING_KEY, {"key": missing}, at_key=True)
    if kind == "extra_forbidden":
        facts = _unknown_facts(details["loc"], model)
        # The key after a comma within {…} has no value of its own.
        comma = {"comma": 1} if details["input"] is None and re.fullmatch(r"\d+\s?%?", str(facts["key"])) else {}
        return Fault(place, Code.UNKNOWN_KEY, {**facts, **comma}, at_key=True)
    if kind == "union_tag_not_found" or (kind == "union_tag_invalid" and context["tag"] == "None"):
        return fault_of_no_kind(details["input"], place, _choices_at(details["loc"], model))
    tag = str(context.get("discriminator", "")).strip("'")
    if kind == "union_tag_invalid" and _holds(details["input"], tag, empty=True):
        place = (*place, tag)
    code, facts = _translated(kind, context, details["input"])
    return Fault(place, code, facts, at_key=missing == "[key]")


def _translated(kind: str, context: Mapping[str, Any], written: object) -> tuple[Code, Facts]:
    if kind in _OWN:
        return Code(kind), context
    if kind in _EXPECTED:
        return Code.WRONG_TYPE, {"expected": _EXPECTED[kind]}
    if kind in _LIMITS:
        fact, limit = _LIMITS[kind]
        number = context[limit]
        return Code.OUT_OF_RANGE, {fact: int(number) if number == int(number) else number}
    if kind == "union_tag_invalid":
        return _not_a_choice(context["tag"], context["expected_tags"].replace("'", ""))
    if kind == "literal_error":
        return _not_a_choice(written, context["expected"].replace("'", "").replace(" or ", ", "))
    port: Facts = {"reason": "port"} if context.get("error") == "invalid port number" else {}
    return (_CODES[kind], port) if kind in _CODES else (Code.BAD_VALUE, {"detail": kind})


def _not_a_choice(written: object, known: str) -> tuple[Code, Facts]:
    """What was probably meant; what is written itself may be a secret at the wrong place, and is never repeated."""
    choices = known.split(", ")
    near = nearest(str(written), choices) or nearest(str(written).lower(), [choice.lower() for choice in choices])
    meant = next((choice for choice in choices if choice.lower() == near.lower()), "")
    return Code.BAD_CHOICE, {"written": "", "nearest": meant, "known": known}


def fault_of_no_kind(written: object, place: Place, choices: Sequence[type[BaseModel]]) -> Fault:
    """That a mapping of one of some kinds has no kind, or the key that is nearly it."""
    known = sorted(set[str]().union(*(choice.model_fields for choice in choices))) or ["kind"]
    for key in written if isinstance(written, dict) and "kind" not in written else ():
        if key not in known and nearest(str(key), known) == "kind":
            return Fault((*place, key), Code.UNKNOWN_KEY, facts_of_unknown_key(str(key), known, ""), at_key=True)
    return Fault((*place, "kind"), Code.MISSING_KEY, {"key": "kind"}, at_key=True)


def _choices_at(loc: Place, model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models of which one belongs to a location."""
    field = _model_at(loc[:-1], model).model_fields.get(str(loc[-1])) if loc else None
    return list(_models_in(field.annotation)) if field is not None else []


def _unknown_facts(loc: Place, model: type[BaseModel]) -> Facts:
    at = _model_at(loc[:-1], model)
    return facts_of_unknown_key(str(loc[-1]), sorted(at.model_fields), getattr(at, "LEVEL", ""))


def facts_of_unknown_key(key: str, known: list[str], here: str) -> Facts:
    """The facts of a key that is not among the known ones: where it belongs, or what it is nearly."""
    if level := level_of(key, here):
        return {"key": key, "nearest": "", "known": listed(known), "level": level}
    return {"key": key or '""', "nearest": nearest(key, known), "known": listed(known)}


def _model_at(loc: Place, model: type[BaseModel]) -> type[BaseModel]:
    """The model of the mapping that a location leads to; of several the one whose kind is named."""
    choices: list[type[BaseModel]] = []
    for step in loc:
        field = model.model_fields.get(str(step))
        if field is not None and (found := list(_models_in(field.annotation))):
            choices, model = found, found[0]
        else:
            model = next((choice for choice in choices if step in _kinds_of(choice)), model)
    return model


def _kinds_of(model: type[BaseModel]) -> tuple[object, ...]:
    return get_args(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
