"""Made-up review values for figures: four weeks with a dip, a gap and infra signals."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from data_sources.queries import Counts, TextSignal
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Direction, Journey, Signal, Slo, Unit
from tomoni.review.model import Lane, Overview, Review, SloStatus, SloTrack
from tomoni.slo.lines import burn_down, pace, rolling_remaining
from tomoni.slo.model import Buckets, Definition, Line, Objective, RollingWindow
from tomoni.slo.status import evaluate

DAY = 86_400
STEP = 300
END = 1_795_514_400  # 2026-11-24T10:00Z
START = END - 28 * DAY
DIP_AT = END - 6 * DAY


def text(value: str) -> LocalText:
    return LocalText({"": value})


def slo_of(slo_id: str = "availability", title: str = "Availability", percent: str = "99.9") -> Slo:
    definition = Definition(Objective(Decimal(percent)), RollingWindow(28 * DAY))
    return Slo(slo_id, text(title), None, "demo", Counts(counts=slo_id), STEP, definition)


def signal_of(signal_id: str, unit: Unit = Unit.RATIO, limit: float | None = 0.8, group: str = "") -> Signal:
    query = TextSignal(query=signal_id)
    title = text(signal_id.upper())
    return Signal(signal_id, title, group, (), "demo", query, unit, limit, Direction.HIGH_IS_BAD, STEP)


def app_of(app_id: str = "checkout", title: str = "Checkout", signals: tuple[Signal, ...] = ()) -> App:
    journey = Journey("place-order", text("Place an order"), None, (slo_of(), slo_of("latency", "Latency", "99")))
    teams = {"app": "payments", "infra": "platform"}
    return App(app_id, text(title), None, teams, "Asia/Tokyo", (), None, (journey,), signals, f"{app_id}.yaml")


def buckets_of(seed: int = 1, gap: bool = True) -> Buckets:
    """Eight weeks of counts: a daily wave, few errors, one hour of many, and six hours without an answer."""
    random = np.random.default_rng(seed)
    start = START - 28 * DAY
    times = start + STEP * np.arange(56 * DAY // STEP)
    total = random.poisson(1500 + 900 * np.sin(times * 2 * np.pi / DAY)).astype(float)
    bad = random.binomial(total.astype(int), 0.0003).astype(float)
    dip = (times >= DIP_AT) & (times < DIP_AT + 3600)
    bad[dip] = total[dip] * 0.06
    if gap:
        total[(times >= END - 12 * DAY) & (times < END - 12 * DAY + 6 * 3600)] = np.nan
    good = np.where(np.isnan(total), np.nan, total - bad)
    return Buckets(start, STEP, good, total, np.zeros(len(total), dtype=bool))


def status_of(app: App, slo: Slo, buckets: Buckets) -> SloStatus:
    figures = evaluate(buckets, slo.definition, END)
    days = np.arange(END - 27 * DAY, END + 1, DAY)
    daily = rolling_remaining(buckets, slo.definition, days)
    burn = Line(days, np.linspace(0.1, 20, 28))
    return SloStatus(app, app.journeys[0], slo, END, figures, END, (), (), None, -0.12, daily, burn)


def track_of(app: App, slo: Slo | None = None, buckets: Buckets | None = None) -> SloTrack:
    slo, buckets = slo or app.journeys[0].slos[0], buckets or buckets_of()
    first = (START - buckets.start) // STEP
    times = buckets.start + STEP * np.arange(len(buckets.total))
    down = burn_down(buckets, slo.definition, START, END)
    return SloTrack(
        status=status_of(app, slo, buckets),
        success=Line(times[first:], (buckets.good / buckets.total)[first:]),
        traffic=Line(times[first:], (buckets.total / STEP)[first:]),
        burn_down=down,
        pace=pace(START, END, down.times),
        rolling=rolling_remaining(buckets, slo.definition, times[first:] + STEP),
    )


def lane_of(signal: Signal, height: float = 0.5, seed: int = 3) -> Lane:
    random = np.random.default_rng(seed)
    times = START + STEP * np.arange((END - START) // STEP)
    values = height * (1 + 0.5 * np.sin(times * 2 * np.pi / DAY) + random.normal(0, 0.02, len(times)))
    values[(times >= DIP_AT) & (times < DIP_AT + 3600)] *= 1.6
    return Lane(signal, Line(times, values), END, (), None)


SIGNALS = (
    signal_of("cpu", group="compute"),
    signal_of("memory", limit=0.9, group="compute"),
    signal_of("latency-p95", Unit.SECONDS, 0.5),
    signal_of("heap", Unit.BYTES, None),
)


def review_of() -> Review:
    app = app_of(signals=SIGNALS)
    heights = (0.45, 0.6, 0.12, 3.2e9)
    lanes = tuple(lane_of(s, height, n) for n, (s, height) in enumerate(zip(SIGNALS, heights, strict=True)))
    tracks = tuple(track_of(app, slo) for slo in app.journeys[0].slos)
    return Review(app, END, START, END, tracks, lanes, ())


def overview_of(apps: int = 3) -> Overview:
    made = []
    for n in range(apps):
        app = app_of(f"app-{n}", f"App {n}")
        made += [status_of(app, slo, buckets_of(n)) for slo in app.journeys[0].slos]
    return Overview(END, tuple(made), ())
