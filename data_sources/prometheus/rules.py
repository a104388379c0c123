"""What is behind a recorded ratio or rate, by the server's own recording rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data_sources.errors import BadAnswer, NotFound, QueryRefused
from data_sources.exploring import Matcher, Operator
from data_sources.prometheus.division import divided, on_one_line
from data_sources.prometheus.selectors import Selector, matchers_of, read_selector
from data_sources.queries import Query, Ratio, RecordedRate, RecordedRatio, SliForm
from data_sources.underlying import Underlying

PATH = "/api/v1/rules"
_CALLED = re.compile(r"\b([a-z_][a-z_0-9]*)\s*(?:(?:by|without)\s*\([^()]*\)\s*)?\(")
_IN_QUOTES = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
# What leaves counters counters: they are added up, chosen, or labelled anew.
_ADDING = frozenset(
    {"sum", "label_replace", "label_join", "by", "without", "on", "ignoring", "group_left", "group_right"}
    | {"and", "or", "unless"}
)
_NO_SUM = frozenset("-/%^")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A recording rule as it is asked for: its expression, and the matchers of labels that it does not add itself."""

    expression: str
    where: tuple[Matcher, ...]


def underlying(query: Query, get: Callable[[str], object]) -> Underlying | None:
    """The counters or rates that rules made a recorded ratio or rate of; None where no rule tells. ``get`` asks the
    server for what is at a path."""
    if not isinstance(query, RecordedRatio | RecordedRate):
        return None
    try:
        groups = list(_groups(get(PATH)))
    except (NotFound, BadAnswer):  # of servers without rules of their own
        return None
    return _of_ratio(query, groups) if isinstance(query, RecordedRatio) else _of_rates(query, groups)


def worked_out(data: object) -> set[str]:
    """The names by which rules record what they work out, and more than sums of counters, by the server's answer."""
    recorded = (rule for rule in _groups(data) if rule.get("type") == "recording")
    return {str(rule.get("name", "")) for rule in recorded if _is_worked_out(str(rule.get("query", "")))}


def _is_worked_out(text: str) -> bool:
    plain = _IN_QUOTES.sub("", text)
    return not _NO_SUM.isdisjoint(plain) or not _ADDING.issuperset(_CALLED.findall(plain))


def _of_ratio(query: RecordedRatio, rules: Sequence[Mapping[str, Any]]) -> Underlying | None:
    """Of a division. The share that is above the line of an error ratio is that of the bad events."""
    rule = _rule_of(query.ratio.error or query.ratio.success or "", rules)
    found = divided(rule.expression) if rule else None
    if rule is None or found is None:
        return None
    role, above, below = found
    if query.ratio.error is not None:
        role = "good" if role == "bad" else "bad"
    return Underlying(_form({"total": below, role: above}), rule.where)


def _of_rates(query: RecordedRate, rules: Sequence[Mapping[str, Any]]) -> Underlying | None:
    """Of two rules that are asked for with the same labels."""
    found = {role: _rule_of(part, rules) for role, part in query.rate.parts.items()}
    known = {role: rule for role, rule in found.items() if rule is not None}
    if len(known) != len(found) or len({rule.where for rule in known.values()}) != 1:
        return None
    return Underlying(_form({role: rule.expression for role, rule in known.items()}), next(iter(known.values())).where)


def _form(parts: Mapping[str, str]) -> SliForm:
    """Counters where their growth is asked for, else rates that were recorded themselves."""
    if all("[" in part for part in parts.values()):
        return Ratio.model_validate({role: {"expr": on_one_line(part)} for role, part in parts.items()})
    return RecordedRate.model_validate({"rate": {role: on_one_line(part) for role, part in parts.items()}})


def _rule_of(written: str, rules: Sequence[Mapping[str, Any]]) -> _Rule | None:
    """The one rule that a selector reads; None of other texts, and where rules differ."""
    try:
        selector = read_selector(written)
    except QueryRefused:
        return None
    found = set(_fitting(selector, rules))
    return found.pop() if len(found) == 1 else None


def _fitting(selector: Selector, rules: Sequence[Mapping[str, Any]]) -> Iterator[_Rule]:
    asked = [Matcher(each.label, Operator(each.operator), each.value) for each in matchers_of(selector)]
    for rule in rules:
        added = written if isinstance(written := rule.get("labels"), dict) else {}
        own = [each for each in asked if each.label in added]
        fits = all(each.operator is not Operator.EQUAL or added[each.label] == each.value for each in own)
        if rule.get("name") == selector.name and rule.get("type") == "recording" and fits:
            yield _Rule(str(rule.get("query", "")), tuple(each for each in asked if each.label not in added))


def _groups(data: object) -> Iterator[Mapping[str, Any]]:
    """The rules in an answer, whatever else is in it."""
    groups = data.get("groups") if isinstance(data, dict) else None
    for group in groups if isinstance(groups, list) else ():
        rules = group.get("rules") if isinstance(group, dict) else None
        yield from (rule for rule in (rules if isinstance(rules, list) else ()) if isinstance(rule, dict))
