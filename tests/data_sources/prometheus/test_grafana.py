"""The way into Grafana's Explore: the same query over the same interval."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from data_sources.base import Interval
from data_sources.exploring import AGGREGATIONS, Aggregation, Ask, Matcher, MetricQuestion, Operator, WrittenQuestion
from data_sources.prometheus.config import Grafana, PrometheusConfig
from data_sources.prometheus.grafana import grafana_url
from data_sources.prometheus.source import PrometheusSource
from tests.tables import table
from tomoni.ui.explore.examples import trace_link


@pytest.mark.parametrize("text", ["up", 'sum(rate(a{b="c&d",e=~"f#g"}[5m])) > 0.5', "日本語 + %20"])
def test_the_query_and_the_absolute_interval_arrive_as_they_are(text: str) -> None:
    grafana = Grafana.model_validate({"url": "https://g.example.com/sub/", "datasource": "prom", "organization": 3})
    address = urlsplit(grafana_url(grafana, text, Interval(1_790_000_100, 1_790_003_700, 60)))
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://g.example.com/sub/explore"
    asked = parse_qs(address.query)
    (pane,) = json.loads(asked["panes"][0]).values()
    assert asked["orgId"] == ["3"]
    assert pane["queries"][0]["expr"] == text
    assert pane["datasource"] == pane["queries"][0]["datasource"]["uid"] == "prom"
    assert pane["range"] == {"from": "1790000100000", "to": "1790003700000"}


NARROWED = (Matcher("code", Operator.MATCHES, '5..|"'), Matcher("app", Operator.NOT_EQUAL, "a&b #1"))
QUESTIONS = [
    MetricQuestion("a_b:c", kind, how, matchers, by)
    for kind, offered in AGGREGATIONS.items()
    for how in offered
    for matchers in ((), NARROWED)
    for by in ((), ("route", "pod"))
]
WRITTEN = [WrittenQuestion(text) for text in ("up", 'sum by (a) (rate(b{c="d+e&f"}[$window]))', "日本語 % 2 # x")]


@table("ask", [*QUESTIONS, *WRITTEN])
def test_every_kind_of_question_leads_to_prometheus_and_grafana_with_its_query_and_interval(ask: Ask) -> None:
    interval = Interval(1_790_000_100, 1_790_003_700, 60)
    keys = {"url": "https://g.example.com", "datasource": "prom"}
    config = PrometheusConfig.model_validate({"kind": "prometheus", "url": "http://p/x", "grafana": keys})
    assert config.grafana is not None
    texts = PrometheusSource("p", config).texts(ask, interval)
    assert texts
    for each in texts:
        graph = urlsplit(each.url)
        asked = {key: values[0] for key, values in parse_qs(graph.query).items()}
        assert (graph.netloc, graph.path, asked["g0.expr"]) == ("p", "/x/graph", each.text)
        assert (asked["g0.range_input"], asked["g0.step_input"]) == ("1h", "60")
        assert asked["g0.end_input"] == "2026-09-21 15:15:00"
        panes = parse_qs(urlsplit(grafana_url(config.grafana, each.text, interval)).query)["panes"][0]
        (pane,) = json.loads(panes).values()
        assert (pane["queries"][0]["expr"], pane["queries"][0]["interval"]) == (each.text, "60s")
        assert "$window" not in each.text
    said = " ".join(each.text for each in texts)
    if isinstance(ask, MetricQuestion):
        assert all(each.label in said for each in ask.matchers)
        assert all(label in said for label in ask.by) or ask.aggregation is Aggregation.HEAT


def test_a_password_in_its_address_is_a_fault_and_none_is_in_a_link() -> None:
    keys = {"url": "https://a:b@g.example.com", "datasource": "prom"}
    config = PrometheusConfig.model_validate({"kind": "prometheus", "url": "http://p", "grafana": keys})
    assert [(fault.path, fault.code) for fault in config.faults()] == [(("grafana", "url"), "secret_in_url")]
    assert config.grafana is not None
    assert "a:b" not in grafana_url(config.grafana, "up", Interval(0, 60, 60))


@pytest.mark.parametrize(
    ("address", "trace", "there"),
    [
        ("https://t.example.com/trace/{trace_id}?a=b", "ab12", "https://t.example.com/trace/ab12?a=b"),
        ("https://t.example.com/trace/", "a/b<c>", "https://t.example.com/trace/a%2Fb%3Cc%3E"),
        ("javascript:alert('{trace_id}')", "ab12", ""),
        ("", "ab12", ""),
    ],
)
def test_a_trace_is_a_link_where_the_source_says_where_traces_are(address: str, trace: str, there: str) -> None:
    shown = trace_link(trace, address)
    assert (f"href='{there}'" in shown) if there else ("href" not in shown)
    assert "<c>" not in shown
