"""Present mode: no chrome, large type, and the keys P, Esc, ← and →."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.narrow import growth
from tomoni.ui.url_state import change_view
from tomoni.words.text import mark

# Which key does what, as they are written on a keyboard.
KEYS = (
    ("← →", mark("previous or next journey")),
    ("E", mark("next episode, then the whole period; with Shift the previous one")),
    ("A", mark("next app; with Shift the previous one")),
    ("L", mark("enlarge the next row of the figure")),
    ("Esc", mark("back to the whole period, then out of present mode")),
)
SCALE = 1.375  # 22 px beside the usual 16


def scale(context: Context) -> float:
    """The factor by which figures are enlarged: as much as the words of the page, whose size follows the window."""
    return SCALE * growth() if context.view.present else 1.0


def present_button(context: Context) -> None:
    """Draw the button that enters present mode; P does the same."""
    _ = context.text._
    tip = _("For a shared screen: large type, nothing else. P starts, Esc ends; ← →, E and A step.")
    st.button(
        _("Present"),
        key="present",
        shortcut="P",
        help=tip,
        on_click=change_view,
        kwargs={"present": True},
        icon=":material/tv:",
    )


def present_keys(context: Context, name: str, steps: Sequence[str], here: str | None, esc: bool = True) -> None:
    """Draw the controls of present mode: the arrow keys step through the values of the parameter ``name``, and
    Esc leaves, unless the page needs that key itself (``esc`` is False)."""
    if not context.view.present:
        return
    with st.container(key="present-keys", horizontal=True, gap="xsmall", width="content"):
        if here is not None and here in steps and len(steps) > 1:
            at = list(steps).index(here)
            _step("Left", context.text._("Previous"), name, steps[max(0, at - 1)])
            st.html(f"<span class='tm-muted'>{at + 1} / {len(steps)}</span>", width="content")
            _step("Right", context.text._("Next"), name, steps[min(len(steps) - 1, at + 1)])
        if here is not None:
            help_button(context, KEYS)
        end_button(context, esc)


def end_button(context: Context, esc: bool = True) -> None:
    """Draw the button that leaves present mode; Esc does the same, unless the page needs that key itself."""
    st.button(
        context.text._("End"),
        key="present-end",
        shortcut="Esc" if esc else None,
        on_click=change_view,
        kwargs={"present": False},
    )


def help_button(context: Context, known: Sequence[tuple[str, str]]) -> None:
    """Draw what the keys do (each with a msgid), behind a small button."""
    rows = ((f"<kbd>{keys}</kbd>", html(context.text._(words))) for keys, words in known)
    cells = "".join(f"<tr><th scope='row'>{keys}</th><td>{words}</td></tr>" for keys, words in rows)
    with st.popover(context.text._("Keys"), icon=":material/keyboard:", key="present-help"):
        st.html(f"<table class='tm-facts tm-keys'><tbody>{cells}</tbody></table>")


def _step(key: str, label: str, name: str, target: str) -> None:
    st.button(
        label, key=f"present-{key.lower()}", shortcut=key, on_click=change_view, kwargs={name: target, "episode": None}
    )
