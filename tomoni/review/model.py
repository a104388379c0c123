"""What every screen, file and command shows: numbers and facts, unrounded, without words.

Times are whole Unix seconds (UTC). One `Review` or `Overview` feeds the page, the command line and
every exported file, so that a number cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from data_sources.base import Notice, QueryText
from tomoni.catalog.schema import (
    UNLESS_EMPTY,
    App,
    DefinitionVersion,
    Exclusion,
    Journey,
    Policy,
    PolicyLevel,
    Signal,
    Slo,
)
from tomoni.review.events import ReviewEvent
from tomoni.slo.alerts import Firing
from tomoni.slo.co_movement import Movement
from tomoni.slo.episodes import BurnLedger, Episode
from tomoni.slo.journeys import Composite, JourneyState
from tomoni.slo.lines import Forecast
from tomoni.slo.model import DAY, VERDICTS, Buckets, Figures, Line
from tomoni.slo.parts import SplitFigures
from tomoni.slo.status import ByMethod


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A day, ISO week, month or quarter with its name (``2026-10``): all of ``[start, end)``, Unix seconds, by the
    clocks of its app's zone."""

    name: str
    start: int
    end: int


class PeriodStage(StrEnum):
    """How far a period has come: it is not over, its last data has not arrived, or it is complete."""

    UNDER_WAY = "under_way"
    AWAITING_DATA = "awaiting_data"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """The stage of a period; ``until`` is where the data of its least complete SLO ends (Unix seconds)."""

    stage: PeriodStage
    until: int


@dataclass(frozen=True, slots=True)
class Period:
    """What a review looks at: ``days`` before the moment ``as_of`` (Unix seconds), or from ``begins`` on where
    a calendar period is not made of whole days of 24 hours. ``named`` is the calendar period as a whole."""

    as_of: int
    days: int
    begins: int | None = None
    named: NamedPeriod | None = None

    @property
    def start(self) -> int:
        """Unix seconds."""
        return self.as_of - self.days * DAY if self.begins is None else self.begins


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """A source that failed to answer, as described in `data_sources.errors`.

    ``since`` is when it first failed, ``tried`` when it was last tried, ``answered`` when it last
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
class NativeComparison:
    """Our figures of an SLO that its source keeps, beside the source's own, at one moment ``at``.

    Each is None where there is none. Differences up to the tolerances come from late events and from
    rounding. ``differs`` names what is agreed here otherwise than at the source (``objective``,
    ``window``, ``exclusions``), which explains any difference.
    """

    at: int
    sli: float | None
    remaining: float | None
    native_sli: float | None
    native_remaining: float | None
    sli_tolerance: float
    budget_tolerance: float
    differs: tuple[str, ...] = ()

    @property
    def sli_difference(self) -> float | None:
        """Ours less theirs."""
        return None if self.sli is None or self.native_sli is None else self.sli - self.native_sli

    @property
    def budget_difference(self) -> float | None:
        """Ours less theirs."""
        if self.remaining is None or self.native_remaining is None:
            return None
        return self.remaining - self.native_remaining

    @property
    def agrees(self) -> bool | None:
        """Whether both differences are within their tolerances; None where one side has no figures."""
        sli, budget = self.sli_difference, self.budget_difference
        if sli is None or budget is None:
            return None
        return abs(sli) <= self.sli_tolerance and abs(budget) <= self.budget_tolerance


@dataclass(frozen=True, slots=True)
class SloStatus:
    """One SLO as of a moment.

    ``as_of`` is the requested moment; ``figures.end`` is where its window actually ends: held back by
    the source's lag, and further back when the source has not answered since (``known_until`` is
    the end of the newest bucket that the source has answered for, None when there is none).
    ``change_7d`` is the remaining budget now less that of 7 days before. ``daily`` is the remaining
    budget at the end of each of the last 28 days, ``daily_burn`` the worst hourly burn rate of each
    of these days. ``queries`` are the texts sent for the window, none in an overview. ``native`` has
    the source's own figures where the source keeps the SLO itself, ``split`` its parts where it is split.
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
    native: NativeComparison | None = None
    split: SplitFigures | None = field(default=None, metadata=UNLESS_EMPTY)

    @property
    def path(self) -> str:
        """The name of the SLO among all apps: ``app/journey/slo``."""
        return f"{self.app.id}/{self.journey.id}/{self.slo.id}"

    @property
    def budget_left(self) -> float | None:
        """The remaining budget as it is shown: None where it is not judged, for an untouched budget of
        nothing is no 100 %, and that of the first minutes is no verdict."""
        return self.figures.remaining if self.figures.state in VERDICTS else None

    @property
    def newest_data(self) -> int | None:
        """The end of the newest bucket that was observed, not only requested; None where there is none."""
        until = self.figures.observed_until
        # Records of before 0.2 have only what the source had answered for.
        return self.known_until if until is None and self.figures.state in VERDICTS else until


