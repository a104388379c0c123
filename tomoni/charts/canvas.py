"""What a figure is made of, gathered as plain values.

Plotly checks and copies every value of a `plotly.graph_objects.Figure`. The pages draw from the plain
values instead; the tests check them, by making figures of them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io

Spec = dict[str, Any]
_AS_PAGES = {"validate": False}  # how Streamlit has figures written


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
        self._json = ""

    @property
    def heights(self) -> tuple[int, int]:
        """The height below which rows cannot be read any more, and the natural one, in pixels."""
        layout = self._spec["layout"]
        return layout["meta"]["least_height"], layout["height"]

    def to_dict(self) -> Spec:
        """The values, which must not be changed: readers share them."""
        return self._spec

    def text(self, write: Callable[[PreparedFigure], str]) -> str:
        """The figure as JSON, which ``write`` makes the first time."""
        if not self._json:
            self._json = write(self)
        return self._json


def write_prepared_once() -> None:
    """Let a prepared figure be written as JSON for the first of the pages that show it, and not for each of them, from
    now on. Streamlit asks plotly for the text of a figure. Doing it again changes nothing."""
    if not isinstance(plotly.io.to_json, _Writing):
        plotly.io.to_json = _Writing(plotly.io.to_json)


class _Writing:
    """What stands in place of ``plotly.io.to_json``; other figures, and other ways to write, are as they were."""

    def __init__(self, write: Callable[..., str]) -> None:
        self._write = write

    def __call__(self, figure: object, *args: object, **how: object) -> str:
        if isinstance(figure, PreparedFigure) and not args and how == _AS_PAGES:
            return figure.text(lambda it: self._write(it, **_AS_PAGES))
        return self._write(figure, *args, **how)


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
