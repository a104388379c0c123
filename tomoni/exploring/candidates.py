"""Candidates of the workshop as an address has them: an objective, the days of its window, whether slices count, and
the threshold of a latency."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from tomoni.exploring.thresholds import WRITTEN, amount
from tomoni.slo.model import DAY, Definition, Objective, RollingWindow, TimeSlices

MOST = 3
SLICE_SECONDS = 300
_WRITTEN = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,4}})?)-(\d{{1,3}})d(-slices)?(?:-under({WRITTEN.pattern}))?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is tried: an objective, a rolling window of some days, whether slices of time count, not events, and the
    threshold of a latency as it is written (empty: the one of the SLI)."""

    objective: Objective
    days: int
    sliced: bool = False
    under: str = ""

    def __str__(self) -> str:
        under = f"-under{self.under}" if self.under else ""
        return f"{self.objective.percent}-{self.days}d{'-slices' if self.sliced else ''}{under}"

    @classmethod
    def usual(cls) -> Candidate:
        """What may be begun with where nothing is agreed."""
        return cls(Objective(Decimal(99)), 28)

    def definition(self, base: Definition | None, step_seconds: int) -> Definition:
        """What was agreed, with this in its place. Slices keep their length and target where some were agreed."""
        agreed = base or Definition(self.objective, RollingWindow(self.days * DAY))
        usual = TimeSlices(-(-SLICE_SECONDS // step_seconds) * step_seconds, self.objective.percent)
        slices = (agreed.slices or usual) if self.sliced else None
        return replace(agreed, objective=self.objective, window=RollingWindow(self.days * DAY), slices=slices)


def read_candidates(text: str) -> tuple[Candidate, ...] | None:
    """Candidates of their text, ``99.9-28d,99.5-7d-slices``; None where it is not understood."""
    found = tuple(_read(part) for part in text.split(","))
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) <= MOST else None


def _read(text: str) -> Candidate | None:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or not 0 < Decimal(match[1]) <= 100 or int(match[2]) == 0:
        return None
    if match[4] and amount(match[4]) <= 0:
        return None
    return Candidate(Objective(Decimal(match[1])), int(match[2]), match[3] is not None, match[4] or "")


def of_agreed(agreed: Definition) -> Candidate:
    """What was agreed, as a candidate; the window of a calendar period counts as 28 days."""
    window = agreed.window
    days = max(1, window.seconds // DAY) if isinstance(window, RollingWindow) else 28
    return Candidate(agreed.objective, days, agreed.slices is not None)
