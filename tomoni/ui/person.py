"""Who looks at the page, as the guard said it; their account in the bar, and the end of their session."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from tomoni.access.identity import Identity
from tomoni.access.seal import HEADER, opened
from tomoni.settings import ProcessSettings
from tomoni.ui.escape import html
from tomoni.ui.notices import empty
from tomoni.words import sign_in as words
from tomoni.words.text import Text

_SCRIPT = (Path(__file__).parent / "session_end.js").read_text()
_LONGEST_SECONDS = 20 * 86_400  # a browser's timer takes no more


def identity() -> Identity | None:
    """Who signed in; None where nobody has to."""
    return opened(st.context.headers.get(HEADER) or "")


def comes_in(settings: ProcessSettings, text: Text) -> bool:
    """Whether the page may be drawn. The guard lets nobody come here without a sign-in that is needed; a page that is
    run without the guard says so itself."""
    if settings.sign_in == "none" or identity() is not None:
        return True
    empty(text._("Sign in to see the service levels."), text._("This page was started without what signs readers in."))
    return False


def draw_account(text: Text) -> None:
    """Draw who signed in with the way out, and lead to the sign-in when the session ends."""
    found = identity()
    if found is None:
        return
    with st.popover("", icon=":material/account_circle:", help=text._("Your account")):
        st.html(f"<b>{html(found.shown)}</b>{_second_line(found)}")
        label = text._("Sign out")
        st.html(f"<a href='./sign-out' target='_self'>{html(label)}</a>")
    left = min(max(found.until - time.time(), 0), _LONGEST_SECONDS)
    component("tomoni.session_end", js=_SCRIPT)(key="session-end", data={"seconds": left + 1})


def _second_line(found: Identity) -> str:
    return f"<br>{html(found.email)}" if found.email and found.email != found.shown else ""


def draw_openness(settings: ProcessSettings, text: Text) -> None:
    """Draw that everybody may come in, where somebody chose so."""
    if settings.sign_in == "none" and settings.open:
        with st.container(key="open-to-all"):
            st.html(f"<p class='tm-open' role='note'>{html(words.is_open(text))}</p>")
