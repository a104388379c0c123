"""The values that the SLO maths takes and gives.

Times are whole Unix seconds (UTC), intervals are half-open ``[start, end)``, ratios are 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class State(StrEnum):
    """The state of a window's budget; the values are part of the contract."""

    NO_DATA = "no_data"
    COLLECTING = "collecting"
    NO_TRAFFIC = "no_traffic"
    EXHAUSTED = "exhausted"
    AT_RISK = "at_risk"
    HEALTHY = "healthy"


# The states that judge a budget; the others say why it is not judged.
VERDICTS = frozenset({State.EXHAUSTED, State.AT_RISK, State.HEALTHY})


class NoData(StrEnum):
    """What a time slice without one observed bucket counts as."""

    IGNORE = "ignore"
    GOOD = "good"
    BAD = "bad"


class SilenceMeans(StrEnum):
    """What an SLO makes of a source that answers and has nothing any more; the values are part of the contract."""

    NOTICE = "notice"
    NO_DATA = "no_data"


class Method(StrEnum):
    """What a budget counts; the values are part of the contract."""

    OCCURRENCES = "occurrences"
    TIME_SLICES = "timeslices"


class CalendarUnit(StrEnum):
    """The period of a calendar window; weeks are ISO weeks."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Severity(StrEnum):
    """How urgent a burn alert is."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Objective:
    """The target of an SLI, kept as the decimal that was written: 99.9 leaves exactly 1/1000."""

    percent: Decimal

    def __post_init__(self) -> None:
        if not (self.percent.is_finite() and 0 < self.percent <= 100):
            raise ValueError(f"an objective is above 0 and at most 100 percent, not {self.percent}")

    @property
    def ratio(self) -> float:
        """The objective as a ratio, the nearest float: 0.999 for 99.9 percent."""
        return float(self.percent / 100)

    @property
    def allowance(self) -> Fraction:
        """The share of events that may be bad, exactly: 1/1000 for 99.9 percent."""
        return 1 - Fraction(self.percent) / 100


@dataclass(frozen=True, slots=True)
class TimeSlices:
    """The time-slices method: a slice of ``length_seconds`` is good at ``target_percent`` or above."""

    length_seconds: int
    target_percent: Decimal
    no_data: NoData = NoData.IGNORE


@dataclass(frozen=True, slots=True)
class RollingWindow:
    """The last ``seconds`` before a moment."""

    seconds: int


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """From the start of the current day, ISO week, month, quarter or year in an IANA time zone.

    ``first_month`` is the month in which the fiscal year starts; it moves quarters and years. ``first_day`` is the day
    of the week (1 is Monday) or of the month on which a period begins, and ``start_minutes`` when on that day, in
    minutes after midnight by the clocks.
    """

    unit: CalendarUnit
    zone: str
    first_month: int = 1
    first_day: int = field(default=1, metadata={"unless_empty": True})
    start_minutes: int = field(default=0, metadata={"unless_empty": True})

    @property
    def moved(self) -> bool:
        """Whether periods begin on another day or at another time than the calendar's own."""
        return self.first_day != 1 or self.start_minutes != 0


