"""The worked example of the guide: made-up counts, evaluated by the same maths as every page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from data_sources.queries import Counts
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Journey, Slo
from tomoni.review.model import SloStatus, SloTrack
from tomoni.slo.lines import burn_down, pace, rolling_remaining
from tomoni.slo.model import DAY, HOUR, Buckets, Definition, FloatArray, Line, Objective, RollingWindow
from tomoni.slo.status import evaluate
from tomoni.words.text import Text

DAYS = 28
ZONE = "Asia/Tokyo"
START = 1_793_458_800  # 1 November 2026, midnight in Japan
END = START + DAYS * DAY
_PER_HOUR = 150
_BAD_HOUR, _BAD_EVENTS = 15 * 24 + 14, 40
_TITLE = {"en": "Orders that go through", "ja": "注文が受け付けられる割合"}


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The track of the example, and the burn rate of its worst hour."""

    track: SloTrack
    worst_hour: float


@cache
def example() -> Example:
    """Four weeks of 150 orders an hour with occasional failures, and one hour with 40 of them."""
    hours = np.arange(2 * DAYS * 24)
    bad = (hours % 37 == 5).astype(float)
    bad[DAYS * 24 + _BAD_HOUR] = _BAD_EVENTS
    total = np.full(len(hours), float(_PER_HOUR))
    buckets = Buckets(START - DAYS * DAY, HOUR, total - bad, total, np.zeros(len(hours), dtype=bool))
    slo = Slo("orders", LocalText(_TITLE), None, "", Counts(counts="orders"), HOUR, _definition())
    return Example(_track(slo, buckets), _BAD_EVENTS / _PER_HOUR / float(slo.definition.objective.allowance))


def facts(shown: Example, text: Text) -> dict[str, str]:
    """The figures of the example in words, formatted as on every page."""
    figures, definition = shown.track.status.figures, shown.track.status.slo.definition
    window = figures.end - figures.start
    return {
        "objective": text.objective(definition.objective.percent),
        "total": text.count(figures.total),
        "allowed": text.count(figures.allowed_bad),
        "bad": text.count(figures.bad),
        "left": text.budget(figures.remaining),
        "sli": text.sli(figures.sli),
        "burn": text.burn(shown.worst_hour),
        "gone": text.duration(window / shown.worst_hour),
    }


def _definition() -> Definition:
    return Definition(Objective(Decimal("99.9")), RollingWindow(DAYS * DAY))


def _track(slo: Slo, buckets: Buckets) -> SloTrack:
    """The last four weeks as a track for the joint figure."""
    times = buckets.start + HOUR * np.arange(len(buckets.total), dtype=np.int64)
    last = times >= START
    success: FloatArray = buckets.good / buckets.total
    down = burn_down(buckets, slo.definition, START, END)
    return SloTrack(
        status=_status(slo, buckets),
        success=Line(times[last], success[last]),
        traffic=Line(times[last], buckets.total[last] / HOUR),
        burn_down=down,
        pace=pace(START, END, down.times),
        rolling=rolling_remaining(buckets, slo.definition, times[last] + HOUR),
    )


def _status(slo: Slo, buckets: Buckets) -> SloStatus:
    journey = Journey("order", LocalText({"": ""}), None, (slo,))
    app = App("example", LocalText({"": ""}), None, {}, ZONE, (), None, (journey,), (), "")
    nothing = Line(np.zeros(0, dtype=np.int64), np.zeros(0))
    figures = evaluate(buckets, slo.definition, END)
    return SloStatus(app, journey, slo, END, figures, END, (), (), None, None, nothing, nothing)
