"""Values to plain JSON data and back, by their type hints, without loss.

A dataclass becomes an object of its fields; what has a default may be missing when it is read, and
names that are not known are passed over, so that a record outlives the versions before and after it.
Where a hint allows several classes the object names its own under ``is``. Floats are written with
all their digits, NaN in a series is null, exact numbers (Decimal, Fraction) are texts.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel

from data_sources.kinds import signal_forms, sli_forms
from data_sources.queries import SignalForm, SliForm
from tomoni.slo.model import Line

Json = Any
_TAG = "is"
_ATOMS: Mapping[type, tuple[Callable[[Any], Json], Callable[[Any], Any]]] = {
    bool: (bool, bool),
    int: (int, int),
    str: (str, str),
    Decimal: (str, Decimal),
    Fraction: (str, Fraction),
    datetime: (datetime.isoformat, datetime.fromisoformat),
    date: (date.isoformat, date.fromisoformat),
}
# Hints that stand for the classes of all kinds of sources.
_OPEN: Mapping[Any, Callable[[], Mapping[str, type]]] = {SliForm: sli_forms, SignalForm: signal_forms}


class Unreadable(ValueError):
    """Data that is not what its hint says; the text names the place in it."""


def encode(value: Any, hint: Any) -> Json:  # noqa: ANN401 - of any type, as the hint says
    """A value as JSON data. Raises TypeError for a type that has no form."""
    kind, args = _taken_apart(hint)
    if value is None or hint is Any or hint is object or kind is Literal:
        return value
    if hint in _OPEN:
        return {_TAG: type(value).__name__, **encode(value, type(value))}
    if kind in (Union, types.UnionType):
        return _encode_choice(value, _classes(args))
    if kind in _ATOMS:
        return _ATOMS[kind][0](value)
    return _encode_many(value, kind, args) if args and kind is not np.ndarray else _encode_whole(value, kind)


def decode(data: Json, hint: Any, place: str = "") -> Any:  # noqa: ANN401 - of the type that the hint says
    """The value that `encode` made the data of. Raises Unreadable."""
    kind, args = _taken_apart(hint)
    if hint is Any or hint is object or kind is Literal:
        return data
    if hint in _OPEN:
        return _decode_choice(data, tuple(_OPEN[hint]().values()), place)
    if kind in (Union, types.UnionType):
        return _decode_choice(data, args, place)
    try:
        return _decode_plain(data, kind, args, place)
    except Unreadable:
        raise
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
        raise Unreadable(f"{place or 'the record'}: {type(error).__name__}") from None


def _decode_plain(data: Json, kind: Any, args: tuple[Any, ...], place: str) -> Any:  # noqa: ANN401
    if kind in _ATOMS:
        if not isinstance(data, (kind, str)):
            raise TypeError
        return _ATOMS[kind][1](data)
    if kind is float:
        return float(data)
    if kind is tuple:
        return tuple(decode(item, _item(args, n), f"{place}[{n}]") for n, item in enumerate(data))
    if kind is frozenset:
        return frozenset(decode(item, args[0], place) for item in data)
    if _is_mapping(kind):
        return {decode(key, args[0], place): decode(item, args[1], f"{place}.{key}") for key, item in data.items()}
    return _decode_whole(data, kind, args, place)


def _encode_many(value: Any, kind: Any, args: tuple[Any, ...]) -> Json:  # noqa: ANN401
    """Tuples, sets and mappings."""
    if kind is tuple:
        return [encode(item, _item(args, n)) for n, item in enumerate(value)]
    if kind is frozenset:
        return sorted(encode(item, args[0]) for item in value)
    if _is_mapping(kind):
        return {str(_plain(key)): encode(item, args[1]) for key, item in value.items()}
    raise TypeError(f"{kind} has no form as JSON")


def _encode_whole(value: Any, kind: Any) -> Json:  # noqa: ANN401
    """Numbers, enums, arrays, lines, models and dataclasses."""
    if kind is float:
        return _float(value)
    if issubclass(kind, Enum):
        return value.value
    if kind is np.ndarray:
        return _array(value)
    if kind is Line:
        return _line(value)
    if issubclass(kind, BaseModel):
        return value.model_dump(mode="json", exclude_none=True, by_alias=True)
    if _is_dataclass(kind):
        left = _left_out(kind, value)
        return {name: encode(getattr(value, name), inner) for name, inner, _ in _fields(kind) if name not in left}
    raise TypeError(f"{kind} has no form as JSON")


def _decode_whole(data: Json, kind: Any, args: tuple[Any, ...], place: str) -> Any:  # noqa: ANN401
    if issubclass(kind, Enum):
        return kind(data)
    if kind is np.ndarray:
        return _array_of(data, get_args(args[1])[0])
    if kind is Line:
        return _line_of(data)
    if issubclass(kind, BaseModel):
        return kind.model_validate(data)
    found = {}
    for name, inner, needed in _fields(kind):
        if name in data:
            found[name] = decode(data[name], inner, f"{place}.{name}")
        elif needed:
            raise Unreadable(f"{place}.{name} is missing")
    return kind(**found)


def _encode_choice(value: Any, hints: tuple[Any, ...]) -> Json:  # noqa: ANN401
    """The value by the hint that fits it, with its class named where there are several classes."""
    hint = next((hint for hint in hints if _fits(value, hint)), None)
    if hint is None:
        raise TypeError(f"{type(value)} is none of {hints}")
    data = encode(value, hint)
    return {_TAG: type(value).__name__, **data} if _tagged(hints) else data


def _decode_choice(data: Json, args: tuple[Any, ...], place: str) -> Any:  # noqa: ANN401
    if data is None and type(None) in args:
        return None
    hints = _classes(args)
    if len(hints) == 1:
        return decode(data, hints[0], place)
    if _tagged(hints) and isinstance(data, dict):
        named = {hint.__name__: hint for hint in hints}
        if data.get(_TAG) not in named:
            raise Unreadable(f"{place}: unknown {data.get(_TAG)!r}")
        rest = {name: item for name, item in data.items() if name != _TAG}
        return decode(rest, named[data[_TAG]], place)
    if not isinstance(data, (str, int, float, bool)):
        raise Unreadable(f"{place}: no plain value")
    return data


def _fits(value: Any, hint: Any) -> bool:  # noqa: ANN401
    kind, _ = _taken_apart(hint)
    if kind is float:
        return isinstance(value, float)
    return isinstance(kind, type) and isinstance(value, kind) and not (kind is int and isinstance(value, bool))


@cache
def _taken_apart(hint: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401
    """What a hint is of, and its arguments."""
    return get_origin(hint) or hint, get_args(hint)


@cache
def _classes(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a value may be besides None."""
    return tuple(arg for arg in args if arg is not type(None))


