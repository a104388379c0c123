"""Addresses of e-mail as they may be written: one plain address, which a header of a mail reads as that one again.

RFC 5321 and 5322 without their exceptions: no names, comments, quoted parts or groups, in which a mail would go to
somebody else than what is written (``a:b@example.com`` to b), and only ASCII before the at sign, for which no server
needs SMTPUTF8. Domains may be of any script (IDNA).
"""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_LITERAL = re.compile(r"\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]+)\]")
_LONGEST_LOCAL, _LONGEST = 64, 254


def sendable(written: str) -> str | None:
    """An address as it is sent, in ASCII; None where it is none."""
    local, at, domain = written.strip().rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or _LOCAL.fullmatch(local) is None:
        return None
    host = domain if _LITERAL.fullmatch(domain) else _host(domain)
    found = f"{local}@{host}"
    return found if host and len(found) <= _LONGEST else None


def _host(domain: str) -> str | None:
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return plain if all(_LABEL.fullmatch(label) for label in plain.split(".")) else None
