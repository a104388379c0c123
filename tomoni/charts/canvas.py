"""What a figure is made of, gathered as plain values.

Plotly checks and copies every value of a `plotly.graph_objects.Figure`. The pages draw from the plain
values instead; the tests check them, by making figures of them.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

Spec = dict[str, Any]


@dataclass(slots=True)
class Canvas:
    """Traces, shapes and annotations in the order in which they are drawn.

    ``left`` is the margin, ``line`` the height of a line of text, and ``above`` the room for words above each row
    (0 where they stand beside it), in pixels.
    """

    left: int
    line: int
    above: int = 0
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def note(self, text: str, **place: object) -> None:
        """Writes a text without an arrow."""
        self.annotations.append({"text": text, "showarrow": False} | place)

    def spec(self, layout: dict[str, Any]) -> Spec:
        """All of it with a layout."""
        return {
            "data": [{"type": "scatter"} | trace for trace in self.traces],
            "layout": layout | {"shapes": self.shapes, "annotations": self.annotations},
        }


class PreparedFigure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that is sent as it is: `to_dict` returns the same plain values every time, unchecked."""

    def __init__(self, spec: Spec) -> None:
        self._spec = {**spec, "data": [_typed(trace) for trace in spec["data"]]}

    @property
    def heights(self) -> tuple[int, int]:
        """The height below which rows cannot be read any more, and the natural one, in pixels."""
        layout = self._spec["layout"]
        return layout["meta"]["least_height"], layout["height"]

    def to_dict(self) -> Spec:
        """The values, which must not be changed: readers share them."""
        return self._spec


def _typed(value: object) -> object:
    """A value of a trace with its numbers as the bytes that plotly.js reads, half as long as digits."""
    if isinstance(value, dict):
        return {key: _typed(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        kind = "f4" if value.dtype == np.float32 else "f8"
        numbers = np.ascontiguousarray(value, dtype=f"<{kind}")
        shape = {"shape": ", ".join(map(str, numbers.shape))} if numbers.ndim > 1 else {}
        return {"dtype": kind, "bdata": base64.b64encode(numbers.tobytes()).decode()} | shape
    return value
