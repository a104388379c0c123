"""Jobs: work in threads that pages look at."""

from __future__ import annotations

import threading

import pytest

from data_sources.errors import SourceError
from tomoni.use_cases.jobs import AT_ONCE, KEPT, UNWATCHED_SECONDS, WAITING, Job, Jobs, JobState, Report

PATIENCE = 60.0


class SetMonotonic:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Held:
    """Work that goes on until it is let go, and notes how often it began."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.times = 0
        self.go = threading.Event()

    def __call__(self, report: Report[str]) -> str:
        self.times += 1
        report.progress(1, 4, "first")
        self.began.release()
        while not self.go.wait(0.002):
            report.check()
        return "all"


@pytest.fixture
def clock() -> SetMonotonic:
    return SetMonotonic()


@pytest.fixture
def jobs(clock: SetMonotonic) -> Jobs:
    return Jobs(clock)


def ended(job: Job[str]) -> JobState:
    assert job.wait(PATIENCE)
    return job.state


def test_a_job_tells_how_far_it_is_and_what_it_found_so_far_and_then_its_result(jobs: Jobs) -> None:
    work = Held()
    job = jobs.start("a", work)
    assert work.began.acquire(timeout=PATIENCE)
    assert (job.progress.done, job.progress.of, job.progress.found) == (1, 4, "first")
    assert job.state is JobState.RUNNING
    assert job.result is None
    work.go.set()
    assert ended(job) is JobState.DONE
    assert job.result == "all"


def test_two_who_ask_the_same_share_one_job(jobs: Jobs) -> None:
    work = Held()
    assert jobs.start("a", work) is jobs.start("a", work)
    work.go.set()
    ended(jobs.start("a", work))
    assert jobs.start("a", work).result == "all"
    assert work.times == 1


def test_no_more_than_two_run_at_a_time_and_the_others_follow(jobs: Jobs) -> None:
    works = [Held() for _ in range(5)]
    all_of_them = [jobs.start(str(i), work) for i, work in enumerate(works)]
    for work in works[:AT_ONCE]:
        assert work.began.acquire(timeout=PATIENCE)
    assert [job.state for job in all_of_them[AT_ONCE:]] == [JobState.WAITING] * 3
    for work in works:
        work.go.set()
    assert [ended(job) for job in all_of_them] == [JobState.DONE] * 5


def test_a_running_job_ends_when_it_is_cancelled_and_stays_so_until_it_is_forgotten(jobs: Jobs) -> None:
    work = Held()
    job = jobs.start("a", work)
    assert work.began.acquire(timeout=PATIENCE)
    job.cancel()
    assert ended(job) is JobState.CANCELLED
    assert jobs.start("a", work) is job
    assert work.times == 1
    jobs.forget("a")
    work.go.set()
    assert ended(jobs.start("a", work)) is JobState.DONE
    assert work.times == 2


def test_work_that_hangs_on_a_source_ends_at_once_for_who_looks_and_keeps_nobody_waiting(jobs: Jobs) -> None:
    go, began = threading.Event(), threading.Semaphore(0)

    def hangs(report: Report[str]) -> str:
        began.release()
        go.wait(PATIENCE)
        return "too late"

    hanging = [jobs.start(f"hangs {i}", hangs) for i in range(AT_ONCE)]
    for _ in hanging:
        assert began.acquire(timeout=PATIENCE)
    behind = [jobs.start(f"follows {i}", lambda report: "in time") for i in range(2)]
    for job in hanging:
        job.cancel()
        assert job.state is JobState.CANCELLED
    assert [ended(job) for job in behind] == [JobState.DONE] * 2
    go.set()
    assert [ended(jobs.start(f"after {i}", lambda report: "again")) for i in range(3)] == [JobState.DONE] * 3
    assert [(job.state, job.result) for job in hanging] == [(JobState.CANCELLED, None)] * 2


def test_a_job_that_waits_never_begins_once_it_is_cancelled(jobs: Jobs) -> None:
    works = [Held() for _ in range(AT_ONCE + 2)]
    *_others, last, after = [jobs.start(str(i), work) for i, work in enumerate(works)]
    last.cancel()
    for work in works:
        work.go.set()
    assert ended(after) is JobState.DONE
    assert ended(last) is JobState.CANCELLED
    assert works[AT_ONCE].times == 0


def test_a_job_that_nobody_looks_at_ends_and_begins_anew_for_the_next_who_asks(jobs: Jobs, clock: SetMonotonic) -> None:
    work = Held()
    job = jobs.start("a", work)
    assert work.began.acquire(timeout=PATIENCE)
    clock.now += UNWATCHED_SECONDS
    assert job.progress.done == 1  # looked at in time
    clock.now += UNWATCHED_SECONDS + 1
    again = jobs.start("a", work)
    assert again is not job
    assert ended(job) is JobState.ABANDONED
    work.go.set()
    assert ended(again) is JobState.DONE


@pytest.mark.parametrize("error", [SourceError("prometheus", "gone"), ValueError("a fault of ours")])
def test_what_a_job_failed_with_is_kept_and_the_next_ones_run(jobs: Jobs, error: Exception) -> None:
    def fails(report: Report[str]) -> str:
        raise error

    for key in "abc":
        job = jobs.start(key, fails)
        assert ended(job) is JobState.FAILED
        assert job.error is error
        assert job.result is None
    assert jobs.start("a", fails).error is error


def test_the_oldest_that_ended_are_forgotten_and_too_many_that_wait_are_cancelled(jobs: Jobs) -> None:
    first = [jobs.start(f"done {i}", lambda report: "at once") for i in range(KEPT + 5)]
    for job in first:
        job.wait(PATIENCE)
    works = [Held() for _ in range(AT_ONCE + WAITING + 3)]
    held = [jobs.start(str(i), work) for i, work in enumerate(works)]
    assert jobs.find("done 0") is None
    assert jobs.find(first[-1].key) is first[-1]
    assert [job.state for job in held[AT_ONCE : AT_ONCE + 4]] == [JobState.CANCELLED] * 3 + [JobState.WAITING]
    jobs.close()
    assert {ended(job) for job in held} == {JobState.CANCELLED}
