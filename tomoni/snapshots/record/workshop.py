"""What a snapshot holds of the workshop: the candidates that were tried, with all that each would have meant."""

from __future__ import annotations

from dataclasses import dataclass, field

from tomoni.catalog.schema import UNLESS_EMPTY
from tomoni.slo.workshop import Suggested, TriedOut


@dataclass(frozen=True, slots=True, eq=False)
class WorkshopRecord:
    """What was tried on the history of one SLO (``journey``, ``slo``; empty: of an SLI that nobody has agreed to yet).

    ``sli`` is that SLI, or one with another threshold, as a file has it (empty: the one that is in force). ``yaml`` are
    the lines of each candidate for the app's file, in the order of ``tried`` without what is agreed. ``suggested`` is
    where to begin with the window and the method of the last of them (None in records from before it was kept).
    """

    journey: str
    slo: str
    tried: tuple[TriedOut, ...]
    yaml: tuple[str, ...] = ()
    sli: str = ""
    suggested: Suggested | None = field(default=None, metadata=UNLESS_EMPTY)
