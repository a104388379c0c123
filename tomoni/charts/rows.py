"""What one row of a figure shows, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tomoni.charts.units import Scale
from tomoni.slo.model import FloatArray, IntArray, Line


class Stroke(StrEnum):
    """How a curve is drawn."""

    STRONG = "strong"
    PLAIN = "plain"
    THIN = "thin"
    DASHED = "dashed"
    AREA = "area"
    FAINT = "faint"
    EDGE = "edge"  # not seen; what follows is filled down to it
    BAND = "band"  # the space down to the curve before
    STACKED = "stacked"  # a line over the filled space down to the curve before


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a row. ``name`` is for the hover label, ``label`` is written at its right end.

    A curve without a ``name`` is left out of the hover label. Texts are HTML-escaped. Where the height alone
    does not say enough, the hover label is a ``pattern`` of Plotly's filled with ``facts``, shape ``(n, k)``.
    """

    line: Line
    color: str
    name: str = ""
    label: str = ""
    stroke: Stroke = Stroke.PLAIN
    facts: FloatArray | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A heat map: row j of ``counts``, shape ``(rows, len(times))``, lies between the heights j and j + 1; column i
    begins at ``times[i]`` and lasts ``seconds``. ``names`` say what each row holds, ``color`` is that of the most."""

    times: IntArray
    seconds: int
    counts: FloatArray
    names: tuple[str, ...]
    color: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A level that is named on the axis of a row."""

    level: float
    label: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed level across a row, such as an objective or a limit."""

    level: float
    color: str
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row: curves and rules on one y axis from ``low`` to ``high``.

    Values, levels and the range are in the unit of the data; ``scale`` is applied when drawing.
    ``unit`` is written below the title: where the ticks do not say it, or the limits of several signals; ``gaps`` are
    stretches in which nothing was observed, ``weight`` is the height beside other rows. ``ticks`` replace the even ones
    of the scale.
    """

    key: str
    title: str
    curves: tuple[Curve, ...]
    low: float
    high: float
    scale: Scale
    rules: tuple[Rule, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    weight: float = 1.0
    unit: str = ""
    ticks: tuple[Tick, ...] = ()
    cells: Cells | None = None
