"""The joint figure: one axis, honest gaps, direct names."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

from tests.charts.reviews import (
    DAY,
    DIP_AT,
    END,
    SIGNALS,
    START,
    STEP,
    app_of,
    buckets_of,
    lane_of,
    review_of,
    signal_of,
    text,
    track_of,
)
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Unit
from tomoni.charts.annotations import NONE, Annotations, Event, Stretch
from tomoni.charts.canvas import PreparedFigure, write_prepared_once
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure, joint_spec
from tomoni.charts.lanes import APP_ROWS, row_keys, rows
from tomoni.charts.theme import DARK, LIGHT, THEMES, Theme
from tomoni.slo.model import Buckets, Line
from tomoni.words.signals import group_title
from tomoni.words.text import text_for

REVIEW = review_of()


def frame_of(language: str = "en", theme: Theme = LIGHT) -> Frame:
    return Frame(START, END, text_for(language, "Asia/Tokyo"), theme)


def figure_of(chosen: tuple[str, ...] = (), annotations: Annotations = NONE, scale: float = 1.0) -> go.Figure:
    keys = chosen or row_keys(SIGNALS)
    return joint_figure(Joint(REVIEW.tracks[0], REVIEW.lanes, keys, frame_of(), annotations, scale))


def words_of(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_row_hangs_on_one_time_axis_with_a_crosshair(language: str, theme: Theme):
    view = Joint(REVIEW.tracks[0], REVIEW.lanes, row_keys(SIGNALS), frame_of(language, theme))
    figure = joint_figure(view)
    assert {trace.xaxis for trace in figure.data} == {None}
    assert {trace.yaxis for trace in figure.data} == {"y", "y2", "y3", "y4", "y5", "y6"}
    assert figure.layout.hoversubplots == "axis"
    assert figure.layout.xaxis.spikemode == "across"


def test_rows_do_not_overlap_and_fill_the_height():
    figure = figure_of()
    domains = [figure.layout[f"yaxis{n or ''}"].domain for n in ("", 2, 3, 4, 5, 6)]
    assert domains[0][1] == 1
    assert domains[-1][0] == pytest.approx(0, abs=1e-9)
    assert all(above[0] > below[1] for above, below in pairwise(domains))


def test_the_axis_shows_the_period_in_the_readers_zone():
    assert figure_of().layout.xaxis.range == ("2026-10-27T19:00", "2026-11-24T19:00")


def test_moments_are_texts_that_no_browser_shifts_by_its_own_zone():
    drawn = Annotations((Stretch(DIP_AT, DIP_AT + 7200, "A"),), (Event(DIP_AT, "deploy"),))
    figure = figure_of(annotations=drawn)
    moments = [x for trace in figure.data for x in trace.x if x is not None]
    moments += [end for shape in figure.layout.shapes if shape.xref == "x" for end in (shape.x0, shape.x1)]
    moments += [note.x for note in figure.layout.annotations if note.xref == "x"]
    assert {type(moment) for moment in moments} == {str}
    shade = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (shade.x0, shade.x1) == ("2026-11-18T19:00", "2026-11-18T21:00")


def test_no_trace_has_more_than_two_thousand_points():
    assert max(len(trace.x) for trace in figure_of().data) <= 1400


def test_signals_of_one_group_share_a_row_and_are_named_beside_their_lines():
    made = rows(REVIEW.tracks[0], REVIEW.lanes, row_keys(SIGNALS), frame_of())
    assert [row.key for row in made] == [*APP_ROWS, "cpu", "latency-p95", "heap"]
    shared = made[3]
    assert (shared.title, [c.label for c in shared.curves]) == ("compute", ["CPU", "MEMORY"])
    assert [rule.level for rule in shared.rules] == [0.8, 0.9]


def test_rows_come_in_the_order_chosen_and_unknown_ones_are_left_out():
    made = rows(REVIEW.tracks[0], REVIEW.lanes, ("heap", "nothing", "budget"), frame_of())
    assert [row.key for row in made] == ["heap", "budget"]


def test_the_gap_is_hatched_where_nothing_was_observed():
    hatched = [trace for trace in figure_of().data if trace.fillpattern.shape]
    assert {trace.yaxis for trace in hatched} == {"y", "y3"}
    first, last = hatched[0].x[0], hatched[0].x[2]
    assert (first, last) == ("2026-11-12T19:00", "2026-11-13T01:00")


@pytest.mark.parametrize(
    ("first", "second", "named"), [(4000, 4000, True), (None, None, True), (4000, 0, False), (2000, 4000, True)]
)
def test_signals_of_one_group_have_a_gap_where_none_of_them_has_data(
    first: int | None, second: int | None, named: bool
):
    lanes = [lane_of(signal) for signal in SIGNALS if signal.group == "compute"]
    for lane, until in zip(lanes, (first, second), strict=True):
        lane.values.values[:until] = np.nan
    figure = joint_figure(Joint(REVIEW.tracks[0], lanes, row_keys([lane.signal for lane in lanes]), frame_of()))
    assert len([trace for trace in figure.data if trace.name in ("CPU", "MEMORY")]) == 2
    assert ("no data" in words_of(figure)) is named


def test_a_long_gap_is_named():
    lane = lane_of(SIGNALS[2])
    lane.values.values[:4000] = np.nan
    figure = joint_figure(Joint(REVIEW.tracks[0], [lane], ("latency-p95",), frame_of()))
    assert "no data" in words_of(figure)


def test_no_line_is_drawn_over_a_gap():
    assert all(trace.connectgaps is False for trace in figure_of().data if trace.line.width)


def test_buckets_that_stand_alone_are_dots():
    buckets = buckets_of(gap=False)
    quiet = np.arange(len(buckets.total)) % 2 == 0
    total = np.where(quiet, 0.0, 5.0)
    sparse = Buckets(buckets.start, STEP, total, total, np.zeros(len(total), dtype=bool))
    with np.errstate(invalid="ignore"):
        track = track_of(app_of(), buckets=sparse)
    figure = joint_figure(Joint(track, [], ("success",), frame_of()))
    drawn = next(trace for trace in figure.data if trace.name)
    assert drawn.mode == "lines+markers"
    assert max(drawn.marker.size) > 0


def test_what_lies_below_the_range_is_marked_at_its_edge():
    track = track_of(app_of())
    track.success.values[100], track.traffic.values[100] = 0.0, 0.001
    figure = joint_figure(Joint(track, [], ("success",), frame_of()))
    marks = [trace for trace in figure.data if trace.marker.symbol == "triangle-down"]
    assert len(marks) == 1
    assert figure.layout.yaxis.range[0] > 0.5


def test_objective_lines_and_ends_are_named_in_the_figure():
    shown = " ".join(words_of(figure_of()))
    for name in ("objective 99.9%", "even pace", "since 27 Oct", "last 28 d", "limit 500 ms", "CPU", "<b>Traffic</b>"):
        assert name in shown


def test_a_period_shorter_than_the_window_says_that_its_budget_is_another():
    week = Frame(END - 7 * DAY, END, text_for("en", "Asia/Tokyo"), LIGHT)
    figure = joint_figure(Joint(REVIEW.tracks[0], [], APP_ROWS, week))
    assert "7 d since 17 Nov" in words_of(figure)
    assert "Left of a budget of 7 d, since 17 Nov" in [trace.name for trace in figure.data]
    assert "last 28 d" in words_of(figure)


def test_names_at_the_edge_stay_beside_their_row_and_the_limits_of_several_signals_below_its_title():
    figure = figure_of(("success", "cpu", "memory", "errors"))
    names = {a.text.replace("<br>", " "): a.y for a in figure.layout.annotations if a.x == 1}
    own = [name for name in names if name.lower() in ("cpu", "memory")]
    bottom, top = figure.layout.yaxis2.domain
    line = 17 / figure.layout.meta["least_height"]
    assert len(own) == 2
    for name in own:
        assert bottom - line <= names[name] <= top + line, name
    assert np.all(np.diff(sorted(names.values())) >= line)
    assert any("limit 80% / 90%" in words for words in words_of(figure))
    assert not any("limit 80%" in name for name in names)


def test_episodes_events_and_exclusions_lie_over_all_rows():
    drawn = Annotations(
        (Stretch(DIP_AT, DIP_AT + 3600, "A"),),
        (Event(DIP_AT - 900, "deploy <b>"), Event(START - 1, "before")),
        (Stretch(START - DAY, START + DAY, "maintenance"),),
    )
    figure = figure_of(annotations=drawn)
    shown = words_of(figure)
    assert {"<b>A</b>", "deploy &lt;b&gt;", "maintenance"} <= set(shown)
    assert "before" not in shown
    across = [shape for shape in figure.layout.shapes if shape.yref == "paper"]
    assert [shape.type for shape in across] == ["rect", "line"]
    assert sum(trace.fillpattern.shape == "x" for trace in figure.data) == 6


def test_titles_of_others_cannot_bring_markup_into_the_figure():
    signal = signal_of("x", group="<script>g")
    evil = lane_of(signal)
    object.__setattr__(signal, "title", text("<a href='javascript:1'>x</a>"))
    figure = joint_figure(Joint(REVIEW.tracks[0], [evil], ("x",), frame_of()))
    spec = json.dumps(figure.to_plotly_json(), default=str)
    assert "<a href" not in spec
    assert "&lt;a" in spec


def test_an_app_without_data_makes_a_figure():
    empty = Line(np.zeros(0, dtype=np.int64), np.zeros(0))
    known = track_of(app_of())
    track = type(known)(known.status, empty, empty, empty, empty, empty)
    figure = joint_figure(Joint(track, [], APP_ROWS, frame_of(theme=DARK)))
    assert words_of(figure).count("no data") == 2
    assert not any("since" in words or "pace" in words for words in words_of(figure))


def test_nothing_chosen_makes_an_empty_figure():
    figure = joint_figure(Joint(REVIEW.tracks[0], [], ("none",), frame_of()))
    assert not figure.data
    assert not figure.layout.shapes


def test_a_shared_screen_gets_larger_type_and_rows():
    near, far = figure_of(), figure_of(scale=1.4)
    assert near.layout.height < far.layout.height < near.layout.height * 1.4
    assert far.layout.template.layout.font.size == 18


def test_percent_signals_share_the_axis_of_ratios():
    lane = lane_of(signal_of("p", Unit.PERCENT, 80.0), 50.0)
    figure = joint_figure(Joint(REVIEW.tracks[0], [lane], ("p",), frame_of()))
    assert 0.5 < figure.layout.yaxis.range[1] < 1.2
    assert "limit 80%" in " ".join(words_of(figure))


def test_what_the_page_sends_is_the_figure_that_plotly_checks():
    view = Joint(REVIEW.tracks[0], REVIEW.lanes, row_keys(SIGNALS), frame_of())
    sent, checked = PreparedFigure(joint_spec(view)).to_dict(), joint_figure(view).to_dict()
    template = sent["layout"].pop("template"), checked["layout"].pop("template")
    assert template[0]["layout"].items() <= template[1]["layout"].items()
    assert json.loads(json.dumps(sent["layout"])) == json.loads(json.dumps(checked["layout"]))
    assert [trace.keys() for trace in sent["data"]] == [trace.keys() for trace in checked["data"]]
    for ours, theirs in zip(sent["data"], checked["data"], strict=True):
        assert np.array_equal(numbers(ours["y"]), numbers(theirs["y"]), equal_nan=True)
        assert list(ours["x"]) == list(theirs["x"])


def test_a_prepared_figure_is_written_once_and_other_figures_as_before(monkeypatch: pytest.MonkeyPatch):
    written: list[object] = []

    def write(figure: object, **how: object) -> str:
        written.append((figure, *how.items()))
        return str(len(written))

    monkeypatch.setattr(plotly.io, "to_json", write)
    write_prepared_once()
    write_prepared_once()
    spec = joint_spec(Joint(REVIEW.tracks[0], REVIEW.lanes, row_keys(SIGNALS), frame_of()))
    one, same, other = PreparedFigure(spec), PreparedFigure(spec), go.Figure()
    assert [plotly.io.to_json(each, validate=False) for each in (one, one, same, one)] == ["1", "1", "2", "1"]
    assert [plotly.io.to_json(other, validate=False) for _ in range(2)] == ["3", "4"]
    assert plotly.io.to_json(one, validate=False, pretty=True) == "5"
    assert written[-1] == (one, ("validate", False), ("pretty", True))


def numbers(sent: dict[str, str]) -> np.ndarray:
    """What plotly.js reads from the bytes of a trace."""
    return np.frombuffer(base64.b64decode(sent["bdata"]), dtype=sent["dtype"])


def test_signals_that_share_a_row_stand_under_the_title_of_their_group() -> None:
    titled = LocalText({"en": "Compute", "ja": "サーバー"})
    own = replace(signal_of("cpu", group="compute"), group_title=titled)
    assert [group_title(own, text_for(language)) for language in ("en", "ja")] == ["Compute", "サーバー"]
    assert group_title(signal_of("cpu", group="compute"), text_for("ja")) == "compute"
    assert group_title(signal_of("cpu", group="infra"), text_for("ja")) == "インフラ"
    lanes = [lane_of(replace(signal, group_title=titled)) for signal in SIGNALS[:2]]
    frame = Frame(START, END, text_for("ja"), LIGHT)
    assert rows(track_of(app_of()), lanes, ["cpu", "memory"], frame)[0].title == "サーバー"
