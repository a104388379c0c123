"""The pool in which sources make their calls: bounds, order, and the end of a fetch."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from data_sources.errors import QueryRefused, SourceError, TimedOut, Unreachable
from data_sources.pool import Pool

PATIENCE_SECONDS = 60


def never(_error: SourceError, _timeouts: int) -> bool:
    return False


def failing(error: SourceError) -> None:
    raise error


def outcome(pool: Pool, error: SourceError | None) -> SourceError | None:
    """Makes one call that fails with an error or succeeds; returns what the caller gets."""
    try:
        pool.call(failing, error) if error else pool.call(int)
    except SourceError as raised:
        return raised
    return None


def test_every_item_gets_a_result() -> None:
    with Pool("shop", 4, never) as pool:
        assert sorted(pool.results(lambda n: n * n, range(100))) == [n * n for n in range(100)]


def test_no_items_give_no_results() -> None:
    with Pool("shop", 4, never) as pool:
        assert list(pool.results(str, ())) == []


def test_as_many_workers_as_allowed_run_at_once_and_no_more() -> None:
    together = threading.Barrier(3)
    lock = threading.Lock()
    running, most = 0, 0

    def work(_item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(PATIENCE_SECONDS)
        with lock:
            running -= 1

    with Pool("shop", 3, never) as pool:
        assert len(list(pool.results(work, range(30)))) == 30
    assert most == 3


def test_results_come_as_they_finish_and_a_slow_one_does_not_hold_the_others() -> None:
    release = threading.Event()

    def work(name: str) -> str:
        if name == "slow":
            assert release.wait(PATIENCE_SECONDS)
        return name

    with Pool("shop", 2, never) as pool:
        results = pool.results(work, ["slow", "first", "second"])
        assert [next(results), next(results)] == ["first", "second"]
        release.set()
        assert list(results) == ["slow"]


def test_items_are_drawn_only_a_few_ahead_of_what_was_consumed() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for n in range(1000):
            drawn.append(n)
            yield n

    with Pool("shop", 2, never) as pool:
        results = pool.results(str, items())
        for consumed in range(1, 50):
            next(results)
            assert len(drawn) <= consumed + 4


def test_leaving_cancels_what_has_not_started_and_waits_for_nothing() -> None:
    release, started = threading.Event(), []

    def work(n: int) -> int:
        started.append(n)
        if n:
            release.wait(PATIENCE_SECONDS)
        return n

    with Pool("shop", 1, never) as pool:
        results = pool.results(work, range(100))
        assert next(results) == 0
    release.set()
    assert len(started) <= 2


def test_a_fault_in_the_work_itself_is_raised() -> None:
    with Pool("shop", 2, never) as pool, pytest.raises(ZeroDivisionError):
        list(pool.results(lambda n: 1 // n, [1, 0]))


def test_after_an_error_that_stops_the_fetch_the_source_is_not_called_any_more() -> None:
    down = Unreachable("shop")
    calls: list[int] = []

    def call(n: int) -> None:
        calls.append(n)
        raise down

    def work(n: int) -> SourceError | None:
        try:
            pool.call(call, n)
        except SourceError as error:
            return error
        return None

    with Pool("shop", 1, lambda error, _: isinstance(error, Unreachable)) as pool:
        assert list(pool.results(work, range(50))) == [down] * 50
    assert calls == [0]
    assert pool.stopped is down


def test_an_error_of_one_query_does_not_stop_the_others() -> None:
    refused = QueryRefused("shop")
    with Pool("shop", 1, lambda error, _: isinstance(error, Unreachable)) as pool:
        assert outcome(pool, refused) is refused
        assert outcome(pool, None) is None
        assert pool.stopped is None


def test_time_outs_are_counted_until_a_call_succeeds() -> None:
    counted: list[int] = []

    def stop_rule(_error: SourceError, timeouts: int) -> bool:
        counted.append(timeouts)
        return timeouts >= 3

    slow, refused = TimedOut("shop"), QueryRefused("shop")
    with Pool("shop", 1, stop_rule) as pool:
        stopped_after = []
        for error in (slow, slow, None, slow, refused, slow, slow):
            outcome(pool, error)
            stopped_after.append(pool.stopped)
    assert counted == [1, 2, 1, 1, 2, 3]
    assert stopped_after == [None] * 6 + [slow]


def test_time_outs_in_many_threads_are_all_counted() -> None:
    counted: list[int] = []

    def stop_rule(_error: SourceError, timeouts: int) -> bool:
        counted.append(timeouts)
        return False

    with Pool("shop", 8, stop_rule) as pool:
        list(pool.results(lambda _: outcome(pool, TimedOut("shop")), range(500)))
    assert sorted(counted) == list(range(1, 501))


def test_the_rule_runs_in_one_thread_at_a_time_and_not_again_after_it_stopped_the_fetch() -> None:
    together = threading.Barrier(4)
    asked: list[SourceError] = []

    def stop_rule(error: SourceError, _timeouts: int) -> bool:
        asked.append(error)
        return True

    def call(error: SourceError) -> None:
        together.wait(PATIENCE_SECONDS)
        raise error

    def work(error: SourceError) -> SourceError:
        try:
            pool.call(call, error)
        except SourceError as raised:
            return raised
        raise AssertionError

    errors = [Unreachable("shop", str(n)) for n in range(4)]
    with Pool("shop", 4, stop_rule) as pool:
        assert set(pool.results(work, errors)) == set(errors)
    assert asked == [pool.stopped]


def test_the_error_that_stopped_a_fetch_does_not_collect_the_frames_of_every_call() -> None:
    def depth(error: SourceError | None) -> int:
        frames, trace = 0, error.__traceback__ if error else None
        while trace is not None:
            frames, trace = frames + 1, trace.tb_next
        return frames

    down = Unreachable("shop")
    with Pool("shop", 1, lambda *_: True) as pool:
        for _ in range(50):
            outcome(pool, down)
        assert depth(pool.stopped) <= 3
