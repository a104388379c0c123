"""Reading an interval again: what is replaced, what stays, and what is recorded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Interval
from data_sources.errors import Unreachable
from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, signal, sli, truth
from tomoni.ledger import Ledger, RequiredSeries
from tomoni.ledger.again import forgotten

REF = sli("a")
HOUR, DAY = 3600, 86_400
PAST = Interval(NOW // DAY * DAY - DAY, NOW // DAY * DAY - DAY + 6 * HOUR, STEP)


@pytest.fixture
def ledger(engine):
    ledger = Ledger(engine)
    ledger.sync({"memory": MemorySource()}, [required_series(REF, 3), required_series(signal("cpu"), 3)], NOW)
    return ledger


def again(ledger, source, ref=REF, interval=PAST, now=NOW + HOUR):
    return ledger.read_again({"memory": source}, [RequiredSeries(ref, interval)], now)


def totals(ledger, interval=PAST, ref=REF):
    found = ledger.read([ref], interval.start, interval.end)[ref.key]
    return found.column("value" if ref != REF else "total")


def true_totals(interval=PAST, ref=REF):
    return truth(ref.key, interval)["total"]


def between(start, end):
    def gaps(_key, interval):
        starts = np.arange(interval.start, interval.end, STEP)
        return (starts >= start) & (starts < end)

    return gaps


@pytest.mark.parametrize("ref", [REF, signal("cpu")])
def test_what_the_source_says_otherwise_replaces_what_is_remembered(ledger, ref):
    report = again(ledger, MemorySource(scale=2.0), ref)
    np.testing.assert_array_equal(totals(ledger, ref=ref), true_totals(ref=ref) * 2)
    (change,) = report.changes
    name = "total" if ref == REF else "value"
    assert (change.start, change.until, change.buckets) == (PAST.start, PAST.end, len(PAST))
    assert change.before[name] == pytest.approx(true_totals(ref=ref).sum())
    assert change.after[name] == pytest.approx(2 * true_totals(ref=ref).sum())
    assert report.kept == ()


def test_a_shard_that_was_filled_in_later_is_counted_and_recorded_by_day(ledger):
    interval = Interval(PAST.start - DAY, PAST.end, STEP)
    report = again(ledger, MemorySource(scale=1.5), interval=interval)
    assert [(c.start, c.until) for c in report.changes] == [
        (PAST.start - DAY, PAST.start),
        (PAST.start, PAST.end),
    ]
    assert list(report.changes) == ledger.changes([REF.key], interval.start, interval.end)
    assert ledger.changes([REF.key], PAST.end, PAST.end + DAY) == []
    assert {change.changed_at for change in report.changes} == {NOW + HOUR}


def test_an_interval_that_did_not_change_is_no_change(ledger):
    before = totals(ledger)
    report = again(ledger, MemorySource())
    assert (report.changes, report.kept) == ((), ())
    assert report.sources["memory"].buckets == len(PAST)
    np.testing.assert_array_equal(totals(ledger), before)


@pytest.mark.parametrize("way", ["gaps", "zeros"])
def test_what_the_source_no_longer_has_stays(ledger, way):
    source = MemorySource(gaps=between(0, NOW)) if way == "gaps" else MemorySource(scale=0.0)
    report = again(ledger, source)
    np.testing.assert_array_equal(totals(ledger), true_totals())
    (kept,) = report.kept
    assert (kept.series, kept.start, kept.until, kept.buckets) == (REF.key, PAST.start, PAST.end, len(PAST))
    assert report.changes == ()


def test_where_the_source_begins_in_the_interval_the_part_before_stays(ledger):
    """Nor may the first bucket that it still has be taken: it may be cut."""
    border = PAST.start + 2 * HOUR
    report = again(ledger, MemorySource(scale=2.0, gaps=between(0, border)))
    starts = np.arange(PAST.start, PAST.end, STEP)
    np.testing.assert_array_equal(totals(ledger), true_totals() * np.where(starts > border, 2, 1))
    assert report.kept[0].until == border + STEP


def test_a_gap_between_what_the_source_has_is_taken_and_one_at_its_end_is_not(ledger):
    start = PAST.start + HOUR
    again(ledger, MemorySource(gaps=between(start, start + HOUR)))
    found = totals(ledger)
    starts = np.arange(PAST.start, PAST.end, STEP)
    np.testing.assert_array_equal(np.isnan(found), (starts >= start) & (starts < start + HOUR))
    report = again(ledger, MemorySource(gaps=between(PAST.end - HOUR, PAST.end)))
    np.testing.assert_array_equal(totals(ledger), true_totals())
    assert report.kept[0].buckets == 12


@pytest.mark.parametrize("trouble", [{"error": Unreachable("memory")}, {"complete": False, "scale": 0.5}])
def test_a_failure_and_a_partial_answer_replace_nothing(ledger, trouble):
    report = again(ledger, MemorySource(**trouble))
    np.testing.assert_array_equal(totals(ledger), true_totals())
    assert report.changes == ()


def test_what_is_not_closed_yet_is_not_asked_for(ledger):
    source = MemorySource()
    again(ledger, source, interval=Interval(PAST.start, PAST.end + 7 * DAY, STEP))
    assert source.asked[0].interval.end <= NOW + HOUR - 60


def test_an_interval_that_was_never_fetched_is_filled_without_a_change(ledger):
    interval = Interval(PAST.start - 30 * DAY, PAST.start - 29 * DAY, STEP)
    report = again(ledger, MemorySource(), interval=interval)
    assert report.changes == ()
    np.testing.assert_array_equal(totals(ledger, interval), true_totals(interval))


def test_an_ordinary_sync_records_what_it_finds_changed_in_settled_buckets(ledger):
    """Known buckets between two that are due are fetched with them."""
    fresh = ledger.sync({"memory": MemorySource(scale=2.0)}, [required_series(REF, 2, NOW + 60)], NOW + 60)
    assert fresh.changes == ()  # late points are usual
    gap = Interval(PAST.end, PAST.end + HOUR, STEP)
    other = sli("b")
    ledger.sync({"memory": MemorySource(gaps=between(gap.start, gap.end))}, [required_series(other, 2)], NOW)
    later = NOW + 8 * DAY
    found = ledger.sync({"memory": MemorySource()}, [RequiredSeries(other, gap)], later)
    (change,) = found.changes
    assert (change.start, change.until, change.before["observed"], change.after["observed"]) == (
        gap.start,
        gap.end,
        0,
        12,
    )


columns = st.lists(st.sampled_from([np.nan, 0.0, 1.0, 5.0]), min_size=12, max_size=12).map(np.array)


@given(columns, columns, st.booleans())
def test_only_remembered_buckets_are_kept_and_an_empty_answer_wipes_none(remembered, answered, of_counts):
    gone = forgotten(remembered, answered, of_counts)
    assert not (gone & np.isnan(remembered)).any()
    nothing = np.full(12, np.nan)
    assert (forgotten(remembered, nothing, of_counts) == ~np.isnan(remembered)).all()
    assert not forgotten(remembered, np.full(12, 7.0), of_counts).any()
