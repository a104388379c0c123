"""How what an SLI counts is asked for by the values of a label."""

from __future__ import annotations

import pytest

from data_sources.exploring import Aggregation, Matcher, MetricType, Operator
from data_sources.prometheus.config import Histogram
from data_sources.queries import Counts, Gauge, Ratio, RecordedRate, SliForm
from tomoni.exploring.splitting import splitting_of

CODE = Matcher("code", Operator.MATCHES, "5..")
JOB = Matcher("job", Operator.EQUAL, "shop")


def test_plain_counters_are_split_with_their_matchers() -> None:
    found = splitting_of(Ratio(total='http_total{job="shop"}', bad='http_total{job="shop",code=~"5.."}'))
    assert found is not None
    total, bad = found.by("route")
    assert (total.metric, total.matchers, total.by) == ("http_total", (JOB,), ("route",))
    assert (bad.metric, bad.matchers, bad.by) == ("http_total", (JOB, CODE), ("route",))
    assert found.roles == ("total", "bad")
    assert found.fixed == {"code", "le", "__name__"}


def test_a_histogram_is_split_by_its_count_and_the_bucket_of_its_threshold() -> None:
    found = splitting_of(Histogram(histogram='latency_seconds{job="shop"}', under=0.3))
    assert found is not None
    assert (found.first.metric, found.second.metric) == ("latency_seconds_count", "latency_seconds_bucket")
    assert found.second.matchers == (JOB, Matcher("le", Operator.MATCHES, r"0\.3"))
    assert found.roles == ("total", "good")


def test_a_series_of_the_demo_is_split_by_its_result() -> None:
    found = splitting_of(Counts(counts="checkout-availability"))
    assert found is not None
    assert found.fixed == {"result", "le", "__name__"}


@pytest.mark.parametrize(
    "sli",
    [
        Ratio(total={"expr": "sum(rate(a[$window])) or vector(0)"}, bad="b"),  # type: ignore[arg-type]
        Ratio(total='metric.type="a"', bad='metric.type="a" AND (metric.labels.x="1" OR metric.labels.y="2")'),
        RecordedRate.model_validate({"rate": {"total": "sum(job:http:rate5m)", "bad": "job:bad:rate5m"}}),
        Ratio(total="sum(rate(a[5m]))", bad="b"),
        Gauge(gauge="up", good_when=">= 1"),
    ],
)
def test_what_says_nothing_of_its_series_is_not_split(sli: SliForm) -> None:
    assert splitting_of(sli) is None


def test_a_sum_of_how_fast_a_counter_grows_is_split_like_the_counter() -> None:
    expressions = {
        role: {"expr": f"sum(rate({text}[$window]))"} for role, text in (("total", "a"), ("bad", 'a{x="1"}'))
    }
    assert splitting_of(Ratio.model_validate(expressions)) == splitting_of(Ratio(total="a", bad='a{x="1"}'))


def test_recorded_rates_with_labels_are_added_up_and_count_by_the_second() -> None:
    found = splitting_of(RecordedRate.model_validate({"rate": {"total": "job:http:rate5m", "bad": "job:bad:rate5m"}}))
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
    assert found.second.metric == "run/requests"
    assert found.fixed == {matcher.label, "le", "__name__"}
    assert set(found.second.matchers) - set(found.first.matchers) == {matcher}
