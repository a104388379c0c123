"""The choice of the joint figure's rows and their order, which is kept in the URL."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import Signal
from tomoni.charts.lanes import APP_ROWS, row_keys
from tomoni.ui.choice import on_choice
from tomoni.ui.url_state import View, apply_choice, change_view
from tomoni.words.text import Text, mark

MOST_ROWS = 13
_TITLES = {"success": mark("Success"), "budget": mark("Budget left"), "traffic": mark("Traffic")}


def chosen_rows(view: View, signals: Sequence[Signal]) -> tuple[str, ...]:
    """The chosen rows that exist; without a choice the app's rows and up to ten signals."""
    known = row_keys(signals)
    return tuple(key for key in view.lanes or () if key in known) or known[:MOST_ROWS]


def row_chooser(chosen: Sequence[str], signals: Sequence[Signal], linear: bool, text: Text) -> None:
    """Draw the controls that add, remove and reorder rows, and choose the scale of success."""
    titles = _titles(signals, text)
    key = f"lanes-{text.language}"  # the browser keeps choices by their titles, which another language does not have
    with st.popover(text._("Rows"), icon=":material/reorder:", type="tertiary"):
        st.session_state[key] = list(chosen)
        st.multiselect(
            text._("Rows of the figure, from top to bottom"),
            row_keys(signals),
            key=key,
            format_func=titles.__getitem__,
            max_selections=MOST_ROWS,
            **on_choice(key, apply_choice, "lanes", key),
        )
        _mover(chosen, titles, text)
        st.button(
            text._("All rows, in their usual order"),
            key="lanes-all",
            type="tertiary",
            on_click=change_view,
            kwargs={"lanes": None},
        )
        st.session_state["linear"] = linear
        st.toggle(
            text._("Success on an even scale"),
            key="linear",
            help=text._("Usually it is drawn by nines, so that an objective can be read beside an outage."),
            **on_choice("linear", apply_choice, "linear", "linear"),
        )


def _mover(chosen: Sequence[str], titles: dict[str, str], text: Text) -> None:
    """Draw the controls that move one row up or down."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(text._("Move a row"), chosen, key=f"lane-moved-{text.language}", format_func=titles.__getitem__)
        for label, step in (("↑", -1), ("↓", 1)):
            st.button(label, key=f"lane-{step}", on_click=_move, args=(tuple(chosen), step, text.language))


def _move(chosen: tuple[str, ...], step: int, language: str) -> None:
    moved = st.session_state[f"lane-moved-{language}"]
    if moved not in chosen:
        return
    others = [key for key in chosen if key != moved]
    place = min(max(0, chosen.index(moved) + step), len(others))
    change_view(lanes=(*others[:place], moved, *others[place:]))


def _titles(signals: Sequence[Signal], text: Text) -> dict[str, str]:
    own = {key: text._(_TITLES[key]) for key in APP_ROWS}
    return own | {signal.id: signal.title(text.language) for signal in signals}