@cache
def _tagged(hints: tuple[Any, ...]) -> bool:
    """Whether several classes are possible, so that the data must name its own."""
    return len(hints) > 1 and all(
        isinstance(hint, type) and (_is_dataclass(hint) or issubclass(hint, BaseModel)) for hint in hints
    )


def _is_dataclass(kind: type) -> bool:
    return dataclasses.is_dataclass(kind)


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and issubclass(kind, Mapping)


def _item(args: tuple[Any, ...], n: int) -> Any:  # noqa: ANN401
    return args[0] if len(args) == 2 and args[1] is Ellipsis else args[n]


def _plain(key: Any) -> Any:  # noqa: ANN401
    return key.value if isinstance(key, Enum) else key


def _float(value: float) -> float | str:
    """The number itself; JSON has no word for what is not finite."""
    return float(value) if math.isfinite(value) else repr(float(value))


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a dataclass that a record keeps: name, hint, whether it has no default."""
    hints = get_type_hints(kind)
    missing = dataclasses.MISSING
    return tuple(
        (field.name, hints[field.name], field.default is missing and field.default_factory is missing)
        for field in dataclasses.fields(cast(Any, kind))
        if field.init and field.metadata.get("recorded", True)
    )


def _left_out(kind: type, value: object) -> frozenset[str]:
    """The fields that a record has only where somebody wrote them, and nobody has."""
    named = ((field.name, field.default) for field in _unless_empty(kind))
    return frozenset(name for name, default in named if getattr(value, name) == default)


@cache
def _unless_empty(kind: type) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(field for field in dataclasses.fields(cast(Any, kind)) if field.metadata.get("unless_empty"))


# Arrays


def _array(values: np.ndarray[Any, np.dtype[Any]]) -> Json:
    """Numbers with null for NaN; of booleans the length and where they are true."""
    if values.dtype == np.bool_:
        return {"length": len(values), "true": np.flatnonzero(values).tolist()}
    if values.dtype.kind != "f":
        return values.tolist()
    missing = np.isnan(values)
    if not missing.any():
        return values.tolist()
    shown = values.astype(object)
    shown[missing] = None
    return shown.tolist()


def _array_of(data: Json, kind: type) -> np.ndarray[Any, np.dtype[Any]]:
    if kind is np.bool_:
        made = np.zeros(int(data["length"]), dtype=np.bool_)
        made[np.array(data["true"], dtype=np.int64)] = True
        return made
    return np.array(data, dtype=kind)  # None becomes NaN


def _line(line: Line) -> Json:
    """Even steps are stored as the first moment and the length of a step."""
    times = line.times
    if len(times) > 1 and (np.diff(times) == times[1] - times[0]).all():
        return {"start": int(times[0]), "step": int(times[1] - times[0]), "values": _array(line.values)}
    return {"times": times.tolist(), "values": _array(line.values)}


def _line_of(data: Json) -> Line:
    values = _array_of(data["values"], np.float64)
    if "times" in data:
        times = np.array(data["times"], dtype=np.int64)
    else:
        times = int(data["start"]) + int(data["step"]) * np.arange(len(values), dtype=np.int64)
    if len(times) != len(values):
        raise ValueError("a line has a value for each moment")
    return Line(times, values)
