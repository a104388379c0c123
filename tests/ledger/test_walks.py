"""However time passes and a source behaves, the ledger ends up with the truth and asks no more than it must."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.errors import Unreachable
from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli, truth
from tomoni.ledger import Ledger
from tomoni.store.engine import open_engine

pytestmark = pytest.mark.slow

REF = sli("a")
DAY = 86_400
jumps = st.sampled_from([0, 7, 60, 299, 300, 1000, 7200, DAY, 3 * DAY])


def everything(_key, interval):
    return np.ones(len(interval), bool)


def every_fifth(_key, interval):
    return np.arange(interval.start, interval.end, STEP) // STEP % 5 == 0


MOODS: dict[str, dict[str, Any]] = {
    "well": {},
    "down": {"error": Unreachable("memory")},
    "empty": {"gaps": everything},
    "sparse": {"gaps": every_fifth},
    "partial": {"complete": False, "scale": 0.5},
    "raising": {"raises": RuntimeError()},
}


def sync(ledger, source, now):
    return ledger.sync({"memory": source}, [required_series(REF, 4, now)], now)


@settings(max_examples=25, deadline=None)
@given(st.lists(jumps, min_size=1, max_size=12), st.sampled_from([0, 60, 240, 1000]))
def test_a_settled_bucket_is_never_asked_for_again(steps, lag):
    engine = open_engine("sqlite://")
    ledger, now = Ledger(engine), NOW
    settled: set[int] = set()
    for step in steps:
        now += step
        source = MemorySource(lag_seconds=lag)
        sync(ledger, source, now)
        asked = source.buckets_asked(REF.key)
        assert len(asked) == len(set(asked))
        assert not settled & set(asked)
        assert all(start + STEP <= now - lag for start in asked)
        settled |= {start for start in asked if now - (start + STEP) >= 2 * lag}
    engine.dispose()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(jumps, st.sampled_from(sorted(MOODS))), min_size=1, max_size=8))
def test_a_source_that_recovers_leaves_no_trace_of_its_troubles(steps):
    engine = open_engine("sqlite://")
    ledger, now = Ledger(engine), NOW
    for step, mood in steps:
        now += step
        sync(ledger, MemorySource(**MOODS[mood]), now)
    for _ in range(2):  # a gap of any age is asked about within twice its age, and at most 8 days
        now += 8 * DAY
        ledger.sync({"memory": MemorySource()}, [required_series(REF, (now - NOW) / DAY + 4, now)], now)
    found = ledger.read([REF], NOW - 3 * DAY, now)[REF.key]
    closed = slice(0, (now - 60 - found.interval.start) // STEP)
    for name, column in truth(REF.key, found.interval).items():
        np.testing.assert_array_equal(found.column(name)[closed], column[closed])
    assert ledger.states([REF.key])[REF.key].failing_since is None
    engine.dispose()


def test_a_sparse_series_costs_few_requests_a_day():
    engine = open_engine("sqlite://")
    ledger, source = Ledger(engine), MemorySource(gaps=every_fifth)
    requests: dict[int, int] = defaultdict(int)
    for now in range(NOW, NOW + DAY, STEP):
        source.asked.clear()
        sync(ledger, source, now)
        requests[len(source.asked)] += 1
    assert set(requests) <= {0, 1, 2, 3}
    engine.dispose()
