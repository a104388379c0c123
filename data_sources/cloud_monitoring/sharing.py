"""Several calls as one: calls that differ only in the value of one label are made together.

A refresh of many services then takes a few round trips and little of the quota. Only short times are
shared: long answers fill their pages anyway, and a fault should not spoil four weeks of many SLIs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data_sources.cloud_monitoring.filters import Condition, FilterError, parse_filter, quoted
from data_sources.cloud_monitoring.parse import Call, Reading

LONGEST_SHARED_SECONDS = 86_400
# A page holds 100,000 points; each value may come with some groups, such as six classes of status.
_POINTS_A_PAGE, _GROUPS_A_VALUE = 100_000, 6
# Assumed: Google states no limit for filters of reads; those of alerts end at 2,048 characters.
_LONGEST_FILTER = 2_000
# Reducers that give each group what it would get alone; without one, lines are distinguished by labels.
_BY_GROUP = frozenset({"REDUCE_SUM", "REDUCE_MEAN", "REDUCE_MIN", "REDUCE_MAX"})


@dataclass(frozen=True, slots=True)
class Shared:
    """One call that answers several; ``members`` maps each to its value of the last grouped label."""

    call: Call
    members: Mapping[Call, str]

    def part(self, reading: Reading) -> dict[Call, Reading]:
        """The reading of each member, from that of the shared call."""
        if len(self.members) == 1:
            return dict.fromkeys(self.members, reading)
        parts = {}
        for member, value in self.members.items():
            lines = {key[:-1]: columns for key, columns in reading.lines.items() if key[-1] == value}
            parts[member] = replace(reading, call=member, lines=lines)
        return parts


def shared(calls: Sequence[Call]) -> tuple[Shared, ...]:
    """All calls, each in exactly one shared call."""
    left = list(dict.fromkeys(calls))
    made: list[Shared] = []
    families = _families(left)
    for key in sorted(families, key=lambda family: -len(families[family])):
        family = {call: value for call, value in families[key].items() if call in left}
        for members in _cut(family) if len(family) > 1 else ():
            made.append(_share(members, key.label))
            left = [call for call in left if call not in members]
    return (*made, *(Shared(call, {call: ""}) for call in left))


@dataclass(frozen=True, slots=True)
class _Family:
    """What calls have in common that differ by the value of one label."""

    label: str
    rest: frozenset[str]
    alike: Call


def _families(calls: Sequence[Call]) -> dict[_Family, dict[Call, str]]:
    families: dict[_Family, dict[Call, str]] = {}
    for call in calls:
        for condition, rest in _choices(call):
            key = _Family(condition.label, rest, replace(call, filter=""))
            families.setdefault(key, {})[call] = condition.values[0]
    return {key: members for key, members in families.items() if len(members) > 1}


def _choices(call: Call) -> Iterator[tuple[Condition, frozenset[str]]]:
    """The conditions of a call by whose value it could differ from others, and all the rest."""
    if call.interval.end - call.interval.start > LONGEST_SHARED_SECONDS or call.reducer not in _BY_GROUP:
        return
    try:
        conditions = parse_filter(call.filter).conditions
    except FilterError:
        return
    for condition in conditions:
        plain = condition.operator == "=" and not condition.function and condition.written.endswith(('"', "'"))
        alone = sum(other.label == condition.label for other in conditions) == 1
        if condition.label and plain and alone and condition.label not in call.group_by:
            yield condition, frozenset(other.text for other in conditions if other is not condition)


def _cut(family: Mapping[Call, str]) -> Iterator[dict[Call, str]]:
    """Pieces of a family whose answers fit on a page and whose filters are not too long."""
    members: dict[Call, str] = {}
    room = 0
    for call, value in family.items():
        most = _POINTS_A_PAGE // (_GROUPS_A_VALUE * max(1, len(call.interval)))
        if members and (len(members) >= most or room - len(quoted(value)) - 2 < 0):
            yield members
            members = {}
        if not members:
            room = _LONGEST_FILTER - len(call.filter) - len("one_of()")
        room -= len(quoted(value)) + 2
        members[call] = value
    yield members


def _share(members: dict[Call, str], label: str) -> Shared:
    first = next(iter(members))
    if len(members) == 1:
        return Shared(first, members)
    values = ", ".join(dict.fromkeys(quoted(value) for value in members.values()))
    texts = [
        f"{label} = one_of({values})" if condition.label == label else condition.written
        for condition in parse_filter(first.filter).conditions
    ]
    call = replace(first, filter=" AND ".join(texts), group_by=(*first.group_by, label))
    return Shared(call, members)
