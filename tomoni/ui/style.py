"""The styles of all pages: the colours of the themes and the style sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from tomoni.charts.theme import DARK, LIGHT, THEMES, Theme

_HERE = Path(__file__).parent


_SHEETS = ("style.css", "meeting.css", "written.css", "ahead.css", "explore.css", "access.css", "print.css")


def apply_style(present: bool) -> None:
    """Apply the styles; present mode adds its own sheet."""
    st.html(_sheet(present, st.context.theme.type or ""))


@cache
def _sheet(present: bool, theme: str) -> str:
    names = (*_SHEETS, "present.css", "meeting_present.css") if present else _SHEETS
    sheets = "".join((_HERE / name).read_text() for name in names)
    return f"<style>{_scheme(theme)}{_variables()}{sheets}</style>"


def _scheme(theme: str) -> str:
    """The colour scheme of popovers and lists: Streamlit gives theirs to the page alone, and they lie beside it."""
    return f":root {{ color-scheme: {theme if theme in THEMES else 'light dark'}; }}\n"


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
