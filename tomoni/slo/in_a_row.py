"""Whether an objective was met in each of several periods in a row, whatever the window of its budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tomoni.slo.model import Buckets, Definition
from tomoni.slo.tally import Span, finite, tally


@dataclass(frozen=True, slots=True)
class Counted:
    """What counted in a period ``[start, end)``: events, or slices of time. ``missed`` is whether more was bad than
    the objective allows; None where nothing counted."""

    bad: float
    total: float
    missed: bool | None

    @property
    def sli(self) -> float | None:
        """The share of the good; None where nothing counted."""
        return finite(1 - Fraction(self.bad) / Fraction(self.total)) if self.total else None


@dataclass(frozen=True, slots=True)
class Run:
    """In how many periods in a row, back from the newest, an objective was missed; ``or_more`` where what is
    remembered ends with one that was."""

    missed: int
    or_more: bool = False


def counted(buckets: Buckets, definition: Definition, start: int, end: int) -> Counted:
    """What counted in ``[start, end)``, by the method of the SLO and without what is excluded."""
    bad, total = tally(buckets, definition, start, end).one(start, end)
    missed = Fraction(bad) > Fraction(total) * definition.objective.allowance if total else None
    return Counted(bad, total, missed)


def observed_share(buckets: Buckets, definition: Definition, start: int, end: int) -> float | None:
    """The share of the buckets of ``[start, end)`` that were observed, without what is excluded; None where all is."""
    marks = tally(buckets, definition, start, end).marks(start, end)
    counting = marks.buckets - marks.excluded
    return marks.observed / counting if counting else None


def missed_in_a_row(buckets: Buckets, definition: Definition, spans: Sequence[Span]) -> Run:
    """How many of some periods in a row were missed; ``spans`` are these periods, the newest first. What the
    buckets do not reach is not known."""
    found = 0
    for start, end in spans:
        if start < buckets.start:
            return Run(found, or_more=found > 0)
        if not counted(buckets, definition, start, end).missed:
            return Run(found)
        found += 1
    return Run(found, or_more=found > 0)


def further_back(spans: Sequence[Span], until: int) -> Iterator[Span]:
    """Some periods (the newest first), and those of the newest one's length that come before them, back to a
    moment."""
    yield from spans
    length = spans[0][1] - spans[0][0]
    end = spans[-1][0]
    while end - length >= until:
        yield end - length, end
        end -= length
