"""The figure of a window by other methods, and why each differs from the SLO's own."""

from __future__ import annotations

import math

from tomoni.review.model import Differs, OtherFigure
from tomoni.slo.model import Buckets, Definition
from tomoni.slo.status import ByMethod, Counting, by_methods

_ALIKE = 1e-9


def other_figures(buckets: Buckets, definition: Definition, at: int) -> tuple[OtherFigure, ...]:
    """The window that ends at a moment by all methods, in the order of `slo.status.Counting`."""
    figures = by_methods(buckets, definition, at)
    own = next(figure for figure in figures if figure.method is _own(definition))
    return tuple(OtherFigure(figure, _why(figure, own)) for figure in figures)


def _own(definition: Definition) -> Counting:
    return Counting.EVENTS if definition.slices is None else Counting.TIME_SLICES


def _why(figure: ByMethod, own: ByMethod) -> Differs:
    if figure is own:
        return Differs.OWN
    if figure.sli is None or own.sli is None:
        return Differs.NOTHING
    if math.isclose(figure.sli, own.sli, abs_tol=_ALIKE):
        return Differs.SAME
    if figure.method is Counting.TIME_SLICES:
        return Differs.SMALL_FAILURES_VANISH if figure.sli > own.sli else Differs.SLICES_FAIL_WHOLE
    if own.method is Counting.TIME_SLICES:
        return Differs.EVENTS_WEIGH if figure.method is Counting.EVENTS else Differs.PARTS_COUNT
    return Differs.QUIET_TIMES_WEIGH_MORE
