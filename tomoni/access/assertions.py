"""What an authenticating proxy says of the one who asks: a token in a header that the proxy signed.

A header by itself proves nothing, since whoever reaches the port can write one. So the token has to be signed by a key
of the issuer with an algorithm of the list, for this audience, and be in force.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from tomoni.access.identity import Identity, identity_of
from tomoni.access.keys import Keys, KeysUnknownError

# Signatures by a key that only the issuer has. With a shared secret (HS…) a public key would be a secret that all know.
ASYMMETRIC = frozenset({"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"})
_LEEWAY_SECONDS = 60
_LONGEST = 32 * 1024
_LOG = logging.getLogger("tomoni.access")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a token has to be from and for. Raises ValueError for an algorithm that proves nothing."""

    issuer: str
    audience: str
    algorithms: frozenset[str] = frozenset({"ES256", "RS256"})
    groups_claim: str = "groups"

    def __post_init__(self) -> None:
        if not self.algorithms or self.algorithms - ASYMMETRIC:
            raise ValueError(sorted(self.algorithms))
        if not self.issuer or not self.audience:
            raise ValueError(self)


class Assertions:
    """Verifies tokens. Safe in several threads; ``clock`` gives Unix seconds."""

    def __init__(self, trust: Trust, keys: Keys, clock: Callable[[], float]) -> None:
        self._trust, self._keys, self._clock = trust, keys, clock

    def identity(self, values: Collection[str]) -> Identity | None:
        """The identity that the values of the header prove; None where there is not exactly one that does."""
        if len(values) != 1:
            return None
        token = next(iter(values)).strip().removeprefix("Bearer ").strip()
        claims = self._claims(token) if 0 < len(token) <= _LONGEST else None
        if claims is None:
            return None
        found = identity_of(claims, self._trust.groups_claim, emails_are_checked=True)
        return found and found.ending(int(claims["exp"]))

    def _claims(self, token: str) -> Mapping[str, Any] | None:
        try:
            return self._verified(token, self._keys.current()) or self._verified(token, self._keys.newer())
        except KeysUnknownError:
            return None

    def _verified(self, token: str, keys: KeySet) -> Mapping[str, Any] | None:
        """The claims of a token that one of the keys signed and that is for us and in force."""
        trust = self._trust
        registry = JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": trust.issuer},
            aud={"essential": True, "value": trust.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            found = jwt.decode(token, keys, algorithms=sorted(trust.algorithms))
            registry.validate(found.claims)
        except (JoseError, ValueError, TypeError, KeyError, UnicodeError, RecursionError) as error:
            _LOG.info("a token of the proxy was refused: %s", type(error).__name__)
            return None
        return found.claims
