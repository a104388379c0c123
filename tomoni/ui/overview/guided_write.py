"""The end of the guided start: the file of the app, written in place where that is allowed, and to take away."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.who_may import Role
from tomoni.exploring.draft import Draft
from tomoni.ui.blocks import remark, title
from tomoni.ui.context import Context
from tomoni.ui.local import is_local
from tomoni.ui.notices import refused
from tomoni.use_cases.first_app import faults, may_write, write_new
from tomoni.words import problems
from tomoni.words.app_file import app_lines
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text


def draw(context: Context, draft: Draft) -> None:
    """Draw the file and the buttons that keep it."""
    text, name = context.text, f"apps/{draft.app}.yaml"
    content = "\n".join(app_lines(draft, text)) + "\n"
    with st.container(key="panel-guided-file"):
        title(text._("4. The file"), name)
        with st.expander(text._("What will be in it"), key="guided-yaml"):
            st.code(content, language="yaml")
        allowed = may_write(context.tomoni.settings, is_local(), context.tomoni.grants)
        with st.container(horizontal=True, vertical_alignment="center"):
            if allowed and st.button(text._("Write it and show the SLO"), type="primary", key="guided-write"):
                keep(context, name, content)
            st.download_button(text._("Download"), content, f"{draft.app}.yaml", "text/yaml", on_click="ignore")
        if not allowed:
            remark(_elsewhere(name, text))


def keep(context: Context, name: str, content: str) -> None:
    """Write a new file of the configuration and put it in force; draw why not, where it cannot be done."""
    text, folder = context.text, context.tomoni.settings.config
    context.tomoni.grants.require(Role.EDITOR)
    if found := faults(folder, name, content):
        refused([problems.line(problem, text) for problem in found])
        return
    try:
        write_new(folder, name, content)
    except FileExistsError:
        refused([text._("%(file)s exists already; nothing is overwritten.") % {"file": text.quote(name)}])
        return
    except OSError as error:
        facts = {"folder": text.quote(folder), "reason": reason_of(error, text)}
        refused([text._("%(folder)s cannot be written (%(reason)s).") % facts])
        return
    context.tomoni.meetings.did("configuration.written", about=name)
    context.tomoni.reload()
    st.rerun()


def _elsewhere(name: str, text: Text) -> str:
    return text._(
        "Put it into the configuration folder as %(file)s; this page shows it within a minute. A page writes files only"
        " for a reader on the machine itself, or where TOMONI_WRITE_CONFIG allows it."
    ) % {"file": text.quote(name)}
