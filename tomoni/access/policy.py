"""What somebody may see and do: asked by everything below the pages, the commands and the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tomoni.access.identity import Identity
from tomoni.catalog.schema import App
from tomoni.catalog.who_may import NOBODY, AccessRules, Role, RoleRule


class NotAllowedError(Exception):
    """Somebody may not do this: the role that it takes, and the app that it is about (empty for none)."""

    def __init__(self, needed: Role, app: str = "") -> None:
        super().__init__(needed.value, app)
        self.needed, self.app = needed, app


@dataclass(frozen=True, slots=True)
class Grants:
    """The roles of one reader: of all apps, and of some; ``hidden`` apps need one of their own."""

    everywhere: Role
    of_apps: tuple[tuple[str, Role], ...] = ()
    hidden: frozenset[str] = frozenset()
    _own: Mapping[str, Role] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", dict(self.of_apps))

    def role(self, app: str = "") -> Role:
        """The role of an app; without one, that of everything."""
        if app in self.hidden and self.everywhere is not Role.ADMIN:
            return self._own.get(app, Role.NONE)
        return highest((self.everywhere, self._own.get(app, Role.NONE)))

    def sees(self, app: str) -> bool:
        """Whether an app is there for this reader."""
        return self.role(app) is not Role.NONE

    def may(self, needed: Role, app: str = "") -> bool:
        """Whether this reader may do what takes a role."""
        return self.role(app).covers(needed)

    def require(self, needed: Role, app: str = "") -> None:
        """Raises NotAllowedError where this reader may not."""
        if not self.may(needed, app):
            raise NotAllowedError(needed, app)

    @property
    def only(self) -> frozenset[str] | None:
        """The only apps that are there for this reader; None where there are others too."""
        return frozenset(self._own) if self.everywhere is Role.NONE else None

    @property
    def unseen(self) -> frozenset[str]:
        """The apps that are hidden from this reader."""
        return frozenset(app for app in self.hidden if not self.sees(app))

    @property
    def sees_all(self) -> bool:
        """Whether no app is hidden from this reader."""
        return self.everywhere is not Role.NONE and not self.unseen

    @property
    def sees_any(self) -> bool:
        """Whether anything is there for this reader."""
        return self.everywhere is not Role.NONE or bool(self.of_apps)


# Of the process itself, its commands and its work in the background.
EVERYTHING = Grants(Role.ADMIN)


def grants_of(rules: AccessRules, apps: Iterable[App], identity: Identity | None, is_needed: bool) -> Grants:
    """What somebody may: ``identity`` is None of a reader who did not sign in, which may be needed."""
    if identity is None:
        base = Role.NONE if is_needed else rules.without_sign_in
        return Grants(base, (), rules.hidden)
    return _given(rules, apps, rules.signed_in, [rule for rule in rules.rules if _names(rule, identity)])


def grants_of_account(rules: AccessRules, apps: Iterable[App], account: str) -> Grants:
    """What a command may that runs under an account of the machine. It reads the database itself: this keeps commands
    to what they are for, and is no wall against whoever has the account."""
    return _given(rules, apps, rules.commands, [rule for rule in rules.rules if account in rule.accounts])


def grants_of_token(rules: AccessRules, app: str | None) -> Grants:
    """What a token may: write of its app, or of all (None) but hidden ones, which take a token of their own."""
    if rules == NOBODY:
        return Grants(Role.NONE)
    if app is None:
        return Grants(Role.MEMBER, (), rules.hidden)
    return Grants(Role.NONE, ((app, Role.MEMBER),), rules.hidden)


def grants_of_everybody(rules: AccessRules) -> Grants:
    """What is for everybody to read: what is published."""
    return Grants(Role.NONE if rules == NOBODY else Role.VIEWER, (), rules.hidden)


def _given(rules: AccessRules, apps: Iterable[App], base: Role, naming: Iterable[RoleRule]) -> Grants:
    """What rules that name somebody give beside the role that everybody like them has."""
    naming = list(naming)
    everywhere = highest((base, *(rule.role for rule in naming if not rule.is_of_some)))
    known = list(apps)
    own: dict[str, Role] = {}
    for rule in naming:
        for app in _apps_of(rule, known):
            own[app] = highest((rule.role, own.get(app, Role.NONE)))
    return Grants(everywhere, tuple(sorted(own.items())), rules.hidden)


def highest(roles: Iterable[Role]) -> Role:
    """The role that covers all of them."""
    return max(roles, key=list(Role).index)


def _names(rule: RoleRule, identity: Identity) -> bool:
    domain = identity.email.rpartition("@")[2]
    by_address = bool(identity.email) and (identity.email in rule.emails or domain in rule.domains)
    return by_address or not identity.groups.isdisjoint(rule.groups)


def _apps_of(rule: RoleRule, apps: Iterable[App]) -> Iterator[str]:
    yield from rule.apps
    yield from (app.id for app in apps if not rule.teams.isdisjoint(app.teams.values()))
