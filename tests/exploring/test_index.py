"""Finding a metric by a few letters: in any order, with typing errors, the most relevant first, among very many."""

import random
import threading
import time
from typing import Any

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.errors import Unreachable
from data_sources.exploring import Matcher, Metric, MetricType, Operator
from tomoni.exploring.index import Favoured, MetricIndex
from tomoni.use_cases.finding import FRESH_SECONDS, Finding
from tomoni.use_cases.jobs import Jobs

NAMES = (
    "http_requests_total",
    "http_request_duration_seconds",
    "grpc_server_handled_total",
    "go_gc_duration_seconds",
    "node_cpu_seconds_total",
    "job:http_requests:rate5m",
    "compute.googleapis.com/instance/cpu/utilization",
    "kafka_consumer_lag",
)


NOTHING = Favoured()


@pytest.fixture(scope="module")
def index() -> MetricIndex:
    return MetricIndex(Metric(name, MetricType.COUNTER, "", f"About {name[:2]}. Backlog of a queue.") for name in NAMES)


def names(index: MetricIndex, typed: str, favoured: Favoured = NOTHING) -> list[str]:
    return [found.metric.name for found in index.search(typed, favoured)[0]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("http_requests_total", "http_requests_total"),
        ("HTTP req", "http_requests_total"),
        ("total reque", "http_requests_total"),
        ("reqeust duratoin", "http_request_duration_seconds"),
        ("cpu util", "compute.googleapis.com/instance/cpu/utilization"),
        ("lagg", "kafka_consumer_lag"),
        ("httpreq", "http_requests_total"),
        ("ncst", "node_cpu_seconds_total"),
        ("duration", "http_request_duration_seconds"),  # before what a process counts of itself
        ("handeld grpc", "grpc_server_handled_total"),
        ("rate5m", "job:http_requests:rate5m"),
    ],
)
def test_the_metric_that_was_meant_comes_first(index: MetricIndex, typed: str, first: str) -> None:
    assert names(index, typed)[0] == first


def test_help_is_searched_after_names_and_nonsense_finds_nothing(index: MetricIndex) -> None:
    assert len(names(index, "backlog")) == len(NAMES)
    assert names(index, "kafka backlog")[0] == "kafka_consumer_lag"
    assert names(index, "xyzzyq") == []
    assert names(index, "(.*[") == names(index, "")


def test_what_belongs_to_the_app_and_what_was_used_of_late_are_on_top(index: MetricIndex) -> None:
    favoured = Favoured({"node_cpu_seconds_total"}, ["kafka_consumer_lag", "gone"])
    assert names(index, "", favoured)[:2] == ["node_cpu_seconds_total", "kafka_consumer_lag"]
    assert names(index, "total", favoured)[0] == "node_cpu_seconds_total"
    found = index.search("", favoured)[0]
    assert (found[0].own, found[1].recent, found[2].own) == (True, True, False)


def test_a_part_of_a_histogram_is_known_by_its_name_and_counts_by_itself() -> None:
    kinds = (("rpc_seconds", MetricType.SUMMARY), ("lat_seconds", MetricType.HISTOGRAM), ("a", MetricType.GAUGE))
    known = MetricIndex(Metric(name, kind, "seconds", "Help.") for name, kind in kinds)
    named = {each: known.named(each) for each in ("rpc_seconds_count", "lat_seconds_sum", "lat_seconds_created")}
    assert [metric and (metric.type, metric.unit, metric.help) for metric in named.values()] == [
        (MetricType.COUNTER, "", "Help."),
        (MetricType.COUNTER, "seconds", "Help."),
        (MetricType.GAUGE, "", "Help."),
    ]
    assert [known.named(each) for each in ("a_count", "lat_seconds_max", "b_sum", "_count", "")] == [None] * 5


def test_names_are_browsed_by_their_beginnings(index: MetricIndex) -> None:
    groups = {group.prefix: group.count for group in index.groups()}
    assert groups["http_"] == 2
    assert sum(groups.values()) == len(NAMES)
    assert {group.prefix for group in index.groups("http_")} == {"http_requests_", "http_request_"}
    assert [metric.name for metric in index.beginning("http_re")] == sorted(NAMES[:2])


def test_twenty_thousand_metrics_are_searched_in_an_instant() -> None:
    draw = random.Random(12)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(3, 9))) for _ in range(3000)]
    many = sorted({"_".join(draw.choices(words, k=draw.randint(2, 6))) for _ in range(20_000)})
    index = MetricIndex(Metric(name, MetricType.GAUGE, "", " ".join(draw.choices(words, k=12))) for name in many)
    took = []
    for name in draw.sample(many, 60):
        typed = " ".join(word[:5] for word in draw.sample(name.split("_"), 2))
        began = time.thread_time()  # the machine may be busy with something else
        index.search(typed)
        took.append(time.thread_time() - began)
    assert np.percentile(took, 95) < 0.1


