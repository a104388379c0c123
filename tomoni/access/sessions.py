"""The cookie by which Streamlit remembers who signed in, verified where every request comes in.

Streamlit signs it with the secret of the settings when the provider's answer has been verified (`/oauth2callback`), in
several parts where it is long, and would let it live for 30 days; here it ends when a session of ours does.

Each part is signed by itself: whoever signed in twice could put parts of both together, and so say of themselves what
no provider said. So a cookie of ours says which parts belong together.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from tomoni.access.identity import Identity, identity_of, of_an_identity

_LOG = logging.getLogger("tomoni.access")
COOKIE, WHOLE = "_streamlit_user", "tomoni_whole"
_CHUNKS = re.compile(r"chunks-([1-9]\d{0,3})", re.ASCII)
_SKEW_SECONDS = 60
_MOST_BYTES = 6_600  # of all cookies of a sign-in: with all others they are one header, of at most 8 KiB
_WHY = "the rules of access name too many groups of one reader; name fewer, or larger ones"
_MOST_BYTES_OF_ONE, _PART_LETTERS = 3_500, 2_400  # a browser keeps cookies of 4 KiB


@dataclass(frozen=True, slots=True)
class Session:
    """How sessions are: what they are signed with, at which ``origin`` they begin, and how long they last."""

    secret: str
    origin: str
    seconds: int
    groups_claim: str = "groups"


class Sessions:
    """Reads sessions from cookies; ``clock`` gives Unix seconds."""

    def __init__(self, session: Session, clock: Callable[[], float]) -> None:
        self._session, self._clock = session, clock

    def identity(self, cookies: Mapping[str, str]) -> Identity | None:
        """Who signed in, while the session lasts; None of a cookie that is missing, forged, of elsewhere or too old."""
        found = self._whole(cookies)
        if found is None:
            return None
        text, since = found
        claims, until = _object(text), since + self._session.seconds
        if claims.get("is_logged_in") is not True or claims.get("origin") != self._session.origin:
            return None
        identity = identity_of(claims, self._session.groups_claim)
        in_force = since - _SKEW_SECONDS <= self._clock() < until
        return identity.ending(until, self._key(cookies)) if identity is not None and in_force else None

    def kept(self, given: Mapping[str, str], named: Callable[[], Collection[str]]) -> dict[str, str]:
        """The cookies of a sign-in that are kept, of those that Streamlit would set: all of them where they are short.
        Of long ones only what `identity` reads; of groups, where all are too many, those that are ``named``. Where
        these are too many as well the log says so: the reader may come to a page that never opens."""
        if _bytes_of(given) > _MOST_BYTES:
            claims = _object(self._text(given))
            given = self._written(claims)
            if _bytes_of(given) > _MOST_BYTES:
                given = self._written(claims, frozenset(named()))
            if (size := _bytes_of(given)) > _MOST_BYTES:
                _LOG.warning("a sign-in takes %s bytes of cookies, more than %s: %s", size, _MOST_BYTES, _WHY)
        if not self._further(given):
            return dict(given)
        return {**given, WHOLE: self._signed(WHOLE, self._key(given))}

    def _written(self, claims: Mapping[str, Any], groups: frozenset[str] | None = None) -> dict[str, str]:
        """The claims that count as cookies, with all groups or those of a set."""
        text = json.dumps(of_an_identity(claims, self._session.groups_claim, groups) | _of_streamlit(claims))
        if len(signed := self._signed(COOKIE, text)) <= _MOST_BYTES_OF_ONE:
            return {COOKIE: signed}
        parts = [text[at : at + _PART_LETTERS] for at in range(0, len(text), _PART_LETTERS)]
        further = {f"{COOKIE}_{number + 1}": part for number, part in enumerate(parts)}
        whole = {COOKIE: f"chunks-{len(parts)}", **further}
        return {name: self._signed(name, value) for name, value in whole.items()}

    def _signed(self, name: str, text: str) -> str:
        return str(URLSafeTimedSerializer(self._session.secret, salt=name).dumps(text))

    def _text(self, cookies: Mapping[str, str]) -> str:
        parts = [self._part(cookies, name) for name in self._further(cookies) or [COOKIE]]
        return "".join(part[0] for part in parts if part)

    def _whole(self, cookies: Mapping[str, str]) -> tuple[str, int] | None:
        """What the cookie holds, of all its parts, and when it was signed (Unix seconds)."""
        found, further = self._part(cookies, COOKIE), self._further(cookies)
        if found is None or not further:
            return found
        bound = self._part(cookies, WHOLE)
        return (self._text(cookies), found[1]) if bound is not None and bound[0] == self._key(cookies) else None

    def _further(self, cookies: Mapping[str, str]) -> list[str]:
        """The names of the cookies with the parts of a long one; the browser may have older ones besides."""
        found = self._part(cookies, COOKIE)
        several = _CHUNKS.fullmatch(found[0]) if found else None
        return [f"{COOKIE}_{number + 1}" for number in range(int(several.group(1)))] if several else []

    def _key(self, cookies: Mapping[str, str]) -> str:
        """What tells a session from others, by all parts that count and nothing besides; it says nothing of them."""
        parts = [cookies.get(name, "") for name in (COOKIE, *self._further(cookies))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]

    def _part(self, cookies: Mapping[str, str], name: str) -> tuple[str, int] | None:
        """What one cookie holds and when it was signed (Unix seconds)."""
        try:
            serializer = URLSafeTimedSerializer(self._session.secret, salt=name)
            value, signed = serializer.loads(cookies.get(name, ""), return_timestamp=True)
        except (BadData, ValueError):
            return None
        return (value, int(signed.timestamp())) if isinstance(value, str) else None


def _bytes_of(cookies: Mapping[str, str]) -> int:
    return sum(map(len, cookies.values()))


def _of_streamlit(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: claims[name] for name in ("origin", "is_logged_in", "provider", "exp") if name in claims}


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
