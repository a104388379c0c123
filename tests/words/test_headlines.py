"""The one sentence first: made from the numbers, neutral, and silent about what is not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.charts.reviews import END, START, app_of, overview_of, track_of
from tomoni.review.model import Overview, Review, SloTrack, SourceProblem
from tomoni.slo.model import DAY, HOUR, Line, State
from tomoni.words import headlines
from tomoni.words.text import text_for

EN, JA = text_for("en", "Asia/Tokyo"), text_for("ja", "Asia/Tokyo")
DOWN = SourceProblem("demo", "unreachable", "", {}, END - 600, END, END - 700)


def in_state(track: SloTrack, state: State) -> SloTrack:
    return replace(track, status=replace(track.status, figures=replace(track.status.figures, state=state)))


def with_losses(track: SloTrack, *losses: tuple[int, float]) -> SloTrack:
    """A burn-down that falls by some shares, each within the hour that begins at a moment."""
    times = np.arange(START, END + 1, 300)
    values = 1.0 - sum(share * np.clip((times - at) / HOUR, 0, 1) for at, share in losses)
    return replace(track, burn_down=Line(times, np.broadcast_to(values, times.shape).astype(float)))


def review_in(*states: State, losses: tuple[tuple[int, float], ...] = ()) -> Review:
    app = app_of()
    slos = app.journeys[0].slos
    tracks = (in_state(track_of(app, slos[n % len(slos)]), state) for n, state in enumerate(states))
    return Review(app, END, START, END, tuple(with_losses(track, *losses) for track in tracks), (), ())


def test_an_overview_counts_the_states_and_leaves_out_those_that_do_not_occur() -> None:
    value = overview_of(2)
    states = (State.HEALTHY, State.HEALTHY, State.AT_RISK, State.NO_DATA)
    statuses = tuple(
        replace(status, figures=replace(status.figures, state=state))
        for status, state in zip(value.statuses, states, strict=True)
    )
    shown = Overview(END, statuses, ())
    assert headlines.overview(shown, EN) == "4 SLOs of 2 apps: 2 healthy, 1 at risk, 1 without data."
    assert headlines.overview(shown, JA) == "アプリ 2 件、SLO 4 件のうち、正常 2 件、要注意 1 件、データなし 1 件。"


def test_one_is_not_told_as_many() -> None:
    one = overview_of(1).statuses[:1]
    assert headlines.overview(Overview(END, one, ()), EN).startswith("1 SLO of 1 app: 1 ")


def test_nothing_to_say_is_said() -> None:
    assert headlines.overview(Overview(END, (), ()), EN) == "There are no SLOs yet."
    assert headlines.app(review_in(), EN) == "Checkout has no objectives yet."


def test_sources_that_fail_are_named_once() -> None:
    shown = replace(overview_of(1), problems=(DOWN, replace(DOWN, code="timed_out"), replace(DOWN, source="gcp")))
    told = headlines.overview(shown, EN)
    assert told.endswith("Not everything could be fetched from demo and gcp; stored data is shown.")


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ((State.HEALTHY, State.AT_RISK, State.EXHAUSTED), "Checkout met 2 of 3 objectives."),
        ((State.HEALTHY, State.AT_RISK), "Checkout met both objectives."),
        ((State.HEALTHY,), "Checkout met its objective."),
        ((State.EXHAUSTED,), "Checkout missed its objective."),
        ((State.EXHAUSTED, State.EXHAUSTED), "Checkout missed both objectives."),
        ((State.NO_DATA,), "Checkout cannot be judged: there was no data or no traffic."),
        (
            (State.HEALTHY, State.NO_DATA),
            "Checkout met its objective. 1 more cannot be judged: no data or no traffic.",
        ),
    ],
)
def test_what_was_kept_comes_first(states: tuple[State, ...], sentence: str) -> None:
    assert headlines.app(review_in(*states), EN).startswith(sentence)


def test_a_hour_that_cost_much_is_told_with_its_day() -> None:
    at = END - 6 * DAY
    told = headlines.journey(review_in(State.AT_RISK, losses=((at, 0.46),)), "place-order", EN)
    assert told == (
        "Place an order met its objective. Availability spent 46% of the period's budget within an hour on 18 Nov."
    )


def test_a_slow_loss_is_told_as_slow() -> None:
    losses = tuple((START + day * DAY, 0.03) for day in range(26))
    told = headlines.app(review_in(State.AT_RISK, losses=losses), EN)
    assert told.endswith(
        "Place an order / Availability spent 78% of the period's budget since 27 Oct, a little at a time."
    )


def test_a_quiet_time_is_told_as_quiet() -> None:
    assert headlines.app(review_in(State.HEALTHY), EN).endswith("No noticeable burn since 27 Oct.")
    assert headlines.app(review_in(State.HEALTHY), JA).endswith("10月27日 以降、目立ったバジェットの消費はありません。")


def test_nothing_is_told_of_a_time_that_nobody_observed() -> None:
    track = in_state(track_of(app_of()), State.HEALTHY)
    unseen = replace(track, burn_down=Line(track.burn_down.times, np.full(len(track.burn_down.times), np.nan)))
    review = replace(review_in(State.HEALTHY), tracks=(unseen,))
    assert headlines.app(review, EN) == "Checkout met its objective."


def test_the_steepest_hour_is_found_across_gaps_and_uneven_steps() -> None:
    times = np.array([0, 1800, 3600, 7200, 10_800])
    values = np.array([1.0, 0.9, np.nan, 0.85, 0.3])
    loss = headlines.steepest_loss(Line(times, values))
    assert loss is not None
    assert loss[0] == pytest.approx(0.55)
    assert loss[1] == 10_800
    assert headlines.steepest_loss(Line(times[:1], values[:1])) is None


def test_an_unknown_journey_is_an_error() -> None:
    with pytest.raises(KeyError):
        headlines.journey(review_in(State.HEALTHY), "nope", EN)
