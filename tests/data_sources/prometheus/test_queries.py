"""The PromQL texts of every query form."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.errors import QueryRefused
from data_sources.exploring import Aggregation, Matcher, MetricQuestion, MetricType, Operator
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.exploring.promql import Lookback, one_value, texts_of, without
from data_sources.prometheus.histograms import Shape
from data_sources.prometheus.query import Server, grouped, mean_text, parts_of
from data_sources.prometheus.selectors import (
    in_address,
    is_selector,
    le_matcher,
    read_selector,
    same_edge,
    selectors_in,
    usual_spellings,
)
from data_sources.queries import Counts, Expression, Gauge, Query, Ratio, RecordedRate, RecordedRatio, TextSignal


def texts(query: Query, step: int = 300) -> dict[str, str]:
    server = Server(lambda selector, under: Shape(usual_spellings(under)))
    return {role: str(part) for role, part in parts_of(query, step, server).items()}


def test_counter_selectors_become_sums_of_increases():
    query = Ratio(total='http_requests_total{app="checkout"}', bad='http_requests_total{app="checkout",code=~"5.."}')
    assert texts(query) == {
        "total": 'sum(increase(http_requests_total{app="checkout"}[5m]))',
        "bad": 'sum(increase(http_requests_total{app="checkout",code=~"5.."}[5m]))',
    }


@pytest.mark.parametrize(("step", "length"), [(60, "1m"), (300, "5m"), (720, "12m"), (3600, "1h"), (86_400, "1d")])
def test_the_range_is_the_bucket(step, length):
    assert texts(Ratio(total="a", good="b"), step)["good"] == f"sum(increase(b[{length}]))"


def test_good_and_bad_selectors_are_asked_for_each():
    assert texts(Ratio(good="a", bad="b")) == {"good": "sum(increase(a[5m]))", "bad": "sum(increase(b[5m]))"}


def test_a_recorded_rate_is_its_mean_times_the_bucket():
    query = RecordedRate.model_validate({"rate": {"total": "job:a:rate5m", "bad": "rate(b[$window]) # of all"}})
    assert texts(query, 600) == {
        "total": "avg_over_time((sum(job:a:rate5m))[10m:1m]) * 600",
        "bad": "sum(\nrate(b[10m]) # of all\n) * 600",
    }


def test_a_recorded_ratio_is_the_mean_of_its_numbers_or_no_number():
    query = RecordedRatio.model_validate({"ratio": {"error": "r", "weight": {"rate": "a"}}})
    assert texts(query) == {
        "error": "avg_over_time(r[5m]) >= -Inf or avg_over_time((((r) >= -Inf))[5m:30s]) and avg_over_time(r[5m])"
        " or avg_over_time(r[5m])",
        "weight": "avg_over_time((sum(a))[5m:30s]) * 300",
    }


def test_only_window_is_rendered_in_an_expression():
    text = 'sum(increase(a{x="$windows $other"}[$window])) / $window_count'
    query = Ratio(total=Expression(expr=text), good="b")
    assert texts(query)["total"] == 'sum(increase(a{x="$windows $other"}[5m])) / $window_count'


@pytest.mark.parametrize(
    "text",
    [
        "up",
        "job:requests:rate5m",
        "up{}",
        'up{job="a",}',
        " up { job = \"a\" , zone !~ 'b|c' } ",
        '{__name__="up"}',
        '{"http.requests", "service.name"="web"}',
        'up{path="/a}b[5m]",q="\\"quoted\\""}',
        "up{re=~`a\\d+`}",
        'up{app="決済"}',
    ],
)
def test_a_selector_is_read(text):
    assert is_selector(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("up[5m]", "selector_has_range"),
        ('up{job="a"}[5m:1m]', "selector_has_range"),
        ("sum(up)", "selector_is_expression"),
        ("rate(up[5m])", "selector_is_expression"),
        ("up offset 5m", "selector_is_expression"),
        ("up @ 1700000000", "selector_is_expression"),
        ("up + up", "selector_is_expression"),
        ('up{job="a"} > 0', "selector_is_expression"),
        ("up{job=a}", "selector_malformed"),
        ('up{job="a"', "selector_malformed"),
        ('up{job="a}', "selector_malformed"),
        ("up{} # comment", "selector_is_expression"),
        ("{}", "selector_malformed"),
        ("  ", "selector_malformed"),
    ],
)
def test_what_is_no_selector_is_refused_with_the_reason(text, reason):
    with pytest.raises(QueryRefused) as refused:
        parts_of(Ratio(total=text, bad="b"), 300, Server(lambda *_: Shape(), source="prod"))
    assert refused.value.facts == {"reason": reason, "query": text}
    assert refused.value.source == "prod"


@pytest.mark.parametrize(
    ("text", "name", "whole", "bucket"),
    [
        ("up", "up", "up", 'up_bucket{le="1"}'),
        ('{"up"}', "up", "up", 'up_bucket{le="1"}'),
        ('{"a.b"}', "a.b", '{__name__="a.b"}', '{__name__="a.b_bucket",le="1"}'),
        ("{ c=~'d' , \"a.b\", }", "a.b", """{__name__="a.b",c=~'d'}""", """{__name__="a.b_bucket",c=~'d',le="1"}"""),
        ('{"注文", "service.name"="a,b"}', "注文", '{__name__="注文","service.name"="a,b"}', None),
        ('{"a\\"b{"}', 'a"b{', '{__name__="a\\"b{"}', None),
        ('{__name__="up",c="d"}', "up", 'up{c="d"}', 'up_bucket{c="d",le="1"}'),
        ('{__name__=~"a.*"}', "", '{__name__=~"a.*"}', None),
    ],
)
def test_a_name_that_needs_quotes_stands_between_the_braces(text: str, name: str, whole: str, bucket: str | None):
    selector = read_selector(text)
    assert (selector.name, str(selector)) == (name, whole)
    assert read_selector(whole) == selector
    assert bucket is None or selector.part("_bucket", 'le="1"') == bucket
    assert [each.name for each in selectors_in(f"sum(rate({text}[5m])) / 2")] == [name][: bool(name)]


def test_labels_with_dots_are_quoted_in_every_question():
    ask = MetricQuestion("a.b", MetricType.COUNTER, Aggregation.RATE, (Matcher("c.d", Operator.EQUAL, "x"),), ("e.f",))
    back = Lookback.of(300, 15)
    assert one_value(ask, back) == 'sum by ("e.f") (rate({__name__="a.b","c.d"="x"}[5m]))'
    assert without(ask, [{"e.f": "1"}], back).count('"e.f"') == 4
    asked = replace(ask, type=MetricType.HISTOGRAM, aggregation=Aggregation.PERCENTILES, matchers=())
    assert 'sum by ("e.f", le) (rate({__name__="a.b_bucket"}[5m]))' in texts_of(asked, back)["p50"]
    assert [in_address(each) for each in ("code", "e.f", "a_b.c")] == ["code", "U__e_2e_f", "U__a__b_2e_c"]
    assert in_address("a.0.b") == "U__a_2e_0_2e_b"


@given(st.text(max_size=60))
def test_no_text_of_a_label_gets_out_of_its_quotes(value):
    quoted = '"' + re.sub(r'(["\\\n])', lambda found: "\\n" if found[1] == "\n" else f"\\{found[1]}", value) + '"'
    selector = read_selector(f"up{{job={quoted}}}")
    assert (str(selector), selector.labels) == (f"up{{job={quoted}}}", frozenset({"job"}))


@given(st.text(alphabet="up{}=\"'`\\,~![]() \n#a", max_size=40))
def test_a_selector_that_is_read_is_balanced(text):
    if is_selector(text):
        outside = re.sub(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)""", "", text)
        assert outside.count("{") == outside.count("}") <= 1
        assert not set("[]()#") & set(outside)


