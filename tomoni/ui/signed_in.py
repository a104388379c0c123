"""Who looks at a page, as the guard said it."""

from __future__ import annotations

import streamlit as st

from tomoni.access.audit import Actor
from tomoni.access.identity import Identity
from tomoni.access.seal import HEADER, opened


def identity() -> Identity | None:
    """Who signed in; None where nobody has to."""
    return opened(st.context.headers.get(HEADER) or "")


def actor() -> Actor:
    """Who acts on this page, and from where."""
    found = identity()
    who = f"{found.email} {found.issuer}#{found.subject}".strip() if found else ""
    return Actor("page", who, str(st.context.ip_address or "127.0.0.1"))  # Streamlit leaves it out for this machine
