"""The contract that every source keeps, as tests. A source joins in with two things::

    class TestMySourceKeepsTheContract(SourceContract):
        @pytest.fixture
        def harness(self, ...) -> Iterator[Harness]:
            source = MySource("mine", MyConfig(kind="mine", ...), clock=lambda: interval.end + 600.0)
            yield Harness(source=source, interval=interval, steady=Case(query, good=..., total=...), ...)
            source.close()

`Harness.interval` is the whole world of the harness, at least 24 buckets long; the arrays of a `Case`
are the truth for each of its buckets, NaN where nothing was observed. The tests ask for parts of it.
A case that a kind of source cannot have stays None, and its tests are skipped with that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_sources.base import Answer, Interval, Request, Series, Source
from data_sources.errors import ERRORS, SourceError
from data_sources.queries import Query

FloatArray = npt.NDArray[np.float64]
SLI_COLUMNS = {"good", "total", "absent"}


@dataclass(frozen=True, eq=False)
class Case:
    """A query with the truth about it, a number a bucket of the harness's interval.

    An SLI has ``good`` and ``total`` (events), a signal has ``value``. NaN: not observed.
    """

    query: Query
    good: FloatArray | None = None
    total: FloatArray | None = None
    value: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Harness:
    """A source over a small world whose truth is known.

    ``steady`` has traffic in every bucket, some of it bad, and changes from bucket to bucket.
    ``gap`` has observed buckets on both sides of unobserved ones. ``quiet`` has observed buckets with
    total 0. ``absent`` has a total and no numerator in any bucket: ``good`` tells what that counts
    as (0 for a good series, the total for a bad one). ``signal`` is an infra signal. ``broken`` is a
    query that the source cannot answer, however often it is asked. ``calls`` counts the I/O so far
    (requests, opened files); None when that cannot be counted. ``relative`` is the tolerance.
    """

    source: Source
    interval: Interval
    steady: Case
    broken: Query
    gap: Case
    quiet: Case
    signal: Case
    absent: Case | None = None
    calls: Callable[[], int] | None = None
    relative: float = 1e-9

    def part(self, begin: int, stop: int) -> Interval:
        """Buckets ``begin`` to ``stop`` (not included) of the interval."""
        start, step = self.interval.start, self.interval.step_seconds
        return Interval(start + begin * step, start + stop * step, step)


def answers_of(source: Source, requests: Iterable[Request]) -> dict[str, Answer]:
    """All answers by key; fails when one request was answered twice."""
    answers: dict[str, Answer] = {}
    for answer in source.fetch(list(requests)):
        assert answer.request.key not in answers, f"{answer.request.key} was answered twice"
        answers[answer.request.key] = answer
    return answers


def series_of(source: Source, query: Query, interval: Interval) -> Series:
    """The series of one query; fails when there is an error instead."""
    answer = answers_of(source, [Request("the one", query, interval)])["the one"]
    assert answer.error is None, f"{answer.error!r} {answer.error.facts}"
    assert answer.series is not None
    return answer.series


def _same(found: FloatArray, truth: FloatArray | None, relative: float) -> None:
    assert truth is not None
    np.testing.assert_array_equal(np.isnan(found), np.isnan(truth))
    np.testing.assert_allclose(found, truth, rtol=relative, atol=relative)


def _assert_sound(series: Series, interval: Interval) -> None:
    """Shapes, no infinity anywhere, and NaN in all columns of a bucket or in none."""
    assert series.interval == interval
    for column in series.columns.values():
        assert column.dtype == np.float64
        assert column.shape == (len(interval),)
        assert not np.isinf(column).any()
    gaps = {name: np.isnan(column).tolist() for name, column in series.columns.items()}
    assert len({str(gap) for gap in gaps.values()}) == 1, gaps


class SourceContract:
    """Subclass it, name the subclass Test…, and give it a fixture ``harness``."""

    def test_the_counts_are_the_true_ones(self, harness: Harness) -> None:
        series = series_of(harness.source, harness.steady.query, harness.interval)
        _assert_sound(series, harness.interval)
        assert set(series.columns) >= SLI_COLUMNS
        _same(series.columns["total"], harness.steady.total, harness.relative)
        _same(series.columns["good"], harness.steady.good, harness.relative)
        assert not series.columns["absent"].any()

    def test_a_signal_has_the_true_values(self, harness: Harness) -> None:
        signal = harness.signal
        series = series_of(harness.source, signal.query, harness.interval)
        _assert_sound(series, harness.interval)
        assert set(series.columns) == {"value"}
        _same(series.columns["value"], signal.value, harness.relative)

    def test_a_gap_stays_a_gap(self, harness: Harness) -> None:
        gap = harness.gap
        assert gap.total is not None
        assert np.isnan(gap.total).any(), "the harness's gap has no gap"
        assert not np.isnan(gap.total).all(), "the harness's gap is nothing but a gap"
        series = series_of(harness.source, gap.query, harness.interval)
        _assert_sound(series, harness.interval)
        _same(series.columns["total"], gap.total, harness.relative)
        _same(series.columns["good"], gap.good, harness.relative)

    def test_zero_traffic_is_not_a_gap(self, harness: Harness) -> None:
        quiet = harness.quiet
        assert quiet.total is not None
        assert (quiet.total == 0).any(), "the harness's quiet case is never quiet"
        series = series_of(harness.source, quiet.query, harness.interval)
        _assert_sound(series, harness.interval)
        _same(series.columns["total"], quiet.total, harness.relative)
        assert (series.columns["good"][quiet.total == 0] == 0).all()

    def test_the_interval_is_honoured_to_the_bucket(self, harness: Harness) -> None:
        for begin, stop in [(0, 1), (3, 9), (len(harness.interval) - 2, len(harness.interval))]:
            part = harness.part(begin, stop)
            series = series_of(harness.source, harness.steady.query, part)
            _assert_sound(series, part)
            assert harness.steady.total is not None
            assert harness.steady.good is not None
            _same(series.columns["total"], harness.steady.total[begin:stop], harness.relative)
            _same(series.columns["good"], harness.steady.good[begin:stop], harness.relative)

    def test_an_empty_interval_gives_an_empty_series(self, harness: Harness) -> None:
        series = series_of(harness.source, harness.steady.query, harness.part(4, 4))
        _assert_sound(series, harness.part(4, 4))

    def test_a_query_that_cannot_be_answered_is_an_error_value(self, harness: Harness) -> None:
        answer = answers_of(harness.source, [Request("broken", harness.broken, harness.part(0, 12))])["broken"]
        assert answer.series is None
        assert isinstance(answer.error, SourceError)
        assert answer.error.code in ERRORS
        assert answer.error.source == harness.source.id
        assert all(isinstance(value, str | int | float) for value in answer.error.facts.values())

    def test_one_bad_query_leaves_the_others_alone(self, harness: Harness) -> None:
        part = harness.part(0, 6)
        wanted = {"one": harness.steady.query, "bad": harness.broken, "two": harness.steady.query}
        answers = answers_of(harness.source, [Request(key, query, part) for key, query in wanted.items()])
        assert {key: answer.error is None for key, answer in answers.items()} == {
            "one": True,
            "bad": False,
            "two": True,
        }

    def test_every_request_is_answered_once(self, harness: Harness) -> None:
        cases = [case.query for case in (harness.steady, harness.gap, harness.quiet, harness.signal) if case]
        parts = [harness.part(0, 3), harness.part(1, 4), harness.part(0, 20)]
        requests = [Request(f"{i}/{j}", q, p) for i, q in enumerate(cases) for j, p in enumerate(parts)]
        answers = answers_of(harness.source, requests)
        assert sorted(answers) == sorted(request.key for request in requests)
        for request in requests:
            answer = answers[request.key]
            assert answer.request is request
            assert answer.series is not None
            _assert_sound(answer.series, request.interval)

    def test_asking_for_nothing_gives_nothing(self, harness: Harness) -> None:
        assert list(harness.source.fetch([])) == []

    def test_one_more_question_gives_the_same_answer(self, harness: Harness) -> None:
        first = series_of(harness.source, harness.steady.query, harness.interval)
        again = series_of(harness.source, harness.steady.query, harness.interval)
        for name, column in first.columns.items():
            np.testing.assert_array_equal(column, again.columns[name])

    def test_several_threads_may_ask_at_once(self, harness: Harness) -> None:
        def ask(begin: int) -> FloatArray:
            part = harness.part(begin, begin + 10)
            return series_of(harness.source, harness.steady.query, part).columns["total"]

        assert harness.steady.total is not None
        with ThreadPoolExecutor(8) as pool:
            for begin, total in enumerate(pool.map(ask, range(12))):
                _same(total, harness.steady.total[begin : begin + 10], harness.relative)

    def test_an_answer_may_be_left_half_read(self, harness: Harness) -> None:
        requests = [Request(str(i), harness.steady.query, harness.part(i, i + 4)) for i in range(8)]
        answers = iter(harness.source.fetch(requests))
        next(answers)
        getattr(answers, "close", lambda: None)()
        series_of(harness.source, harness.steady.query, harness.part(0, 3))

    def test_it_says_how_it_is(self, harness: Harness) -> None:
        health = harness.source.health()
        assert health.answered
        assert health.error is None
        assert health.seconds >= 0

    def test_checking_a_good_query_finds_no_error(self, harness: Harness) -> None:
        found = harness.source.check(Request("steady", harness.steady.query, harness.interval))
        assert [finding for finding in found if finding.severity == "error"] == []

    def test_checking_a_broken_query_finds_an_error(self, harness: Harness) -> None:
        found = harness.source.check(Request("broken", harness.broken, harness.interval))
        assert {finding.severity for finding in found} <= {"error", "warning"}
        assert any(finding.severity == "error" and finding.code for finding in found)

    def test_explaining_asks_nobody(self, harness: Harness) -> None:
        before = harness.calls() if harness.calls else 0
        texts = harness.source.explain(harness.steady.query, harness.interval)
        assert (harness.calls() if harness.calls else 0) == before
        roles = {text.role for text in texts}
        assert "total" in roles
        assert roles & {"good", "bad"}
        assert all(text.text for text in texts)

    def test_a_broken_query_can_be_explained(self, harness: Harness) -> None:
        for text in harness.source.explain(harness.broken, harness.interval):
            assert text.role

    def test_it_has_a_name_and_a_lag(self, harness: Harness) -> None:
        assert harness.source.id
        assert harness.source.kind
        assert harness.source.lag_seconds >= 0

    def test_closing_twice_is_harmless(self, harness: Harness) -> None:
        harness.source.close()
        harness.source.close()


class NumeratorMayBeAbsent(SourceContract):
    """The contract of sources that count total and numerator by two queries, so that one may have no series."""

    def test_an_absent_numerator_counts_nothing_and_is_marked(self, harness: Harness) -> None:
        absent = harness.absent
        assert absent is not None, "the harness has no total without a numerator"
        series = series_of(harness.source, absent.query, harness.interval)
        _same(series.columns["total"], absent.total, harness.relative)
        _same(series.columns["good"], absent.good, harness.relative)
        observed = ~np.isnan(series.columns["total"])
        assert observed.any()
        assert (series.columns["absent"][observed] == 1).all()
