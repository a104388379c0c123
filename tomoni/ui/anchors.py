"""Places within a page that an address can name after ``#``."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.components.v2 import component

_SCRIPT = (Path(__file__).parent / "anchors.js").read_text()


def anchor(kind: str, name: str) -> str:
    """The name of a place, for ``id`` and after ``#``: "file-apps-checkout-yaml"."""
    return f"{kind}-{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-')}"


def follow_anchor() -> None:
    """Scroll to the place that the address names once it is drawn, which is after the browser has looked for it."""
    component("tomoni.anchors", js=_SCRIPT)(key="anchors", data={}, height=0)
