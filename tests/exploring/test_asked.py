"""What a page asks for to show the metric behind a query, and which metrics of a source an app uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_sources import kinds
from data_sources.cloud_monitoring.exploring.calls import read_written
from data_sources.queries import Counts, Query, TextSignal
from tomoni.catalog.load import load
from tomoni.exploring.asked import asked_of
from tomoni.exploring.used import used_metrics

FILES = kinds.signal_forms()["file"]
FILTER = kinds.signal_forms()["filter"]
APP = """\
app: shop
journeys:
  - id: buy
    slos:
      - {id: it, objective: 99, window: 28d, sli: {source: exports, counts: a.csv, total: calls, bad: errors}}
infra: [{id: cpu, source: exports, query: {file: hosts.csv, value: cpu}}]
"""


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (TextSignal(query="max(up)"), "max(up)"),
        (FILES.model_validate({"file": "hosts.csv", "value": "cpu"}), "hosts.csv:cpu"),
        (Counts(counts="orders.csv"), "orders.csv"),
        (Counts(counts="orders.csv", total="calls", bad="errors"), "orders.csv:calls"),
        (kinds.sli_forms()["slo"].model_construct(slo="projects/p/services/s/serviceLevelObjectives/o"), None),
    ],
)
def test_the_metric_behind_a_query_is_asked_for(query: Query, asked: str | None) -> None:
    assert asked_of(query) == asked


@pytest.mark.parametrize("groups", [[], ["resource.labels.zone", "metric.labels.code"]])
def test_a_signal_of_cloud_monitoring_is_asked_for_as_it_is_aligned_and_reduced(groups: list[str]) -> None:
    keys = {"filter": 'metric.type="a/b"', "aligner": "ALIGN_RATE", "reducer": "REDUCE_SUM", "group_by": groups}
    asked = asked_of(FILTER.model_validate(keys))
    assert asked is not None
    read = read_written(asked)
    assert (read.filter, read.aligner, read.reducer, list(read.group_by)) == (*list(keys.values())[:3], groups)


def test_the_columns_that_an_app_reads_are_its_metrics(tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: {exports: {kind: files, path: .}}\n")
    (tmp_path / "apps" / "shop.yaml").write_text(APP)
    (app,) = load(tmp_path, {}).apps
    known = {"a.csv:calls", "hosts.csv:cpu", "hosts.csv:memory", "a.csv"}
    assert used_metrics(app, "exports", known) == {"a.csv", "a.csv:calls", "hosts.csv:cpu"}
