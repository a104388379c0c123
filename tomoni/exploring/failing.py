"""Which events of a counter failed, as the values of its labels say it: codes, gRPC's statuses, or words.

Labels of one name hold different things: ``status`` is ``503`` here and ``error`` there, ``state`` is ``FAILURE``. A
filter that is guessed from the name alone may match nothing, ever, and an SLI of it is always at 100%. So the values
decide, and the name only where nobody can say them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data_sources.exploring import Matcher, Operator
from tomoni.exploring.detectors.grpc import FAILED as GRPC_FAILED
from tomoni.exploring.detectors.otel_rpc import FAILED as RPC_FAILED
from tomoni.exploring.detectors.outcomes import BAD, GOOD, OUTCOMES
from tomoni.exploring.detectors.shapes import CODES, failed_codes
from tomoni.exploring.stock import underscored

MOST_LABELS = 4  # of which the values are looked at
_STATUSES = ("grpc_code", "grpc_status", "grpc_status_code", "rpc_grpc_status_code", "grpc_response_status")
_KNOWN = (*CODES, *_STATUSES, *OUTCOMES)
_CODE = re.compile(r".*_(?:code|status|code_class|result|outcome)", re.IGNORECASE)
_WORDS = "failure|failed|error"
_BY_NAME = {**dict.fromkeys(_STATUSES, GRPC_FAILED), "success": "false", "rcode": "SERVFAIL"}
_GRPC = frozenset(GRPC_FAILED.split("|"))
_RPC_FAILED = [each for each in RPC_FAILED.split("|") if not each.isdigit()]
_RPC = frozenset(_RPC_FAILED) | {"CANCELLED", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED"}
_RPC |= {"FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNAUTHENTICATED"}
_GOOD_CODE = re.compile(r"[123](?:\d\d|xx|\.\.|\.[*+]|\[0-9]\S*|\\d\S*)", re.IGNORECASE)
_BAD_CODE = re.compile(r"[45](?:\d\d|xx|\.\.|\.[*+]|\[0-9]\S*|\\d\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parted:
    """``kept`` narrows all events; of those what ``of_part`` selects is ``part``: good or bad."""

    kept: tuple[Matcher, ...]
    part: str
    of_part: tuple[Matcher, ...]


def telling(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that may say what failed, those first whose names are best known."""
    known = [label for name in _KNOWN for label in labels if underscored(label) == name]
    like = [label for label in labels if _CODE.fullmatch(underscored(label))]
    return tuple(dict.fromkeys((*known, *like)))[:MOST_LABELS]


def parted(
    matchers: Sequence[Matcher], labels: Sequence[str], values: Mapping[str, Sequence[str]], otherwise: Matcher
) -> Parted:
    """The events of a counter by what a reader filters: a filter of what became of them says which failed, any other
    whose they are. ``labels`` are those that there are (none: they are not known, and ``otherwise`` is proposed), and
    ``values`` those of the labels that were looked at."""
    telling_ones = [each for each in matchers if _tells(each)]
    kept = tuple(each for each in matchers if each not in telling_ones)
    if telling_ones:
        good = all(_selects_good(each) for each in telling_ones)
        return Parted(kept, "good" if good else "bad", tuple(telling_ones))
    failed = (otherwise,) if not labels else tuple(_found(labels, values, otherwise))[:1]
    return Parted(kept, "bad", failed)


def _tells(matcher: Matcher) -> bool:
    return bool(telling([matcher.label])) or any(_is_bad(each) or _is_good(each) for each in _values(matcher))


def _selects_good(matcher: Matcher) -> bool:
    values, negative = _values(matcher), matcher.operator.startswith("!")
    return all(map(_is_bad, values)) if negative else all(map(_is_good, values))


def _values(matcher: Matcher) -> Sequence[str]:
    return matcher.value.split("|") if matcher.operator.endswith("~") else (matcher.value,)


def _is_good(value: str) -> bool:
    return value.lower() in GOOD or bool(_GOOD_CODE.fullmatch(value))


def _is_bad(value: str) -> bool:
    return value.lower() in BAD or bool(_BAD_CODE.fullmatch(value)) or value in _GRPC


def _found(labels: Sequence[str], values: Mapping[str, Sequence[str]], otherwise: Matcher) -> Iterator[Matcher]:
    for label in telling(labels):
        if there := values.get(label):
            found = otherwise if label == otherwise.label and otherwise.value in there else _by_values(label, there)
        elif label == otherwise.label:
            found = otherwise
        else:
            found = _by_name(label)
        if found:
            yield found


def _by_name(label: str) -> Matcher | None:
    name = underscored(label)
    if name not in _KNOWN:
        return None
    return Matcher(label, Operator.MATCHES, "5.." if name in CODES else _BY_NAME.get(name, _WORDS))


def _by_values(label: str, values: Sequence[str]) -> Matcher | None:
    if pattern := failed_codes(values) or _statuses(label, values):
        return Matcher(label, Operator.MATCHES, pattern)
    good = [value for value in values if value.lower() in GOOD]
    bad = [value for value in values if value.lower() in BAD]
    if not good:
        return None
    if bad:
        return _one_of(label, bad, Operator.EQUAL, Operator.MATCHES)
    if len(good) == len(values):  # nothing failed yet: whatever else there will be
        return _one_of(label, good, Operator.NOT_EQUAL, Operator.NOT_MATCHES)
    return Matcher(label, Operator.MATCHES, _spelt_like(good[0], _WORDS))


def _one_of(label: str, values: Sequence[str], one: Operator, several: Operator) -> Matcher:
    return Matcher(label, one, values[0]) if len(values) == 1 else Matcher(label, several, "|".join(sorted(values)))


def _statuses(label: str, values: Sequence[str]) -> str:
    """The statuses of gRPC that mean a failure of the service, as they are written here."""
    others = [value for value in values if value.upper() != "OK"]
    named = bool(others) and underscored(label) in _STATUSES
    if _GRPC & set(values) or (named and not all(value.isdigit() or value.isupper() for value in others)):
        return GRPC_FAILED
    if others and len(others) < len(values) and all(value.upper() in _RPC for value in others):
        return RPC_FAILED if others[0].isupper() else "|".join(_RPC_FAILED).lower()
    return RPC_FAILED if named or any("_" in each for each in _RPC & set(values)) else ""


def _spelt_like(word: str, words: str) -> str:
    if word.isupper():
        return words.upper()
    return words.title() if word.istitle() else words
