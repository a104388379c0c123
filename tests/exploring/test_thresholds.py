"""Thresholds of latencies in the workshop: as they are written, and those that a source offers; and drafted SLIs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from data_sources.base import Answer, Interval, Request, Series
from data_sources.cloud_monitoring.config import Distribution
from data_sources.errors import QueryRefused
from data_sources.exploring import LabelValue
from data_sources.prometheus.config import Histogram
from data_sources.queries import Counts
from tomoni.exploring.candidates import Candidate, read_candidates
from tomoni.exploring.drafted import file_with, read_sli
from tomoni.exploring.thresholds import amount, threshold_of, thresholds_to_try, with_threshold
from tomoni.slo.model import DAY, Objective
from tomoni.slo.workshop import within
from tomoni.use_cases.first_app import faults
from tomoni.use_cases.jobs import Jobs
from tomoni.use_cases.trying import history_interval, read_histories
from tomoni.words.workshop import sli_yaml, yaml_of

HISTOGRAM = Histogram.model_validate({"histogram": 'latency_seconds{job="web"}', "under": "300ms"})
NUMBERS = Distribution.model_validate({"distribution": "x", "under": 300})
RANGE = Interval(0, DAY, 300)
EDGES = ("0.05", "0.1", "0.3", "1.0", "2.5", "+Inf")


class Measured:
    """A source whose events take ``seconds`` each, spread evenly between 0 and 2 seconds; edges as a histogram has."""

    id, kind, lag_seconds = "fake", "prometheus", 60

    def __init__(self, edges: Sequence[str] = EDGES, missing: Sequence[float] = ()) -> None:
        self.edges, self.missing, self.asked = edges, missing, 0

    def label_values(self, metric: str, label: str, *_: Any) -> Sequence[LabelValue]:
        assert (metric, label) == ("latency_seconds_bucket", "le")
        return [LabelValue(edge) for edge in self.edges]

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        for request in requests:
            self.asked += 1
            under = getattr(request.query, "under", 2.0)
            if under in self.missing:
                yield Answer(request, error=QueryRefused("fake", "no such edge"))
                continue
            total = np.full(len(request.interval), 100.0)
            columns = {"total": total, "good": total * min(1.0, under / 2), "absent": np.zeros(len(total))}
            yield Answer(request, Series(request.interval, columns))

    def __getattr__(self, name: str) -> Any:
        return lambda *_: ()


@pytest.mark.parametrize(
    ("sli", "written", "other", "then"),
    [
        (HISTOGRAM, "300ms", "1s", 1.0),
        (Distribution.model_validate({"distribution": "x", "under": "0.5s"}), "500ms", "250ms", "250ms"),
        (Distribution.model_validate({"distribution": "x", "under": 300}), "300", "450.5", 450.5),
    ],
)
def test_a_threshold_is_read_and_another_one_takes_its_place(sli: Any, written: str, other: str, then: object) -> None:
    assert threshold_of(sli) == written
    changed: Any = with_threshold(sli, other)
    assert changed.under == then
    assert changed.model_dump(exclude={"under"}) == sli.model_dump(exclude={"under"})


def test_what_is_no_latency_has_no_threshold() -> None:
    assert threshold_of(Counts(counts="orders")) is None
    assert thresholds_to_try(Measured(), Counts(counts="orders"), RANGE) == ()


def test_a_source_offers_the_edges_that_it_has_else_steps_around_what_is_in_force() -> None:
    source: Any = Measured()
    assert list(thresholds_to_try(source, HISTOGRAM, RANGE)) == ["50ms", "100ms", "300ms", "1s", "2500ms"]
    many: Any = Measured([str(edge / 100) for edge in range(1, 200)])
    offered = thresholds_to_try(many, HISTOGRAM, RANGE)
    assert len(offered) == 11
    assert "300ms" in offered
    around = thresholds_to_try(source, NUMBERS, RANGE)
    assert around[0] == "60"
    assert around[-1] == "1500"
    assert list(around) == sorted(around, key=amount)


def test_histories_are_read_nearest_first_without_what_is_known_and_what_is_refused() -> None:
    jobs, source = Jobs(lambda: 0.0), Measured(missing=[0.05])
    interval = history_interval(source, 100 * DAY)
    job = jobs.start("x", read_histories(source, HISTOGRAM, interval, ("300ms",)))
    assert job.wait(60)
    found = job.result
    jobs.close()
    assert found is not None
    assert list(found.by_threshold) == ["100ms", "1s", "2500ms"]
    assert found.error is not None
    shares = within(found.by_threshold, (0.03, 0.4, 0.9, 0.99))
    assert shares == {"100ms": pytest.approx(0.05), "1s": pytest.approx(0.5), "2500ms": 1.0}
    assert len(interval) == 90 * DAY // 300
    assert interval.end == 100 * DAY - 300


@pytest.mark.parametrize("text", ["99-28d-under300ms", "99.9-7d-slices-under0.25s,99-28d", "95-28d-under450.5"])
def test_candidates_have_thresholds(text: str) -> None:
    found = read_candidates(text)
    assert found is not None
    assert ",".join(map(str, found)) == text


@pytest.mark.parametrize("text", ["99-28d-under", "99-28d-under0ms", "99-28d-under<b>", "99-28d-under1y"])
def test_what_is_no_threshold_is_no_candidate(text: str) -> None:
    assert read_candidates(text) is None


def test_an_sli_is_read_as_files_have_it() -> None:
    assert read_sli("{source: demo, counts: orders}") == ("demo", Counts(counts="orders"))
    assert read_sli("sli:\n  source: demo\n  counts: orders\n")[0] == "demo"
    source, sli = read_sli("{source: p, histogram: latency_seconds, under: 300ms}")
    assert (source, threshold_of(sli)) == ("p", "300ms")


NOT_ONE = ("", "a", "{", "{source: 1}", "{source: demo}", "[1]", "{source: p, tota: x}", "x" * 4001, "{&a: *a}")


@pytest.mark.parametrize("text", NOT_ONE)
def test_what_is_no_sli_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - in words of the library that reads it
        read_sli(text)


def test_the_lines_of_a_candidate_pass_the_check(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  p: {kind: prometheus, url: 'http://127.0.0.1:9'}\n")
    candidate = Candidate(Objective(Decimal("99.5")), 28, sliced=True, under="1s")
    definition = candidate.definition(None, 300)
    keys = HISTOGRAM.model_dump(mode="json") | {"under": "1s"}
    lines = yaml_of("latency", definition, sli_yaml("p", keys))
    assert faults(tmp_path, "apps/drafted.yaml", file_with(lines)) == []
    assert read_sli(yaml.safe_load(lines)[0]["sli"].__repr__())[1] == with_threshold(HISTOGRAM, "1s")
    wrong = yaml_of("latency", definition, sli_yaml("q", keys))
    assert faults(tmp_path, "apps/drafted.yaml", file_with(wrong))
