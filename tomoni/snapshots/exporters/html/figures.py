"""Figures as data for the browser: every array once, in few digits, with few points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tomoni.charts.joint import joint_figure
from tomoni.charts.theme import DARK, LIGHT, see_through
from tomoni.charts.thinning import thin
from tomoni.slo.model import FloatArray, Line
from tomoni.snapshots.document.model import Figure

MOST_POINTS = 1400  # of a line, somewhat more than a figure is pixels wide
DIGITS = 7  # significant ones of a drawn value; the numbers in tables and cards are not rounded
_POOLED_KEYS = ("x", "y", "customdata")
Json = Any


class Pool:
    """Arrays that several figures share; each is written once and named by its number."""

    def __init__(self) -> None:
        self.arrays: list[Json] = []
        self._known: dict[str, int] = {}

    def add(self, array: Json) -> dict[str, int]:
        """The name of an array, which is added if it is new."""
        key = json.dumps(array)
        if key not in self._known:
            self._known[key] = len(self.arrays)
            self.arrays.append(array)
        return {"$": self._known[key]}


def as_data(figures: Iterable[Figure]) -> Json:
    """All figures of a document as JSON data.

    ``pool`` has the arrays: ``{"first", "steps"}`` or, with gaps, ``{"moments"}`` for moments on the app's own
    clock (seconds that read as its wall clock), a plain list for values, null in gaps, and a list of rows for
    the facts of hover labels. ``colors`` maps the colours of the light theme to the dark ones.
    """
    pool = Pool()
    drawn = {figure.key: _figure(figure, pool) for figure in figures}
    return {"pool": pool.arrays, "figures": drawn, "colors": dark_colors()}


def dark_colors() -> dict[str, str]:
    """The colour of the dark theme for each one of the light theme, also for see-through ones."""
    pairs = dict(_pairs())
    pairs |= {see_through(light, 0)[:-2]: see_through(dark, 0)[:-2] for light, dark in list(pairs.items())}
    return pairs


def _pairs() -> Iterable[tuple[str, str]]:
    for name in ("ground", "panel", "border", "text", "muted", "grid", "accent"):
        yield getattr(LIGHT, name), getattr(DARK, name)
    yield from zip(LIGHT.categorical, DARK.categorical, strict=True)
    for state, color in LIGHT.states.items():
        yield color, DARK.states[state]


def _figure(figure: Figure, pool: Pool) -> Json:
    """Traces and layout, without the template that all figures share with the page's colours."""
    drawn = joint_figure(figure.view)
    layout = json.loads(drawn.layout.to_json())
    return {"data": [_trace(trace, pool) for trace in drawn.data], "layout": layout}


def _trace(trace: Any, pool: Pool) -> Json:  # noqa: ANN401 - a Plotly trace
    """A trace with its arrays in the pool and no more points than can be seen."""
    plain = {key: value for key, value in trace.to_plotly_json().items() if key not in _POOLED_KEYS}
    x, y = _milliseconds(trace.x), np.asarray(trace.y, dtype=np.float64)
    sizes = plain.get("marker", {}).get("size")
    if isinstance(sizes, np.ndarray):
        plain["marker"] = {**plain["marker"], "size": sizes.tolist()}
    elif plain.get("fill") != "toself":
        line = thin(Line(x.astype(np.int64), y), MOST_POINTS)
        if trace.customdata is not None:
            facts = np.asarray(trace.customdata, dtype=np.float64)[np.searchsorted(x, line.times)]
            plain["customdata"] = pool.add([_values(row) for row in facts])
        x, y = line.times.astype(np.float64), line.values
    return {**plain, "x": pool.add(_moments(x)), "y": pool.add(_values(y))}


def _milliseconds(x: Any) -> FloatArray:  # noqa: ANN401 - as Plotly takes moments
    """Moments that are numbers or ISO 8601 texts as milliseconds, NaN where there is none. Shape ``(n,)``."""
    given = np.asarray(x)
    if given.dtype.kind in "fiu":
        return given.astype(np.float64)
    moments = np.array([moment or "NaT" for moment in given.tolist()], dtype="datetime64[ms]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64).astype(np.float64))


def _moments(x: FloatArray) -> Json:
    """Moments in milliseconds as the first and the differences, in seconds; with gaps as they are, in seconds."""
    if len(x) == 0 or np.isnan(x).any():
        return {"moments": _values(x / 1000, digits=15)}
    seconds = (x / 1000).astype(np.int64)
    return {"first": int(seconds[0]), "steps": _runs(np.diff(seconds).tolist())}


def _runs(steps: Sequence[int]) -> list[int | list[int]]:
    """Equal neighbours together: ``[step, how often]``."""
    runs: list[int | list[int]] = []
    for step in steps:
        last = runs[-1] if runs else None
        if isinstance(last, list) and last[0] == step:
            last[1] += 1
        elif last == step:
            runs[-1] = [step, 2]
        else:
            runs.append(step)
    return runs


def _values(y: FloatArray, digits: int = DIGITS) -> list[float | int | None]:
    return [None if value != value else _short(value, digits) for value in y.tolist()]  # noqa: PLR0124 - NaN


def _short(value: float, digits: int) -> float | int:
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
