"""Names at the right edge of the joint figure."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.reviews import END, START, app_of, lane_of, signal_of, track_of
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Unit
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_spec
from tomoni.charts.lanes import row_keys
from tomoni.charts.names import spread
from tomoni.charts.theme import LIGHT
from tomoni.charts.wrapping import told_apart
from tomoni.words.text import text_for

PLACES = st.lists(st.tuples(st.floats(0, 1), st.floats(0.001, 0.1)), max_size=12)


@given(PLACES)
def test_no_name_touches_another_and_all_stay_within_the_figure_where_there_is_room(places: list[tuple[float, float]]):
    wanted = np.array(sorted((at for at, _ in places), reverse=True))
    heights = np.array([height for _, height in places])
    middles = spread(wanted, heights)
    assert np.all(middles[:-1] - middles[1:] >= (heights[:-1] + heights[1:]) / 2 - 1e-9)
    if len(places) and heights.sum() <= 1:
        assert middles[0] + heights[0] / 2 <= 1 + 1e-9
        assert middles[-1] - heights[-1] / 2 >= -1e-9


@given(PLACES)
def test_names_that_do_not_touch_stay_beside_their_values(places: list[tuple[float, float]]):
    count = max(1, len(places))
    wanted = (np.arange(count)[::-1] + 0.5) / count
    heights = np.full(count, 0.9 / count)
    assert np.allclose(spread(wanted, heights), wanted)


def test_names_that_would_touch_move_apart_evenly():
    assert np.allclose(spread(np.array([0.5, 0.5]), np.array([0.1, 0.1])), [0.55, 0.45])
    assert np.allclose(spread(np.array([0.0, 0.0]), np.array([0.1, 0.1])), [0.15, 0.05])
    assert spread(np.array([]), np.array([])).size == 0


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        (("CPU of the checkout servers", "Memory of the checkout servers"), ["CPU…", "Memory…"]),
        (
            ("購入手続きサーバーの CPU 使用率", "購入手続きサーバーのメモリ使用率"),
            ["…CPU 使用率", "…メモリ使用率"],
        ),
        (("Pods of a &amp; b", "Pods of a &amp; c", "Pods of d"), ["…a &amp; b", "…a &amp; c", "…d"]),
        (("CPU", "Memory"), ["CPU", "Memory"]),
        (("CPU", "CPU of the servers"), ["CPU", "CPU of the servers"]),
        (("CPU", "CPU"), ["CPU", "CPU"]),
        (("CPU",), ["CPU"]),
        ((), []),
    ],
)
def test_names_of_one_kind_are_told_apart_by_what_they_do_not_share(titles: tuple[str, ...], told: list[str]):
    assert told_apart(titles) == told


TRACK = track_of(app_of())
SIGNALS = st.lists(
    st.tuples(
        st.sampled_from(["", "compute", "network"]),
        st.sampled_from([Unit.RATIO, Unit.SECONDS]),
        st.floats(0.01, 5),
        st.sampled_from(["CPU", "CPU of the search servers", "ロードバランサーのレイテンシ (p95) の最大値"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(SIGNALS)
def test_the_names_of_a_figure_do_not_collide_whatever_its_rows_and_limits_are(
    signals: list[tuple[str, Unit, float, str]],
):
    lanes = []
    for n, (group, unit, limit, title) in enumerate(signals):
        made = replace(signal_of(f"signal-{n}", unit, limit, group), title=LocalText({"": title}))
        lanes.append(lane_of(made, height=limit * 0.9, seed=n))
    keys = row_keys([lane.signal for lane in lanes])
    spec = joint_spec(Joint(TRACK, lanes, keys, Frame(START, END, text_for("en"), LIGHT)))
    layout = spec["layout"]
    body = layout["meta"]["least_height"] - layout["margin"]["t"] - layout["margin"]["b"]
    names = [note for note in layout["annotations"] if note.get("xref") == "paper" and note.get("x") == 1]
    assert len(names) > len(lanes)
    edges = [
        (note["y"] * body, (note["text"].count("<br>") + 1) * layout["template"]["layout"]["font"]["size"])
        for note in names
    ]
    for (above, height), (below, next_height) in pairwise(edges):
        assert above - below >= (height + next_height) / 2 - 0.01
