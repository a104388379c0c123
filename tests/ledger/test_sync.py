"""What a sync asks for, and what it remembers of the answers."""

import numpy as np
import pytest

from data_sources.base import Notice
from data_sources.queries import Counts
from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, signal, sli, truth
from tomoni.ledger import Ledger, RequiredSeries, SeriesState
from tomoni.slo.model import Buckets

KEY = sli("a").key


@pytest.fixture
def ledger(engine):
    return Ledger(engine)


def sync(ledger, source, now=NOW, refs=None, days=2.0):
    required = [required_series(ref, days, now) for ref in refs or [sli("a")]]
    return ledger.sync({source.id: source}, required, now)


def remembered(ledger, now=NOW, ref=None, days=2):
    ref = ref or sli("a")
    return ledger.read([ref], now - days * 86_400, now)[ref.key]


def assert_true(found):
    """What is known is the truth, from the first bucket to the newest."""
    known = found.fetched_at > 0
    for name, column in truth(KEY, found.interval).items():
        np.testing.assert_array_equal(found.column(name)[known], column[known])


def test_what_was_fetched_is_read_back(ledger):
    source = MemorySource()
    report = sync(ledger, source)
    found = remembered(ledger)
    assert_true(found)
    assert found.known_until == (NOW - 60) // STEP * STEP
    assert (found.fetched_at[:-1] == NOW).all()
    buckets = found.buckets()
    assert isinstance(buckets, Buckets)
    assert buckets.observed[:-1].all()
    assert not buckets.observed[-1]
    assert not buckets.absent.any()
    assert report.sources["memory"].buckets == 2 * 288
    assert (report.sources["memory"].requests, report.sources["memory"].errors, report.stopped) == (1, 0, False)


def test_a_signal_is_read_back_as_its_values(ledger):
    ref = signal("cpu")
    sync(ledger, MemorySource(), refs=[ref])
    found = remembered(ledger, ref=ref)
    np.testing.assert_array_equal(found.values()[:-1], truth(ref.key, found.interval)["total"][:-1])


def test_a_series_that_was_never_asked_for_is_not_known(ledger):
    found = remembered(ledger)
    assert found.known_until is None
    assert not found.buckets().observed.any()
    assert len(found.fetched_at) == len(found.interval) == 2 * 288 + 1
    assert ledger.states([KEY]) == {}


def test_series_are_read_on_their_own_grids(ledger):
    refs = [sli("a", step=60), sli("b", step=3600)]
    sync(ledger, MemorySource(), refs=refs)
    found = ledger.read(refs, NOW - 7000, NOW)
    for ref in refs:
        one = found[ref.key].interval
        assert one.step_seconds == ref.step_seconds
        assert one.start <= NOW - 7000 < one.start + ref.step_seconds
        assert one.end - ref.step_seconds < NOW <= one.end
        assert found[ref.key].buckets().observed[:-2].all()  # the lag keeps the newest minute back


def test_nothing_is_asked_again_while_nothing_is_due(ledger):
    source = MemorySource(lag_seconds=0)
    sync(ledger, source)
    version = ledger.version()
    for later in (0, 1, STEP - NOW % STEP - 1):
        assert sync(ledger, source, NOW + later).sources == {}
    assert len(source.asked) == 1
    assert ledger.version() == version


def test_only_new_and_fresh_buckets_are_asked_for_later(ledger):
    source = MemorySource(lag_seconds=250)
    sync(ledger, source)
    newest = remembered(ledger).known_until
    sync(ledger, source, newest + 250 + STEP)
    assert source.asked[1].interval.start == newest - STEP  # last asked when it was 400 s old
    assert source.asked[1].interval.end == newest + STEP
    sync(ledger, source, newest + 2 * STEP + 3600)
    assert source.asked[2].interval.start == newest


def test_a_later_answer_replaces_a_fresh_bucket(ledger):
    source = MemorySource(scale=0.5)
    sync(ledger, source)
    source.scale = 1.0
    sync(ledger, source, NOW + STEP)
    found = remembered(ledger, NOW + STEP)
    total = truth(KEY, found.interval)["total"]
    newest = (NOW - 60) // STEP * STEP
    last = (newest - found.interval.start) // STEP - 1
    assert found.column("total")[last] == total[last]
    assert found.column("total")[last - 1] == total[last - 1] / 2


def test_a_longer_history_asks_only_for_what_is_before(ledger):
    source = MemorySource()
    sync(ledger, source, days=2)
    sync(ledger, source, days=5)
    assert len(source.asked) == 2
    assert source.asked[1].interval.end == source.asked[0].interval.start
    assert_true(remembered(ledger, days=5))


def test_a_series_that_two_slos_share_is_asked_for_once(ledger):
    source = MemorySource()
    ref = sli("a")
    ledger.sync(
        {"memory": source}, [required_series(ref, 2), required_series(sli("a"), 3), required_series(ref, 1)], NOW
    )
    assert [len(request.interval) for request in source.asked] == [3 * 288]


def test_a_want_of_an_unknown_source_is_left_alone(ledger):
    assert ledger.sync({}, [required_series(sli("a"))], NOW).sources == {}


def test_a_want_has_the_buckets_of_its_series():
    with pytest.raises(ValueError, match="buckets of 60 s"):
        RequiredSeries(sli("a", step=60), required_series(sli("a")).interval)


def test_the_version_grows_with_every_merge(ledger):
    versions = [ledger.version()]
    for hour in range(3):
        sync(ledger, MemorySource(), NOW + hour * 3600)
        versions.append(ledger.version())
    assert versions == sorted(set(versions))


def test_notices_are_remembered_with_the_state(ledger):
    notice = Notice("few_samples", {"scrape_seconds": 120, "job": "web"})
    sync(ledger, MemorySource(notices=(notice,)))
    assert ledger.states([KEY]) == {KEY: SeriesState(NOW, NOW, notices=(notice,))}


def test_the_series_are_told_apart_by_what_they_ask(ledger, engine):
    sync(ledger, MemorySource(), refs=[sli("a"), signal("a")])
    from sqlalchemy import select

    from tomoni.store.tables import series

    with engine.connect() as connection:
        rows = connection.execute(select(series).order_by(series.c.form)).mappings().all()
    assert [(row["form"], row["query"], row["first_seen"]) for row in rows] == [
        (Counts.__name__, {"counts": "a"}, NOW),
        ("TextSignal", {"query": "a"}, NOW),
    ]
