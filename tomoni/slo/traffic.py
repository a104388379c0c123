"""How much is counted in a week: what projections of the future stand on."""

from __future__ import annotations

from fractions import Fraction

from tomoni.slo.model import Definition
from tomoni.slo.tally import Tally

WEEK = 7 * 86_400


def weekly_rate(counted: Tally, definition: Definition, at: int) -> Fraction | None:
    """The mean total per second over the 7 days before a moment; None when nothing was observed.

    Events are set against the observed time, so that a gap does not look like less traffic; slices
    against all time that was not excluded, because the rule for missing data has judged the gaps.
    """
    marks = counted.marks(at - WEEK, at)
    if not marks.observed:
        return None
    if definition.slices is None:
        seconds = marks.observed * counted.bucket_seconds
    else:
        seconds = WEEK - marks.excluded * counted.bucket_seconds
    _, total = counted.one(at - WEEK, at)
    return Fraction(total) / seconds
