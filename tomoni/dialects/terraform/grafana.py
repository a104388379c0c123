"""`grafana_slo`: a ratio of counters, or a query of your own; alerts at Grafana's fixed burn rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tomoni.catalog.kept import Marks
from tomoni.catalog.split_by import USUAL_PARTS
from tomoni.dialects.asked import Asked, asked_of, refused, told_of_sli
from tomoni.dialects.hcl import block, name_of, quoted_hcl
from tomoni.dialects.labels import label_names
from tomoni.dialects.losses import Placed
from tomoni.dialects.report import Line
from tomoni.dialects.rest import told_of_keys
from tomoni.dialects.rules.lengths import short_length
from tomoni.dialects.rules.templates import kept_template
from tomoni.dialects.written import Target
from tomoni.slo.model import Severity
from tomoni.slo.periods import longest_seconds

TITLE = "Grafana"
_WINDOW = "$__rate_interval"
# No more than Grafana has names for; that of alerts is not among them, and an SLO has no annotations.
_KEYS = frozenset(
    {"labels", *(f"alerting.{of}{key}" for of in ("", "page.", "ticket.") for key in ("labels", "annotations"))}
)


def grafana_slo(placed: Placed, target: Target) -> tuple[list[str] | None, list[Line]]:
    """The resource of an SLO, None where Grafana cannot hold it, and what is to be said about it."""
    why = refused(placed, target, TITLE)
    asked = asked_of(placed.slo, _WINDOW)
    if why is not None or asked is None:
        return None, [why or placed.left_out("rules_query")]
    slo, language = placed.slo, target.language
    description = slo.description(language) if slo.description else slo.title(language)
    ratio = (slo.definition.objective.percent / 100).normalize()
    window = short_length(longest_seconds(slo.definition.window))
    body = [
        f"name        = {quoted_hcl(placed.name)}",
        f"description = {quoted_hcl(description)}",
        "",
        *block("query", _query(asked, slo.split.labels)),
        *block("objectives", [f"value  = {ratio:f}", f'window = "{window}"']),
        *block("destination_datasource", ["uid = var.tomoni_prometheus_uid"]),
        *_pairs("label", label_names({**placed.labels, **slo.kept.marks.labels})),
        *_alerting(placed),
    ]
    return block(f'resource "grafana_slo" "{name_of(placed.name)}"', body), [
        *told_of_sli(placed, asked, TITLE),
        *_told_of_split(placed, asked),
        *told_of_keys(placed, target, TITLE, held=_KEYS, bucket=slo.bucket_seconds),
        *_told(placed),
    ]


def _is_ratio(asked: Asked) -> bool:
    """Whether it is Grafana's ratio of counters, the only form with groups."""
    return "good" in asked.selectors and "total" in asked.selectors


def _query(asked: Asked, split_by: Sequence[str]) -> list[str]:
    if _is_ratio(asked):
        metrics = {"success_metric": asked.selectors["good"], "total_metric": asked.selectors["total"]}
        groups = [f"group_by_labels = [{', '.join(map(quoted_hcl, split_by))}]"] if split_by else []
        body = [*(f"{key} = {quoted_hcl(text)}" for key, text in metrics.items()), *groups]
        return ['type = "ratio"', *block("ratio", body)]
    share = f"1 - ({asked.share})" if asked.share else f"1 - (({asked.bad}) / ({asked.total}))"
    return ['type = "freeform"', *block("freeform", [f"query = {quoted_hcl(share)}"])]


def _pairs(name: str, pairs: Mapping[str, str]) -> list[str]:
    """A block for each label or annotation."""
    return [
        line
        for key, value in pairs.items()
        for line in block(name, [f"key   = {quoted_hcl(key)}", f"value = {quoted_hcl(value)}"])
    ]


def _marks(marks: Marks) -> list[str]:
    """Labels and annotations of alerts, in which templates are expanded."""
    expanded = {name: kept_template(value) for name, value in marks.annotations.items()}
    labels = {name: kept_template(value) for name, value in label_names(marks.labels).items()}
    return [*_pairs("annotation", expanded), *_pairs("label", labels)]


def _alerting(placed: Placed) -> list[str]:
    kept = placed.slo.kept.alerting
    asked_for = {rule.severity for rule in placed.slo.definition.rules}
    speeds = ((Severity.PAGE, "fastburn", kept.page), (Severity.TICKET, "slowburn", kept.ticket))
    body = [line for severity, name, own in speeds if severity in asked_for for line in block(name, _marks(own))]
    return block("alerting", [*_marks(kept.every), *body]) if body else []


def _told_of_split(placed: Placed, asked: Asked) -> Iterator[Line]:
    if _is_ratio(asked) and placed.slo.split.labels:
        yield placed.approximated("writes_parts", tool=TITLE, labels=", ".join(placed.slo.split.labels))
        if placed.slo.split.at_most != USUAL_PARTS:
            yield placed.lost("writes_at_most", tool=TITLE)
    else:
        yield from placed.told_of_split(TITLE)


def _told(placed: Placed) -> Iterator[Line]:
    """Grafana's burn rates are those of 30 days, whatever the window is."""
    if placed.slo.definition.rules:
        yield placed.approximated("grafana_alerts")
