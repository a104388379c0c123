"""How a number was made: one structure for pages, files and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.schema import DefinitionVersion
from review.desk import Desk
from review.excluded import within
from review.model import DefinitionChange, ExcludedSpan, OtherFigure, SloStatus, SloTrack


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Everything that a figure follows from.

    Numerator (good), denominator (total), window, coverage and what was excluded are in
    ``status.figures``; objective, method and alert rules in ``status.slo.definition``; the source, its
    queries, how far it is known and what to know of it in ``status``. ``zone`` is the app's,
    ``lag_seconds`` how many of the source's newest seconds are not trusted yet, ``series_key`` names
    what the ledger remembers. ``exclusions`` are those of the window. ``methods`` has the same window
    by other methods and why they differ.
    """

    status: SloStatus
    zone: str
    lag_seconds: int
    series_key: str
    methods: tuple[OtherFigure, ...]
    exclusions: tuple[ExcludedSpan, ...]
    version: DefinitionVersion | None
    changes: tuple[DefinitionChange, ...]


def explain(desk: Desk, track: SloTrack) -> Explanation:
    """How the figures of a track were made."""
    status, figures = track.status, track.status.figures
    return Explanation(
        status=status,
        zone=status.app.timezone,
        lag_seconds=desk.lag(status.slo.source),
        series_key=status.slo.series.key,
        methods=track.methods,
        exclusions=within(track.exclusions, figures.start, figures.end),
        version=track.version,
        changes=tuple(change for change in track.changes if change.at > figures.start),
    )
