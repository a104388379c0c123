"""Who may see and do what: roles, and the rules that give them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; each role may do what those before it may."""

    NONE = "none"
    VIEWER = "viewer"
    MEMBER = "member"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Whether it may do what another role may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Gives a role to readers by groups, addresses or domains of addresses, and to commands by the account of the
    machine; for all apps, or for some by their ids or the names of their teams."""

    role: Role
    groups: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    apps: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()

    @property
    def is_of_some(self) -> bool:
        """Whether it is about some apps alone."""
        return bool(self.teams or self.apps)


@dataclass(frozen=True, slots=True)
class AccessRules:
    """`access.yaml`: the role of who signed in, of everybody where nobody signs in and of whoever runs commands, what
    rules give besides, and the apps that only those see to whom a rule gives a role of them."""

    signed_in: Role = Role.EDITOR
    without_sign_in: Role = Role.ADMIN
    rules: tuple[RoleRule, ...] = ()
    hidden: frozenset[str] = frozenset()
    commands: Role = Role.ADMIN


# Where nothing is written.
AS_EVER = AccessRules()
# In place of rules that cannot be read: what they would have closed stays closed.
NOBODY = AccessRules(Role.NONE, Role.NONE, commands=Role.NONE)


def in_small(address: str) -> str:
    """An address in small letters, as those who sign in and rules are compared.

    Only letters of ASCII are made small: to others belong some that are no such letter, like the sign of Kelvin.
    """
    return "".join(sign.lower() if sign.isascii() else sign for sign in address)
