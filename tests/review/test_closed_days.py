"""What is shown of a closed day or hour does not depend on when it is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.reviews import app_of, text
from tomoni.catalog.schema import Journey
from tomoni.charts.heat import heat_of
from tomoni.review.inputs import SloPlace
from tomoni.review.model import Overview, SloStatus
from tomoni.review.status import trends
from tomoni.slo.model import DAY, HOUR, Buckets, CalendarUnit, CalendarWindow, RollingWindow, TimeSlices, Window
from tomoni.slo.periods import days_until, hours_of
from tomoni.slo.status import evaluate
from tomoni.words.text import text_for

ZONES = ["Asia/Tokyo", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"]
CLOCKS_BACK = 1_792_890_000  # 2026-10-25T01:00Z: summer time ends in Berlin; in St John's a week later
FIRST = CLOCKS_BACK - CLOCKS_BACK % DAY - 80 * DAY


def counts(step: int, seed: int) -> Buckets:
    """A hundred days of whole events, a few of them bad, with gaps."""
    random = np.random.default_rng(seed)
    total = random.integers(0, 2000, 100 * DAY // step).astype(float)
    bad = random.binomial(total.astype(int), 0.002).astype(float)
    bad[random.random(len(bad)) < 0.01] *= 50
    bad = np.minimum(bad, total)
    total[random.random(len(total)) < 0.02] = np.nan
    return Buckets(FIRST, step, total - bad, total, np.zeros(len(total), dtype=bool))


def place_in(zone: str, window: Window, slices: TimeSlices | None = None) -> SloPlace:
    app = app_of()
    slo = app.journeys[0].slos[0]
    slo = replace(slo, definition=replace(slo.definition, window=window, slices=slices))
    journey = Journey("buy", text("Buy"), None, (slo,))
    return SloPlace(replace(app, timezone=zone, journeys=(journey,)), journey, slo)


def status_at(place: SloPlace, buckets: Buckets, at: int) -> SloStatus:
    figures = evaluate(buckets, place.slo.definition, at)
    daily, burn, change = trends(place, buckets, figures)
    return SloStatus(place.app, place.journey, place.slo, at, figures, at, (), (), None, change, daily, burn)


def closed(status: SloStatus, unit: int) -> dict[int, tuple[float, float]]:
    """The values of the days whose buckets have all ended, by the day's end."""
    rows = zip(status.daily.times, status.daily.values, status.daily_burn.values, strict=True)
    midnights = {day.end for day in days_until(status.app.timezone, status.figures.end, 28)}
    return {
        int(end): (float(left), float(burn))
        for end, left, burn in rows
        if int(end) in midnights and -(-int(end) // unit) * unit <= status.figures.end
    }


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    step=st.sampled_from([300, 3600]),
    unit=st.sampled_from([None, *CalendarUnit]),
    first=st.integers(CLOCKS_BACK - 2 * DAY, CLOCKS_BACK + 16 * DAY),
    later=st.integers(0, 4 * DAY),
)
def test_two_moments_of_looking_show_every_closed_day_alike(
    zone: str, step: int, unit: CalendarUnit | None, first: int, later: int
) -> None:
    place = place_in(zone, RollingWindow(7 * DAY) if unit is None else CalendarWindow(unit, zone))
    buckets = counts(step, 1)
    before, after = (status_at(place, buckets, at) for at in (first, first + later))
    then, now = closed(before, step), closed(after, step)
    shared = sorted(then.keys() & now.keys())
    assert len(shared) >= 22
    np.testing.assert_allclose([then[end] for end in shared], [now[end] for end in shared], rtol=1e-9, atol=1e-9)
    cells = [_cells(status) for status in (before, after)]
    names = [text_for("en", zone).day(end - 1, year=False) for end in shared]
    assert [cells[0][name] for name in names] == [cells[1][name] for name in names]


def _cells(status: SloStatus) -> dict[str, object]:
    heat = heat_of(Overview(status.as_of, (status,), ()), text_for("en", status.app.timezone))
    return dict(zip(heat.days, heat.rows[0].cells, strict=True))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("step", [300, 3600])
def test_the_worst_hour_of_a_day_is_that_of_its_clock_hours(zone: str, step: int) -> None:
    place, buckets = place_in(zone, RollingWindow(7 * DAY)), counts(step, 2)
    status = status_at(place, buckets, CLOCKS_BACK + 9 * DAY)
    starts = buckets.start + step * np.arange(len(buckets.total))
    for day, shown in zip(days_until(zone, status.figures.end, 28)[:-1], status.daily_burn.values, strict=False):
        rates = []
        for hour in hours_of(day):
            inside = (starts >= hour.start) & (starts < hour.end)
            total, good = np.nansum(buckets.total[inside]), np.nansum(buckets.good[inside])
            rates.append((total - good) / total / 0.001 if total else 0.0)
        assert shown == pytest.approx(max(rates), rel=1e-9)


def test_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    autumn = days_until("Europe/Berlin", CLOCKS_BACK + 2 * DAY, 5)
    assert sorted({len(hours_of(day)) for day in autumn}) == [24, 25]
    spring = days_until("Europe/Berlin", 1_774_832_400, 3)  # 2026-03-30T01:00Z
    assert sorted({len(hours_of(day)) for day in spring}) == [23, 24]
    assert {hour.seconds for day in (*autumn, *spring) for hour in hours_of(day)} == {HOUR}


def test_apps_of_several_zones_share_the_columns_of_their_dates() -> None:
    at = CLOCKS_BACK + 5 * DAY + 12 * HOUR
    shown = tuple(
        status_at(place_in(zone, RollingWindow(7 * DAY)), counts(300, n), at - n * 300) for n, zone in enumerate(ZONES)
    )
    assert len(heat_of(Overview(at, shown, ()), text_for("en", "UTC")).days) == 28
