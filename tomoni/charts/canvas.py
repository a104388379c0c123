"""What a figure is made of, gathered as plain values.

Plotly copies everything whenever something is added to a figure; made at once, a figure of ten rows
takes a quarter of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go


@dataclass(slots=True)
class Canvas:
    """Traces, shapes and annotations in the order in which they are drawn.

    ``left`` is the margin in pixels; ``crowding`` is how much larger than usual type is beside rows.
    """

    left: int
    crowding: float = 1.0
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def note(self, text: str, **place: object) -> None:
        """Writes a text without an arrow."""
        self.annotations.append({"text": text, "showarrow": False} | place)

    def figure(self, layout: dict[str, Any]) -> go.Figure:
        """All of it with a layout."""
        return go.Figure(
            data=[{"type": "scatter"} | trace for trace in self.traces],
            layout=layout | {"shapes": self.shapes, "annotations": self.annotations},
        )
