"""The styles of all pages: the colours of the themes and two style sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from tomoni.charts.theme import DARK, LIGHT, Theme

_HERE = Path(__file__).parent


def apply_style(present: bool) -> None:
    """Apply the styles; present mode adds its own sheet."""
    st.html(_sheet(present))


@cache
def _sheet(present: bool) -> str:
    more = (_HERE / "present.css").read_text() if present else ""
    return f"<style>{_variables()}{(_HERE / 'style.css').read_text()}{more}</style>"


def _variables() -> str:
    """The colours of both themes as CSS variables; the browser picks those of the theme in use."""
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
