"""Somebody who signed in, as the identity provider or the proxy says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tomoni.catalog.who_may import in_small

_LONGEST = 200
_MOST_GROUPS = 2000
_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"*]+@[^@\s,;:<>()\[\]\"*]+")
_READ = ("sub", "iss", "email", "email_verified", "name")


@dataclass(frozen=True, slots=True)
class Identity:
    """``subject`` never changes of one person at one ``issuer``. ``email`` is empty unless the provider says that it
    checked it. ``until`` is when the session ends (Unix seconds), ``session`` tells it from others (empty where a proxy
    has them)."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    groups: frozenset[str] = frozenset()
    until: int = 0
    session: str = ""

    @property
    def shown(self) -> str:
        """How the reader is named to themselves."""
        return self.name or self.email or self.subject

    def ending(self, until: int, session: str = "") -> Identity:
        """The same with the end of the session, and what tells it from others."""
        return replace(self, until=until, session=session)


def identity_of(claims: Mapping[str, Any], groups_claim: str, emails_are_checked: bool = False) -> Identity | None:
    """The identity in the claims of a verified token; None without a subject.

    An address counts only where the claims say that it was checked, or everything of this issuer is.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        return None
    checked = emails_are_checked or claims.get("email_verified") is True
    return Identity(
        issuer=_text(claims.get("iss")),
        subject=subject[:_LONGEST],
        email=_address(claims.get("email")) if checked else "",
        name=_text(claims.get("name")),
        groups=_groups(_at(claims, groups_claim)),
    )


def of_an_identity(
    claims: Mapping[str, Any], groups_claim: str, groups: frozenset[str] | None = None
) -> dict[str, Any]:
    """The claims that `identity_of` reads, and no others; with the groups of a set where one is given."""
    found = _groups(_at(claims, groups_claim))
    kept: dict[str, Any] = {name: claims[name] for name in _READ if name in claims}
    return kept | {groups_claim: sorted(found if groups is None else found & groups)}


def _at(claims: Mapping[str, Any], path: str) -> object:
    """What is at a path such as ``realm_access.roles``; a claim may have dots in its own name too."""
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _groups(given: object) -> frozenset[str]:
    several = [given] if isinstance(given, str) else given if isinstance(given, (list, tuple)) else ()
    return frozenset(each[:_LONGEST] for each in several[:_MOST_GROUPS] if isinstance(each, str) and each)


def _address(given: object) -> str:
    """An address as rules name it; empty for what is not one alone: the last of several would give its domain."""
    if not isinstance(given, str) or not _ADDRESS.fullmatch(given) or not given.isprintable() or len(given) > _LONGEST:
        return ""
    return in_small(given)


def _text(given: object) -> str:
    """One line of text, whatever a claim holds."""
    return " ".join(given.split())[:_LONGEST] if isinstance(given, str) else ""
