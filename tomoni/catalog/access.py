"""`access.yaml`: who may see and do what; the keys first, then the reading."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from tomoni.catalog.codes import Code, facts_of_unknown
from tomoni.catalog.document import Document
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.values import Id
from tomoni.catalog.who_may import AS_EVER, NOBODY, AccessRules, Role, RoleRule

Given = Literal["viewer", "member", "editor", "admin"]
Default = Literal["none", "viewer", "member", "editor", "admin"]


class RuleEntry(Entry):
    """A role, who has it, and of which apps."""

    role: Given = Field(
        description="What they may do: viewer reads; member writes notes, actions, incidents and whatever else teams "
        "write; editor does so for all apps and writes new files of the configuration; admin does everything."
    )
    groups: list[str] = Field(default=[], description="Groups of the identity provider, as it names them.")
    emails: list[str] = Field(default=[], description="Addresses that the provider has checked.")
    domains: list[str] = Field(default=[], description="Domains of such addresses: example.com.")
    accounts: list[str] = Field(default=[], description="Accounts of the machine that run commands.")
    teams: list[str] = Field(default=[], description="Only of the apps of these teams, as the apps name them.")
    apps: list[Id] = Field(default=[], description="Only of these apps, by their ids.")


class AccessEntry(Entry):
    """`config/access.yaml`."""

    signed_in: Default = Field(default="viewer", description="The role of who signed in and whom no rule names.")
    without_sign_in: Default = Field(default="admin", description="The role of everybody where nobody signs in.")
    commands: Default = Field(
        default="admin", description="The role of whoever runs commands on the machine and whom no rule names."
    )
    rules: Annotated[list[RuleEntry], ONE_BY_ONE] = Field(
        default=[], description="Who may do more; of several rules that name somebody the highest role counts."
    )
    hidden: list[Id] = Field(
        default=[], description="Apps that only admins see, and those to whom a rule with teams or apps gives a role."
    )


def read_access(document: Document, apps: Collection[str]) -> AccessRules:
    """The rules of a document about apps by their ids; faults are noted in it, and with any that leaves open what is
    meant, nobody may do anything."""
    if document.data is None:
        return AS_EVER if not document.errors() else NOBODY
    entry = read_entry(document, (), AccessEntry)
    rules = [read_entry(document, place, RuleEntry) for place in elements(document, ("rules",))]
    if entry is None or document.errors():
        return NOBODY
    for number, app in enumerate(entry.hidden):
        if app not in apps:
            facts = facts_of_unknown(app, sorted(apps))
            document.note(("hidden", number), Code.UNKNOWN_APP, app=app, **facts)
    return AccessRules(
        Role(entry.signed_in),
        Role(entry.without_sign_in),
        tuple(_rule(each) for each in rules if each is not None),
        frozenset(entry.hidden),
        Role(entry.commands),
    )


def _rule(entry: RuleEntry) -> RoleRule:
    return RoleRule(
        Role(entry.role),
        frozenset(entry.groups),
        frozenset(map(str.lower, entry.emails)),
        frozenset(domain.lower().lstrip("@") for domain in entry.domains),
        frozenset(entry.teams),
        frozenset(entry.apps),
        frozenset(entry.accounts),
    )
