"""What the documentation of the Cloud Monitoring source tells to write can be written."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from data_sources.base import Interval
from data_sources.cloud_monitoring.config import CloudMonitoringConfig, CloudSignal
from data_sources.cloud_monitoring.query import Metric, QueryInputs, assumed, plan
from data_sources.kinds import sli_forms
from data_sources.queries import Query, Ratio
from tests.tables import table

PAGE = (Path(__file__).parents[3] / "docs/sources/cloud-monitoring.md").read_text(encoding="utf-8")
HOUR = Interval(0, 3600, 300)


def written() -> list[Any]:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    pieces = [piece for block in blocks for piece in re.split(r"(?m)^(?=sli:|auth:|query:)|^# infra\n", block)]
    found: list[Any] = []
    for piece in pieces:
        value = yaml.safe_load(piece)
        found += value if isinstance(value, list) else [value] if value else []
    return found


def queries() -> list[Query]:
    made: list[Query] = []
    for entry in written():
        if "sli" in entry:
            sli = {key: value for key, value in entry["sli"].items() if key != "source"}
            form = next(form for key, form in sli_forms().items() if key in sli)
            made.append(form.model_validate(sli))
        elif "query" in entry:
            made.append(CloudSignal.model_validate(entry["query"]))
    return [query for query in made if "…" not in repr(query)]


def known(metric: str, query: Query) -> Metric:
    """As its documentation describes it, where that is not the usual."""
    if metric.endswith("check_passed"):
        return Metric(metric, "GAUGE", "BOOL")
    usual = assumed(metric, query)
    return Metric(metric, usual.kind, usual.value_type, unit="ms") if usual.value_type == "DISTRIBUTION" else usual


@table("query", queries())
def test_a_recipe_can_be_sent_in_one_call(query: Query) -> None:
    planned = plan(QueryInputs(query, HOUR, partial(known, query=query)))
    assert len(planned.calls) == 1


def test_the_page_has_recipes_of_every_form() -> None:
    forms = {type(query).__name__ for query in queries()}
    assert forms == {"Ratio", "Distribution", "Gauge", "NativeSlo", "CloudSignal"}
    assert sum(isinstance(query, Ratio) for query in queries()) >= 5


def test_every_setting_is_told() -> None:
    for name in CloudMonitoringConfig.model_fields:
        assert name == "kind" or f"| `{name}` |" in PAGE


def test_every_way_to_sign_in_is_accepted() -> None:
    for entry in written():
        if "auth" in entry:
            CloudMonitoringConfig(kind="cloud_monitoring", project="p", auth=entry["auth"])
