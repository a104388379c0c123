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
    """Whether a page that opens a connection is ours: a browser always says which one does. A page of the address that
    people open is one by its scheme too: what comes without TLS under that name, anybody between may have written."""
    origin = headers.get("origin")
    if origin is None:
        return True  # no browser
    scheme, place = _parts(origin)
    our_scheme, ours = _parts(url or "")
    if place and place == ours:
        return scheme == our_scheme
    return bool(place) and place in _places(headers.get("host", ""))


def _parts(address: str) -> tuple[str, str]:
    """The scheme and the host of an address, with the port where it is not the usual one; empty for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower().removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, ":"))


def _places(host: str) -> tuple[str, ...]:
    """A header ``Host`` as an origin may say it, which leaves out the usual port."""
    name = host.lower()
    return name, name.removesuffix(":80"), name.removesuffix(":443")
