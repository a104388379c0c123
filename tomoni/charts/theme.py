"""One look for screen, file and print: colours, type and the Plotly template made from them.

The categorical colours follow Okabe and Ito (https://jfly.uni-koeln.de/color/), darkened for light
grounds and lightened for dark ones until each can carry text (contrast of at least 4.5 to 1).
`.streamlit/config.toml` repeats these colours; a test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tomoni.slo.model import State

FONT = (
    "'Source Sans', 'Hiragino Sans', 'Yu Gothic UI', 'Yu Gothic', "
    "'Noto Sans JP', 'Noto Sans CJK JP', Meiryo, sans-serif"
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one ground. ``ground`` is the page, ``panel`` the card that a figure lies on.

    ``burn`` colours the bands of the heat strip, from no burn to the fastest; ``burn_text`` is the
    colour of the text on each of them.
    """

    name: str
    ground: str
    panel: str
    border: str
    text: str
    muted: str
    grid: str
    accent: str
    categorical: tuple[str, ...]
    states: Mapping[State, str]
    burn: tuple[str, ...]
    burn_text: tuple[str, ...]

    def series(self, index: int) -> str:
        """The colour of the n-th series; they come round again after the last."""
        return self.categorical[index % len(self.categorical)]


LIGHT = Theme(
    name="light",
    ground="#f6f7f9",
    panel="#ffffff",
    border="#dfe3e8",
    text="#1b2430",
    muted="#5a6573",
    grid="#e9ecf0",
    accent="#0069a6",
    categorical=(
        "#0069a6",
        "#b34700",
        "#00755a",
        "#9a3d78",
        "#0b7480",
        "#8a5a00",
        "#5f50b5",
        "#666400",
        "#8a4432",
        "#56606e",
    ),
    states={
        State.HEALTHY: "#00755a",
        State.AT_RISK: "#a35200",
        State.EXHAUSTED: "#a3123a",
        State.COLLECTING: "#5a6573",
        State.NO_TRAFFIC: "#5a6573",
        State.NO_DATA: "#5a6573",
    },
    burn=("#e6f3ee", "#f4dfae", "#eebc73", "#d9722f", "#a3261e"),
    burn_text=("#1b2430", "#1b2430", "#1b2430", "#1b2430", "#ffffff"),
)
DARK = Theme(
    name="dark",
    ground="#10151c",
    panel="#171e27",
    border="#2c3643",
    text="#e8ecf1",
    muted="#a3adba",
    grid="#26303c",
    accent="#5cb3f0",
    categorical=(
        "#5cb3f0",
        "#ff9457",
        "#3fcb9f",
        "#e695c4",
        "#6fd0dd",
        "#eeb537",
        "#b3a4f7",
        "#d9d163",
        "#dfa08c",
        "#aab4c1",
    ),
    states={
        State.HEALTHY: "#3fcb9f",
        State.AT_RISK: "#ffa94d",
        State.EXHAUSTED: "#f4707a",
        State.COLLECTING: "#a3adba",
        State.NO_TRAFFIC: "#a3adba",
        State.NO_DATA: "#a3adba",
    },
    burn=("#1d3a33", "#4a4326", "#7c5a20", "#d07a3c", "#ff8a80"),
    burn_text=("#e8ecf1", "#e8ecf1", "#ffffff", "#10151c", "#10151c"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def template(theme: Theme, font_px: int = 13) -> dict[str, Any]:
    """The Plotly template of a theme; ``font_px`` is the size of ordinary text."""
    axis: dict[str, Any] = {
        "gridcolor": theme.grid,
        "linecolor": theme.border,
        "zerolinecolor": theme.border,
        "tickcolor": theme.border,
        "tickfont": {"color": theme.muted},
        "automargin": False,
        "title": {"font": {"color": theme.muted}},
    }
    layout = {
        "font": {"family": FONT, "size": font_px, "color": theme.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": theme.panel,
        "colorway": list(theme.categorical),
        "hoverlabel": {
            "bgcolor": theme.panel,
            "bordercolor": theme.border,
            "font": {"family": FONT, "size": font_px, "color": theme.text},
        },
        "xaxis": axis,
        "yaxis": axis,
        "separators": ".,",
    }
    return {"layout": layout}


def see_through(color: str, alpha: float) -> str:
    """A #rrggbb colour as rgba() with an opacity from 0 to 1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
