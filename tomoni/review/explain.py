"""How a number was made: one value for pages, files and the command line."""

from __future__ import annotations

from tomoni.review.desk import Desk
from tomoni.review.excluded import within
from tomoni.review.model import Explanation, SloTrack


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
