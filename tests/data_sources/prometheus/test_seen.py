"""Which series an expression has over time."""

import pytest

from data_sources.base import Interval
from data_sources.errors import BadAnswer, QueryRefused
from tests.data_sources.fault_server import NOW, failure, matrix, success

HOUR = Interval(NOW - 3600, NOW, 300)


def test_series_are_seen_by_their_labels_and_moments(server, make):

    server.answer = lambda call: success(
        [
            matrix(call, version="2.40"),
            matrix(call, lambda t: "1" if t >= NOW - 1800 else None, version="2.41"),
        ]
    )
    old, late = make().seen("build_info", HOUR)
    assert (old.labels["version"], len(old.times)) == ("2.40", 12)
    assert (late.labels["version"], late.times[0]) == ("2.41", NOW - 1800)


def test_what_is_no_matrix_or_refused_is_an_error(server, make):
    server.answer = lambda call: success([{"metric": 1}])
    with pytest.raises(BadAnswer):
        make().seen("build_info", HOUR)
    server.answer = lambda call: failure(400, "bad_data", "parse error")
    with pytest.raises(QueryRefused):
        make().seen("build_info{", HOUR)
