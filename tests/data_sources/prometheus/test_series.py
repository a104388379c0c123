"""From the JSON of a range query to arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Interval
from data_sources.errors import BadAnswer, QueryRefused
from data_sources.prometheus.parse import Labels, Reply, Track, merged
from data_sources.prometheus.parse import read_matrix as read_reply_matrix
from data_sources.prometheus.sharing import batches, cover, query_count

TEN = Interval(0, 3000, 300)


def read_matrix(data: object, interval: Interval) -> list[tuple[Labels, Track]]:
    return read_reply_matrix(Reply("it", data), interval)


def matrix(*series):
    return {"resultType": "matrix", "result": [{"metric": labels, "values": values} for labels, values in series]}


def test_the_sample_at_the_end_of_a_bucket_is_that_of_the_bucket():
    ((labels, track),) = read_matrix(matrix(({"a": "b"}, [[300, "1"], [1500, "5.5"], [3000.0, "1e1"]])), TEN)
    assert labels == (("a", "b"),)
    assert np.flatnonzero(track.present).tolist() == [0, 4, 9]
    assert track.values[track.present].tolist() == [1.0, 5.5, 10.0]
    assert np.isnan(track.values[~track.present]).all()
    assert track.not_finite == 0


def test_samples_outside_of_the_interval_are_left_out():
    ((_, track),) = read_matrix(matrix(({}, [[0, "1"], [300, "2"], [3300, "3"]])), TEN)
    assert np.flatnonzero(track.present).tolist() == [0]


def test_odd_numbers_are_present_but_no_values():
    ((_, track),) = read_matrix(matrix(({}, [[300, "NaN"], [600, "+Inf"], [900, "-Inf"], [1200, "0"]])), TEN)
    assert track.not_finite == 3
    assert track.present.sum() == 4
    assert not np.isinf(track.values).any()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"resultType": "matrix"},
        {"resultType": "matrix", "result": None},
        {"resultType": "matrix", "result": ["x"]},
        {"resultType": "scalar", "result": [0, "1"]},
        matrix(({}, [["x", "1"]])),
        matrix(({}, [[300, None]])),
        matrix(({}, [[float("nan"), "1"]])),
        matrix((None, [])),
    ],
)
def test_what_is_no_matrix_is_a_bad_answer(data):
    with pytest.raises(BadAnswer):
        read_matrix(data, TEN)


def test_no_series_is_no_track():
    assert read_matrix(matrix(), TEN) == []
    ((_, track),) = read_matrix(matrix(({}, [])), TEN)
    assert not track.present.any()


def _track(*values):
    array = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return Track(array, ~np.isnan(array))


def test_series_that_follow_one_another_are_one():
    track = merged([_track(1, 2, None, None), _track(None, None, None, 4)], 4)
    assert track is not None
    assert track.present.tolist() == [True, True, False, True]
    assert track.values[track.present].tolist() == [1.0, 2.0, 4.0]


def test_series_that_share_a_bucket_are_not_one():
    assert merged([_track(1, 2, None), _track(None, 2, 3)], 3) is None


spans = st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda s: Interval(s[0] * 60, (s[0] + s[1]) * 60, 60))


@given(spans, spans)
def test_a_track_keeps_its_times_when_it_is_realigned(interval, target):
    times = np.arange(interval.start, interval.end, 60, dtype=np.float64)
    track = Track(times, np.ones(len(times), dtype=bool)).realigned(interval, target)
    for time, value, present in zip(range(target.start, target.end, 60), track.values, track.present, strict=True):
        assert present == (interval.start <= time < interval.end)
        assert value == time or not present


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.sampled_from([60, 300])), max_size=80))
def test_batches_hold_every_request_once_and_stay_small(wanted):
    from data_sources.base import Request
    from data_sources.queries import Ratio, TextSignal

    requests = [
        Request(
            str(i),
            TextSignal(query="up") if i % 3 else Ratio(total="a", good="b"),
            Interval(start * step, (start + length) * step, step),
        )
        for i, (start, length, step) in enumerate(wanted)
    ]
    found = list(batches(requests))
    assert sorted(request.key for batch in found for request in batch) == sorted(request.key for request in requests)
    for batch in found:
        assert len(batch) == 1 or len(cover(batch)) <= 12
        assert sum(query_count(request.query) for request in batch) <= 50


names = st.sampled_from(["resultType", "result", "metric", "values", "histograms", "matrix"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | names | st.just("1")
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=15
)


@given(anything)
def test_whatever_comes_is_a_matrix_or_an_error(found):
    for data in (found, {"resultType": "matrix", "result": found}, matrix(({}, found))):
        try:
            tracks = read_matrix(data, TEN)
        except (BadAnswer, QueryRefused):  # native histograms are refused by name
            continue
        assert all(track.values.shape == (10,) for _, track in tracks)