def test_a_ratio_has_either_good_or_bad():
    for query in (Ratio(total="a"), Ratio(total="a", good="b", bad="c")):
        with pytest.raises(QueryRefused) as refused:
            texts(query)
        assert refused.value.facts["reason"] == "good_or_bad"


def test_a_form_of_another_kind_of_source_is_refused():
    with pytest.raises(QueryRefused) as refused:
        texts(Counts(counts="a.csv"))
    assert refused.value.facts == {"reason": "form_not_answered", "form": "Counts"}


def test_a_histogram_is_queried_for_its_count_and_its_edge():
    assert texts(Histogram(histogram='latency_seconds{app="a"}', under=0.3)) == {
        "total": 'sum(increase(latency_seconds_count{app="a"}[5m]))',
        "good": 'sum(increase(latency_seconds_bucket{app="a",le="0.3"}[5m]))',
    }
    assert texts(Histogram(histogram="latency_seconds", under=1))["good"] == (
        'sum(increase(latency_seconds_bucket{le=~"1|1\\\\.0"}[5m]))'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("latency_seconds_bucket", "histogram_name"),
        ("latency_seconds_count{a='b'}", "histogram_name"),
        ('{__name__=~"latency_seconds"}', "histogram_name"),
        ('latency_seconds{le="0.3"}', "histogram_le"),
        ("latency_seconds[5m]", "selector_has_range"),
    ],
)
def test_what_names_no_histogram_is_refused_with_the_reason(text, reason):
    with pytest.raises(QueryRefused) as refused:
        texts(Histogram(histogram=text, under=0.3))
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize(
    ("value", "spellings"),
    [
        (0.3, ("0.3",)),
        (1.0, ("1", "1.0")),
        (300.0, ("300", "300.0")),
        (1e6, ("1000000", "1000000.0", "1e+06")),
        (0.00001, ("0.00001", "1e-05")),
        (float("inf"), ("+Inf",)),
    ],
)
def test_an_edge_is_looked_for_as_client_libraries_write_it(value, spellings):
    assert usual_spellings(value) == spellings
    assert all(same_edge(spelling, value) for spelling in spellings)


def test_edges_are_compared_by_value():
    assert all(same_edge(written, 0.3) for written in ("0.3", "0.30", "3e-1", ".3", "0.300000000000"))
    assert not any(same_edge(written, 0.3) for written in ("0.31", "3", "", "+Inf", "fast"))


def test_several_spellings_are_matched_literally():
    assert le_matcher(["0.3"]) == 'le="0.3"'
    assert le_matcher(["0.3", "0.30", "3e-1"]) == 'le=~"0\\\\.3|0\\\\.30|3e\\\\-1"'
    assert le_matcher(["+Inf"]) == 'le="+Inf"'


def test_a_mean_is_that_of_the_samples_or_of_a_subquery():
    assert mean_text('up{job="web"}', 300) == 'avg_over_time(up{job="web"}[5m])'
    assert mean_text("min(up)", 300) == "avg_over_time((min(up))[5m:30s])"
    assert mean_text("min(up)", 60) == "avg_over_time((min(up))[1m:10s])"
    assert mean_text("min(up)", 3600) == "avg_over_time((min(up))[1h:1m])"
    assert mean_text("rate(a[$window])", 300) == "rate(a[5m])"
    assert texts(Gauge(gauge="min(up)", good_when=">= 1")) == texts(TextSignal(query="min(up)"))


def test_a_comment_does_not_swallow_what_follows():
    assert grouped("up # all of them") == "(\nup # all of them\n)"
    assert grouped("up") == "(up)"
