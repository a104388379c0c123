"""The joint figure read point by point with the keyboard."""

from __future__ import annotations

from pathlib import Path

from streamlit.components.v2 import component

from tomoni.words.text import Text

_SCRIPT = (Path(__file__).parent / "points.js").read_text()
_CSS = """
[role=slider] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  outline: none;
}
"""


def points_by_key(text: Text) -> None:
    """Draw a stop for the Tab key, unseen itself, with a ring around the figure: ← → step through the moments of
    the figure, with the values of all rows, ↑ ↓ choose one row alone."""
    mount = component("tomoni.points", html="<div tabindex='0' role='slider'></div>", css=_CSS, js=_SCRIPT)
    facts = {
        "label": text._("Read the figure point by point"),
        "keys": text._(
            "← → step through the points, Page Up and Page Down through more at once, ↑ ↓ through the rows."
        ),
    }
    mount(key="points", data=facts, height=0)
