"""Names at the right edge of the joint figure."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tomoni.charts.names import spread

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
