"""Monitoring filters as text: taken apart into conditions, so that filters can share one call.

Google's grammar (Cloud Monitoring, "Monitoring filters"): comparisons joined by AND or only by
space, OR binds tighter than AND, NOT and ``-`` negate, functions such as ``one_of()`` stand right
of ``=``. Whatever is not a plain comparison is kept as it is written and only compared as text.
A filter is never patched as text: a shared call is made of whole parts as they were written.
"""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op>!=|>=|<=|[=:<>(),-])|(?P<word>[^\s"'=!<>:(),]+))"""
)
_COMPARISONS = frozenset({"=", "!=", ">", ">=", "<", "<=", ":"})
_FIELD = re.compile(r"(metric|resource)\.labels?\.([A-Za-z_][A-Za-z0-9_]*)$")
_REGEX = "monitoring.regex.full_match"
_HALF_FIELD = re.compile(r"(?:metric|resource|metadata)\.[A-Za-z_.]*\.$")
_SLO = re.compile(r"select_slo_\w+$")
# Patterns without groups. Each repetition may multiply the time that Python takes, so they are few.
_MOST_REPETITIONS = 3
_PLAIN_PATTERN = re.compile(r"(?:[A-Za-z0-9_ /:.|-]|\\d|\[[A-Za-z0-9_-]+\]|[*+?](?![*+?]))+")


class FilterError(ValueError):
    """A text is no filter: a quote or a bracket is not closed, or a comparison is cut off."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a conjunction. ``field`` is empty where the part is no plain comparison.

    ``values`` are the right side's texts without quotes; ``function`` is empty for a plain value.
    ``text`` is the same for all spellings of a comparison, ``written`` is the user's own.
    """

    text: str
    field: str = ""
    operator: str = ""
    function: str = ""
    values: tuple[str, ...] = ()
    written: str = dataclasses.field(default="", compare=False)

    @property
    def label(self) -> str:
        """The label that is compared, such as ``metric.labels.code``, else nothing."""
        return self.field if _FIELD.match(self.field) else ""

    @property
    def decidable(self) -> bool:
        """Whether `admits` can judge it here, exactly as Google does."""
        if not self.label or not self.values:
            return False
        if self.operator in _ORDERINGS:
            return not self.function and _is_whole(self.values[0])
        if self.function == _REGEX and not _is_plain_pattern(self.values[0]):
            return False
        return self.operator in ("=", "!=") and self.function in _TESTS

    def admits(self, value: str) -> bool:
        """Whether a label's value meets the condition, where that is `decidable`."""
        if self.operator in _ORDERINGS:
            return _is_whole(value) and _ORDERINGS[self.operator](int(value), int(self.values[0]))
        return _TESTS[self.function](value, self.values) is (self.operator == "=")


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as it was written, and its conjunction."""

    text: str
    conditions: tuple[Condition, ...]

    @property
    def metric(self) -> str:
        """The metric type, or nothing where the filter selects an SLO or names none."""
        return self._value("metric.type")

    @property
    def resource(self) -> str:
        """The monitored resource type, or nothing where it is left open."""
        return self._value("resource.type")

    @property
    def selects_slo(self) -> bool:
        """Whether it is one of the ``select_slo_…`` time series selectors."""
        return any(_SLO.match(condition.function) for condition in self.conditions)

    def labels(self) -> tuple[str, ...]:
        """The metric and resource labels that are compared, each once, in order."""
        return tuple(dict.fromkeys(condition.label for condition in self.conditions if condition.label))

    def beyond(self, other: Filter) -> tuple[Condition, ...] | None:
        """The conditions of this filter beyond those of another; None where it lacks one of them."""
        mine, theirs = (tuple(c.text for c in f.conditions) for f in (self, other))
        if not set(theirs) <= set(mine):
            return None
        return tuple(c for c in self.conditions if c.text not in set(theirs))

    def _value(self, field: str) -> str:
        plain = (c for c in self.conditions if c.field == field and c.operator == "=" and not c.function)
        return next((c.values[0] for c in plain), "")


@lru_cache(maxsize=4096)
def parse_filter(text: str) -> Filter:
    """Takes a filter apart. Raises FilterError where the text cannot be one."""
    tokens = _tokens(text)
    parts: list[list[str]] = []
    joined = False
    position = 0
    while position < len(tokens):
        word = tokens[position].upper()
        if word in ("AND", "OR"):
            joined = word == "OR"
            position += 1
            continue
        end = _end_of_part(tokens, position)
        part = tokens[position:end]
        if joined and parts:
            parts[-1] += ["OR", *part]
        else:
            parts.append(part)
        joined, position = False, end
    return Filter(text.strip(), tuple(_condition(part) for part in parts))


def separating(total: Filter, part: Filter) -> tuple[Condition, ...] | None:
    """The conditions on labels that make a part of a total, where each can be judged here.

    None where the part is no narrowing of the total by such conditions. With it, one call that
    groups by these labels answers both.
    """
    beyond = part.beyond(total)
    return beyond if beyond and all(condition.decidable for condition in beyond) else None


def quoted(value: str) -> str:
    """A text as a filter's string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position, depth = 0, 0
    stripped = text.strip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise FilterError(f"the filter cannot be read from {stripped[position : position + 20]!r}")
        piece = match.group(match.lastgroup or 0)
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            raise FilterError("a closing bracket has no opening one")
        if tokens and _HALF_FIELD.match(tokens[-1]) and match.lastgroup == "text":
            # Consoles and Terraform write the key as a string: metric.label."code".
            key = _unquoted(piece)
            tokens[-1] += key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else piece
        else:
            tokens.append(piece)
        position = match.end()
    if depth:
        raise FilterError("an opening bracket is not closed")
    return tokens


def _end_of_part(tokens: Sequence[str], start: int) -> int:
    """The position after one comparison, negation, function call or bracket."""
    while tokens[start] == "-" or tokens[start].upper() == "NOT":
        start += 1
        if start >= len(tokens):
            raise FilterError("a negation has nothing to negate")
    end = _after_operand(tokens, start)
    if end < len(tokens) and tokens[end] in _COMPARISONS:
        if end + 1 >= len(tokens):
            raise FilterError(f"the comparison with {tokens[start]} is cut off")
        sign = tokens[end + 1] == "-" and end + 2 < len(tokens)
        return _after_operand(tokens, end + 2 if sign else end + 1)
    return end


def _after_operand(tokens: Sequence[str], start: int) -> int:
    opening = start if tokens[start] == "(" else start + 1
    if tokens[start][0] in "\"'" or opening >= len(tokens) or tokens[opening] != "(":
        return start + 1
    depth = 0
    for position in range(opening, len(tokens)):
        depth += (tokens[position] == "(") - (tokens[position] == ")")
        if depth == 0:
            return position + 1
    raise FilterError("an opening bracket is not closed")


def _condition(tokens: Sequence[str]) -> Condition:
    """A part as a condition; its text is the same however the part was spaced or quoted."""
    written = " ".join(tokens)
    if "OR" in (token.upper() for token in tokens) or tokens[0] in ("-", "(") or tokens[0].upper() == "NOT":
        return Condition(written, written=written)
    if tokens[1:2] == ["("]:
        return Condition(written, function=tokens[0], values=_arguments(tokens[2:-1]), written=written)
    if len(tokens) < 3:
        return Condition(written, written=written)
    name = re.sub(r"^(metric|resource)\.label\.", r"\1.labels.", tokens[0])
    comparison, right = tokens[1], list(tokens[2:])
    function = right[0] if right[1:2] == ["("] else ""
    values = _arguments(right[2:-1]) if function else (_unquoted("".join(right)),)
    listed = ", ".join(map(quoted, values))
    text = f"{name} {comparison} {function}({listed})" if function else f"{name} {comparison} {listed}"
    return Condition(text, name, comparison, function, values, written)


def _arguments(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(_unquoted(piece) for piece in tokens if piece != ",")


def _unquoted(token: str) -> str:
    if token[:1] in ("'", '"') and token[-1:] == token[:1] and len(token) > 1:
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def _is_plain_pattern(pattern: str) -> bool:
    """Whether RE2 and Python read a pattern alike, and Python reads it in little time."""
    repeated = sum(pattern.count(sign) for sign in "*+?")
    return repeated <= _MOST_REPETITIONS and _PLAIN_PATTERN.fullmatch(pattern) is not None


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", text) is not None


_TESTS: dict[str, Callable[[str, Sequence[str]], bool]] = {
    "": lambda value, values: value == values[0],
    "one_of": lambda value, values: value in values,
    "starts_with": lambda value, values: value.startswith(values[0]),
    "ends_with": lambda value, values: value.endswith(values[0]),
    "has_substring": lambda value, values: values[0] in value,
    _REGEX: lambda value, values: re.fullmatch(values[0], value) is not None,
}
_ORDERINGS: dict[str, Callable[[int, int], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
