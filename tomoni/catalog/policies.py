"""`policies.yaml`: what the teams agreed to do about their error budgets; the keys first, then the reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code, facts_of_unknown, severity_of
from tomoni.catalog.document import Document, Place
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.mapping import DISPENSABLE, ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.part_of_all import PartOfAll
from tomoni.catalog.schema import App, Policies, Policy, PolicyLevel, Problem
from tomoni.catalog.values import ID_PATTERN, MAX_ID, Id, Title, read_day

Agreed = Annotated[Any, PlainValidator(read_day), WithJsonSchema({"type": "string", "examples": ["2026-04-01"]})]


class LevelEntry(Entry):
    """What the teams do while less than a share of the budget is left."""

    below: PartOfAll = Field(
        description="Below this share of the budget it applies: 50%; 0% applies once the budget is exhausted."
    )
    title: Annotated[Title | None, DISPENSABLE] = Field(default=None, description="What people call the level.")
    do: list[Title] = Field(default=[], description="What the teams agreed to do then, a sentence each.")


class PolicyEntry(Entry):
    """What the teams agreed to do about an error budget."""

    title: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What people call it; one text, or one for each language."
    )
    agreed: Annotated[Agreed, DISPENSABLE] = Field(
        default=None, description="The day on which the teams agreed: 2026-04-01."
    )
    levels: Annotated[list[LevelEntry], ONE_BY_ONE] = Field(
        default=[], description="The levels of the budget, in any order."
    )


class PoliciesEntry(Entry):
    """`config/policies.yaml`."""

    default: Annotated[Id | None, DISPENSABLE] = Field(
        default=None, description="The policy of the apps that name none."
    )
    policies: Annotated[dict[str, PolicyEntry], ONE_BY_ONE] = Field(
        default={}, description="The policies, each under an id of your own."
    )


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
        document.note(("default",), Code.UNKNOWN_POLICY, policy=default, **facts_of_unknown(default, [*written]))
    return Policies(found, frozenset(written), found.get(default or ""))


def unused(document: Document, policies: Policies, apps: Sequence[App]) -> list[Problem]:
    """The policies that no app follows; nothing where not all of it can be read."""
    if document.errors():
        return []
    followed = {app.policy.id for app in apps if app.policy} | ({policies.default.id} if policies.default else set())
    spots = {name: document.spot(("policies", name), at_key=True) for name in policies.by_id if name not in followed}
    code = Code.POLICY_UNUSED
    return [Problem(spot, severity_of(code), code, {"policy": name}) for name, spot in spots.items()]


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
