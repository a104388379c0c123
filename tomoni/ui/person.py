"""Who looks at the page, as the guard said it; their account in the bar, and the end of their session."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.access.identity import Identity
from tomoni.catalog.who_may import NOBODY, Role
from tomoni.settings import ProcessSettings
from tomoni.ui.escape import flowing, html
from tomoni.ui.notices import empty_page
from tomoni.ui.signed_in import identity
from tomoni.use_cases.product import Tomoni
from tomoni.words import access
from tomoni.words import sign_in as words
from tomoni.words.text import Text

_SCRIPT = (Path(__file__).parent / "session_end.js").read_text()
_LONGEST_SECONDS = 20 * 86_400  # a browser's timer takes no more


def comes_in(tomoni: Tomoni, text: Text) -> bool:
    """Whether the page may be drawn. The guard lets nobody come here without a sign-in that is needed; a page that is
    run without the guard says so itself."""
    if tomoni.settings.sign_in != "none" and identity() is None:
        what = text._("Sign in to see the service levels.")
        empty_page(what, text._("This page was started without what signs readers in."))
        return False
    if not tomoni.grants.sees_any:
        draw_account(tomoni, text)
        closed = tomoni.setup.access is NOBODY
        empty_page(*access.unread(text) if closed else access.nothing_to_see(identity() is not None, text))
    return tomoni.grants.sees_any


def draw_account(tomoni: Tomoni, text: Text) -> None:
    """Draw who signed in with the way out, and lead to the sign-in when the session ends."""
    found = identity()
    if found is None:
        return
    with st.popover("", icon=":material/account_circle:", help=text._("Your account")):
        st.html(f"<b>{html(found.shown)}</b>{_second_line(found)}")
        title, roles = text._("Role"), " · ".join(sorted(access.role(role, text) for role in _roles(tomoni)))
        st.html(f"<p class='tm-muted tm-small'>{flowing(title)}: {html(roles)}</p>")
        label = text._("Sign out")
        st.html(f"<a href='./sign-out' target='_self'>{html(label)}</a>")
    left = min(max(found.until - time.time(), 0), _LONGEST_SECONDS)
    component("tomoni.session_end", js=_SCRIPT)(key="session-end", data={"seconds": left + 1})


def _roles(tomoni: Tomoni) -> set[Role]:
    """The roles of all apps that the reader sees."""
    return {tomoni.grants.role(app.id) for app in tomoni.catalog.apps} or {tomoni.grants.role()}


def _second_line(found: Identity) -> str:
    return f"<br>{html(found.email)}" if found.email and found.email != found.shown else ""


def draw_openness(settings: ProcessSettings, text: Text) -> None:
    """Draw that everybody may come in, where somebody chose so."""
    if settings.sign_in == "none" and settings.open:
        with st.container(key="open-to-all"):
            st.html(f"<p class='tm-open' role='note'>{html(words.is_open(text))}</p>")
