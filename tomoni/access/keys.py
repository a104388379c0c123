"""The public keys that an issuer signs with: from an address or a file, kept for a while, asked for again when they
change."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

_LOG = logging.getLogger("tomoni.access")
_MOST_BYTES = 512 * 1024
_TIMEOUT = (5, 10)
_FRESH_SECONDS = 3600.0
_AGAIN_SECONDS = 30.0  # however many unknown keys are shown, the issuer is not asked more often
_STALE_SECONDS = 86_400.0  # so long an issuer may be away
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class KeysUnknownError(Exception):
    """The keys of the issuer cannot be read now."""


class Keys:
    """The keys at a place: an `https:` address of a JWKS, or the path of a file with one. Safe in several threads.

    Raises ValueError for an address without TLS that is not on this machine.
    """

    def __init__(self, place: str, clock: Callable[[], float]) -> None:
        parts = urlsplit(place)
        self._is_address = parts.scheme in ("http", "https")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError(place)
        self._place, self._clock, self._lock = place, clock, threading.Lock()
        self._found: KeySet | None = None
        self._read_at = self._asked_at = float("-inf")

    def current(self) -> KeySet:
        """The keys, at most an hour old, a day where the issuer does not answer. Raises KeysUnknownError."""
        with self._lock:
            now = self._clock()
            if self._found is None or now - self._read_at > _FRESH_SECONDS:
                self._read(now)
            if self._found is None or now - self._read_at > _STALE_SECONDS:
                raise KeysUnknownError(self._place)
            return self._found

    def newer(self) -> KeySet:
        """The keys as they are now, for a token that none of the kept ones signed; asked at most twice a minute.
        Raises KeysUnknownError."""
        with self._lock:
            self._read(self._clock())
        return self.current()

    def _read(self, now: float) -> None:
        """Reads the keys; what there was stays where that fails."""
        if now - self._asked_at < _AGAIN_SECONDS:
            return
        self._asked_at = now
        try:
            given = _fetched(self._place) if self._is_address else _bounded(Path(self._place))
            self._found, self._read_at = KeySet.import_key_set(json.loads(given)), now
        except (OSError, ValueError, TypeError, KeyError, RecursionError, JoseError) as error:
            _LOG.error("the keys of the sign-in cannot be read: %s: %s", self._place, type(error).__name__)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return _within(file.read(_MOST_BYTES + 1))


def _fetched(address: str) -> bytes:
    """The answer of an address, which may not hand on to another one. Raises OSError (that of requests is one)."""
    import requests  # noqa: PLC0415 - needed only where a proxy signs in

    with closing(requests.get(address, timeout=_TIMEOUT, allow_redirects=False, stream=True)) as answer:
        if answer.status_code != 200:
            raise OSError(answer.status_code)
        return _within(answer.raw.read(_MOST_BYTES + 1, decode_content=True))


def _within(given: bytes) -> bytes:
    if len(given) > _MOST_BYTES:
        raise ValueError(len(given))
    return given
