"""What the guard found out about a request, in its ASGI scope, for whatever answers beside the pages."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from tomoni.access.identity import Identity

_IDENTITY, _CLOSED = "tomoni.identity", "tomoni.closed"


def mark_closed(scope: MutableMapping[str, Any]) -> None:
    """Says that nobody gets an answer without proving who they are, or a token."""
    scope[_CLOSED] = True


def mark_identity(scope: MutableMapping[str, Any], identity: Identity) -> None:
    """Says who asks."""
    scope[_IDENTITY] = identity


def identity_in(scope: Mapping[str, Any]) -> Identity | None:
    """Who asks; None where nobody proved it."""
    return scope.get(_IDENTITY)


def needs_token(scope: Mapping[str, Any]) -> bool:
    """Whether only a token can let a request in."""
    return bool(scope.get(_CLOSED)) and identity_in(scope) is None
