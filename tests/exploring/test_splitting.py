"""How what an SLI counts is asked for by the values of a label."""

from __future__ import annotations

import pytest

from data_sources.exploring import Matcher, Operator
from data_sources.prometheus.config import Histogram
from data_sources.queries import Counts, Gauge, Ratio, SliForm
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
        Ratio(total={"expr": "sum(rate(a[$window]))"}, bad="b"),  # type: ignore[arg-type]
        Ratio(total="sum(rate(a[5m]))", bad="b"),
        Gauge(gauge="up", good_when=">= 1"),
    ],
)
def test_what_says_nothing_of_its_series_is_not_split(sli: SliForm) -> None:
    assert splitting_of(sli) is None
