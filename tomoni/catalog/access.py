"""`access.yaml`: who may see and do what; the keys first, then the reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field

from tomoni.catalog.codes import Code, facts_of_unknown, listed
from tomoni.catalog.document import Document, Place
from tomoni.catalog.last_good import is_blank
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.schema import App
from tomoni.catalog.secrets import short
from tomoni.catalog.values import Id
from tomoni.catalog.who_may import AS_EVER, NOBODY, AccessRules, Role, RoleRule, in_small

# What an address and a domain look like; a star or a part of a domain would match nobody.
_SIGN = r"[^@\s,;:<>()\[\]\"*]"  # as `access.identity` reads them
_SHAPES = {"emails": rf"{_SIGN}+@{_SIGN}+", "domains": rf"@?(?![./])(?:(?!/){_SIGN})+(?<!\.)"}
Given = Literal["viewer", "member", "editor", "admin"]
Default = Literal["none", "viewer", "member", "editor", "admin"]
_DEFAULTS = ("signed_in", "without_sign_in", "commands")


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


def read_access(document: Document, apps: Collection[App]) -> AccessRules:
    """The rules of a document about apps; faults are noted in it, and with any that leaves open what is
    meant, nobody may do anything."""
    if is_blank(document):
        document.note((), Code.FILE_EMPTY)
    if document.data is None:
        return AS_EVER if not document.errors() else NOBODY
    entry = read_entry(document, (), AccessEntry)
    _note_unsaid_roles(document)
    rules, ids = [], sorted(app.id for app in apps)
    teams = sorted({team for app in apps for team in app.teams.values()})
    for place in elements(document, ("rules",)):
        rules.append(rule := read_entry(document, place, RuleEntry))
        if rule is not None:
            _note_without_effect(document, place, rule)
            _note_of_all(document, place, rule)
            _note_unknown(document, (*place, "apps"), "app", rule.apps, ids)
            _note_unknown(document, (*place, "teams"), "team", rule.teams, teams)
    if entry is None or document.errors():
        return NOBODY
    for number, app in enumerate(entry.hidden):
        if app not in ids:
            facts = facts_of_unknown(app, ids)
            document.note(("hidden", number), Code.UNKNOWN_APP, app=app, **facts)
    return AccessRules(
        Role(entry.signed_in),
        Role(entry.without_sign_in),
        tuple(_rule(each) for each in rules if each is not None),
        frozenset(entry.hidden),
        Role(entry.commands),
    )


def _note_unsaid_roles(document: Document) -> None:
    """Notes a role that is not said: null is no “none”, and the role in its place may be a higher one."""
    written = document.data if isinstance(document.data, dict) else {}
    for key in _DEFAULTS:
        if key in written and written[key] is None:
            document.note((key,), Code.BAD_CHOICE, written="", nearest="none", known=listed(get_args(Default)))


def _note_of_all(document: Document, place: Place, rule: RuleEntry) -> None:
    """Notes a rule that is of all apps since the list of those that it is of is empty."""
    written = document.at(place)
    for key in ("teams", "apps"):
        if not rule.teams and not rule.apps and isinstance(written, dict) and key in written:
            document.note((*place, key), Code.RULE_OF_NO_APP, key=key)


def _note_without_effect(document: Document, place: Place, rule: RuleEntry) -> None:
    """Notes a rule that gives nothing to anybody, and what is no address or no domain."""
    if not any([*rule.groups, *rule.emails, *rule.domains, *rule.accounts]):
        document.note(place, Code.RULE_FOR_NOBODY, role=rule.role)
    for key, shape in _SHAPES.items():
        for number, written in enumerate(getattr(rule, key)):
            if not re.fullmatch(shape, written) or not written.isprintable():
                document.note((*place, key, number), Code.NO_ADDRESS, written=short(written))


def _note_unknown(document: Document, place: Place, what: str, named: Sequence[str], known: Sequence[str]) -> None:
    """Notes the apps or teams of a rule that there are not; an app may be on its way, so that they are no errors."""
    for number, name in enumerate(named):
        if name not in known:
            facts = facts_of_unknown(name, known)
            document.note((*place, number), Code.RULE_NAMES_NOTHING, what=what, id=name, **facts)


def _rule(entry: RuleEntry) -> RoleRule:
    return RoleRule(
        Role(entry.role),
        frozenset(entry.groups),
        frozenset(map(in_small, entry.emails)),
        frozenset(in_small(domain).lstrip("@") for domain in entry.domains),
        frozenset(entry.teams),
        frozenset(entry.apps),
        frozenset(entry.accounts),
    )
