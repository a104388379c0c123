"""The `SourceError` of what went wrong with a Prometheus server: from statuses and exceptions.

The server's own text is kept, shortened and with every known secret masked. The texts of client
exceptions are not kept as they are: they may quote headers or addresses with credentials in them.
"""

from __future__ import annotations

import base64
import http.client
import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from data_sources.errors import (
    AccessDenied,
    BadAnswer,
    NotFound,
    QueryRefused,
    RateLimited,
    ServerFailed,
    SourceError,
    TimedOut,
    Unreachable,
)
from data_sources.prometheus.config import BasicAuth, BearerAuth, PrometheusConfig

LONGEST_DETAIL = 500
_SHORTEST_SECRET = 4  # a shorter one would mask parts of ordinary words
_CREDENTIALS = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}|(?<=://)[^/\s@]+@")
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
    408: TimedOut,
    413: QueryRefused,
    414: QueryRefused,
    422: QueryRefused,
    429: RateLimited,
    431: QueryRefused,
}


class Secrets:
    """The secrets of one source, which are masked in every text that leaves it."""

    def __init__(self, values: Iterable[str]) -> None:
        spellings = {spelling for value in values for spelling in (value, quote(value, safe=""))}
        # The longest first: one secret may begin with another.
        self._known = sorted((s for s in spellings if len(s) >= _SHORTEST_SECRET), key=len, reverse=True)

    @classmethod
    def of(cls, config: PrometheusConfig) -> Secrets:
        """The secrets of a configuration: headers, password or token, and the password in the address."""
        values = [value.get_secret_value() for value in config.headers.values()]
        if isinstance(config.auth, BasicAuth):
            password = config.auth.password.get_secret_value()
            values += [password, base64.b64encode(f"{config.auth.username}:{password}".encode()).decode()]
        if isinstance(config.auth, BearerAuth):
            values.append(config.auth.token.get_secret_value())
        if config.url.password:
            values += [config.url.password, unquote(config.url.password)]
        return cls(values)

    def mask(self, text: str) -> str:
        """The text without secrets, on one line, shortened."""
        for secret in self._known:
            text = text.replace(secret, "***")
        text = " ".join(_CREDENTIALS.sub("***", text).split())
        return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A reply as received: ``body`` is its decoded JSON, None where it is not JSON; ``text`` its beginning."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str


def reply_error(source: str, reply: HttpReply, secrets: Secrets) -> SourceError:
    """The error of a reply that is not a success.

    Facts: ``status``; ``type`` where the server stated one; ``reason`` where more is known about the
    cause: redirected (with ``location``), no_api, not_json, wrong_shape; ``retry_after_seconds``.
    """
    facts: dict[str, str | int | float] = {"status": reply.status}
    if 300 <= reply.status < 400:
        facts |= {"reason": "redirected", "location": secrets.mask(bare(reply.headers.get("Location", "")))}
        return BadAnswer(source, "", facts)
    if reply.status == 429 and reply.headers.get("Retry-After", "").strip().isdigit():
        facts["retry_after_seconds"] = int(reply.headers["Retry-After"])
    body = reply.body if isinstance(reply.body, dict) else {}
    stated = str(body.get("errorType", ""))
    if stated:
        facts["type"] = secrets.mask(stated)
    detail = secrets.mask(str(body.get("error", "")) or reply.text)
    return _kind(reply, stated, facts)(source, detail, facts)


def _kind(reply: HttpReply, stated: str, facts: dict[str, str | int | float]) -> type[SourceError]:
    """By the statuses of proxies first, then by the type that the server states, then by the status alone."""
    if reply.status in (401, 403, 429):
        return _BY_STATUS[reply.status]
    if stated in _BY_TYPE:
        return _BY_TYPE[stated]
    if reply.status in _BY_STATUS:
        return _BY_STATUS[reply.status]
    if reply.status >= 500:
        return ServerFailed
    facts["reason"] = "no_api" if reply.status in (404, 405) else "not_json" if reply.body is None else "wrong_shape"
    return BadAnswer


def bare(url: str) -> str:
    """An address without credentials, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def client_error(source: str, error: Exception, secrets: Secrets) -> SourceError:
    """The error of an exception of requests or urllib3; facts["reason"] names the cause."""
    for inner in reversed(_layers(error)):
        for types, kind, reason in _client_kinds():
            if isinstance(inner, types):
                detail = secrets.mask(str(inner)) if reason == "tls" else ""
                return kind(source, detail, {"reason": reason} if reason else {})
    return Unreachable(source, "", {"reason": "ca_file" if "CA certificate" in str(error) else "connection"})


_ClientKind = tuple[tuple[type[BaseException], ...], type[SourceError], str]


def _client_kinds() -> tuple[_ClientKind, ...]:
    """The error of each exception, special ones before general ones (a refused connection is a kind of time-out)."""
    import requests.exceptions as requests  # noqa: PLC0415
    import urllib3.exceptions as urllib3  # noqa: PLC0415

    return (
        ((ConnectionRefusedError,), Unreachable, "refused"),
        ((urllib3.NameResolutionError, socket.gaierror), Unreachable, "name"),
        ((urllib3.NewConnectionError,), Unreachable, "connection"),
        ((urllib3.TimeoutError, requests.Timeout, TimeoutError), TimedOut, ""),
        ((urllib3.SSLError, requests.SSLError, ssl.SSLError), Unreachable, "tls"),
        ((requests.InvalidHeader, UnicodeError), AccessDenied, "header"),
        ((urllib3.DecodeError, requests.ContentDecodingError), BadAnswer, "not_json"),
        ((urllib3.IncompleteRead, http.client.IncompleteRead), BadAnswer, "truncated"),
    )


def _layers(error: BaseException) -> list[BaseException]:
    """The layers of a wrapped error from the outside in: requests' error, MaxRetryError, ProtocolError, the cause."""
    layers: list[BaseException] = []
    inner: object = error
    while isinstance(inner, BaseException) and inner not in layers:
        layers.append(inner)
        wrapped = [getattr(inner, "reason", None), *inner.args, inner.__cause__]
        inner = next((each for each in wrapped if isinstance(each, BaseException)), None)
    return layers
