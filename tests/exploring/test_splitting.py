"""How what an SLI counts is asked for by the values of a label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data_sources.cloud_monitoring.config import Distribution
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator, Within
from data_sources.prometheus.config import Histogram
from data_sources.queries import Counts, Gauge, Ratio, RecordedRate, RecordedRatio, SliForm
from tomoni.exploring.splitting import splitting_of
from tomoni.exploring.sums import summands

CODE = Matcher("code", Operator.MATCHES, "5..")
JOB = Matcher("job", Operator.EQUAL, "shop")


def asked(sli: SliForm, label: str = "route") -> dict[str, list[tuple[int, MetricQuestion]]]:
    """The questions of each role, split by a label, with their signs."""
    found = splitting_of(sli)
    assert found is not None
    return {role: [(term.sign, term.question) for term in terms] for role, terms in found.by(label).items()}


def increase(metric: str, *matchers: Matcher) -> MetricQuestion:
    return MetricQuestion(metric, MetricType.COUNTER, Aggregation.INCREASE, matchers, ("route",))


def test_plain_counters_are_split_with_their_matchers() -> None:
    sli = Ratio(total='http_total{job="shop"}', bad='http_total{job="shop",code=~"5.."}')
    assert asked(sli) == {
        "total": [(1, increase("http_total", JOB))],
        "bad": [(1, increase("http_total", JOB, CODE))],
    }
    found = splitting_of(sli)
    assert found is not None
    assert found.fixed == {"code", "le", "__name__"}


def test_a_histogram_is_split_by_what_was_observed_at_all_and_under_its_threshold() -> None:
    found = asked(Histogram(histogram='latency_seconds{job="shop"}', under=0.3))
    total = MetricQuestion("latency_seconds", MetricType.HISTOGRAM, Aggregation.INCREASE, (JOB,), ("route",))
    assert found == {"total": [(1, total)], "good": [(1, replace(total, within=Within(0.3)))]}


@pytest.mark.parametrize(
    ("written", "within"),
    [({"under": "300ms"}, Within("300ms")), ({"under": 5}, Within(5)), ({"range": [1, 300]}, Within(300, 1))],
)
def test_a_distribution_is_split_in_the_unit_of_its_metric(written: dict[str, object], within: Within) -> None:
    sli = Distribution.model_validate({"distribution": 'metric.type = "run/latencies"', **written})
    found = asked(sli)
    assert [question.within for role in ("total", "good") for _, question in found[role]] == [None, within]
    assert {question.metric for terms in found.values() for _, question in terms} == {"run/latencies"}


def test_a_series_of_the_demo_is_split_by_its_result() -> None:
    found = splitting_of(Counts(counts="checkout-availability"))
    assert found is not None
    assert found.fixed == {"result", "le", "__name__"}


@pytest.mark.parametrize(
    ("text", "how"),
    [("up", Aggregation.MEAN), ('min(up{job="shop"})', Aggregation.MIN), ("max( up )", Aggregation.MAX)],
)
def test_a_gauge_is_split_by_how_its_series_are_put_together(text: str, how: Aggregation) -> None:
    found = splitting_of(Gauge(gauge=text, good_when=">= 1"))
    assert found is not None
    assert (found.first.metric, found.first.type, found.first.aggregation) == ("up", MetricType.GAUGE, how)
    assert found.good_when == ">= 1"


@pytest.mark.parametrize(
    "sli",
    [
        Ratio(total={"expr": "sum(rate(a[$window])) or vector(0) + sum(rate(c[5m]))"}, bad="b"),  # type: ignore[arg-type]
        Ratio(total={"expr": "sum(rate(a[$window])) / 2"}, bad="b"),  # type: ignore[arg-type]
        Ratio(total={"expr": "sum(rate(a[$window] offset 5m))"}, bad="b"),  # type: ignore[arg-type]
        Ratio(total='metric.type="a"', bad='metric.type="a" AND (metric.labels.x="1" OR metric.labels.y="2")'),
        RecordedRate.model_validate({"rate": {"total": "sum(job:http:rate5m) * 2", "bad": "job:bad:rate5m"}}),
        RecordedRate.model_validate({"rate": {"total": "max(job:http:rate5m)", "bad": "job:bad:rate5m"}}),
        RecordedRatio.model_validate({"ratio": {"error": "job:errors:ratio"}}),
        Ratio(total="sum(rate(a[5m]))", bad="b"),
        Gauge(gauge="quantile(0.9, up)", good_when=">= 1"),
    ],
)
def test_what_says_nothing_of_its_series_is_not_split(sli: SliForm) -> None:
    assert splitting_of(sli) is None


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("sum(rate(a[$window]))", [(1, "a")]),
        (' sum ( increase( a {x="(1)"} [5m] ) ) ', [(1, 'a {x="(1)"} ')]),
        ("sum(rate(a[5m])) + sum(rate(b[5m]))-sum(rate(c[5m]))", [(1, "a"), (1, "b"), (-1, "c")]),
        ("sum(rate(a[5m])) - (sum(rate(b[5m])) or vector(0))", [(1, "a"), (-1, "b")]),
        ("sum(rate(a[5m])) or on() vector(0)", [(1, "a")]),
        ("sum by (pod) (rate(a[$window])) + sum(rate(b[5m])) without (x, y)", [(1, "a"), (1, "b")]),
    ],
)
def test_a_sum_of_how_fast_counters_grow_is_split_like_the_counters(text: str, terms: list[tuple[int, str]]) -> None:
    assert [(sign, counter.strip()) for sign, counter in summands(text)] == [(s, c.strip()) for s, c in terms]
    found = asked(Ratio.model_validate({"total": "all", "bad": {"expr": text}}))
    assert [sign for sign, _ in found["bad"]] == [sign for sign, _ in terms]
    assert {question.aggregation for _, question in found["bad"]} == {Aggregation.INCREASE}


@pytest.mark.parametrize("total", ["job:http:rate5m", "sum(job:http:rate5m)"])
def test_recorded_rates_with_labels_are_added_up_and_count_by_the_second(total: str) -> None:
    found = splitting_of(RecordedRate.model_validate({"rate": {"total": total, "bad": "job:bad:rate5m"}}))
    assert found is not None
    assert found.per_second
    assert (found.first.metric, found.first.aggregation, found.first.type) == (
        "job:http:rate5m",
        Aggregation.SUM,
        MetricType.UNKNOWN,
    )


@pytest.mark.parametrize(
    ("condition", "matcher"),
    [
        ('metric.labels.code = "500"', Matcher("code", Operator.EQUAL, "500")),
        ("metric.label.code != 200", Matcher("code", Operator.NOT_EQUAL, "200")),
        ("metric.labels.response_code >= 500", Matcher("response_code", Operator.MATCHES, "[5-9][0-9][0-9]")),
        (
            'resource.labels.zone = monitoring.regex.full_match("a.*")',
            Matcher("resource.labels.zone", Operator.MATCHES, "a.*"),
        ),
    ],
)
def test_filters_of_cloud_monitoring_are_split_by_their_labels(condition: str, matcher: Matcher) -> None:
    all_of_it = 'metric.type = "run/requests" AND resource.type = "cloud_run_revision"'
    found = splitting_of(Ratio(total=all_of_it, bad=f"{all_of_it} AND {condition}"))
    assert found is not None
    total, bad = (terms[0].question for terms in found.parts.values())
    assert bad.metric == "run/requests"
    assert found.fixed == {matcher.label, "le", "__name__"}
    assert set(bad.matchers) - set(total.matchers) == {matcher}


def test_the_buckets_of_a_gauge_are_judged_for_each_value() -> None:
    found = splitting_of(Gauge(gauge="up", good_when=">= 1"))
    assert found is not None
    bad, total = found.events({"value": np.array([[1.0, 0.0, np.nan], [1.0, 1.0, 1.0]])}, 300)
    assert bad.tolist() == [[0, 1, 0], [0, 0, 0]]
    assert total.tolist() == [[1, 1, 0], [1, 1, 1]]


def test_what_is_counted_below_zero_makes_no_share_below_zero() -> None:
    bad_and_total = splitting_of(Ratio(total="a_total", bad='a_total{code="500"}'))
    good_and_total = splitting_of(Ratio(total="a_total", good='a_total{code="200"}'))
    assert bad_and_total is not None
    assert good_and_total is not None
    rows = {"total": np.array([[10.0, -500.0, 10.0]]), "bad": np.array([[1.0, -90.0, np.nan]])}
    bad, total = bad_and_total.events(rows, 300)
    assert (bad.tolist(), total.tolist()) == ([[1.0, 0.0, 0.0]], [[10.0, 0.0, 10.0]])
    bad, total = good_and_total.events({"total": rows["total"], "good": np.array([[9.0, -410.0, 10.0]])}, 300)
    assert (bad.tolist(), total.tolist()) == ([[1.0, 0.0, 0.0]], [[10.0, 0.0, 10.0]])
