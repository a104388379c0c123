"""`grafana_slo`: a ratio of counters, or a query of your own; alerts at Grafana's fixed burn rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tomoni.dialects.asked import Asked, asked_of, refused, told_of_sli
from tomoni.dialects.hcl import block, name_of, quoted_hcl
from tomoni.dialects.losses import Placed
from tomoni.dialects.report import Line
from tomoni.dialects.rules.lengths import short_length
from tomoni.dialects.rules.records import window_seconds
from tomoni.dialects.written import Target
from tomoni.slo.model import Severity

TITLE = "Grafana"
_WINDOW = "$__rate_interval"


def grafana_slo(placed: Placed, target: Target) -> tuple[list[str] | None, list[Line]]:
    """The resource of an SLO, None where Grafana cannot hold it, and what is to be said about it."""
    why = refused(placed, target, TITLE)
    asked = asked_of(placed.slo, _WINDOW)
    if why is not None or asked is None:
        return None, [why or placed.left_out("rules_query")]
    slo, language = placed.slo, target.language
    description = slo.description(language) if slo.description else slo.title(language)
    ratio = (slo.definition.objective.percent / 100).normalize()
    window = short_length(window_seconds(slo.definition.window))
    body = [
        f"name        = {quoted_hcl(placed.name)}",
        f"description = {quoted_hcl(description)}",
        "",
        *block("query", _query(asked)),
        *block("objectives", [f"value  = {ratio:f}", f'window = "{window}"']),
        *block("destination_datasource", ["uid = var.tomoni_prometheus_uid"]),
        *_labels({**placed.labels, **slo.kept.marks.labels}),
        *_alerting(placed),
    ]
    return block(f'resource "grafana_slo" "{name_of(placed.name)}"', body), [
        *told_of_sli(placed, asked, TITLE),
        *placed.told_of_split(TITLE),
        *_told(placed),
    ]


def _query(asked: Asked) -> list[str]:
    if "good" in asked.selectors and "total" in asked.selectors:
        metrics = {"success_metric": asked.selectors["good"], "total_metric": asked.selectors["total"]}
        return ['type = "ratio"', *block("ratio", [f"{key} = {quoted_hcl(text)}" for key, text in metrics.items()])]
    share = f"1 - ({asked.share})" if asked.share else f"1 - (({asked.bad}) / ({asked.total}))"
    return ['type = "freeform"', *block("freeform", [f"query = {quoted_hcl(share)}"])]


def _labels(labels: Mapping[str, str]) -> list[str]:
    return [
        line
        for name, value in labels.items()
        for line in block("label", [f"key   = {quoted_hcl(name)}", f"value = {quoted_hcl(value)}"])
    ]


def _alerting(placed: Placed) -> list[str]:
    asked_for = {rule.severity for rule in placed.slo.definition.rules}
    speeds = {Severity.PAGE: "fastburn", Severity.TICKET: "slowburn"}
    body = [line for severity, name in speeds.items() if severity in asked_for for line in block(name, [])]
    return block("alerting", body) if body else []


def _told(placed: Placed) -> Iterator[Line]:
    """Grafana's burn rates are those of 30 days, whatever the window is."""
    if placed.slo.definition.rules:
        yield placed.approximated("grafana_alerts")
