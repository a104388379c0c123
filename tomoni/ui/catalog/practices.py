"""What apps practise already, as a panel of the catalog: facts and the next small step, no scores."""

from __future__ import annotations

import streamlit as st

from tomoni.review.practices import Practice
from tomoni.ui.blocks import html_table, remark, title
from tomoni.ui.context import Context
from tomoni.use_cases.practices import practices
from tomoni.words import practices as words


def practices_panel(context: Context) -> None:
    """Draw the practices of all apps by their names."""
    tomoni, text = context.tomoni, context.text
    found = practices(tomoni.meetings.records, tomoni.apps(), context.view.at)
    if not found:
        return
    named = sorted(found, key=lambda each: (each.app.title(text.language) or each.app.id, each.app.id))
    heads = (text._("App"), *(words.name(practice, text) for practice in Practice), text._("Next small step"))
    rows = [
        (
            each.app.title(text.language) or each.app.id,
            *(words.standing(practised, text) for practised in each.practised),
            words.next_step(each, text),
        )
        for each in named
    ]
    with st.container(key="panel-practices"):
        title(text._("Practices"))
        remark(words.lead(text))
        st.html(f"<div class='tm-scroll'>{html_table(heads, rows)}</div>")
