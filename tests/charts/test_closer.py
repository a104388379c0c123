"""Looking closer at an episode, and beyond the newest data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data_sources.base import Notice
from tests.charts.reviews import DAY, DIP_AT, END, SIGNALS, START, STEP, app_of, buckets_of, review_of, track_of
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Exclusion, OneOff
from tomoni.charts.annotations import Event
from tomoni.charts.closeup import cut
from tomoni.charts.frame import Frame, around, with_forecast
from tomoni.charts.joint import Joint, joint_figure
from tomoni.charts.lanes import row_keys
from tomoni.charts.marks import annotations_of
from tomoni.charts.theme import LIGHT
from tomoni.review.joint import burn_of
from tomoni.review.model import ExcludedSpan, SloTrack
from tomoni.slo.episodes import Episode
from tomoni.slo.lines import Forecast
from tomoni.slo.model import Line
from tomoni.words.text import text_for

HOUR = 3600
TEXT = text_for("en", "Asia/Tokyo")
REVIEW = review_of()


def episode(start: int, end: int) -> Episode:
    return Episode(start, end, 1.0, 10.0, 0.1, 0.5, 12.0)


def with_burn() -> SloTrack:
    track, buckets = track_of(app_of()), buckets_of()
    return replace(track, burn=burn_of(buckets, track.status.slo.definition, track.status.figures))


def running_out(at: int | None) -> SloTrack:
    times = END + HOUR * np.arange(28 * 24, dtype=np.int64)
    line = Line(times, np.linspace(0.3, -0.5, len(times)))
    return replace(track_of(app_of()), forecast=Forecast(line, 0.001, at, None))


def shown(track: SloTrack, left: int, right: int):
    frame = Frame(START, END, TEXT, LIGHT, (left, right))
    return joint_figure(Joint(track, REVIEW.lanes, row_keys(SIGNALS), frame, annotations_of(track, TEXT)))


def test_a_cut_line_reaches_both_edges():
    line = Line(np.arange(0, 1000, 100), np.arange(10.0))
    assert cut(line, 250, 550).times.tolist() == [200, 300, 400, 500, 600]
    assert cut(line, -50, 5000).times.tolist() == line.times.tolist()
    assert cut(line, 2000, 3000).times.tolist() == [900]


def test_an_episode_has_as_much_before_and_after_it_within_the_period():
    assert around(episode(100_000, 110_800), 0, 200_000) == (89_200, 121_600)
    assert around(episode(100_000, 100_300), 0, 200_000) == (92_800, 107_500)
    assert around(episode(100_000, 110_800), 95_000, 112_000) == (95_000, 112_000)


def test_looking_closer_shows_every_point_of_every_row():
    figure = shown(with_burn(), DIP_AT - HOUR, DIP_AT + 2 * HOUR)
    assert figure.layout.xaxis.range == ("2026-11-18T18:00", "2026-11-18T21:00")
    success = next(trace for trace in figure.data if trace.name == "Success, 5 min")
    assert len(success.x) == 3 * HOUR // STEP + 3
    assert min(success.customdata[:, 2]) < 0.95
    assert max(len(trace.x) for trace in figure.data) <= 2 * (3 * HOUR // STEP + 3)


def test_the_burn_down_still_says_since_when_it_falls():
    words = [note.text for note in shown(with_burn(), DIP_AT - HOUR, DIP_AT + HOUR).layout.annotations]
    assert "since 27 Oct" in words


def test_episodes_carry_their_letters():
    track = with_burn()
    assert track.burn is not None
    letters = [found.letter for found in track.burn.shown]
    assert [stretch.label for stretch in annotations_of(track, TEXT).episodes] == letters
    assert letters


def test_where_the_source_changed_its_data_is_marked():
    track = with_burn()
    notice = Notice("source_changed", {"start": START + DAY, "end": START + 2 * DAY, "at": END})
    marked = replace(track, status=replace(track.status, notices=(*track.status.notices, notice)))
    before, after = (annotations_of(each, TEXT).events for each in (track, marked))
    assert after == (*before, Event(START + DAY, "data changed"))


@pytest.mark.parametrize(("turn", "more"), [(2 * DAY, 2.7), (20 * DAY, 7.0)])
def test_the_axis_goes_on_to_where_the_budget_runs_out_but_a_quarter_at_most(turn: int, more: float):
    start, end = with_forecast(running_out(END + turn), START, END)
    assert start == START
    assert (end - END) / DAY == pytest.approx(more)


def test_a_budget_that_lasts_leaves_the_axis_alone():
    assert with_forecast(running_out(None), START, END) == (START, END)
    assert with_forecast(track_of(app_of()), START, END) == (START, END)


def test_the_forecast_goes_on_where_the_observed_ends():
    figure = shown(running_out(END + 2 * DAY), START, END + 3 * DAY)
    line = next(trace for trace in figure.data if trace.name == "Budget left, forecast")
    assert line.x[0] == "2026-11-24T19:00"
    assert line.line.dash == "dot"
    words = [note.text for note in figure.layout.annotations]
    assert {"forecast", "as of"} <= set(words)
    assert not any(
        trace.name == "Budget left, forecast" for trace in shown(running_out(END + 2 * DAY), START, END).data
    )


def test_nothing_after_the_newest_data_is_called_a_gap():
    def hatched(end: int) -> list[str]:
        return [x for trace in shown(with_burn(), START, end).data if trace.fillpattern.shape for x in trace.x if x]

    assert hatched(END + 5 * DAY) == hatched(END)


def test_planned_exclusions_are_drawn_beyond_the_period():
    exclusion = Exclusion("x", LocalText({"": "x"}), "UTC", OneOff(END + DAY, END + DAY + HOUR))
    planned = (ExcludedSpan(exclusion, END + DAY, END + DAY + HOUR),)
    assert annotations_of(track_of(app_of()), TEXT, planned).exclusions[0].start == END + DAY


def test_what_is_too_narrow_to_see_is_drawn_wider():
    frame = Frame(0, 500_000, TEXT, LIGHT)
    assert frame.visible(1000, 1100) == (550, 1550)
    assert frame.visible(1000, 5000) == (1000, 5000)