class Listed:
    """A source that can be explored as far as its list goes; it fails when it is told to."""

    id, kind, lag_seconds = "it", "test", 0

    def __init__(self) -> None:
        self.names = ["a_total"]
        self.fails = False
        self.read = 0

    def metrics(self, cancelled):
        self.read += 1
        if self.fails:
            raise Unreachable("it")
        yield [Metric(name) for name in self.names]

    def label_names(self, metric, matchers: list[Matcher], interval: Interval):
        return ()

    label_values = cost = lines = texts = label_names
    fetch = check = health = explain = close = None


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def settled(finding: Finding, source):
    finding.of(source, 60.0)
    for _ in range(6000):
        if not (kept := finding.of(source)).reading:
            return kept
        time.sleep(0.01)
    raise AssertionError


def test_an_index_is_kept_renewed_as_it_ages_and_outlives_a_failure() -> None:
    clock, source = Clock(), Listed()
    finding = Finding(Jobs(time.monotonic), clock)
    assert len(settled(finding, source).index) == 1
    source.names.append("b_total")
    assert len(settled(finding, source).index) == 1
    assert source.read == 1
    clock.now += FRESH_SECONDS + 1
    assert len(settled(finding, source).index) == 2
    source.fails = True
    clock.now += FRESH_SECONDS + 1
    kept = settled(finding, source)
    assert len(kept.index) == 2
    assert isinstance(kept.error, Unreachable)
    assert kept.built_at == clock.now - FRESH_SECONDS - 1
    read = source.read
    settled(finding, source)
    assert source.read == read  # not again at once


def test_what_was_looked_at_is_remembered_the_last_first() -> None:
    finding = Finding(Jobs(time.monotonic), Clock())
    for name in ("a", "b", "a"):
        finding.used("it", name)
    assert finding.recent("it") == ("a", "b")


def test_a_matcher_accepts_as_promql_does() -> None:
    assert Matcher("code", Operator.MATCHES, "5..").accepts("503")
    assert not Matcher("code", Operator.MATCHES, "5").accepts("503")
    assert Matcher("code", Operator.NOT_EQUAL, "200").accepts("")
    assert Matcher("code", Operator.MATCHES, "(").accepts("anything")


def test_what_runs_over_words_by_accident_is_not_before_what_is_spelt_alike() -> None:
    index = MetricIndex([Metric("user_checkout_total"), Metric("search_total"), Metric("http_requests_total")])
    assert [each.metric.name for each in index.search("serch")[0]] == ["search_total"]
    assert index.search("userch")[0][0].metric.name == "user_checkout_total"
    assert index.search("httpreq")[0][0].metric.name == "http_requests_total"


class Describing(Listed):
    """Such a source that also tells what one metric is; its list is long in coming."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answers, self.lists = 0, threading.Event(), threading.Event()

    def metrics(self, cancelled):
        self.lists.wait(30)
        yield from super().metrics(cancelled)

    def described(self, name: str, interval: Interval):
        self.asked += 1
        self.answers.wait(30)
        if self.fails:
            raise Unreachable("it")
        return [Metric("h_seconds", MetricType.HISTOGRAM)] if name.startswith("h_seconds") else []


DAY = Interval(0, 86_400, 300)


def test_what_one_metric_is_does_not_wait_for_the_list_and_is_asked_once() -> None:
    source: Any = Describing()
    finding = Finding(Jobs(time.monotonic), Clock())
    assert finding.named(source, "h_seconds", DAY, 0.01) is None, "while it is asked nobody guesses"
    source.answers.set()
    assert finding.named(source, "h_seconds", DAY, 60.0) == Metric("h_seconds", MetricType.HISTOGRAM)
    assert finding.named(source, "h_seconds", DAY, 60.0) is not None
    assert source.asked == 1
    part, absent = (finding.named(source, name, DAY, 60.0) for name in ("h_seconds_count", "absent"))
    assert part is not None
    assert part.type is MetricType.COUNTER
    assert absent == Metric("absent")
    source.lists.set()


def test_a_metric_that_nobody_tells_of_is_looked_at_as_it_is() -> None:
    source: Any = Describing()
    source.fails = True
    jobs = Jobs(time.monotonic)
    finding = Finding(jobs, Clock())
    assert finding.named(source, "a_total", DAY, 0.01) is None
    job = jobs.find(finding.describing(source, "a_total", DAY))
    assert job is not None
    job.cancel()
    assert finding.named(source, "a_total", DAY, 0.01) == Metric("a_total")
    source.answers.set()
    source.lists.set()
    assert finding.named(source, "other", DAY, 60.0) == Metric("other")
