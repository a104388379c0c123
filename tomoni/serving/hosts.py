"""By which names Tomoni is asked: a page of somebody else must not reach it under a name of its own (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that Tomoni answers to, in lower case; ``*.example.com`` is every name below one, ``*`` any name.

    Addresses of IP and names without a dot (``localhost``, a service of a cluster) are always answered to: no name
    of a stranger can be one of them.
    """

    names: frozenset[str]

    @classmethod
    def of(cls, url: str | None, names: Iterable[str]) -> Hosts:
        """The names of the settings: that of the address which people open, and further ones."""
        own = urlsplit(url).hostname if url else None
        return cls(frozenset(name.strip().lower() for name in (*names, own or "") if name.strip()))

    def answers_to(self, host: str) -> bool:
        """Whether a request with this header ``Host`` is answered."""
        name = _name(host)
        if name is None:
            return False
        return "." not in name or _is_address(name) or any(_covers(each, name) for each in self.names)


def _covers(allowed: str, name: str) -> bool:
    if allowed.startswith("*."):
        return name.endswith(allowed[1:])
    return allowed in ("*", name)


def _name(host: str) -> str | None:
    """The name in a header ``Host``, without the port; None where it is none."""
    try:
        return urlsplit(f"//{host}").hostname if _HOST.fullmatch(host) else None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
