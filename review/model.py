"""What every screen, file and command shows: numbers and facts, unrounded, without words.

Times are whole Unix seconds (UTC). One `Review` or `Overview` feeds the page, the command line and
every exported file, so that a number cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.schema import App, Journey, Signal, Slo
from data_sources.base import Notice, QueryText
from slo.model import Figures, Line


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """A source that did not give what it was asked for, as `data_sources.errors` tells it.

    ``since`` is when it first failed, ``tried`` when it was last asked, ``answered`` when it last
    answered (None: never), all Unix seconds.
    """

    source: str
    code: str
    detail: str
    facts: Mapping[str, str | int | float]
    since: int
    tried: int
    answered: int | None


@dataclass(frozen=True, slots=True)
class SloStatus:
    """One SLO as of a moment.

    ``as_of`` is the moment asked for; ``figures.end`` is where its window truly ends: held back by
    the source's lag, and further back when the source has not answered since (``known_until`` is
    the end of the newest bucket that the source has answered for, None when there is none).
    ``change_7d`` is the remaining budget now less that of 7 days before. ``daily`` is the remaining
    budget at the end of each of the last 28 days, ``daily_burn`` the worst hourly burn rate of each
    of these days.
    """

    app: App
    journey: Journey
    slo: Slo
    as_of: int
    figures: Figures
    known_until: int | None
    notices: tuple[Notice, ...]
    queries: tuple[QueryText, ...]
    problem: SourceProblem | None
    change_7d: float | None
    daily: Line
    daily_burn: Line


@dataclass(frozen=True, slots=True)
class Overview:
    """All SLOs as of a moment, and what is wrong with their sources."""

    as_of: int
    statuses: tuple[SloStatus, ...]
    problems: tuple[SourceProblem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SloTrack:
    """One SLO over a period, a point a bucket.

    ``success`` is good over total of each bucket, ``traffic`` its events a second; both have gaps
    where nothing was observed. ``burn_down`` starts at 1 and only falls, ``pace`` is the even pace
    beside it, ``rolling`` is the remaining budget of the window that ends at each moment.
    """

    status: SloStatus
    success: Line
    traffic: Line
    burn_down: Line
    pace: Line
    rolling: Line


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One infra signal over a period: the mean of each bucket, NaN where nothing was observed."""

    signal: Signal
    values: Line
    known_until: int | None
    queries: tuple[QueryText, ...]
    problem: SourceProblem | None


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """One app over a period ``[start, end)`` as of a moment: the app's SLOs and what carries them."""

    app: App
    as_of: int
    start: int
    end: int
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    problems: tuple[SourceProblem, ...]

    def tracks_of(self, journey_id: str) -> tuple[SloTrack, ...]:
        """The tracks of one journey."""
        return tuple(track for track in self.tracks if track.status.journey.id == journey_id)

    def lanes_of(self, journey_id: str) -> tuple[Lane, ...]:
        """The lanes of the signals that carry one journey."""
        return tuple(lane for lane in self.lanes if not lane.signal.journeys or journey_id in lane.signal.journeys)
