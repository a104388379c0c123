"""How figures are drawn in the browser: each new one once."""

from __future__ import annotations

from pathlib import Path

from streamlit.components.v2 import component

_SCRIPT = (Path(__file__).parent / "figures.js").read_text()


def draw_figures_once() -> None:
    """Let every figure of the page be drawn in the size of its place alone, half of the work of a choice."""
    component("tomoni.figures", js=_SCRIPT)(key="figures", height=0)
