"""Labels as a question has them, and as a filter writes them.

A label of the metric goes by its own name (``response_code``), one of the resource by its whole one
(``resource.labels.zone``): the two may have the same key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data_sources.cloud_monitoring.filters import quoted
from data_sources.exploring import Matcher, Operator

RESOURCE_TYPE = "resource.type"
_RESOURCE = "resource.labels."
_WHOLE = re.compile(r"(?:resource|metadata)\.")
_REGEX = "monitoring.regex.full_match"
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[\w./]+')
_SHORTEST = 3  # letters of a word that tells a place

Group = Mapping[str, str]


def field_of(label: str) -> str:
    """The field of a filter that a label is."""
    return label if _WHOLE.match(label) else f"metric.labels.{label}"


def label_of(field: str) -> str:
    """The label that a field of a filter is."""
    plain = field.replace('"', "").replace(".label.", ".labels.")
    return plain.removeprefix("metric.labels.")


def labels_of(series: Any) -> dict[str, str]:  # noqa: ANN401 - a protobuf message without types
    """All labels of a raw ``TimeSeries``."""
    return {
        **dict(sorted(series.metric.labels.items())),
        **{f"{_RESOURCE}{key}": value for key, value in sorted(series.resource.labels.items())},
        RESOURCE_TYPE: series.resource.type,
    }


def filter_of(metric: str, matchers: Sequence[Matcher]) -> str:
    """The filter of a metric's series."""
    return " AND ".join([f"metric.type = {quoted(metric)}", *map(_condition, matchers)])


def _condition(matcher: Matcher) -> str:
    equal = "!=" if matcher.operator.startswith("!") else "="
    if matcher.operator in (Operator.MATCHES, Operator.NOT_MATCHES):
        return f"{field_of(matcher.label)} {equal} {_REGEX}({quoted(matcher.value)})"
    return f"{field_of(matcher.label)} {equal} {quoted(matcher.value)}"


def of_groups(text: str, by: Sequence[str], groups: Sequence[Group]) -> str:
    """The filter of some groups; where they differ in several labels, of others that share their values too."""
    return " AND ".join([text, *(f"{field_of(label)} = {_one_of(groups, label)}" for label in by)])


def without_groups(text: str, by: Sequence[str], groups: Sequence[Group]) -> str:
    """The filter of all groups but some."""
    if len(by) == 1:
        return f"{text} AND {field_of(by[0])} != {_one_of(groups, by[0])}"
    return " AND ".join([text, *(f"({' OR '.join(_unlike(group, by))})" for group in groups)])


def _unlike(group: Group, by: Sequence[str]) -> Iterator[str]:
    yield from (f"{field_of(label)} != {quoted(group.get(label, ''))}" for label in by)


def _one_of(groups: Sequence[Group], label: str) -> str:
    values = dict.fromkeys(group.get(label, "") for group in groups)
    return f"one_of({', '.join(map(quoted, values))})"


def place_of(said: str, text: str) -> int | None:
    """The character (from 0) of a filter of which a refusal speaks: where the longest of its words stands that is in
    what is said. Google tells no place, and repeats the whole filter before it says what is wrong."""
    after = said.rpartition('": ')[2].replace(text, "")
    words = [found for found in _WORD.finditer(text) if len(found[0]) >= _SHORTEST and found[0].strip('"') in after]
    longest = max(words, key=lambda found: len(found[0]), default=None)
    return None if longest is None else longest.start()
