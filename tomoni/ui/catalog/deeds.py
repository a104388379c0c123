"""Who did what, for admins: searched on the page, whole as a file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tomoni.access.audit import Wanted
from tomoni.catalog.who_may import Role
from tomoni.ui.blocks import title
from tomoni.ui.context import Context

_MOST_IN_A_FILE = 100_000


def draw(context: Context) -> None:
    """Draw the newest entries of the audit; nothing where nobody signs in, or for who is no admin."""
    if context.tomoni.settings.sign_in == "none" or not context.tomoni.grants.may(Role.ADMIN):
        return
    text, audit = context.text, context.tomoni.meetings.audit
    with st.container(key="panel-audit"):
        title(text._("Audit"), text._("Who did what, when and from where"))
        found = audit.found(Wanted(st.text_input(text._("Search"), key="audit-search")))
        rows = [
            {
                text._("When"): text.moment(entry.at),
                text._("Who"): entry.actor.who or entry.actor.way,
                text._("From where"): entry.actor.place,
                text._("What"): entry.what,
                text._("App"): entry.app,
                text._("About"): entry.about,
            }
            for entry in found
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        lines = "\n".join(entry.as_json() for entry in audit.found(Wanted(), _MOST_IN_A_FILE)[::-1])
        st.download_button(text._("Download"), lines, "audit.jsonl", "application/jsonl", on_click="ignore")
