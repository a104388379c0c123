"""Whether a reader sits at the machine that the pages come from."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# What a proxy adds to a request that it hands on.
_HANDED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def is_local() -> bool:
    """Whether the server listens to this machine alone, as far as Streamlit knows, and no proxy handed the request
    on."""
    headers = st.context.headers
    listens = str(st.get_option("server.address") or "") in _LOOPBACK
    host = urlsplit(f"//{headers.get('Host', '')}").hostname or ""
    address = st.context.ip_address  # Streamlit leaves it out for this machine
    from_here = not isinstance(address, str) or address in _LOOPBACK
    return listens and from_here and host in _LOOPBACK and not any(headers.get(name) for name in _HANDED_ON)
