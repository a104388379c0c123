"""The YAML that `/explore` offers passes our own check, whatever was asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml as reader

from data_sources.base import QueryText
from data_sources.exploring import Aggregation, Ask, Matcher, MetricQuestion, MetricType, Operator, WrittenQuestion
from data_sources.kinds import KINDS
from tomoni.catalog.load import load
from tomoni.exploring.drafted import read_sli
from tomoni.exploring.sli_drafts import Known, drafted_sli, sli_yaml
from tomoni.exploring.written import Comments, signal_yaml

COMMENTS = Comments("For config/apps/shop.yaml.", "Agree on\nwhat is bad.", "A signal is one series.")
SOURCES = """sources:
  prom: {kind: prometheus, url: "http://127.0.0.1:9"}
  exports: {kind: files, path: .}
  gcp: {kind: cloud_monitoring, project: p}
  demo: {kind: demo}
"""
HEAD = "app: shop\ntitle: Shop\nteams: {app: a, infra: b}\ntimezone: UTC\n"
COUNTER = MetricQuestion("http_requests_total", MetricType.COUNTER, Aggregation.RATE)
BAD = MetricQuestion(
    "http_requests_total", MetricType.COUNTER, Aggregation.RATE, (Matcher("code", Operator.MATCHES, '5..|"x\\y'),)
)


def draft_of(kind: str, source: str, ask: Ask) -> str:
    """The lines that are offered for an SLI."""
    draft = drafted_sli(KINDS[kind], source, ask)
    assert draft is not None
    assert isinstance(ask, MetricQuestion)
    return sli_yaml(ask.metric, draft, f"{ask.metric}: {draft.quality}", COMMENTS)


def problems(folder: Path, yaml: str) -> list[str]:
    (folder / "apps").mkdir()
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "apps" / "shop.yaml").write_text(HEAD + yaml)
    return [f"{each.code}: {each.facts}" for each in load(folder, {}).errors]


DOTTED = MetricQuestion(
    "http.requests", MetricType.COUNTER, Aggregation.RATE, (Matcher("http.code", Operator.MATCHES, "5.."),)
)


@pytest.mark.parametrize("ask", [COUNTER, BAD, DOTTED])
def test_the_draft_of_an_sli_is_valid(tmp_path: Path, ask: Ask):
    yaml = draft_of("prometheus", "prom", ask)
    assert yaml.startswith("# Agree on\n# what is bad.\n")
    assert problems(tmp_path, yaml) == []


@pytest.mark.parametrize(
    ("ask", "texts"),
    [
        (COUNTER, ["sum(rate(http_requests_total[5m]))"]),
        (BAD, ['sum by (pod) (rate(http_requests_total{code=~"5..|\\"x"}[5m]))', "up"]),
        (WrittenQuestion("1 + 1 # what: ever"), ["1 + 1 # what: ever"]),
        (WrittenQuestion("up:\n  - {"), ["up:\n  - {"]),
    ],
)
def test_a_signal_is_valid_and_has_the_query_as_it_was_sent(tmp_path: Path, ask: Ask, texts: list[str]):
    sent = [QueryText(f"p{place}", text) for place, text in enumerate(texts)]
    yaml = signal_yaml(KINDS["prometheus"], "prom", ask, sent, COMMENTS, "seconds")
    assert problems(tmp_path, yaml) == []
    assert len({each["title"] for each in reader.safe_load(yaml)["infra"]}) == len(texts), "readers tell them apart"
    assert [each["query"] for each in reader.safe_load(yaml)["infra"]] == texts


@pytest.mark.parametrize(
    ("labels", "bad"),
    [
        (["http.response.status_code", "result"], '{__name__="mail.tasks","http.response.status_code"=~"5.."}'),
        (["job", "result"], '{__name__="mail.tasks",result=~"failure|failed|error"}'),
        ([], '{__name__="mail.tasks",code=~"5.."}'),
    ],
)
def test_what_is_bad_is_drafted_by_the_labels_that_a_counter_has(labels: list[str], bad: str):
    asked = MetricQuestion("mail.tasks", COUNTER.type, COUNTER.aggregation)
    drafted = drafted_sli(KINDS["prometheus"], "prom", asked, Known(labels))
    assert drafted is not None
    assert reader.safe_load(drafted.written)["bad"] == bad


def test_what_is_no_counter_is_no_sli():
    gauge = MetricQuestion("up", MetricType.GAUGE, Aggregation.MEAN)
    assert drafted_sli(KINDS["prometheus"], "prom", gauge) is None
    assert drafted_sli(KINDS["prometheus"], "prom", WrittenQuestion("up")) is None


LATENCY = MetricQuestion("latency_seconds", MetricType.HISTOGRAM, Aggregation.PERCENTILES, BAD.matchers)
SUMMED = MetricQuestion("run.googleapis.com/requests", MetricType.COUNTER, Aggregation.RATE, BAD.matchers)
OF_CLOUD = MetricQuestion("run.googleapis.com/latencies", MetricType.HISTOGRAM, Aggregation.PERCENTILES, BAD.matchers)


@pytest.mark.parametrize(
    ("kind", "source", "ask", "keys"),
    [
        ("prometheus", "prom", BAD, {"source", "bad", "total"}),
        ("prometheus", "prom", LATENCY, {"source", "histogram", "under"}),
        ("cloud_monitoring", "gcp", SUMMED, {"source", "bad", "total"}),
        ("cloud_monitoring", "gcp", OF_CLOUD, {"source", "distribution", "under"}),
        ("files", "exports", MetricQuestion("orders.csv", MetricType.COUNTER, Aggregation.RATE), {"source", "counts"}),
        ("demo", "demo", MetricQuestion("cart", MetricType.COUNTER, Aggregation.RATE), {"source", "counts"}),
    ],
)
def test_each_kind_of_source_has_its_own_form_of_an_sli(
    tmp_path: Path, kind: str, source: str, ask: Ask, keys: set[str]
):
    drafted = drafted_sli(KINDS[kind], source, ask)
    assert drafted is not None
    assert set(reader.safe_load(drafted.written)) == keys
    assert read_sli(drafted.written)[0] == source
    assert problems(tmp_path, draft_of(kind, source, ask)) == []


@pytest.mark.parametrize(
    ("kind", "source", "ask", "query"),
    [
        (
            "files",
            "exports",
            MetricQuestion("infra.csv:cpu", MetricType.GAUGE, Aggregation.MEAN),
            {"file": "infra.csv", "value": "cpu"},
        ),
        (
            "cloud_monitoring",
            "gcp",
            MetricQuestion(
                "a/b",
                MetricType.GAUGE,
                Aggregation.MEAN,
                (Matcher("resource.labels.zone", Operator.NOT_MATCHES, "a.*"),),
            ),
            {"filter": 'metric.type = "a/b" AND resource.labels.zone != monitoring.regex.full_match("a.*")'},
        ),
        ("cloud_monitoring", "gcp", WrittenQuestion('metric.type = "x"'), {"filter": 'metric.type = "x"'}),
    ],
)
def test_each_kind_of_source_has_its_own_form_of_a_signal(
    tmp_path: Path, kind: str, source: str, ask: Ask, query: object
):
    yaml = signal_yaml(KINDS[kind], source, ask, [QueryText("value", "unused")], COMMENTS)
    assert problems(tmp_path, yaml) == []
    assert [each["query"] for each in reader.safe_load(yaml)["infra"]] == [query]
