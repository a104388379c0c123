"""Sending a message to the webhook of a chat, at most once. The address is a secret: it is in no error and no log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

from tomoni.meetings.sent import SentMessages

TIMEOUT_SECONDS = 10.0
WAITS_SECONDS = (1.0, 4.0, 16.0)
_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")
_LONGEST_WAIT_SECONDS = 60.0
_AGAIN = frozenset({429, 500, 503})
# A proxy that gave up waiting does not know what became of the message.
_UNKNOWN = frozenset({408, 502, 504})


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    BEFORE = "before"  # it was sent before
    REFUSED = "refused"  # the chat did not take it
    UNREACHABLE = "unreachable"  # it never left
    UNKNOWN = "unknown"  # it left, and nobody knows whether it arrived


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a message, with the chat's status where it gave one."""

    outcome: Outcome
    status: int | None = None


@dataclass(frozen=True, slots=True)
class _Try:
    sending: Sending
    again: bool = False
    wait: float | None = None


def send_once(
    sent: SentMessages, key: str, address: SecretStr, body: Mapping[str, Any], pause: Callable[[float], None]
) -> Sending:
    """Sends a message unless one with this key was sent: it is claimed before it leaves, and given back only where it
    surely did not arrive. ``pause`` waits so many seconds between two attempts. Raises StoreError."""
    if not sent.claim(key):
        return Sending(Outcome.BEFORE)
    found = deliver(address, body, pause, lambda: sent.release(key))
    if found.outcome in (Outcome.REFUSED, Outcome.UNREACHABLE):
        sent.release(key)
    return found


def deliver(
    address: SecretStr, body: Mapping[str, Any], pause: Callable[[float], None], interrupted: Callable[[], None]
) -> Sending:
    """Sends a message, again where a chat is busy; ``interrupted`` is called where that is cut off while it waits."""
    found = _Try(Sending(Outcome.UNREACHABLE))
    for wait in _waits():
        found = _attempt(address, body)
        if not found.again or wait is None:
            break
        try:
            pause(min(max(wait, found.wait or 0.0), _LONGEST_WAIT_SECONDS))
        except BaseException:  # whoever interrupts the waiting may send it again
            interrupted()
            raise
    return found.sending


def _waits() -> Iterator[float | None]:
    yield from WAITS_SECONDS
    yield None


def _attempt(address: SecretStr, body: Mapping[str, Any]) -> _Try:
    import requests  # noqa: PLC0415 - only who sends something pays for it

    secret = address.get_secret_value()
    try:
        with _out_of_logs(secret):
            response = requests.post(secret, json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True)
    except requests.ConnectionError as error:
        if _never_left(error):
            return _Try(Sending(Outcome.UNREACHABLE), again=True)
        return _Try(Sending(Outcome.UNKNOWN))
    except requests.Timeout:  # while waiting for the answer
        return _Try(Sending(Outcome.UNKNOWN))
    except (requests.RequestException, ValueError, UnicodeError):  # no address at all
        return _Try(Sending(Outcome.UNREACHABLE))
    response.close()
    return _told(response.status_code, response.headers.get("Retry-After", ""))


@contextmanager
def _out_of_logs(secret: str) -> Iterator[None]:
    """Keeps what an address says behind its host out of what libraries log."""
    behind = secret.partition("://")[2].partition("/")[2]

    def shows_nothing(record: logging.LogRecord) -> bool:
        return not behind or behind not in record.getMessage()

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(shows_nothing)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(shows_nothing)


def _told(status: int, retry_after: str) -> _Try:
    """What a status means for a message."""
    if 200 <= status < 300:
        return _Try(Sending(Outcome.SENT, status))
    if status in _UNKNOWN:
        return _Try(Sending(Outcome.UNKNOWN, status))
    wait = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
    return _Try(Sending(Outcome.REFUSED, status), status in _AGAIN, wait)


def _never_left(error: Exception) -> bool:
    """Whether no connection came about; the causes of an error are looked through, never shown."""
    from requests import exceptions  # noqa: PLC0415 - likewise
    from urllib3.exceptions import NewConnectionError, SSLError  # noqa: PLC0415 - likewise

    if isinstance(error, exceptions.ConnectTimeout | exceptions.SSLError | exceptions.ProxyError):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError | SSLError)
