"""Who did what, for admins: searched on the page, whole as a file."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from tomoni.access.audit import Audit, Wanted
from tomoni.catalog.who_may import Role
from tomoni.ui.blocks import title
from tomoni.ui.context import Context


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
        st.download_button(
            text._("Download"), partial(_lines, audit), "audit.jsonl", "application/jsonl", on_click="ignore"
        )


def _lines(audit: Audit) -> str:
    """The whole chain, read when somebody asks for the file."""
    return "\n".join(entry.as_json() for entry in audit.all())
