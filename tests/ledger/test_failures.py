"""A source that fails keeps nobody from anything, and its state says since when."""

import logging
import threading
import time

import numpy as np
import pytest

from data_sources.base import Answer, Notice, Request, Series
from data_sources.errors import SourceError, Unreachable
from tests.ledger.fakes import NOW, STEP, MemorySource, required_series, sli
from tomoni.ledger import Ledger
from tomoni.ledger.fetching import Fetching
from tomoni.store.errors import StoreError

REF = sli("a")
GOOD = sli("b", "other")


@pytest.fixture
def ledger(engine):
    return Ledger(engine)


def sync(ledger, source, now=NOW, **more):
    other = MemorySource("other")
    return ledger.sync(
        {"memory": source, "other": other}, [required_series(REF, 1, now), required_series(GOOD, 1, now)], now, **more
    )


def known_until(ledger, ref, now=NOW):
    return ledger.read([ref], now - 86_400, now)[ref.key].known_until


def test_an_error_leaves_what_is_remembered_and_says_since_when(ledger):
    sync(ledger, MemorySource())
    failing = MemorySource(error=Unreachable("memory", "connection refused", {"port": 9090}))
    sync(ledger, failing, NOW + 600)
    sync(ledger, failing, NOW + 1200)
    state = ledger.states([REF.key])[REF.key]
    assert (state.tried, state.answered, state.failing_since) == (NOW + 1200, NOW, NOW + 600)
    assert (state.error_code, state.detail, state.facts) == ("unreachable", "connection refused", {"port": 9090})
    assert known_until(ledger, REF) == (NOW - 60) // STEP * STEP
    assert known_until(ledger, GOOD, NOW + 1200) == (NOW + 1200 - 60) // STEP * STEP


def test_what_is_found_once_a_day_is_kept_until_its_time_has_passed(ledger):
    lasting = Notice("counter_falls", {"falls": 9, "keep_until": NOW + 1500})
    passing = Notice("not_finite", {"role": "total", "buckets": 1})
    sync(ledger, MemorySource(notices=(lasting, passing)))
    assert ledger.states([REF.key])[REF.key].notices == (lasting, passing)
    sync(ledger, MemorySource(), NOW + 600)
    assert ledger.states([REF.key])[REF.key].notices == (lasting,)
    again = Notice("counter_falls", {"falls": 5, "keep_until": NOW + 2000})
    sync(ledger, MemorySource(notices=(again,)), NOW + 1200)
    assert ledger.states([REF.key])[REF.key].notices == (again,)
    sync(ledger, MemorySource(), NOW + 2400)
    assert ledger.states([REF.key])[REF.key].notices == ()


def test_what_is_so_still_has_been_so_since_it_was_found_first(ledger):
    for later in (0, 600, 1200):
        now = NOW + later
        facts = {"since": now - 300, "until": now, "keep_until": now + 5000}
        sync(ledger, MemorySource(notices=(Notice("bad_above_total", facts),)), now)
    assert ledger.states([REF.key])[REF.key].notices == (Notice("bad_above_total", {**facts, "since": NOW - 300}),)


def test_the_first_answer_after_an_error_ends_it(ledger):
    sync(ledger, MemorySource(error=Unreachable("memory")))
    assert ledger.states([REF.key])[REF.key].answered is None
    sync(ledger, MemorySource(), NOW + 600)
    state = ledger.states([REF.key])[REF.key]
    assert (state.answered, state.failing_since, state.error_code) == (NOW + 600, None, None)
    assert known_until(ledger, REF, NOW + 600) == (NOW + 600 - 60) // STEP * STEP


def test_what_failed_is_asked_for_again_at_once(ledger):
    source = MemorySource(error=Unreachable("memory"))
    sync(ledger, source)
    source.error = None
    assert sync(ledger, source).sources["memory"].errors == 0
    assert known_until(ledger, REF) is not None


def test_a_source_that_raises_is_isolated_and_its_message_is_not_kept(ledger, caplog):
    raising = MemorySource(raises=ValueError("http://user:geheim@host"))
    with caplog.at_level(logging.ERROR):
        report = sync(ledger, raising)
    state = ledger.states([REF.key])[REF.key]
    assert (state.error_code, state.facts["exception"]) == (SourceError.code, "ValueError")
    assert report.sources["memory"].errors == 1
    assert known_until(ledger, GOOD) == (NOW - 60) // STEP * STEP
    assert "memory raised ValueError" in caplog.text
    assert "geheim" not in caplog.text + str(state)


