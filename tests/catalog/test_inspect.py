"""Asking the sources: findings at the lines of the queries, and one problem for one failing source."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from data_sources.base import Answer, Finding, Health, Interval, QueryText, Request, Source
from data_sources.errors import AccessDenied, NotFound, SourceError, TimedOut, Unreachable
from data_sources.queries import Query
from tomoni.catalog.inspect import inspect
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Problem, Severity

NOW = 1_795_428_123
SOURCES = """sources:
  prometheus: {kind: prometheus, url: "http://127.0.0.1:9090", max_parallel: 2}
  demo: {kind: demo}
"""
APP = """app: shop
journeys:
  - id: buy
    slos:
      - {id: a, objective: 99, window: 28d, sli: {source: prometheus, total: a, bad: b}}
      - {id: b, objective: 99, window: 7d, sli: {source: prometheus, total: c, bad: d}}
      - {id: again, objective: 98, window: 7d, sli: {source: prometheus, total: c, bad: d}}
      - {id: c, objective: 99, window: {calendar: quarter}, sli: {source: demo, counts: x}}
infra:
  - {id: cpu, source: prometheus, query: up, bucket: 1h}
"""


class Told:
    """A source that answers what it is told to, and remembers what it was asked."""

    kind = "told"
    lag_seconds = 60

    def __init__(self, source_id: str, health: Health | None = None) -> None:
        self.id = source_id
        self._health = health or Health(answered=True, seconds=0.01)
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.raised: dict[str, Exception] = {}
        self.asked: list[Request] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    def check(self, request: Request) -> tuple[Finding, ...]:
        with self._lock:
            self.asked.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        threading.Event().wait(0.01)
        with self._lock:
            self.at_once -= 1
        words = str(request.query.model_dump())
        for part, error in self.raised.items():
            if part in words:
                raise error
        return next((found for part, found in self.findings.items() if part in words), ())

    def health(self) -> Health:
        return self._health

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        raise AssertionError("inspecting fetches nothing")

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        raise AssertionError("inspecting explains nothing")

    def close(self) -> None:
        raise AssertionError("who opens a source closes it")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "apps" / "shop.yaml").write_text(APP, encoding="utf-8")
    loaded = load(tmp_path, {})
    assert loaded.problems == ()
    return loaded


def found(catalog: Catalog, *sources: Source) -> list[tuple[str, int, str]]:
    return [where(problem) for problem in inspect(catalog, {source.id: source for source in sources}, NOW)]


def where(problem: Problem) -> tuple[str, int, str]:
    return Path(problem.spot.file).name, problem.spot.line, problem.code


def test_sources_without_findings_tell_nothing(catalog: Catalog):
    assert found(catalog, Told("prometheus"), Told("demo")) == []


def test_a_finding_is_told_wherever_its_query_is_written_and_asked_once(catalog: Catalog):
    source = Told("prometheus")
    source.findings["'c'"] = (Finding("warning", "numerator_matches_nothing", {"role": "bad"}),)
    assert found(catalog, source) == [
        ("shop.yaml", 6, "numerator_matches_nothing"),
        ("shop.yaml", 7, "numerator_matches_nothing"),
    ]
    assert len(source.asked) == 3


def test_findings_keep_their_severity_and_facts(catalog: Catalog):
    source = Told("demo")
    source.findings["x"] = (Finding("warning", "odd", {"n": 1}), Finding("error", "wrong", {"role": "total"}))
    odd, wrong = inspect(catalog, {"demo": source}, NOW)
    assert (odd.severity, odd.code, odd.facts) == (Severity.WARNING, "odd", {"n": 1})
    assert (wrong.severity, wrong.code, wrong.facts) == (Severity.ERROR, "wrong", {"role": "total"})


def test_queries_are_checked_over_the_whole_buckets_of_the_day_before_the_lag(catalog: Catalog):
    source = Told("prometheus")
    found(catalog, source)
    for request in source.asked:
        interval = request.interval
        assert interval.end <= NOW - source.lag_seconds < interval.end + interval.step_seconds
        assert interval.end - interval.start == 86_400
    assert {request.interval.step_seconds for request in source.asked} == {300, 3600}


def test_a_source_that_does_not_answer_is_one_problem_and_is_not_asked_further(catalog: Catalog):
    down = Told("prometheus", Health(False, 0.1, error=Unreachable("prometheus", "refused", {"host": "127.0.0.1"})))
    working = Told("demo")
    working.findings["x"] = (Finding("error", "not_found"),)
    problems = inspect(catalog, {"prometheus": down, "demo": working}, NOW)
    assert [where(problem) for problem in problems] == [
        ("shop.yaml", 8, "not_found"),
        ("sources.yaml", 2, "source_failed"),
    ]
    assert problems[1].facts == {
        "source": "prometheus",
        "error": "unreachable",
        "detail": "refused",
        "queries": 4,
        "host": "127.0.0.1",
    }
    assert down.asked == []


def test_a_source_that_fails_on_the_way_is_one_problem(catalog: Catalog):
    source = Told("prometheus")
    source.findings["{"] = (Finding("error", AccessDenied.code, {"detail": "403"}),)
    (problem,) = inspect(catalog, {"prometheus": source}, NOW)
    assert where(problem) == ("sources.yaml", 2, "source_failed")
    assert (problem.facts["error"], problem.facts["queries"], problem.facts["detail"]) == ("access_denied", 4, "403")


def test_one_slow_query_is_told_at_its_line(catalog: Catalog):
    source = Told("prometheus")
    source.raised["'a'"] = TimedOut("prometheus", "30 s")
    (problem,) = inspect(catalog, {"prometheus": source}, NOW)
    assert where(problem) == ("shop.yaml", 5, "timed_out")


def test_what_does_not_exist_is_told_at_each_line(catalog: Catalog):
    source = Told("prometheus")
    source.raised["{"] = NotFound("prometheus")
    assert [line for _, line, _ in found(catalog, source)] == [5, 6, 7, 10]


def test_a_broken_adapter_does_not_keep_the_others_from_being_asked(catalog: Catalog, caplog: pytest.LogCaptureFixture):
    broken, working = Told("prometheus"), Told("demo")
    broken.raised["{"] = ZeroDivisionError("hush-hush")
    working.findings["x"] = (Finding("error", "not_found"),)
    problems = inspect(catalog, {"prometheus": broken, "demo": working}, NOW)
    assert [problem.code for problem in problems] == ["not_found", "source_failed"]
    assert problems[1].facts["error"] == SourceError.code
    assert "hush" not in repr(problems) + caplog.text
    assert "prometheus raised ZeroDivisionError" in caplog.text
    assert "in check" in caplog.text  # where it happened


def test_a_source_that_forgets_before_a_window_is_over_is_told_once(catalog: Catalog):
    forgetful = Told("prometheus", Health(True, 0.1, retention_seconds=15 * 86_400))
    (problem,) = inspect(catalog, {"prometheus": forgetful}, NOW)
    assert where(problem) == ("sources.yaml", 2, "retention_below_window")
    assert problem.severity is Severity.WARNING
    assert problem.facts == {
        "source": "prometheus",
        "retention_seconds": 15 * 86_400,
        "window_seconds": 28 * 86_400,
        "slos": 1,
    }


class ToldTime(Told):
    """Tells the time as well."""

    def __init__(self, name: str, ahead: float) -> None:
        super().__init__(name)
        self.clock_seconds = ahead


@pytest.mark.parametrize(("ahead", "direction"), [(3600.0, "ahead"), (-86_400.0, "behind")])
def test_a_clock_that_differs_is_reported_once_for_the_source(catalog: Catalog, ahead: float, direction: str):
    source = ToldTime("prometheus", ahead)
    (problem,) = inspect(catalog, {"prometheus": source}, NOW)
    assert where(problem) == ("sources.yaml", 2, "clock_differs")
    assert problem.severity is Severity.WARNING
    assert problem.facts == {"source": "prometheus", "difference_seconds": abs(ahead), "direction": direction}


def test_a_quarter_may_have_92_days(catalog: Catalog):
    forgetful = Told("demo", Health(True, 0.1, retention_seconds=91 * 86_400))
    assert found(catalog, forgetful) == [("sources.yaml", 3, "retention_below_window")]


def test_no_more_queries_are_asked_at_once_than_the_source_allows(catalog: Catalog):
    source = Told("prometheus")
    found(catalog, source)
    assert 1 <= source.most_at_once <= 2


def test_progress_counts_the_sources_that_have_answered(catalog: Catalog):
    heard: list[tuple[int, int]] = []
    inspect(
        catalog,
        {"prometheus": Told("prometheus"), "demo": Told("demo")},
        NOW,
        lambda done, all_: heard.append((done, all_)),
    )
    assert heard == [(1, 2), (2, 2)]


def test_without_sources_nothing_is_asked(catalog: Catalog):
    assert inspect(catalog, {}, NOW) == ()
