"""Native histograms of a real Prometheus, against their true counts; classic ones beside them."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Request
from data_sources.errors import NotFound, QueryRefused
from data_sources.exploring import AGGREGATIONS, Aggregation, Limits, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.prometheus.errors import HttpReply
from data_sources.prometheus.parse import read_reply, read_vector
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Expression, Gauge, Query, Ratio, TextSignal
from data_sources.secrets import Secrets
from tests.data_sources.contract import answers_of, series_of
from tests.dialects.promtool import exported, shop, slo_of
from tests.dialects.test_rules_real import recorded_texts
from tests.native_histograms import MINUTES, RECORDED, NativePrometheus, pods, running_native, truth
from tomoni.exploring.splitting import splitting_of

pytestmark = pytest.mark.prometheus
STEP = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativePrometheus]:
    with running_native(tmp_path_factory.mktemp("native")) as running:
        yield running


@pytest.fixture
def source(server: NativePrometheus) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(server.url))
    source = PrometheusSource("real", config, clock=lambda: server.end + 600.0)
    yield source
    source.close()


def latency(app: str, under: float = 0.5) -> Histogram:
    return Histogram(histogram=f'latency_seconds{{app="{app}"}}', under=under)


def hours(server: NativePrometheus, step: int = STEP) -> Interval:
    return Interval(server.end - MINUTES * 60, server.end, step)


def ask(source: PrometheusSource, query: Query, interval: Interval) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


def columns_of(answer: Answer) -> Mapping[str, np.ndarray]:
    assert answer.series is not None, answer.error
    return answer.series.columns


@pytest.mark.parametrize("step", [60, 300, 3600])
@pytest.mark.parametrize("app", ["native", "classic", "both", "moving", "quiet"])
def test_each_form_counts_what_happened(source, server, app, step):
    columns = series_of(source, latency(app), hours(server, step)).columns
    total, good = truth(app, step // 60)
    restart = np.zeros(len(total), dtype=bool)
    if app == "native":  # what happened between the last sample and the restart is lost, as with any counter
        restart[200 * 60 // step - 1 : 200 * 60 // step + 1] = True
    np.testing.assert_allclose(columns["total"][~restart], total[~restart], rtol=1e-9)
    np.testing.assert_allclose(columns["good"][~restart], good[~restart], rtol=1e-9)
    assert not columns["absent"].any()
    assert columns["total"].sum() == pytest.approx(total.sum(), rel=2e-3)


def test_exported_rules_count_every_form_and_without_native_ones_the_classic_alone(server):
    apps = ("native", "classic", "both", "moving", "quiet")
    made = shop(*(slo_of(app, {"histogram": f'latency_seconds{{app="{app}"}}', "under": 0.5}) for app in apps))
    both = recorded_texts(exported("rules", made).files["shop.rules.yaml"])
    classic = recorded_texts(exported("rules", made, **{"classic-histograms": "yes"}).files["shop.rules.yaml"])
    for app in apps:
        total, good = (float(column[-1]) for column in truth(app, 60))
        assert instant(server, both[app, "tomoni:sli_total:sum_1h"]) == pytest.approx(total)
        assert instant(server, both[app, "tomoni:sli_bad:sum_1h"]) == pytest.approx(total - good)
        there = {"classic", "both"} & {app}
        assert (instant(server, classic[app, "tomoni:sli_total:sum_1h"]) == pytest.approx(total)) is bool(there)


def instant(server, expression):
    """The value of an expression at the end of the histograms; None for none."""
    body = urllib.parse.urlencode({"query": f"sum({expression})", "time": server.end}).encode()
    with urllib.request.urlopen(f"{server.url}/api/v1/query", body, timeout=60) as answer:
        return next((float(each["value"][1]) for each in json.load(answer)["data"]["result"]), None)


def test_the_newest_buckets_in_a_union_are_the_same(source, server):
    newest = Interval(server.end - 900, server.end, STEP)
    apps = ("native", "classic", "both", "moving", "quiet")
    answers = answers_of(source, [Request(app, latency(app), newest) for app in apps])
    for app in apps:
        total, good = truth(app, 5)
        columns = columns_of(answers[app])
        np.testing.assert_allclose(columns["total"], total[-3:], rtol=1e-9)
        np.testing.assert_allclose(columns["good"], good[-3:], rtol=1e-9)


def test_a_threshold_within_a_bucket_is_between_its_edges(source, server):
    good = series_of(source, latency("native", 0.7), hours(server)).columns["good"].sum()
    within_half, within_one = (
        series_of(source, latency("native", under), hours(server)).columns["good"].sum() for under in (0.5, 1.0)
    )
    assert within_half < good < within_one


def test_a_native_histogram_stands_in_for_a_classic_one_without_the_edge(source, server):
    assert ask(source, latency("both", 0.7), hours(server)).error is None
    error = ask(source, latency("classic", 0.7), hours(server)).error
    assert error is not None
    assert error.facts["reason"] == "histogram_edge"


def test_the_queries_that_were_sent_are_explained(source, server):
    assert "histogram_fraction" not in source.explain(latency("native"), hours(server))[1].text
    ask(source, latency("native"), hours(server))
    total, good = source.explain(latency("native"), hours(server))
    assert (total.role, good.role) == ("total", "good")
    assert "histogram_count(increase(latency_seconds{" in total.text
    assert "histogram_fraction(-Inf, 0.5, increase(latency_seconds{" in good.text


USED_AS_NUMBERS: dict[str, Query] = {
    "a counter": Ratio(total='latency_seconds{app="native"}', bad='latency_seconds{app="native",pod="a"}'),
    "an expression": Ratio(
        total=Expression(expr='sum(increase(latency_seconds{app="native"}[$window]))'), bad="latency_seconds"
    ),
    "a gauge with a window": Gauge(gauge='sum(rate(latency_seconds{app="native"}[$window]))', good_when="> 1"),
    "a signal": TextSignal(query='sum(rate(latency_seconds{app="native"}[$window]))'),
}


@pytest.mark.parametrize("use", USED_AS_NUMBERS)
@pytest.mark.parametrize("buckets", [3, 72])
def test_native_histograms_used_as_numbers_are_named(source, server, use, buckets):
    interval = Interval(server.end - buckets * STEP, server.end, STEP)
    error = ask(source, USED_AS_NUMBERS[use], interval).error
    assert error is not None
    assert (error.code, error.facts) == ("query_refused", {"reason": "native_histogram"})
    (finding,) = [
        each for each in source.check(Request("it", USED_AS_NUMBERS[use], interval)) if each.code == error.code
    ]
    assert finding.facts["reason"] == "native_histogram"


def test_one_query_of_histograms_spoils_no_other(source, server):
    """Found by the first long request, it is sent alone: the label of a union makes a 0 of a histogram."""
    newest = Interval(server.end - 900, server.end, STEP)
    queries = {"odd": USED_AS_NUMBERS["a counter"], "sound": latency("classic")}
    assert ask(source, queries["odd"], hours(server)).error is not None
    answers = answers_of(source, [Request(key, query, newest) for key, query in queries.items()])
    assert answers["odd"].error is not None
    np.testing.assert_allclose(columns_of(answers["sound"])["total"], truth("classic", 5)[0][-3:], rtol=1e-9)


def test_an_instant_value_that_is_a_histogram_is_refused_by_name(server):
    address = urllib.parse.urlencode({"query": "latency_seconds", "time": server.end})
    with urllib.request.urlopen(f"{server.url}/api/v1/query?{address}", timeout=30) as answer:
        reply = read_reply("it", HttpReply(200, {}, json.load(answer), ""), Secrets())
    with pytest.raises(QueryRefused) as refused:
        read_vector(reply)
    assert refused.value.facts == {"reason": "native_histogram"}


def test_a_histogram_that_moves_to_the_native_form_is_found_within_minutes(server):
    """What is remembered of a histogram holds for ten minutes."""
    now = server.end + 600.0
    source = PrometheusSource("real", PrometheusConfig(kind="prometheus", url=HttpUrl(server.url)), clock=lambda: now)
    ask(source, latency("moving"), hours(server))
    before = source.calls["/api/v1/label/__name__/values"].count
    ask(source, latency("moving"), hours(server))
    assert source.calls["/api/v1/label/__name__/values"].count == before
    now += 601
    ask(source, latency("moving"), hours(server))
    assert source.calls["/api/v1/label/__name__/values"].count == before + 1
    source.close()


@pytest.mark.parametrize("kind", [MetricType.NATIVE_HISTOGRAM, MetricType.UNKNOWN, MetricType.HISTOGRAM])
def test_explore_reads_native_histograms_whatever_they_are_taken_for(
    source: PrometheusSource, server: NativePrometheus, kind: MetricType
) -> None:
    native = (Matcher("app", Operator.EQUAL, "native"),)
    usual = AGGREGATIONS[kind][0]
    first = source.lines(MetricQuestion("latency_seconds", kind, usual, native), hours(server), Limits(), lambda: False)
    median = next(line.values for line in first.lines if line.role == "p50")
    assert np.all((median > 0.125) & (median < 0.5))
    assert "histogram_quantile" in first.texts[0].text
    question = MetricQuestion("latency_seconds", kind, Aggregation.HEAT, native)
    heat = source.lines(question, hours(server), Limits(), lambda: False).heat
    assert heat is not None
    total, _ = truth("native", STEP // 60)
    assert np.median(np.abs(heat.counts.sum(axis=0) * STEP / total - 1)) < 0.001  # but where the pod restarts


@pytest.mark.parametrize(
    ("name", "kind", "median"),
    [
        ("app:classic_seconds_bucket:rate5m", MetricType.HISTOGRAM, 0.25 * 37 / 40),
        ("app:native_seconds:rate5m", MetricType.GAUGE, 0.125 + 0.125 * 37 / 40),  # its name does not tell
    ],
)
def test_a_recorded_histogram_has_percentiles_and_no_rate_is_taken_of_it(
    source: PrometheusSource, server: NativePrometheus, name: str, kind: MetricType, median: float
) -> None:
    (found,) = [each for part in source.metrics(lambda: False) for each in part if each.name == name]
    assert (found.type, found.unit) == (kind, "seconds")
    first = AGGREGATIONS[found.type][0]
    asked = MetricQuestion(name, found.type, first, (), ("app",))
    answer = source.lines(asked, hours(server), Limits(), lambda: False)
    assert next(line.values for line in answer.lines if line.role == "p50")[1:] == pytest.approx(median)
    assert all("rate(" not in text.text for text in answer.texts)
    heat = source.lines(replace(asked, aggregation=Aggregation.HEAT), hours(server), Limits(), lambda: False).heat
    assert heat is not None
    assert heat.counts.sum(axis=0)[1:] == pytest.approx(sum(RECORDED))
    events = source.lines(replace(asked, aggregation=Aggregation.RATE), hours(server), Limits(), lambda: False)
    assert events.lines[0].values[1:] == pytest.approx(sum(RECORDED))


@pytest.mark.parametrize("app", ["native", "classic", "both", "moving", "quiet"])
def test_a_histogram_is_split_by_its_pods_in_whatever_forms_they_expose_it(
    source: PrometheusSource, server: NativePrometheus, app: str
) -> None:
    splitting = splitting_of(latency(app))
    assert splitting is not None
    assert "pod" in source.label_names(splitting.first.metric, splitting.first.matchers, hours(server))
    for role, true in zip(("total", "good"), truth(app, STEP // 60), strict=True):
        (term,) = splitting.by("pod")[role]
        lines = source.lines(term.question, hours(server), Limits(), lambda: False).lines
        assert {line.labels["pod"] for line in lines} == {pod.name for pod in pods() if pod.app == app}
        assert sum(np.nansum(line.values) for line in lines) == pytest.approx(true.sum(), rel=5e-3)


@pytest.mark.parametrize("app", ["both", "moving"])
def test_percentiles_and_heat_of_a_histogram_in_two_forms_count_each_event_once(
    source: PrometheusSource, server: NativePrometheus, app: str
) -> None:
    matchers = (Matcher("app", Operator.EQUAL, app),)
    asked = MetricQuestion("latency_seconds", MetricType.HISTOGRAM, Aggregation.RATE, matchers)
    found = {
        how: source.lines(replace(asked, aggregation=how), hours(server), Limits(), lambda: False)
        for how in (Aggregation.PERCENTILES, Aggregation.HEAT, Aggregation.RATE)
    }
    total, good = truth(app, STEP // 60)
    medians = next(line.values for line in found[Aggregation.PERCENTILES].lines if line.role == "p50")
    assert np.nanmedian(medians) == pytest.approx(0.23, abs=0.02)  # the first bucket ends at 0.25
    heat = found[Aggregation.HEAT].heat
    assert heat is not None
    assert heat.edges == (0.25, 0.5, 1.0, 2.0, np.inf)
    assert np.nansum(heat.counts) * STEP == pytest.approx(total.sum(), rel=2e-3)
    assert np.nansum(heat.counts[:2]) * STEP == pytest.approx(good.sum(), rel=2e-3)
    assert np.nansum(found[Aggregation.RATE].lines[0].values) * STEP == pytest.approx(total.sum(), rel=2e-3)


def test_a_threshold_between_two_edges_is_refused_with_those_that_there_are(
    source: PrometheusSource, server: NativePrometheus
) -> None:
    splitting = splitting_of(latency("classic", 0.7))
    assert splitting is not None
    with pytest.raises(NotFound) as refused:
        source.lines(splitting.by("pod")["good"][0].question, hours(server), Limits(), lambda: False)
    assert refused.value.facts["nearest"] == "0.5, 1"
