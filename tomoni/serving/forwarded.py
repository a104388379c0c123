"""Who asks behind a proxy: what it says in `X-Forwarded-For` counts only of a proxy that the settings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PEER = "tomoni.peer"  # in a scope: who is really at the other end


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The proxies that are believed, by their addresses or networks."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, written: str | None) -> TrustedProxies:
        """Those of the settings, with commas between them. Raises ValueError for what is no address or network."""
        parts = (part.strip() for part in (written or "").split(","))
        return cls(tuple(ipaddress.ip_network(part) for part in parts if part))

    def tell(self, scope: Scope) -> None:
        """Puts the one who asked in the place of a proxy: the last address in the header that is of no proxy of ours.
        What stands before it, whoever asks may have written."""
        peer = scope.get("client")
        scope[PEER] = peer
        if peer is None or not self._has(str(peer[0])):
            return
        for written in reversed(list(_handed_on(Headers(scope=scope)))):
            if _address(written) is None:
                return
            scope["client"] = (written, 0)
            if not self._has(written):
                return

    def _has(self, written: str) -> bool:
        found = _address(written)
        return found is not None and any(found in network for network in self.networks)


NO_PROXIES = TrustedProxies()


def _handed_on(headers: Headers) -> Iterable[str]:
    for value in headers.getlist("x-forwarded-for"):
        yield from (part.strip() for part in value.split(","))


def _address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
