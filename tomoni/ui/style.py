"""The one place where styles come from: colours of the theme, and two small style sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from tomoni.charts.theme import DARK, LIGHT, Theme

_HERE = Path(__file__).parent


def apply_style(present: bool) -> None:
    """Styles the page; in present mode it has no chrome and large type."""
    st.html(_sheet(present))


@cache
def _sheet(present: bool) -> str:
    more = (_HERE / "present.css").read_text() if present else ""
    return f"<style>{_variables()}{(_HERE / 'style.css').read_text()}{more}</style>"


def _variables() -> str:
    """The colours of both themes as variables; the browser picks the side that is in use."""
    light, dark = (_colors(theme) for theme in (LIGHT, DARK))
    pairs = "".join(f"--tm-{name}: light-dark({light[name]}, {dark[name]});" for name in light)
    return f":root {{ {pairs} }}\n"


def _colors(theme: Theme) -> dict[str, str]:
    return {
        "panel": theme.panel,
        "border": theme.border,
        "text": theme.text,
        "muted": theme.muted,
        "grid": theme.grid,
        "accent": theme.accent,
        **{state.value: color for state, color in theme.states.items()},
        **{f"burn-{band}": color for band, color in enumerate(theme.burn)},
        **{f"on-burn-{band}": color for band, color in enumerate(theme.burn_text)},
    }
