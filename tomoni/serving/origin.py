"""Where a request comes from: this machine, or elsewhere; a page of ours, or one of a stranger."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from tomoni.serving.forwarded import PEER

_HANDED_ON = ("x-forwarded-for", "x-real-ip")


def from_here(scope: Scope) -> bool:
    """Whether a request came to an address of this machine alone, from this machine, and no proxy says otherwise."""
    places = [scope.get("server"), scope.get("client"), scope.get(PEER, scope.get("client"))]
    named = [str(place[0]) if place else "" for place in places]
    return all(map(_is_loopback, (*named, *_handed_on(Headers(scope=scope)))))


def _handed_on(headers: Headers) -> Iterator[str]:
    """The addresses that proxies handed a request on for."""
    for name in _HANDED_ON:
        for value in headers.getlist(name):
            yield from (part.strip() for part in value.split(","))
    for value in headers.getlist("forwarded"):
        for part in value.replace(",", ";").split(";"):
            name, _, written = part.strip().partition("=")
            if name.lower() == "for":
                yield urlsplit(f"//{written.strip(chr(34))}").hostname or ""


def _is_loopback(name: str) -> bool:
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def is_own(headers: Headers, url: str | None) -> bool:
    """Whether a page that opens a connection is ours: a browser always says which one does."""
    origin = headers.get("origin")
    if origin is None:
        return True  # no browser
    host = urlsplit(origin).netloc.lower()
    return bool(host) and host in (headers.get("host", "").lower(), urlsplit(url or "").netloc.lower())