@dataclass(frozen=True, slots=True)
class JourneyStanding:
    """A journey from its SLOs: the worst state and how many are in each (None without SLOs), and its
    one budget where it asks for one (None where its SLOs cannot be put together)."""

    app: App
    journey: Journey
    state: JourneyState | None
    composite: Composite | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All SLOs as of a moment, their journeys, and what is wrong with their sources."""

    as_of: int
    statuses: tuple[SloStatus, ...]
    problems: tuple[SourceProblem, ...]
    journeys: tuple[JourneyStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class LetteredEpisode:
    """An episode with the letter that names it on every figure and in every table."""

    letter: str
    episode: Episode


@dataclass(frozen=True, slots=True)
class Burn:
    """What burned the budget of an SLO's own window: it adds up to ``ledger.bad`` exactly.

    ``shown`` are the episodes with the largest shares, lettered and listed in order of time.
    ``others`` is how many smaller ones there are besides, with what they burned together; the rest
    is the background of ``ledger``. Shares are None where the whole is nothing.
    """

    ledger: BurnLedger
    shown: tuple[LetteredEpisode, ...]
    others: int
    others_bad: float
    others_share_of_budget: float | None
    others_share_of_bad: float | None


class Differs(StrEnum):
    """Why another method gives another figure; the values are part of the contract."""

    OWN = "own"  # it is the SLO's own method
    SAME = "same"  # it weighs otherwise and comes to the same
    NOTHING = "nothing"  # it has nothing to count
    QUIET_TIMES_WEIGH_MORE = "quiet_times_weigh_more"  # each bucket weighs alike, however busy
    SMALL_FAILURES_VANISH = "small_failures_vanish"  # a slice that meets its target counts as all good
    SLICES_FAIL_WHOLE = "slices_fail_whole"  # a slice that misses its target counts as all bad
    EVENTS_WEIGH = "events_weigh"  # every event weighs alike, so that busy times weigh more
    PARTS_COUNT = "parts_count"  # each bucket counts by its share of good events, not as good or bad


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """The figure of the window by one method, and why it differs from the SLO's own."""

    figure: ByMethod
    why: Differs


@dataclass(frozen=True, slots=True)
class ExcludedSpan:
    """One interval ``[start, end)`` that an exclusion takes out."""

    exclusion: Exclusion
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """Where a budget stands on the levels of a policy.

    ``level`` is None while no level is reached. ``since`` is since when it has been so without a
    break; ``or_longer`` where it was so already at the first moment that was looked at. ``since`` is
    None when the budget is unknown.
    """

    policy: Policy
    level: PolicyLevel | None
    since: int | None
    or_longer: bool


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """A version that took the place of another at a moment; ``changed`` names the keys of their
    bodies that differ."""

    at: int
    changed: tuple[str, ...]
    before: DefinitionVersion
    after: DefinitionVersion


@dataclass(frozen=True, slots=True, eq=False)
class SloTrack:
    """One SLO over a period, a point a bucket.

    ``success`` is good over total of each bucket, ``traffic`` its events a second; both have gaps
    where nothing was observed. ``burn_down`` starts at 1 and only falls, ``pace`` is the even pace
    beside it, ``rolling`` is the remaining budget of the window that ends at each moment.

    ``buckets`` are what all of this was made from, with what is excluded. ``burn``, ``methods`` and
    ``status.figures`` are those of the SLO's own window; ``firings`` (when its alert rules fired)
    and ``exclusions`` those of the shown period, exclusions also of the window before it.
    ``changes`` are the definitions that began in the period or the window, ``version`` the one in
    force.
    """

    status: SloStatus
    success: Line
    traffic: Line
    burn_down: Line
    pace: Line
    rolling: Line
    buckets: Buckets | None = None
    burn: Burn | None = None
    forecast: Forecast | None = None
    firings: tuple[Firing, ...] = ()
    methods: tuple[OtherFigure, ...] = ()
    exclusions: tuple[ExcludedSpan, ...] = ()
    policy: PolicyStanding | None = None
    version: DefinitionVersion | None = None
    changes: tuple[DefinitionChange, ...] = ()

    @property
    def by_hours(self) -> bool:
        """Whether its lines and episodes are of full hours, because the ledger has no more of some of them."""
        return self.buckets is not None and self.buckets.step_seconds > self.status.slo.bucket_seconds


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One infra signal over a period: the mean of each bucket, NaN where nothing was observed."""

    signal: Signal
    values: Line
    known_until: int | None
    queries: tuple[QueryText, ...]
    problem: SourceProblem | None


@dataclass(frozen=True, slots=True)
class Moved:
    """How an infra signal moved with an episode: moved together, never the cause."""

    signal: Signal
    movement: Movement


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


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """One app over a period ``[start, end)`` as of a moment: the app's SLOs and what carries them.

    ``exclusions`` are all of the app's in the period, and those that are planned within the 28 days
    after it, in order of time. ``events`` are what happened to the app in the period, and work that is planned for
    those days, in order of time. ``period`` is the calendar period that the review is of, if it has a name, and
    ``standing`` how far that has come.
    """

    app: App
    as_of: int
    start: int
    end: int
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    problems: tuple[SourceProblem, ...]
    journeys: tuple[JourneyStanding, ...] = ()
    exclusions: tuple[ExcludedSpan, ...] = ()
    period: NamedPeriod | None = None
    standing: PeriodStanding | None = None
    events: tuple[ReviewEvent, ...] = ()

    @property
    def policy(self) -> PolicyStanding | None:
        """What the policy asks for the budget that is worst off; None without a policy."""
        standings = [track.policy for track in self.tracks if track.policy is not None]
        return min(standings, key=lambda s: s.level.below if s.level else 2.0, default=None)

    def tracks_of(self, journey_id: str) -> tuple[SloTrack, ...]:
        """The tracks of one journey."""
        return tuple(track for track in self.tracks if track.status.journey.id == journey_id)

    def lanes_of(self, journey_id: str) -> tuple[Lane, ...]:
        """The lanes of the signals that carry one journey."""
        return tuple(lane for lane in self.lanes if not lane.signal.journeys or journey_id in lane.signal.journeys)
