"""`policies.yaml`: what the teams agreed to do about their error budgets."""

from __future__ import annotations

import re

from tomoni.catalog.agreements import LevelEntry, PoliciesEntry, PolicyEntry, near
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.entries import elements, read_entry
from tomoni.catalog.readings import ID_PATTERN, MAX_ID
from tomoni.catalog.schema import LocalText, Policies, Policy, PolicyLevel


def read_policies(document: Document) -> Policies:
    """The policies of a document; faults are noted in it."""
    if document.data is None:
        return Policies()
    entry = read_entry(document, (), PoliciesEntry)
    written = document.at(("policies",))
    if not isinstance(written, dict):
        if written is not None:
            document.note(("policies",), Code.WRONG_TYPE, expected="mapping")
        written = {}
    found = {name: policy for name in written if (policy := _policy(document, str(name))) is not None}
    default = entry.default if entry else None
    if default is not None and default not in written:
        document.note(("default",), Code.UNKNOWN_POLICY, policy=default, **near(default, [*written]))
    return Policies(found, frozenset(written), found.get(default or ""))


def _policy(document: Document, name: str) -> Policy | None:
    place: Place = ("policies", name)
    entry = read_entry(document, place, PolicyEntry)
    if not _is_id(name):
        document.note_key(place, Code.BAD_ID, written=name[:MAX_ID], meant="")
        return None
    levels = _levels(document, (*place, "levels"))
    if entry is None or levels is None:
        return None
    return Policy(name, entry.title or LocalText({"": name}), entry.agreed, levels)


def _is_id(name: str) -> bool:
    return len(name) <= MAX_ID and re.fullmatch(ID_PATTERN, name) is not None


def _levels(document: Document, place: Place) -> tuple[PolicyLevel, ...] | None:
    """The levels from the highest down; None when one of them has faults, for then none is sure."""
    levels: dict[float, PolicyLevel] = {}
    sound = True
    for each in elements(document, place):
        entry = read_entry(document, each, LevelEntry)
        if entry is None:
            sound = False
        elif entry.below in levels:
            document.note((*each, "below"), Code.LEVEL_TWICE)
            sound = False
        else:
            levels[entry.below] = _level(entry)
    return tuple(levels[below] for below in sorted(levels, reverse=True)) if sound else None


def _level(entry: LevelEntry) -> PolicyLevel:
    percent = f"{entry.below * 100:g}"
    title = entry.title or LocalText({"": f"< {percent} %"})
    return PolicyLevel(f"below-{percent.replace('.', '-')}", entry.below, title, tuple(entry.do))