Window = RollingWindow | CalendarWindow


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A pair of burn windows that fires while both burn strictly faster than the factor.

    The factor is either ``given_factor`` (another tool's, kept unchanged), or follows from ``share``
    of the budget: share * window / long. Below ``min_events`` in the long window it stays silent.
    """

    severity: Severity
    long_seconds: int
    short_seconds: int
    share: Fraction | None = None
    given_factor: float | None = None
    min_events: float = 0.0

    def __post_init__(self) -> None:
        if (self.share is None) == (self.given_factor is None):
            raise ValueError("an alert rule has either a share of the budget or a given factor")
        if self.given_factor is not None and not math.isfinite(self.given_factor):
            raise ValueError(f"a factor is a finite number, not {self.given_factor}")
        if self.long_seconds <= 0 or self.short_seconds <= 0:
            raise ValueError("the windows of an alert rule are longer than nothing")


MINUTE = 60
HOUR = 3600
DAY = 86_400
WEEK = 7 * DAY
# The Site Reliability Workbook, chapter 5 (Alerting on SLOs), table 5-8.
WORKBOOK_RULES = (
    AlertRule(Severity.PAGE, HOUR, 300, Fraction(2, 100)),
    AlertRule(Severity.PAGE, 6 * HOUR, 1800, Fraction(5, 100)),
    AlertRule(Severity.TICKET, DAY, 2 * HOUR, Fraction(10, 100)),
    AlertRule(Severity.TICKET, 3 * DAY, 6 * HOUR, Fraction(10, 100)),
)
BURN_WINDOWS_SECONDS = (300, 1800, HOUR, 2 * HOUR, 6 * HOUR, DAY, 3 * DAY)


@dataclass(frozen=True, slots=True)
class JudgeAfter:
    """How much history an SLO needs before it is judged: a share of its window, or a length of time."""

    share: Fraction = Fraction(0)
    seconds: int | None = None

    def needed(self, window_seconds: int) -> Fraction:
        """The history that is needed of a window of this length, seconds."""
        return self.share * window_seconds if self.seconds is None else Fraction(self.seconds)


TENTH_OF_WINDOW = JudgeAfter(Fraction(1, 10))


@dataclass(frozen=True, slots=True)
class Silence:
    """From ``after_seconds`` without an observed bucket on an SLO is silent: that is reported, and where it
    means no data the state says so."""

    after_seconds: int = HOUR
    means: SilenceMeans = SilenceMeans.NOTICE


NOTICED_SILENCE = Silence()


@dataclass(frozen=True, slots=True)
class Definition:
    """All that the maths needs to know of one SLO."""

    objective: Objective
    window: Window
    slices: TimeSlices | None = None
    min_events: float = 0.0
    at_risk_below: float = 0.25
    rules: tuple[AlertRule, ...] = WORKBOOK_RULES
    burn_windows_seconds: tuple[int, ...] = BURN_WINDOWS_SECONDS
    judge_after: JudgeAfter = JudgeAfter()
    silence: Silence = Silence()

    @property
    def method(self) -> Method:
        """What its budget counts: events or slices of time."""
        return Method.OCCURRENCES if self.slices is None else Method.TIME_SLICES


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Consecutive buckets of one SLI: bucket i is ``[start + i*step, start + (i+1)*step)``.

    ``total`` is NaN where nothing was observed, and so is ``good``. ``good`` may exceed ``total``
    as the source returned it; sums count it as ``total``. ``absent`` marks observed buckets whose
    numerator (good or bad series) did not exist: it was counted as 0. Shapes: ``(n,)``.
    ``excluded`` are half-open intervals that nothing counts in (`slo.tally`); they may reach
    beyond the buckets. ``observed_before`` says that something was observed before the first bucket.
    ``hours`` marks the buckets of hours that are stored as one sum, which stands in their last bucket (`slo.hours`).
    """

    start: int
    step_seconds: int
    good: FloatArray
    total: FloatArray
    absent: BoolArray
    excluded: tuple[tuple[int, int], ...] = ()
    observed_before: bool = False
    hours: BoolArray | None = None

    def __post_init__(self) -> None:
        if self.step_seconds <= 0 or self.start % self.step_seconds:
            raise ValueError(f"start {self.start} is no multiple of the bucket of {self.step_seconds} s")
        if not self.good.shape == self.total.shape == self.absent.shape or self.good.ndim != 1:
            raise ValueError("good, total and absent are one-dimensional and of one length")

    @property
    def end(self) -> int:
        """The end of the last bucket, Unix seconds."""
        return self.start + len(self.total) * self.step_seconds

    @property
    def observed(self) -> BoolArray:
        """Which buckets were observed, shape ``(n,)``."""
        return ~np.isnan(self.total)


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert rule as it stands at a moment."""

    severity: Severity
    long_seconds: int
    short_seconds: int
    factor: float
    firing: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """The budget of the whole calendar period ``[start, end)`` if the traffic of the last 7 days stays.

    ``total`` and ``allowed_bad`` are those of the period's end; ``remaining`` sets what was bad so
    far against them, None where nothing is allowed and something was bad.
    """

    start: int
    end: int
    total: float
    allowed_bad: float
    remaining: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The budget of one window at one moment.

    ``good``, ``total``, ``bad`` and ``allowed_bad`` count events, or slices for time slices.
    ``start`` and ``end`` are the window's, Unix seconds. Ratios and burn rates are None where
    they do not exist. ``burn`` maps a window in seconds to its burn rate.
    ``clamped`` and ``absent`` count buckets with good above total, and without a numerator.
    ``excluded_seconds`` is the time of the window that an exclusion took out; ``coverage`` and the
    minutes are those of the time that is left. ``projected`` belongs to calendar windows.
    ``observed_since`` is where the history of the SLI begins (None where it began before the window, or
    there is none), ``observed_until`` the end of the last observed bucket of the window.
    """

    start: int
    end: int
    good: float
    total: float
    bad: float
    sli: float | None
    coverage: float
    allowed_bad: float
    remaining: float | None
    allowed_minutes: float
    spent_minutes: float | None
    state: State
    too_few_events: bool
    clamped: int
    absent: int
    burn: Mapping[int, float | None] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    method: Method = Method.OCCURRENCES
    excluded_seconds: int = 0
    projected: Projection | None = None
    observed_since: int | None = None
    observed_until: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Values at moments: ``times`` in Unix seconds, ``values`` NaN where there is none. Shapes ``(n,)``."""

    times: IntArray
    values: FloatArray
