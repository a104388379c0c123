"""What recording rules keep, counted by a real Prometheus against the true counts of two days."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Request
from data_sources.exploring import Aggregation, Limits, MetricQuestion, MetricType
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Expression, Query, Ratio, RecordedRate, RecordedRatio
from tests import recorded_world as world
from tests.data_sources.contract import answers_of
from tests.real_prometheus import make_blocks, serving

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]
DAYS = Interval(world.START, world.END, 300)
REQUESTS, ERRORS = 'job:requests:rate5m{app="shop"}', 'job:errors:rate5m{app="shop"}'
SHARE, COUNTER = 'job:errors:ratio_rate5m{app="shop"}', 'requests_total{app="shop"}'


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusSource]:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "data").mkdir()
    world.write(folder / "world.txt")
    make_blocks(folder / "world.txt", folder / "data")
    with serving(folder) as url:
        config = PrometheusConfig(kind="prometheus", url=HttpUrl(url))
        source = PrometheusSource("real", config, clock=lambda: world.END + 600.0)
        yield source
        source.close()


def ask(source: PrometheusSource, query: Query, interval: Interval = DAYS) -> Answer:
    answer = answers_of(source, [Request("it", query, interval)])["it"]
    assert answer.error is None, answer.error
    return answer


def sums(source: PrometheusSource, query: Query) -> tuple[float, float]:
    series = ask(source, query).series
    assert series is not None
    total, good = series.columns["total"], series.columns["good"]
    return float(np.nansum(total)), float(np.nansum(total - good))


FORMS: dict[str, Query] = {
    "good and bad": Ratio(good='requests_total{code="200"}', bad='requests_total{code="500"}'),
    "rates": RecordedRate.model_validate({"rate": {"total": REQUESTS, "bad": ERRORS}}),
    "rates of good and bad": RecordedRate.model_validate(
        {"rate": {"good": 'job:code:rate5m{code="200"}', "bad": ERRORS}}
    ),
    "rates of several series": RecordedRate.model_validate({"rate": {"total": "job:code:rate5m", "bad": ERRORS}}),
    "rates as expressions": RecordedRate.model_validate(
        {"rate": {"total": "sum(rate(requests_total[5m])) # all", "bad": 'rate(requests_total{code="500"}[$window])'}}
    ),
    "ratio by a counter": RecordedRatio.model_validate({"ratio": {"error": SHARE, "weight": COUNTER}}),
    "ratio by a rate": RecordedRatio.model_validate({"ratio": {"error": SHARE, "weight": {"rate": REQUESTS}}}),
    "ratio by an expression": RecordedRatio.model_validate(
        {"ratio": {"success": f"1 - {SHARE}", "weight": {"expr": f"sum(increase({COUNTER}[$window]))"}}}
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_two_days_of_counts_are_nearly_the_true_ones(source, form):
    total, bad = sums(source, FORMS[form])
    assert total == pytest.approx(world.TOTAL.sum(), rel=3e-3)
    assert bad == pytest.approx(world.BAD.sum(), rel=5e-3 if form == "good and bad" else 2e-2)


def test_a_ratio_without_weight_counts_every_bucket_the_same(source):
    series = ask(source, RecordedRatio.model_validate({"ratio": {"error": SHARE}})).series
    assert series is not None
    total, good = series.columns["total"], series.columns["good"]
    quiet = slice(world.QUIET.start // 10 + 1, world.QUIET.stop // 10)
    assert (total[quiet] == 0).all()
    assert np.delete(total, np.r_[quiet])[1:].min() == 1
    events, bad = world.buckets(world.TOTAL), world.buckets(world.BAD)
    busy = events > 0
    assert (total - good).sum() / total.sum() == pytest.approx((bad[busy] / events[busy]).mean(), rel=2e-2)


def test_a_bucket_that_is_partly_without_traffic_keeps_the_share_of_the_rest(source):
    """The mean of samples of which some are NaN is NaN; the events of that bucket are not lost."""
    query = RecordedRatio.model_validate({"ratio": {"error": SHARE, "weight": COUNTER}})
    series = ask(source, query).series
    assert series is not None
    busy = world.buckets(world.TOTAL) > 0
    assert (series.columns["total"][busy] > 0).mean() > 0.99
    assert not np.isnan(series.columns["total"]).any()


def test_a_percentage_is_named_and_not_counted(source):
    percent = '100 - job:errors:percent{app="shop"}'
    answer = ask(source, RecordedRatio.model_validate({"ratio": {"success": percent, "weight": COUNTER}}))
    (notice,) = answer.notices
    assert notice.code == "not_a_share"
    assert 1 < float(notice.facts["worst"]) <= 100
    assert "not_a_share" in {finding.code for finding in source.check(answer.request)}


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_have_nothing_to_check_and_can_share_questions(source, form):
    hour = Interval(world.START + 36_000, world.START + 36_000 + 1800, 300)
    assert source.check(Request("it", FORMS[form], hour)) == ()
    requests = [Request(name, query, hour) for name, query in FORMS.items()]
    together = answers_of(source, requests)[form].series
    alone = ask(source, FORMS[form], hour).series
    assert together is not None
    assert alone is not None
    for name, column in alone.columns.items():
        np.testing.assert_allclose(together.columns[name], column)


def codes(source: PrometheusSource, query: Query) -> list[tuple[str, str]]:
    """What is noticed of the second day, by code and role."""
    day = Interval(world.END - 86_400, world.END, 300)
    return [(notice.code, str(notice.facts.get("role"))) for notice in ask(source, query, day).notices]


@pytest.mark.parametrize("name", world.HEALTHY)
def test_a_healthy_counter_is_taken_for_one(source, name):
    assert codes(source, Ratio(total=name, bad=f'{name}{{pod="none"}}')) == []
    assert codes(source, Ratio(total=Expression(expr=f"sum(increase({name}[$window]))"), good=name)) == []


def test_healthy_pods_that_come_and_go_are_taken_for_counters(source):
    assert codes(source, Ratio(total=COUNTER, bad='requests_total{app="shop",code="500"}')) == []


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        (REQUESTS, "rate"),
        (ERRORS, "rate"),
        ("job:code:rate5m", "rate"),
        (SHARE, "ratio"),
        ('job:requests:sum{app="shop"}', None),
        ('job:requests:increase5m{app="shop"}', "increase"),
    ],
)
def test_what_is_recorded_is_no_counter_and_named(source, recorded, reason):
    expression = Ratio(total=Expression(expr=f"sum(increase({recorded}[$window]))"), good=COUNTER)
    for query in (Ratio(total=recorded, good=COUNTER), expression):
        day = Interval(world.END - 86_400, world.END, 300)
        found = [notice.facts for notice in ask(source, query, day).notices if notice.code == "counter_falls"]
        assert [(facts["role"], facts.get("reason")) for facts in found] == [("total", reason)]
        assert int(found[0]["falls"]) >= 2
        assert found[0]["keep_until"] == world.END + 2 * 86_400
        assert "counter_falls" in {finding.code for finding in source.check(Request("it", query, day))}


def test_the_case_that_went_unnoticed_is_named_and_right_as_a_rate(source):
    """Recorded rates as counters: an SLI that looks better than it is, and far too few events."""
    wrong = Ratio(total=REQUESTS, bad='requests_total{app="shop",code="500"}')
    assert ("counter_falls", "total") in codes(source, wrong)
    total, _ = sums(source, wrong)
    assert total < world.TOTAL.sum() / 20
    right, bad = sums(source, FORMS["rates"])
    assert 1 - bad / right == pytest.approx(1 - world.BAD.sum() / world.TOTAL.sum(), rel=1e-4)


def test_samples_are_looked_at_once_a_day_and_together(source):
    recorded = [Ratio(total=f'job:requests:rate5m{{app="shop",x!="{i}"}}', bad=ERRORS) for i in range(30)]
    hour = Interval(world.END - 43_200 - 900, world.END - 43_200, 300)
    ask(source, recorded[0], hour)  # the first question of all asks also which engine answers
    before = source.calls["/api/v1/query"].count
    answers = answers_of(source, [Request(str(i), query, hour) for i, query in enumerate(recorded)])
    assert source.calls["/api/v1/query"].count == before
    assert not any(answer.notices for answer in answers.values())
    midnight = Interval(world.END - 900, world.END, 300)
    answers = answers_of(source, [Request(str(i), query, midnight) for i, query in enumerate(recorded)])
    # Two groups of answers, each in two questions, and the samples of each suspicious series once.
    assert source.calls["/api/v1/query"].count - before <= 4 + 30 + 4
    assert all("counter_falls" in {n.code for n in answer.notices} for answer in answers.values())


@pytest.mark.parametrize(
    ("how", "values"),
    [
        (Aggregation.MEAN, {"": (3 * 0.1 + 1 * 0.3) / 4}),  # by how many events each has, not by pods
        (Aggregation.PERCENTILES, {"p50": 0.3, "p99": 2.0}),  # those of the slowest pod: no mean of two percentiles
        (Aggregation.RATE, {"": 4 / world.SLOT}),
    ],
)
def test_a_summary_is_a_mean_or_the_percentiles_of_its_slowest_pod(
    source: PrometheusSource, how: Aggregation, values: dict[str, float]
) -> None:
    (listed,) = [m for part in source.metrics(lambda: False) for m in part if m.name == "rpc_seconds"]
    assert listed.type is MetricType.SUMMARY
    question = MetricQuestion("rpc_seconds", listed.type, how)
    found = source.lines(question, Interval(world.END - 7200, world.END, 300), Limits(), lambda: False)
    assert {line.role: float(np.nanmedian(line.values)) for line in found.lines} == pytest.approx(values, rel=1e-6)
