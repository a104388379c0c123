"""Google's filter language, read strictly: another parser than the product's, so that they check each other.

Known: comparisons joined by AND (or nothing), OR binds tighter than AND, NOT and ``-``, functions
right of ``=`` and ``!=``. Assumed: the words of the refusals, and that a metric type under OR, NOT or
a function is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from tests.google_stand_in.world import RESOURCES, MetricSpec, Stream

Test = Callable[[Stream], bool]
FIELD = re.compile(
    r"(?:(metric|resource)\.(type)|(metric|resource)\.labels?\.(\w+)|metadata\.(user_labels|system_labels)\.(\w+)"
    r"|(group)\.(id)|(project))$"
)
QUOTED_KEY = re.compile(r"""((?:metric|resource|metadata)\.\w+\.)"(\w+)\"""")
TOKEN = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|>=|<=|[=:<>(),-]|[^\s"'=!<>:(),]+)""")


class Refused(ValueError):
    """The filter is refused (INVALID_ARGUMENT)."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f'Field filter had an invalid value of "{text}": {why}')


@dataclass
class Parsed:
    """A filter's test, the metric types and SLO selectors it names, and all fields it compares."""

    text: str
    test: Test
    metrics: list[str]
    selectors: list[tuple[str, list[str]]]
    fields: list[str]


class Parser:
    """One reading of one filter, from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._split(QUOTED_KEY.sub(r"\1\2", text))
        self.at = 0
        self.out = Parsed(text, lambda _: True, [], [], [])

    def parse(self) -> Parsed:
        self.out.test = self._all(top=True)
        if self.at < len(self.tokens):
            self._fail(f"unexpected {self.tokens[self.at]}")
        return self.out

    def _split(self, text: str) -> list[str]:
        tokens, at = [], 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if not match:
                self._fail("The filter cannot be parsed")
            tokens.append(match.group(1))
            at = match.end()
        return tokens

    def _fail(self, why: str) -> NoReturn:
        raise Refused(self.text, why)

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            self._fail("The filter ends too early")
        self.at += 1
        return token

    def _all(self, top: bool) -> Test:
        parts: list[Test] = []
        while self._peek() not in ("", ")"):
            if self._peek() == "AND":
                if not parts:
                    self._fail("AND has nothing to join")
                self._next()
            parts.append(self._any(top))
        return lambda s: all(part(s) for part in parts)

    def _any(self, top: bool) -> Test:
        begin = len(self.out.metrics)
        parts = [self._one(top)]
        while self._peek() == "OR":
            self._next()
            parts.append(self._one(top))
        if len(parts) > 1 and len(self.out.metrics) > begin:
            self._fail("metric.type cannot stand beside OR")
        return parts[0] if len(parts) == 1 else lambda s: any(part(s) for part in parts)

    def _one(self, top: bool) -> Test:
        token = self._next()
        if token in ("NOT", "-"):
            inner = self._one(top=False)
            return lambda s: not inner(s)
        if token == "(":
            inner = self._all(top)
            if self._next() != ")":
                self._fail("a bracket is not closed")
            return inner
        if self._peek() == "(":
            self.out.selectors.append((token, self._arguments()))
            return lambda _: True
        return self._comparison(token, top)

    def _comparison(self, name: str, top: bool) -> Test:
        if not FIELD.match(name):
            self._fail(f"The field {name} does not exist")
        operator = self._next()
        if operator not in ("=", "!=", ":", "<", "<=", ">", ">="):
            self._fail(f"{operator} is no comparison")
        value = self._next()
        value = value + self._next() if value == "-" else value
        arguments = self._arguments() if self._peek() == "(" and value[0] not in "\"'" else None
        if name == "metric.type":
            if operator != "=" or arguments is not None or not top:
                self._fail("metric.type must be compared with one type by =")
            self.out.metrics.append(unquote(value))
        self.out.fields.append(re.sub(r"\.label\.", ".labels.", name))
        return self._test(name, operator, value, arguments)

    def _arguments(self) -> list[str]:
        self._next()
        values = []
        while self._peek() != ")":
            token = self._next()
            if token != ",":
                values.append(unquote(token))
        self._next()
        return values

    def _test(self, name: str, operator: str, value: str, arguments: list[str] | None) -> Test:
        if arguments is None:
            wanted = unquote(value)
            return lambda s: compare(read_field(s, name), operator, wanted)
        function = FUNCTIONS.get(value)
        if function is None or operator not in ("=", "!=") or not arguments:
            self._fail(f"The function {value} cannot be used here")
        return lambda s: function(read_field(s, name), arguments) is (operator == "=")


FUNCTIONS: dict[str, Callable[[str, list[str]], bool]] = {
    "one_of": lambda value, wanted: value in wanted,
    "starts_with": lambda value, wanted: value.startswith(wanted[0]),
    "ends_with": lambda value, wanted: value.endswith(wanted[0]),
    "has_substring": lambda value, wanted: wanted[0] in value,
    "monitoring.regex.full_match": lambda value, wanted: bool(re.fullmatch(wanted[0], value)),
}


def unquote(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "\"'" else token


def read_field(stream: Stream, name: str) -> str:
    owner, _, key = name.rpartition(".")
    if name == "metric.type":
        return stream.metric.type
    if name == "resource.type":
        return stream.resource
    labels = stream.labels if owner.startswith("metric") else stream.resource_labels
    return labels.get(key, "")


def compare(value: str, operator: str, wanted: str) -> bool:
    if operator == ":":
        return wanted in value
    if operator in ("=", "!="):
        return (value == wanted) is (operator == "=")
    order = float(value) - float(wanted) if _numeric(value, wanted) else (value > wanted) - (value < wanted)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def _numeric(*texts: str) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d+)?", text) for text in texts)


def check_labels(parsed: Parsed, metric: MetricSpec, resource: str, extra: tuple[str, ...] = ()) -> None:
    """Refuses labels that neither the metric nor its resources have (assumed to be refused)."""
    for name in (*parsed.fields, *extra):
        owner, _, key = name.replace(".label.", ".labels.").rpartition(".")
        resources = (resource,) if resource else metric.resources
        known = {
            "metric.labels": set(metric.labels),
            "resource.labels": {label for one in resources for label in RESOURCES[one]},
        }.get(owner)
        if known is not None and key not in known:
            raise Refused(parsed.text, f'The supplied filter does not specify a valid label: "{name}".')
