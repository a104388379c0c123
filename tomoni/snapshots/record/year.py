"""What a snapshot holds of a whole year of an app: its intervals, and what was written within it."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.snapshots.record.meeting import FrozenAction, FrozenDecision, FrozenIncident, FrozenPostmortem


@dataclass(frozen=True, slots=True)
class YearInterval:
    """What counted of an SLO in a month or quarter of the name ``2026-10`` or ``2026-Q4``: bad and all events (or
    slices) of ``[start, end)``, Unix seconds, by the definition at the end of the year. ``missed``: None where nothing
    counted or nothing is agreed. ``coverage`` is the share of the interval's buckets that were observed."""

    name: str
    start: int
    end: int
    bad: float
    total: float
    sli: float | None
    missed: bool | None
    coverage: float | None = None


@dataclass(frozen=True, slots=True)
class SloYear:
    """An SLO (``app/journey/slo``) over the year: as a whole, by month and by quarter."""

    slo: str
    whole: YearInterval
    months: tuple[YearInterval, ...]
    quarters: tuple[YearInterval, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """A new version of an SLO's definition: when it began (Unix seconds), the keys that differ, and the objective
    before and after as the file has it (empty: none)."""

    slo: str
    at: int
    changed: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NamedFactor:
    """A contributing factor, and how many postmortems of the year name it."""

    name: str
    count: int


def short_name(year: int, first_month: int) -> str:
    """A year in few letters: ``2026``, or ``FY2026`` where it begins with a later month."""
    return f"{year}" if first_month == 1 else f"FY{year}"


@dataclass(frozen=True, slots=True)
class YearRecord:
    """A year of an app: ``[start, end)`` of the year that begins in ``year`` with the month ``first_month``, as far as
    it had come. What an incident cost is a share of the budget of the whole year.

    Decisions were made within it, actions ended within it, postmortems are of its incidents or were written within it.
    """

    year: int
    first_month: int
    start: int
    end: int
    is_over: bool
    slos: tuple[SloYear, ...] = ()
    incidents: tuple[FrozenIncident, ...] = ()
    decisions: tuple[FrozenDecision, ...] = ()
    postmortems: tuple[FrozenPostmortem, ...] = ()
    factors: tuple[NamedFactor, ...] = ()
    actions: tuple[FrozenAction, ...] = ()
    changes: tuple[ObjectiveChange, ...] = ()
    reviews: int = 0

    @property
    def name(self) -> str:
        """How the year is called in names of files and lists."""
        return short_name(self.year, self.first_month)
