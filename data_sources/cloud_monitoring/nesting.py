"""Whether the good or bad events of a query are among all events, by reading its filters; pure.

parts_alike   good and bad select the same events; ``role``, ``other``
not_nested    a part selects other series of the same metric than the total; ``role``, ``label``: those that the
              label restricts only in the total; with the reason disjoint (``value``, ``other``) others altogether
"""

from __future__ import annotations

from collections.abc import Iterator

from data_sources.base import Notice
from data_sources.cloud_monitoring.filters import Condition, Filter
from data_sources.cloud_monitoring.query import Refusal, filters_of
from data_sources.queries import Query, Ratio


def remarks_on(query: Query) -> tuple[Notice, ...]:
    """What the filters of a query say about each other; nothing of what cannot be read."""
    if not isinstance(query, Ratio):
        return ()
    try:
        (first, whole), (role, part) = filters_of(query).items()
    except (Refusal, ValueError):
        return ()
    if first == "total":
        return tuple(_not_nested(role, whole, part)) if whole.metric == part.metric else ()
    alike = {condition.text for condition in whole.conditions} == {condition.text for condition in part.conditions}
    return (Notice("parts_alike", {"role": role, "other": first}),) if alike else ()


def _not_nested(role: str, total: Filter, part: Filter) -> Iterator[Notice]:
    shared = {condition.text for condition in part.conditions}
    for condition in total.conditions:
        if not condition.label or condition.text in shared:
            continue
        own = [each for each in part.conditions if condition.label in (each.label, *each.written.split())]
        if not own and not _may_be_within(condition, part):
            yield Notice("not_nested", {"role": role, "label": condition.label})
        for value in _values(own):
            if condition.decidable and not condition.admits(value):
                facts = {"role": role, "label": condition.label, "value": value, "other": ", ".join(condition.values)}
                yield Notice("not_nested", {**facts, "reason": "disjoint"})


def _may_be_within(condition: Condition, part: Filter) -> bool:
    """Whether a part of a filter that is no plain comparison is about the label of a condition."""
    key = condition.label.rpartition(".")[2]
    return any(not each.label and key in each.written for each in part.conditions)


def _values(conditions: list[Condition]) -> Iterator[str]:
    yield from (each.values[0] for each in conditions if each.operator == "=" and not each.function and each.label)
