"""Roles in words, and why somebody may not do something."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.access.policy import NotAllowedError
from tomoni.catalog.who_may import Role
from tomoni.words.text import Text, mark

ROLES: Mapping[Role, str] = {
    Role.NONE: mark("no role"),
    Role.VIEWER: mark("viewer"),
    Role.MEMBER: mark("member"),
    Role.EDITOR: mark("editor"),
    Role.ADMIN: mark("admin"),
}


def role(given: Role, text: Text) -> str:
    """What somebody may do, in a word."""
    return text._(ROLES[given])


def describe(error: NotAllowedError, text: Text) -> tuple[str, str]:
    """That somebody may not do this, and who can change it."""
    facts = {"role": role(error.needed, text), "app": error.app}
    what = text._("This takes the role “%(role)s” of the app %(app)s.") if error.app else _of_all(text)
    return what % facts, text._("Nothing was changed. Whoever runs Tomoni gives roles in access.yaml (docs/access.md).")


def nothing_to_see(text: Text) -> tuple[str, str]:
    """That somebody signed in and no role lets them see anything."""
    return (
        text._("You are signed in, and no app is open to you yet."),
        text._("Whoever runs Tomoni gives roles in access.yaml (docs/access.md)."),
    )


def _of_all(text: Text) -> str:
    return text._("This takes the role “%(role)s”.")
