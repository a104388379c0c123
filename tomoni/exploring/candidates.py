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
USUAL_DAYS = 28
CALENDAR = 0
_WRITTEN = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,4}})?)-(?:(\d{{1,3}})d|calendar)(-slices)?(?:-under({WRITTEN.pattern}))?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is tried: an objective, a rolling window of some days (`CALENDAR`: the calendar period that is agreed),
    whether slices of time count, not events, and the threshold of a latency as it is written (empty: the one of the
    SLI)."""

    objective: Objective
    days: int
    sliced: bool = False
    under: str = ""

    def __str__(self) -> str:
        under = f"-under{self.under}" if self.under else ""
        window = "calendar" if self.days == CALENDAR else f"{self.days}d"
        return f"{self.objective.percent}-{window}{'-slices' if self.sliced else ''}{under}"

    @classmethod
    def usual(cls) -> Candidate:
        """What may be begun with where nothing is agreed."""
        return cls(Objective(Decimal(99)), USUAL_DAYS)

    def definition(self, base: Definition | None, step_seconds: int) -> Definition:
        """What was agreed, with this in its place. Slices keep their length and target where some were agreed."""
        rolling = RollingWindow((self.days or USUAL_DAYS) * DAY)
        agreed = base or Definition(self.objective, rolling)
        window = agreed.window if self.days == CALENDAR else rolling
        usual = TimeSlices(-(-SLICE_SECONDS // step_seconds) * step_seconds, self.objective.percent)
        slices = (agreed.slices or usual) if self.sliced else None
        return replace(agreed, objective=self.objective, window=window, slices=slices)


def read_candidates(text: str) -> tuple[Candidate, ...] | None:
    """Candidates of their text, ``99.9-28d,99.5-7d-slices``; None where it is not understood."""
    found = tuple(_read(part) for part in text.split(","))
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) <= MOST else None


def _read(text: str) -> Candidate | None:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or not 0 < Decimal(match[1]) <= 100 or (match[2] and int(match[2]) == 0):
        return None
    if match[4] and amount(match[4]) <= 0:
        return None
    days = int(match[2]) if match[2] else CALENDAR
    return Candidate(Objective(Decimal(match[1])), days, match[3] is not None, match[4] or "")


def of_agreed(agreed: Definition) -> Candidate:
    """What was agreed, as a candidate."""
    window = agreed.window
    days = max(1, window.seconds // DAY) if isinstance(window, RollingWindow) else CALENDAR
    return Candidate(agreed.objective, days, agreed.slices is not None)