def test_a_source_that_leaves_requests_unanswered_has_failed(ledger):
    sync(ledger, MemorySource(silent=True))
    state = ledger.states([REF.key])[REF.key]
    assert (state.error_code, state.facts) == ("source_error", {"unanswered": 1})


class BrokenSource(MemorySource):
    """Answers with something else than it was asked for."""

    def _answer(self, request):
        return Answer(request, Series(request.interval, {"total": np.ones(3)}))


def test_an_answer_of_another_shape_is_an_error(ledger):
    sync(ledger, BrokenSource())
    assert ledger.states([REF.key])[REF.key].facts == {"broken": "shape"}
    assert known_until(ledger, REF) is None


class StrangeSource(MemorySource):
    """Answers twice, and to something that nobody asked."""

    def fetch(self, requests):
        for request in requests:
            yield from (self._answer(request), self._answer(request))
            stranger = type(request)("nobody", request.query, request.interval)
            yield self._answer(stranger)


def test_answers_that_nobody_asked_for_are_left_out(ledger):
    report = sync(ledger, StrangeSource())
    assert report.sources["memory"].requests == 1
    assert ledger.states(["nobody"]) == {}


def test_progress_counts_every_answer(ledger):
    seen = []
    sync(ledger, MemorySource(), on_progress=lambda *progress: seen.append(progress))
    assert [(done, total) for done, total, _, _ in seen] == [(1, 2), (2, 2)]
    assert sorted(source for _, _, source, _ in seen) == ["memory", "other"]
    assert {buckets for *_, buckets in seen} == {288}


def test_a_sync_that_is_told_to_stop_keeps_what_came(ledger):
    refs = [sli(f"s{i}") for i in range(30)]
    seen = []
    report = ledger.sync(
        {"memory": MemorySource(pause_seconds=0.01)},
        [required_series(ref, 1) for ref in refs],
        NOW,
        on_progress=lambda *progress: seen.append(progress),
        should_stop=lambda: len(seen) >= 5,
    )
    assert report.stopped
    found = ledger.read(refs, NOW - 86_400, NOW)
    assert sum(one.known_until is not None for one in found.values()) == 5
    assert nobody_is_asking_any_more()


def test_what_progress_raises_ends_the_sync(ledger):
    def leave(*_progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(ledger, MemorySource(), on_progress=leave)
    assert nobody_is_asking_any_more()


def test_what_the_data_base_raises_ends_the_sync(ledger, monkeypatch):
    def fail(*_args):
        raise StoreError("database_failed", "disk full")

    monkeypatch.setattr("tomoni.ledger.merging.write", fail)
    with pytest.raises(StoreError, match="disk full"):
        sync(ledger, MemorySource())
    assert nobody_is_asking_any_more()


def nobody_is_asking_any_more():
    asking = [thread for thread in threading.enumerate() if thread.name.startswith("ask ")]
    for thread in asking:
        thread.join(60)
    return not any(thread.is_alive() for thread in asking)


class Stuck(MemorySource):
    """A source that answers the first request and hangs until it is released."""

    def __init__(self, **given):
        super().__init__(**given)
        self.release = threading.Event()

    def fetch(self, requests):
        answers = super().fetch(requests)
        yield next(answers)
        assert self.release.wait(60)
        yield from answers


def outcome_of(fetching: Fetching) -> dict[tuple[str, str], str]:
    answers = [answer for answer in fetching.answers(lambda: False) if answer is not None]
    return {(id_, answer.request.key): answer.error.code if answer.error else "" for id_, answer in answers}


@pytest.mark.slow
def test_a_source_that_hangs_is_given_up_and_called_again_when_it_has_let_go():
    stuck, well = Stuck(id="stuck"), MemorySource(id="well")
    refs = {id_: [sli(name, id_) for name in "abc"] for id_ in ("stuck", "well")}
    requests = {
        id_: [Request(ref.key, ref.query, required_series(ref).interval) for ref in each] for id_, each in refs.items()
    }
    sources = {"stuck": stuck, "well": well}
    first, second, third = (ref.key for ref in refs["stuck"])
    for answered in ("", "timed_out"):  # the second time nothing is asked of it
        found = outcome_of(Fetching(sources, requests, patience_seconds=2))
        assert {key: code for (id_, key), code in found.items() if id_ == "well"} == {r.key: "" for r in refs["well"]}
        assert [found["stuck", key] for key in (first, second, third)] == [answered, "timed_out", "timed_out"]
    assert len(stuck.asked) == 3
    stuck.release.set()
    limit = time.monotonic() + 60
    while set(outcome_of(Fetching(sources, requests, patience_seconds=5)).values()) != {""}:
        assert time.monotonic() < limit
