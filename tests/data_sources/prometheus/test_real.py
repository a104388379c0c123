"""What a real Prometheus counts, against the true counts of five weeks."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Request
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Expression, Gauge, Query, Ratio, TextSignal
from tests.data_sources.contract import answers_of, series_of
from tests.prometheus_world import DAY, DAYS, HOUR, MIDDLE, MINUTE, OUTAGE, World
from tests.real_prometheus import RealPrometheus

pytestmark = pytest.mark.prometheus
STEP = 300


@pytest.fixture
def source(prometheus: RealPrometheus) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url))
    source = PrometheusSource("real", config, clock=lambda: prometheus.world.end + 600.0)
    yield source
    source.close()


@pytest.fixture
def world(prometheus: RealPrometheus) -> World:
    return prometheus.world


def weeks(world: World, step: int = STEP) -> Interval:
    return Interval(world.start, world.end, step)


def last_hours(world: World, hours: float, step: int = STEP) -> Interval:
    return Interval(world.end - int(hours * HOUR), world.end, step)


def selector(app: str, more: str = "") -> str:
    return f'http_requests_total{{app="{app}"{more}}}'


def failed(app: str) -> str:
    return selector(app, ',code=~"5.."')


def ask(source: PrometheusSource, query: Query, interval: Interval) -> Answer:
    return answers_of(source, [Request("it", query, interval)])["it"]


FORMS = {
    "bad": lambda app: Ratio(total=selector(app), bad=failed(app)),
    "good": lambda app: Ratio(total=selector(app), good=selector(app, ',code!~"5.."')),
    "expressions": lambda app: Ratio(
        total=Expression(expr=f"sum(increase({selector(app)}[$window]))"),
        bad=Expression(expr=f"sum by (app) (increase({failed(app)}[$window])) # all of them"),
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("app", "relative"), [("checkout", 2e-4), ("backoffice", 2e-3)])
def test_five_weeks_of_counts_are_the_true_ones(source, world, app, form, relative):
    columns = series_of(source, FORMS[form](app), weeks(world)).columns
    assert not np.isnan(columns["total"]).any()
    assert columns["total"].sum() == pytest.approx(world.total[app].sum(), rel=relative)
    assert columns["good"].sum() == pytest.approx((world.total[app] - world.bad[app]).sum(), rel=relative)
    assert (columns["total"] - columns["good"]).sum() == pytest.approx(world.bad[app].sum(), rel=relative)


def test_scrapes_that_fall_between_the_buckets_cost_little(source, world):
    columns = series_of(source, FORMS["bad"]("gateway"), weeks(world)).columns
    assert columns["total"].sum() == pytest.approx(world.total["gateway"].sum(), rel=2e-4)
    # One minute in five lies between two buckets' samples: an error of 0.5 / sqrt(N), here within 4 sigma.
    bad = world.bad["gateway"].sum()
    assert (columns["total"] - columns["good"]).sum() == pytest.approx(bad, rel=2 / np.sqrt(bad))


def test_an_outage_of_the_scrapes_is_a_gap_and_nothing_else(source, world):
    columns = series_of(source, FORMS["bad"]("search"), weeks(world)).columns
    unseen = np.zeros(len(weeks(world)), dtype=bool)
    unseen[OUTAGE.start // 5 : OUTAGE.stop // 5] = True
    np.testing.assert_array_equal(np.isnan(columns["total"]), unseen)
    seen = np.repeat(~unseen, 5)
    assert np.nansum(columns["total"]) == pytest.approx(world.total["search"][seen].sum(), rel=2e-4)
    bad = np.nansum(columns["total"] - columns["good"])
    assert bad == pytest.approx(world.bad["search"][seen].sum(), rel=2e-4)


def test_a_silent_app_has_observed_buckets_without_events(source, world):
    columns = series_of(source, FORMS["bad"]("silent"), weeks(world)).columns
    assert (columns["total"] == 0).all()
    assert (columns["good"] == 0).all()


@pytest.mark.parametrize("step", [60, 300, 900, 3600])
def test_the_length_of_the_bucket_does_not_change_the_sum(source, world, step):
    columns = series_of(source, FORMS["bad"]("backoffice"), weeks(world, step)).columns
    if step == 60:  # a bucket between two scrapes has both of them only because Prometheus 2 counts both ends
        assert len(columns["total"]) == DAYS * 1440 > 4 * 10_080
    assert columns["total"].sum() == pytest.approx(world.total["backoffice"].sum(), rel=2e-3)


def test_a_histogram_counts_what_is_under_its_edge_in_every_spelling(source, world):
    histogram = Histogram(histogram='http_request_duration_seconds{app="checkout"}', under=0.3)
    columns = series_of(source, histogram, weeks(world)).columns
    assert columns["total"].sum() == pytest.approx(world.total["checkout"].sum(), rel=2e-4)
    assert columns["good"].sum() == pytest.approx(world.fast.sum(), rel=2e-4)
    assert not columns["absent"].any()


def test_an_edge_is_found_again_when_an_older_interval_spells_it_otherwise(source, world):
    histogram = Histogram(histogram='http_request_duration_seconds{app="checkout"}', under=0.3)
    series_of(source, histogram, last_hours(world, 1))  # where it is 0.3
    middle = world.start + MIDDLE * MINUTE
    before = Interval(middle - DAY, middle, STEP)  # where it is 0.30
    good = series_of(source, histogram, before).columns["good"]
    np.testing.assert_allclose(good, world.counts(world.fast, before.start, before.end, STEP), rtol=1e-6)


def test_an_edge_that_does_not_exist_is_an_error_that_names_those_there_are(source, world):
    histogram = Histogram(histogram='http_request_duration_seconds{app="checkout"}', under=0.5)
    answer = ask(source, histogram, last_hours(world, 1))
    assert answer.error is not None
    assert answer.error.code == "not_found"
    known = {"edges": "0.1, 0.3, 1.0, +Inf", "nearest": "0.3, 1.0"}
    assert answer.error.facts == {"reason": "histogram_edge", "under": 0.5, **known}


def test_a_gauge_counts_the_buckets_whose_mean_meets_the_condition(source, world):
    gauge = Gauge(gauge='min(probe_success{job="web"})', good_when=">= 1")
    interval = Interval(world.start + HOUR, world.end - HOUR, STEP)
    columns = series_of(source, gauge, interval).columns
    assert (columns["total"] == 1).all()
    minutes = world.probe[(interval.start - world.start) // MINUTE :][: len(interval) * 5].reshape(-1, 5)
    failing = minutes.min(axis=1) == 0
    assert (columns["good"][failing] == 0).all()
    # A range holds the sample at its end: the bucket before a failure sees the first moment of it.
    before = np.append(failing[1:], False)
    assert (columns["good"][~failing & ~before] == 1).all()


def test_a_gauge_of_one_series_needs_no_aggregation(source, world):
    interval = last_hours(world, 6)
    columns = series_of(source, Gauge(gauge='node_load1{host="a"}', good_when="< 0.5"), interval).columns
    np.testing.assert_array_equal(columns["good"] == 1, world.loads(interval.start, interval.end) < 0.5)


def test_an_expression_of_a_signal_is_averaged_over_the_bucket(source, world):
    interval = last_hours(world, 6)
    values = series_of(source, TextSignal(query='avg(node_load1{app!="x"})'), interval).columns["value"]
    # Eleven looks, each at a value that may be up to a minute old.
    np.testing.assert_allclose(values, world.loads(interval.start, interval.end), atol=0.06)


def test_a_signal_with_window_is_taken_at_the_end_of_the_bucket(source, world):
    interval = last_hours(world, 6)
    query = TextSignal(query='sum(increase(http_requests_total{app="checkout"}[$window])) / 300')
    values = series_of(source, query, interval).columns["value"]
    true = world.counts(world.total["checkout"], interval.start, interval.end, STEP) / 300
    np.testing.assert_allclose(values, true, rtol=1e-6)


def test_several_series_are_refused_with_the_labels_that_tell_them_apart(source, world):
    answer = ask(source, TextSignal(query='rate(http_requests_total{app="search"}[5m])'), last_hours(world, 1))
    assert answer.error is not None
    assert answer.error.code == "query_refused"
    assert answer.error.facts == {"reason": "several_series", "role": "value", "count": 2, "labels": "code"}


def test_a_metric_that_does_not_exist_is_not_observed(source, world):
    answer = ask(source, Ratio(total="no_such_total", bad="no_such_total"), last_hours(world, 1))
    assert answer.error is None
    assert answer.series is not None
    assert all(np.isnan(column).all() for column in answer.series.columns.values())


def test_buckets_that_have_not_ended_are_not_counted(prometheus, world):
    clock = world.end - 450.0  # in the middle of the last bucket but one
    source = PrometheusSource(
        "real", PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url)), clock=lambda: clock
    )
    total = series_of(source, FORMS["bad"]("checkout"), last_hours(world, 1)).columns["total"]
    assert np.flatnonzero(np.isnan(total)).tolist() == [10, 11]
    source.close()


def test_the_newest_buckets_of_many_queries_are_those_that_each_would_get(source, world):
    queries: dict[str, Query] = {f"{name}/{app}": form(app) for name, form in FORMS.items() for app in world.total}
    queries["gauge"] = Gauge(gauge='min(probe_success{job="web"})', good_when=">= 1")
    queries["signal"] = TextSignal(query="avg(node_load1)")
    queries["histogram"] = Histogram(histogram="http_request_duration_seconds", under=0.1)
    queries["several"] = TextSignal(query='{__name__="http_requests_total",app="search"}')
    queries["no such"] = Ratio(total="no_such_total", good="no_such_total")
    newest = last_hours(world, 0.25)
    together = answers_of(source, [Request(key, query, newest) for key, query in queries.items()])
    for key, query in queries.items():
        alone, found = ask(source, query, newest), together[key]
        assert (found.error and found.error.facts) == (alone.error and alone.error.facts)
        if alone.series and found.series:
            assert alone.series.columns.keys() == found.series.columns.keys()
            for name, column in alone.series.columns.items():
                np.testing.assert_array_equal(column, found.series.columns[name])


def test_it_tells_its_version_and_how_far_back_it_remembers(source):
    health = source.health()
    assert health.version.startswith("2.") or health.version.startswith("3.")
    assert health.retention_seconds == 20 * 365 * DAY


def found_by_check(source, query, interval):
    """Code to severity and facts; of several findings with one code, the first."""
    findings = source.check(Request("it", query, interval))
    return {finding.code: (finding.severity, dict(finding.facts)) for finding in reversed(findings)}


def test_a_good_query_is_found_good(source, world):
    for query in (FORMS["bad"]("checkout"), Histogram(histogram="http_request_duration_seconds", under=0.3)):
        assert found_by_check(source, query, weeks(world)) == {}


@pytest.mark.parametrize("written", ["/graph", "/api/v2", "/prometheus", "/targets?search=#x"])
def test_a_url_that_is_not_the_address_names_the_one_that_is(prometheus, written):
    config = PrometheusConfig.model_validate({"kind": "prometheus", "url": prometheus.url + written})
    source = PrometheusSource("it", config)
    error = source.health().error
    source.close()
    assert error is not None
    assert (error.facts["reason"], error.facts["meant"]) == ("wrong_path", prometheus.url)


def test_https_for_a_server_without_tls_is_named(prometheus):
    url = prometheus.url.replace("http://", "https://")
    source = PrometheusSource("it", PrometheusConfig.model_validate({"kind": "prometheus", "url": url}))
    error = source.health().error
    source.close()
    assert error is not None
    assert error.facts["reason"] == "no_tls"


def test_a_query_that_matches_nothing_is_found(source, world):
    query = Ratio(total='http_requests_total{app="chekcout"}', bad="errors_total")
    severity, facts = found_by_check(source, query, last_hours(world, 24))["matches_nothing"]
    assert severity == "error"
    assert (facts["role"], facts["query"]) == ("total", 'http_requests_total{app="chekcout"}')
    assert (facts["reason"], facts["label"], facts["value"]) == ("unknown_value", "app", "chekcout")
    assert facts["nearest"] == "checkout"


@pytest.mark.parametrize(
    ("total", "reason", "nearest"),
    [
        ("http_request_total", "unknown_metric", "http_requests_total"),
        ("HTTP_Requests_Total", "unknown_metric", "http_requests_total"),
        ("requests_http_total", "unknown_metric", "http_requests_total"),
        ('http_requests_total{ap="checkout"}', "unknown_label", "app"),
        ('http_requests_total{app=~"chekcout.*"}', "unknown_value", ""),
        (
            {"expr": 'sum(increase(http_request_total{app="checkout"}[$window]))'},
            "unknown_metric",
            "http_requests_total",
        ),
        ("a_metric_that_is_like_no_other", "unknown_metric", ""),
    ],
)
def test_the_reason_why_nothing_is_matched_is_found(source, world, total, reason, nearest):
    query = Ratio.model_validate({"total": total, "bad": "errors_total"})
    _, facts = found_by_check(source, query, last_hours(world, 24))["matches_nothing"]
    assert facts["reason"] == reason
    assert facts["nearest"].split(", ")[0] == nearest


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('http_request_total{code="500"}', "unknown_metric"),
        ('http_requests_total{cod="500"}', "unknown_label"),
        ('http_requests_total{exception="Timeout"}', None),
        ('http_requests_total{code="599"}', None),
        ("payments_declined_by_the_bank_total", None),
    ],
)
def test_a_numerator_is_called_misspelled_only_where_a_name_is_near(source, world, bad, reason):
    query = Ratio(total=selector("checkout"), bad=bad)
    severity, facts = found_by_check(source, query, last_hours(world, 24))["numerator_matches_nothing"]
    assert (severity, facts.get("reason")) == ("warning", reason)


def test_a_numerator_that_never_existed_is_found(source, world):
    query = Ratio(total=selector("checkout"), bad=selector("checkout", ',code="no"'))
    severity, facts = found_by_check(source, query, last_hours(world, 24))["numerator_matches_nothing"]
    assert severity == "warning"
    assert facts["role"] == "bad"


def test_scrapes_that_are_too_rare_for_the_bucket_are_found(source, world):
    severity, facts = found_by_check(source, FORMS["bad"]("checkout"), last_hours(world, 3, 120))["scrape_interval"]
    assert severity == "warning"
    assert facts["bucket_seconds"] == 120
    assert facts["scrape_seconds"] == pytest.approx(60, abs=3)


def test_a_syntax_error_is_found_with_the_words_of_the_server(source, world):
    query = Ratio(total=Expression(expr="sum(increase(a[$window])"), bad="b")
    severity, facts = found_by_check(source, query, last_hours(world, 3))["query_refused"]
    assert severity == "error"
    assert "parse error" in str(facts["detail"])


def test_a_gauge_among_counters_is_found(source, prometheus):
    query = Ratio(total="process_resident_memory_bytes", bad="process_resident_memory_bytes")
    now = int(time.time()) // 60 * 60
    live = PrometheusSource("live", PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url)))
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:  # the server scrapes itself every second
        found = found_by_check(live, query, Interval(now - 300, now + 60, 60))
        if "not_a_counter" in found:
            break
        time.sleep(0.5)
    live.close()
    assert found["not_a_counter"] == (
        "warning",
        {"role": "total", "metric": "process_resident_memory_bytes", "type": "gauge"},
    )
