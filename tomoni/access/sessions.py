"""The cookie by which Streamlit remembers who signed in, verified where every request comes in.

Streamlit signs it with the secret of the settings when the provider's answer has been verified (`/oauth2callback`), in
several parts where it is long, and would let it live for 30 days; here it ends when a session of ours does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from tomoni.access.identity import Identity, identity_of

COOKIE = "_streamlit_user"
_CHUNKS = re.compile(r"chunks-(\d{1,2})")
_SKEW_SECONDS = 60


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
        return identity.ending(until, _key(cookies.get(COOKIE, ""))) if identity is not None and in_force else None

    def _whole(self, cookies: Mapping[str, str]) -> tuple[str, int] | None:
        """What the cookie holds, of all its parts, and when it was signed (Unix seconds)."""
        found = self._part(cookies, COOKIE)
        several = _CHUNKS.fullmatch(found[0]) if found else None
        if found is None or several is None:
            return found
        parts = [self._part(cookies, f"{COOKIE}_{number + 1}") for number in range(int(several.group(1)))]
        belonging = [part[0] for part in parts if part and abs(part[1] - found[1]) <= _SKEW_SECONDS]
        return ("".join(belonging), found[1]) if len(belonging) == len(parts) else None

    def _part(self, cookies: Mapping[str, str], name: str) -> tuple[str, int] | None:
        """What one cookie holds and when it was signed (Unix seconds)."""
        try:
            serializer = URLSafeTimedSerializer(self._session.secret, salt=name)
            value, signed = serializer.loads(cookies.get(name, ""), return_timestamp=True)
        except (BadData, ValueError):
            return None
        return (value, int(signed.timestamp())) if isinstance(value, str) else None


def _key(cookie: str) -> str:
    """What tells a session from others; it says nothing of the cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()[:40]


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
