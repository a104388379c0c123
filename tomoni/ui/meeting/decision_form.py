"""The fields of a decision: what, why, until when, and which earlier ones it takes the place of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from tomoni.meetings.model import Decision
from tomoni.meetings.records import Record
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.words.text import Text

_MOST_CHARACTERS = 300
Fields = Mapping[str, Any]


def decision_form(
    name: str, start: Fields, held: Sequence[Record[Decision]], text: Text, work: Callable[[Fields], object]
) -> None:
    """Draw the fields of a decision, filled in with ``start``, and a button that stores them by ``work``; ``held``
    are decisions whose place it can take. The popover of this name closes once they are stored."""
    with st.form(f"{name}-form", border=False):
        st.text_area(
            text._("What was decided"), start.get("text", ""), key=f"{name}-text", max_chars=_MOST_CHARACTERS, height=80
        )
        st.text_area(text._("Reason"), start.get("reason", ""), key=f"{name}-reason", max_chars=4_000, height=80)
        st.date_input(text._("In force until"), start.get("until"), key=f"{name}-until", format="YYYY-MM-DD", width=180)
        if held:
            _supersedes(name, start.get("supersedes", ()), held, text)
        refusal(name, text)
        st.form_submit_button(text._("Save"), key=f"{name}-store", type="primary", on_click=_store, args=(name, work))


def _supersedes(name: str, chosen: Sequence[str], held: Sequence[Record[Decision]], text: Text) -> None:
    known = {record.id: record.value.text for record in held}
    st.multiselect(
        text._("In the place of"),
        list(known),
        [id_ for id_ in chosen if id_ in known],
        format_func=known.__getitem__,
        key=f"{name}-supersedes",
        placeholder=text._("none of those in force"),
    )


def _store(name: str, work: Callable[[Fields], object]) -> None:
    """Stores what was typed, and closes the popover where that was possible."""
    typed = {field: st.session_state.get(f"{name}-{field}") for field in ("text", "reason", "until", "supersedes")}
    said = " ".join((typed["text"] or "").split())
    fields = {**typed, "text": said, "reason": typed["reason"] or "", "supersedes": typed["supersedes"] or ()}
    if attempt(name, lambda: work(fields)):
        st.session_state.pop(f"before-{name}", None)
        st.session_state[name] = False
