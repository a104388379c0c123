"""Every number explains itself, and what moved with an episode is ranked."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.review.joint import other_figures
from tomoni.review.model import Differs, Period
from tomoni.slo.model import Buckets, Definition, Objective, RollingWindow
from tomoni.slo.status import Counting
from tomoni.use_cases.product import Tomoni

HOUR = 3600
END = START + 10 * DAY
OUTAGE = START + 9 * DAY + 6 * HOUR
SIGNALS = """\
infra:
  - {id: cpu, title: CPU, source: exports, query: {file: hosts.csv, value: cpu}, unit: ratio, limit: 0.8}
  - {id: queue, title: Queue, source: exports, query: {file: queue.csv, value: length}, unit: count}
  - {id: other, title: Other, journeys: [look], source: exports, query: {file: queue.csv, value: other}, unit: count}
"""


@pytest.fixture
def tomoni(shop: Shop) -> Tomoni:
    """Ten days with an outage of one hour on the last: the CPU leaves its usual ten minutes before."""
    times = [START + i * STEP for i in range(10 * DAY // STEP)]
    shop.write_orders((t, 1000.0 if t % DAY >= 12 * HOUR else 50.0, bad_at(t)) for t in times)
    shop.write_hosts(
        (t, 0.5 + (t // STEP % 7) / 100 + (0.4 if OUTAGE - 600 <= t < OUTAGE + HOUR else 0)) for t in times
    )
    rows = [f"{t},{10 + t // STEP % 5},{t // STEP % 3}" for t in times]
    (shop.folder / "data" / "queue.csv").write_text("\n".join(["time,length,other", *rows, ""]))
    app = APP[: APP.index("\ninfra:") + 1] + "  - {id: look, slos: []}\n" + SIGNALS
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(app)
    tomoni = shop.open(END)
    tomoni.sync(days=20)
    return tomoni


def cpu_at(time: int) -> float:
    return 0.5 + (time // STEP % 7) / 100 + (0.4 if OUTAGE - 600 <= time < OUTAGE + HOUR else 0.0)


def bad_at(time: int) -> float:
    return 20.0 if OUTAGE <= time < OUTAGE + HOUR else 0.0


def test_the_signal_that_left_its_usual_comes_first_with_its_lead(tomoni: Tomoni) -> None:
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    assert track.burn is not None
    (lettered,) = track.burn.shown
    assert (lettered.letter, lettered.episode.start, lettered.episode.end) == ("A", OUTAGE, OUTAGE + HOUR)
    first, second = tomoni.moved(track, lettered.episode)
    assert (first.signal.id, second.signal.id) == ("cpu", "queue")
    assert first.movement.lead_seconds == -600
    assert first.movement.shift == pytest.approx(0.4, abs=0.03)
    assert first.movement.points_usual == 7 * 12
    assert abs(second.movement.z or 0) < 1


def test_an_explanation_has_all_that_the_figures_follow_from(tomoni: Tomoni) -> None:
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    made = tomoni.explain(track)
    figures = made.status.figures
    assert (figures.total, figures.bad) == (2 * 144 * 1050, 240)
    assert (made.zone, made.lag_seconds) == ("Asia/Tokyo", 0)
    assert made.series_key == track.status.slo.series.key
    assert [query.role for query in made.status.queries]
    assert made.version is not None
    assert made.changes == ()
    assert made.exclusions == ()


def test_the_same_figure_by_other_methods_says_why_it_differs(tomoni: Tomoni) -> None:
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    found = {each.figure.method: each for each in track.methods}
    assert found[Counting.EVENTS].why is Differs.OWN
    assert found[Counting.EVENTS].figure.sli == pytest.approx(1 - 240 / 302_400)
    assert found[Counting.MEAN_OF_RATIOS].why is Differs.QUIET_TIMES_WEIGH_MORE
    assert found[Counting.MEAN_OF_RATIOS].figure.sli == pytest.approx(1 - 12 * 0.4 / 576)
    assert found[Counting.TIME_SLICES].why is Differs.SLICES_FAIL_WHOLE
    assert found[Counting.TIME_SLICES].figure.sli == pytest.approx(1 - 12 / 576)


def test_methods_whose_budgets_differ_are_not_called_the_same_for_their_many_nines() -> None:
    total = np.full(288, 5e12)
    good = total - np.where(np.arange(288) == 7, 5, 0)
    agreed = Definition(Objective(Decimal("99.9999999999")), RollingWindow(DAY))
    found = other_figures(Buckets(0, 300, good, total, np.zeros(288, bool)), agreed, DAY)
    assert [each.why for each in found] == [Differs.OWN, Differs.SAME, Differs.SMALL_FAILURES_VANISH]


def test_alert_rules_that_fired_in_the_period_are_told(tomoni: Tomoni) -> None:
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    assert all(OUTAGE < firing.start <= OUTAGE + HOUR + 600 for firing in track.firings)
    # 0.16 of what is allowed burned within the day: less than the 0.2 from which a ticket of a two-day window fires.
    assert {firing.rule.severity.value for firing in track.firings} == {"page"}
    (before,) = tomoni.review(tomoni.catalog.apps[0], Period(OUTAGE, 3)).tracks
    assert before.firings == ()


def test_the_forecast_goes_on_from_the_rolling_line(tomoni: Tomoni) -> None:
    (track,) = tomoni.review(tomoni.catalog.apps[0], Period(END, 3)).tracks
    assert track.forecast is not None
    assert track.forecast.line.times[0] == track.rolling.times[-1]
    assert track.forecast.line.values[0] == pytest.approx(track.rolling.values[-1])
    assert track.forecast.exhausts_at is None
