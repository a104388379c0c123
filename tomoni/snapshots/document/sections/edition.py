"""What every chapter is written from: a snapshot and a language; and the cells that chapters share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tomoni.review.model import Review, SloStatus, SloTrack
from tomoni.snapshots.document.model import Cell, Column, Table
from tomoni.snapshots.record.meeting import MeetingRecord
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.words import states
from tomoni.words.apart import within_its_app
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class Edition:
    """A snapshot in one language, with times in the app's zone; ``without`` names chapters that are left out."""

    snapshot: Snapshot
    text: Text
    without: frozenset[str] = frozenset()

    @property
    def review(self) -> Review:
        """The frozen review."""
        return self.snapshot.review

    @property
    def meeting(self) -> MeetingRecord | None:
        """The meeting that the snapshot closed, None where it closed none."""
        return self.snapshot.beside.meeting


def name_of(status: SloStatus, text: Text) -> str:
    """An objective by its own title with its journey's: "Place an order / Availability"."""
    return " / ".join(within_its_app(status, text.language))


def quoted_name(status: SloStatus, text: Text) -> str:
    """The same within a sentence: in quotation marks."""
    return text.quote(name_of(status, text))


def state_cell(status: SloStatus, text: Text) -> Cell:
    """Sign and word of a state."""
    return Cell(states.label(status.figures.state, text), None, status.figures.state)


def budget_cell(status: SloStatus, text: Text) -> Cell:
    """What is left of the budget, in the colour of its state."""
    left = status.budget_left
    return Cell(text.budget(left), left, status.figures.state)


def sli_cell(status: SloStatus, text: Text) -> Cell:
    """The SLI."""
    return Cell(text.sli(status.figures.sli), status.figures.sli)


def objective_cell(status: SloStatus, text: Text) -> Cell:
    """The objective exactly as it was written."""
    objective = status.slo.objective
    return Cell(text.objective(objective.percent), objective.ratio) if objective else Cell(text.objective(None))


def share_cell(share: float | None, text: Text) -> Cell:
    """A share of a budget or of all bad events."""
    return Cell(text.budget(share), share)


def count_cell(count: float | None, text: Text) -> Cell:
    """A number of events or slices."""
    return Cell(text.count(count), count)


def worst_first(tracks: Sequence[SloTrack]) -> list[SloTrack]:
    """By state, then by what is left of the budget, then as written."""

    def rank(track: SloTrack) -> tuple[int, float]:
        left = track.status.budget_left
        return states.ORDER.index(track.status.figures.state), float("-inf") if left is None else left

    return sorted(tracks, key=rank)


def table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], texts: int = 1, search: str = "") -> Table:
    """A table whose first ``texts`` columns are words and whose others are numbers."""
    columns = tuple(Column(heading, n >= texts) for n, heading in enumerate(headings))
    return Table(columns, tuple(tuple(row) for row in rows), search=search)
