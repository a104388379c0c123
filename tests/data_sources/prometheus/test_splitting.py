"""SLIs split by the values of labels, on a real Prometheus and a real VictoriaMetrics: parts and the whole agree."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Request
from data_sources.errors import QueryRefused
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.prometheus.splitting import split_sum
from data_sources.queries import Expression, Gauge, Rates, Ratio, RecordedRate
from data_sources.splits import BEYOND, SplitCounts, Values, part_of
from tests.data_sources.contract import answers_of, series_of
from tests.prometheus_world import World

STEP = 300
HOUR = 3600
CHECKOUT = 'http_requests_total{app="checkout"}'
FAILED = 'http_requests_total{app="checkout",code=~"5.."}'
FORMS = {
    "bad": (Ratio(total=CHECKOUT, bad=FAILED), "pod"),
    "good": (Ratio(total=CHECKOUT, good='http_requests_total{app="checkout",code!~"5.."}'), "pod"),
    "expression": (
        Ratio(
            total=Expression(expr=f"sum(increase({CHECKOUT}[$window]))"),
            bad=Expression(expr=f"sum (increase({FAILED}[$window]))"),
        ),
        "pod",
    ),
    "histogram": (Histogram(histogram='http_request_duration_seconds{app="checkout"}', under=0.3), "pod"),
    "every app": (Ratio(total="http_requests_total", bad='http_requests_total{code=~"5.."}'), "app"),
    "no such label": (Ratio(total=CHECKOUT, bad=FAILED), "route"),
    "recorded": (RecordedRate(rate=Rates(total=f"rate({CHECKOUT}[5m])", bad=f"rate({FAILED}[5m])")), "pod"),
    "born with an event": (Ratio(total="calls_total", bad='calls_total{code=~"5.."}'), "app"),
}


@pytest.fixture(params=["prometheus", "victoria"])
def world(request: pytest.FixtureRequest) -> World:
    server = request.getfixturevalue(request.param)
    request.node.url = server.url
    found: World = server.world
    return found


@pytest.fixture
def source(world: World, request: pytest.FixtureRequest) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(request.node.url))
    source = PrometheusSource("real", config, clock=lambda: world.end + 600.0)
    yield source
    source.close()


def ask(source: PrometheusSource, query: SplitCounts, interval: Interval) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


def parts_in(answer: Answer) -> Mapping[Values, tuple[np.ndarray, np.ndarray]]:
    assert answer.series is not None, answer.error
    columns = answer.series.columns
    named = {part_of(name): np.nan_to_num(column) for name, column in columns.items() if part_of(name)}
    values = {values for _, values in filter(None, named)}
    return {each: (named["good", each], named["total", each]) for each in values}


@pytest.mark.prometheus
@pytest.mark.parametrize("form", FORMS)
def test_the_parts_add_up_to_the_whole_in_every_bucket(source, world, form):
    sli, label = FORMS[form]
    interval = Interval(world.end - 26 * HOUR, world.end, STEP)
    whole = series_of(source, sli, interval).columns
    parts = parts_in(ask(source, SplitCounts(of=sli, by=(label,), at_most=50), interval))
    assert len(parts) > 1 or form in ("no such label", "histogram")
    for place, role in enumerate(("good", "total")):
        together = sum(columns[place] for columns in parts.values())
        assert together == pytest.approx(np.nan_to_num(whole[role]), rel=1e-9, abs=1e-9), role
    assert whole["total"].sum() > 0


@pytest.mark.prometheus
def test_a_bound_keeps_the_worst_and_says_how_many_are_left_out(source, world):
    sli, label = FORMS["every app"]
    interval = Interval(world.end - 26 * HOUR, world.end, STEP)
    every = parts_in(ask(source, SplitCounts(of=sli, by=(label,), at_most=50), interval))
    worst = max(every, key=lambda each: (every[each][1] - every[each][0]).sum())
    quiet = min(every, key=lambda each: (every[each][1] - every[each][0]).sum())
    answer = ask(source, SplitCounts(of=sli, by=(label,), at_most=1), interval)
    kept = parts_in(answer)
    assert set(kept) == {worst}
    assert kept[worst][1] == pytest.approx(every[worst][1])
    assert answer.series is not None
    assert answer.series.columns[BEYOND] == pytest.approx(len(every) - 1)
    followed = ask(source, SplitCounts(of=sli, by=(label,), at_most=1).following([quiet]), interval)
    assert set(parts_in(followed)) == {worst, quiet}  # what was listed once stays listed


@pytest.mark.prometheus
def test_what_is_no_sum_of_events_is_refused_and_other_queries_are_answered(source, world):
    interval = Interval(world.end - HOUR, world.end, STEP)
    fine = Ratio(total=CHECKOUT, bad=FAILED)
    requests = [
        Request("gauge", SplitCounts(of=Gauge(gauge="up", good_when=">= 1"), by=("pod",), at_most=5), interval),
        Request("label", SplitCounts(of=fine, by=("a) or vector(1",), at_most=5), interval),
        Request("whole", fine, interval),
        Request("fine", SplitCounts(of=fine, by=("pod",), at_most=5), interval),
    ]
    answers = answers_of(source, requests)
    for key, reason in (("gauge", "cannot_split"), ("label", "split_label")):
        error = answers[key].error
        assert isinstance(error, QueryRefused)
        assert error.facts["reason"] == reason
    assert answers["whole"].error is None
    assert len(parts_in(answers["fine"])) == 3


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("sum(a)", "sum by (x) (a)"),
        (' sum ( increase(a{b=")"}[5m]) ) ', 'sum by (x) ( increase(a{b=")"}[5m]) )'),
        (r'sum(a{b="\")"})', r'sum by (x) (a{b="\")"})'),
        ("sum(a) + sum(b)", None),
        ("sum by (y) (a)", None),
        ("sum(a) or (b)", None),
        ("max(a)", None),
        ("summer(a)", None),
        ('sum(a{b="', None),
        ("", None),
    ],
)
def test_only_one_sum_as_a_whole_is_split(text, split):
    assert split_sum(text, "x") == split


def test_the_texts_of_the_parts_are_those_of_the_whole_by_their_labels() -> None:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl("http://127.0.0.1:9"))
    split = SplitCounts(of=Ratio(total=CHECKOUT, bad=FAILED), by=("pod",), at_most=3)
    texts = {each.role: each.text for each in PrometheusSource("it", config).explain(split, Interval(0, HOUR, STEP))}
    assert set(texts) == {"split_total", "split_bad"}
    assert texts["split_total"].startswith("sum by (pod)")
    assert FAILED in texts["split_bad"]
    gauge = SplitCounts(of=Gauge(gauge="up", good_when=">= 1"), by=("pod",), at_most=3)
    assert PrometheusSource("it", config).explain(gauge, Interval(0, HOUR, STEP)) == ()
