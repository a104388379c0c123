"""Roles in words, and why somebody may not do something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tomoni.access.pace import TooOftenError
from tomoni.access.policy import NotAllowedError
from tomoni.catalog.who_may import Role
from tomoni.words.phrases import named
from tomoni.words.text import Text, mark

ROLES: Mapping[Role, str] = {
    Role.NONE: mark("no role"),
    Role.VIEWER: mark("viewer"),
    Role.MEMBER: mark("member"),
    Role.EDITOR: mark("editor"),
    Role.ADMIN: mark("admin"),
}


_GIVEN = mark("Whoever runs Tomoni gives roles in access.yaml (docs/access.md).")


def role(given: Role, text: Text) -> str:
    """What somebody may do, in a word."""
    return text._(ROLES[given])


def describe(error: NotAllowedError, text: Text) -> tuple[str, str]:
    """That somebody may not do this, and who can change it."""
    facts = {"role": role(error.needed, text), "app": named(error.app, text)}
    what = text._("This takes the role “%(role)s” of the app %(app)s.") if error.app else _of_all(text)
    return what % facts, text._("Nothing was changed. Whoever runs Tomoni gives roles in access.yaml (docs/access.md).")


def too_often(error: TooOftenError, text: Text) -> tuple[str, str]:
    """That somebody writes more than anybody means to, and when to go on."""
    again = text._("Nothing was stored. Try again after %(seconds)s s.") % {"seconds": text.number(error.seconds, 0)}
    return text._("This was done too often in a short time."), again


def reads_only(app: str, teams: Sequence[str], text: Text) -> str:
    """That somebody reads and does not write (of an app, by its title; empty for all), and whom to ask: a team."""
    ask = text._("To write of %(app)s, ask its teams (%(teams)s) for the role “%(role)s”.") if teams else text._(_GIVEN)
    facts = {"app": named(app, text), "teams": text.join(list(teams)), "role": role(Role.MEMBER, text)}
    return text.sentences(text._("You may read here, not write."), ask % facts)


def nothing_to_see(signed_in: bool, text: Text) -> tuple[str, str]:
    """That no role lets somebody see anything."""
    yet = mark("You are signed in, and no app is open to you yet.")
    return text._(yet if signed_in else mark("No app is open to readers who do not sign in.")), text._(_GIVEN)


def unread(text: Text) -> tuple[str, str]:
    """That nobody sees anything, since the rules that say who may cannot be read."""
    return (
        text._("The rules of access cannot be read, so everything is closed."),
        text._("Whoever runs Tomoni finds out what is wrong in access.yaml with “python cli.py check”."),
    )


def nothing_open(account: str, text: Text) -> tuple[str, str]:
    """That a command runs under an account to which no app is open."""
    return text._("No app is open to the account %(account)s.") % {"account": text.quote(account)}, text._(_GIVEN)


def _of_all(text: Text) -> str:
    return text._("This takes the role “%(role)s”.")
