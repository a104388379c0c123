"""Enlarging one row of the joint figure, and putting it back: by key, by button, and in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import Signal
from tomoni.charts.lanes import keys_of_rows
from tomoni.ui.selection import Selection
from tomoni.ui.url_state import change_view

KEY = "L"


def enlarged(chosen: Sequence[str], signals: Sequence[Signal], wanted: str | None) -> str | None:
    """The name of the row that holds the wanted signal; None where no row does."""
    return next((keys[0] for keys in keys_of_rows(signals, chosen) if wanted in keys), None)


def larger_row(now: str | None, chosen: Sequence[str], signals: Sequence[Signal], selection: Selection) -> None:
    """Draw the button that enlarges the next row, and the one that puts the enlarged row back; Esc does so as well
    unless it leads back to the whole period first."""
    text, steps = selection.text, [keys[0] for keys in keys_of_rows(signals, chosen)]
    if len(steps) < 2:
        return
    following = steps[0] if now is None else [*steps, None][steps.index(now) + 1]
    st.button(
        text._("Enlarge a row") if now is None else text._("Next row"),
        key="row-larger",
        type="tertiary",
        icon=":material/expand:",
        shortcut=KEY,
        on_click=change_view,
        kwargs={"large": following},
    )
    if now is not None:
        st.button(
            text._("All rows alike"),
            key="rows-alike",
            type="tertiary",
            icon=":material/compress:",
            shortcut=None if selection.closer else "Esc",
            on_click=change_view,
            kwargs={"large": None},
        )
