"""The `SourceError` of what went wrong with a Prometheus server: from statuses and exceptions.

The server's own text is kept, shortened and with every known secret masked. The texts of client
exceptions are not kept as they are: they may quote headers or addresses with credentials in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from data_sources.errors import (
    AccessDenied,
    BadAnswer,
    NotFound,
    QueryRefused,
    RateLimited,
    ServerFailed,
    SourceError,
    TimedOut,
)
from data_sources.prometheus.waits import seconds_to_wait
from data_sources.secrets import Secrets

# https://prometheus.io/docs/prometheus/latest/querying/api/ (format overview); types as the server writes them.
_BY_TYPE: Mapping[str, type[SourceError]] = {
    "bad_data": QueryRefused,
    "execution": QueryRefused,
    "timeout": TimedOut,
    "canceled": ServerFailed,
    "internal": ServerFailed,
    "unavailable": ServerFailed,
    "not_found": NotFound,
}
_BY_STATUS: Mapping[int, type[SourceError]] = {
    400: QueryRefused,
    401: AccessDenied,
    403: AccessDenied,
    407: AccessDenied,
    408: TimedOut,
    413: QueryRefused,
    414: QueryRefused,
    422: QueryRefused,
    429: RateLimited,
    431: QueryRefused,
}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A reply as received: ``body`` is its decoded JSON, None where it is not JSON; ``text`` its beginning;
    ``url`` the address that was requested."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str
    url: str = ""


def reply_error(source: str, reply: HttpReply, secrets: Secrets) -> SourceError:
    """The error of a reply that is not a success.

    Facts: ``status``; ``type`` where the server stated one; ``reason`` where more is known about the
    cause: redirected, redirected_to_itself (with ``location``), redirected_nowhere,
    no_api, not_json, truncated, wrong_shape; ``retry_after_seconds``.
    """
    facts: dict[str, str | int | float] = {"status": reply.status}
    if 300 <= reply.status < 400:
        return BadAnswer(source, "", {**facts, **_redirection(reply, secrets)})
    if reply.status == 429 and (seconds := seconds_to_wait(reply.headers.get("Retry-After"))) is not None:
        facts["retry_after_seconds"] = round(seconds)
    body = reply.body if isinstance(reply.body, dict) else {}
    stated = str(body.get("errorType", ""))
    if stated:
        facts["type"] = secrets.mask(stated)
    detail = secrets.mask(str(body.get("error", "")) or reply.text)
    return _kind(reply, stated, facts)(source, detail, facts)


def _redirection(reply: HttpReply, secrets: Secrets) -> dict[str, str]:
    """Where a server sends its clients: elsewhere, to the same address again, or nowhere that can be read."""
    try:
        stated = reply.headers.get("Location", "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
        target = urljoin(reply.url, stated) if stated else ""
        location = secrets.mask(bare(target))
    except ValueError:
        location = ""
    if not location:
        return {"reason": "redirected_nowhere"}
    return {"reason": "redirected_to_itself" if bare(target) == bare(reply.url) else "redirected", "location": location}


def _kind(reply: HttpReply, stated: str, facts: dict[str, str | int | float]) -> type[SourceError]:
    """By the statuses of proxies first, then by the type that the server states, then by the status alone."""
    if reply.status in (401, 403, 407, 429):
        return _BY_STATUS[reply.status]
    if stated in _BY_TYPE:
        return _BY_TYPE[stated]
    if reply.status in _BY_STATUS:
        return _BY_STATUS[reply.status]
    if reply.status >= 500:
        return ServerFailed
    facts["reason"] = "no_api" if reply.status in (404, 405) else _unread(reply)
    return BadAnswer


def _unread(reply: HttpReply) -> str:
    """Why an answer is no answer of the API: JSON that begins and does not end was cut off on the way."""
    if reply.body is not None:
        return "wrong_shape"
    begun = reply.text.strip()
    return "truncated" if begun.startswith("{") and not begun.endswith("}") else "not_json"


def bare(url: str) -> str:
    """An address without credentials, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def origin_of(url: str) -> str:
    """The scheme, host and port of an address, with the slash after them."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
