"""What a snapshot holds of the workshop: the candidates that were tried, with all that each would have meant."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.slo.workshop import TriedOut


@dataclass(frozen=True, slots=True, eq=False)
class WorkshopRecord:
    """What was tried on the history of one SLO (``journey``, ``slo``; empty: of an SLI that nobody has agreed to yet).

    ``sli`` is that SLI, or one with another threshold, as a file has it (empty: the one that is in force). ``yaml`` are
    the lines of each candidate for the app's file, in the order of ``tried`` without what is agreed.
    """

    journey: str
    slo: str
    tried: tuple[TriedOut, ...]
    yaml: tuple[str, ...] = ()
    sli: str = ""
