"""Writing Pyrra's objectives: a file for each app, an object for each SLO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from data_sources.queries import Ratio
from tomoni.catalog.schema import App
from tomoni.catalog.split_by import USUAL_PARTS
from tomoni.dialects.asked import asked_of, refused, told_of_sli
from tomoni.dialects.carried import OF_OBJECTS, Noting
from tomoni.dialects.losses import Placed, placed_in
from tomoni.dialects.pyrra.reading import SERVICE, TITLE, bucket_of, usual_alerts
from tomoni.dialects.report import Line
from tomoni.dialects.rest import told_of_app, told_of_keys
from tomoni.dialects.rules.lengths import promql_length
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_files import with_remarks, without_empty, yaml_text
from tomoni.slo.periods import longest_seconds

_API = {"apiVersion": "pyrra.dev/v1alpha1", "kind": "ServiceLevelObjective"}
_HELD = ("description",)


def write(apps: Sequence[App], target: Target) -> Exported:
    """The objectives of all SLOs that Pyrra can hold."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        documents, told = [], list[Line]()
        noting, written = Noting(OF_OBJECTS, _HELD), list[Placed]()
        for placed in placed_in(app):
            document, about = _objective(placed, target, noting)
            lines += about or [placed.exact()]
            told += about
            if document:
                documents.append(document)
                written.append(placed)
        of_app = list(told_of_app(written, target, TITLE, held=()))
        lines, told = lines + of_app, told + of_app
        if documents:
            body = "---\n".join(yaml_text(document) for document in documents)
            files[f"{app.id}.pyrra.yaml"] = with_remarks(target.say("pyrra_head", {}), told, target, body)
    return Exported(files, tuple(lines))


def _objective(placed: Placed, target: Target, noting: Noting) -> tuple[dict[str, object] | None, list[Line]]:
    slo = placed.slo
    asked = asked_of(slo, "5m")
    why = refused(placed, target, TITLE)
    if why is None and (asked is None or not asked.selectors or not _has_indicator(asked.selectors)):
        why = placed.left_out("writes_form", tool=TITLE)
    if why is None and slo.definition.objective.allowance == 0:
        why = placed.left_out("writes_goal", tool=TITLE, highest="99.9999…")
    if why is not None or asked is None:
        return None, [why or placed.left_out("rules_query")]
    labels = {**slo.kept.marks.labels, SERVICE: placed.app.id}
    annotations = {**slo.kept.marks.annotations, **noting.of(placed)}
    metadata: dict[str, object] = {"name": placed.name, "labels": labels, "annotations": annotations}
    spec: dict[str, object] = {
        "target": f"{slo.definition.objective.percent:f}",
        "window": promql_length(longest_seconds(slo.definition.window)),
        "description": slo.description(target.language) if slo.description else None,
        "indicator": _indicator(asked.selectors, slo.split.labels),
        "alerting": _alerting(placed),
    }
    document: dict[str, object] = {**_API, "metadata": without_empty(metadata), "spec": without_empty(spec)}
    return document, [
        *told_of_sli(placed, asked, TITLE),
        *told_of_keys(
            placed, target, TITLE, held=_keys_held(placed), bucket=bucket_of(longest_seconds(slo.definition.window))
        ),
        *_told(placed),
    ]


def _has_indicator(selectors: Mapping[str, str]) -> bool:
    return "total" in selectors


def _indicator(selectors: Mapping[str, str], split_by: Sequence[str]) -> dict[str, object]:
    """``latency`` is Pyrra's form for good events of a total; ``ratio`` for bad ones."""
    total = {"metric": selectors["total"]}
    grouping = {"grouping": list(split_by)} if split_by else {}
    if "bad" in selectors:
        return {"ratio": {"errors": {"metric": selectors["bad"]}, "total": total, **grouping}}
    return {"latency": {"success": {"metric": selectors["good"]}, "total": total, **grouping}}


def _alerting(placed: Placed) -> dict[str, object]:
    off = not placed.slo.definition.rules
    kept = placed.slo.kept.alerting
    severities: dict[str, object] = {}
    for marks, fast, slow in ((kept.page, "fastBurn", "mediumBurn"), (kept.ticket, "slowBurn", "longTermBurn")):
        if (severity := marks.labels.get("severity")) is not None:
            severities |= {fast: severity, slow: severity}
    return without_empty({"name": kept.name, "severities": severities, **({"burnrates": False} if off else {})})


def _keys_held(placed: Placed) -> set[str]:
    """What Pyrra has keys for. Of the labels of alerts that is the severity alone, and one label is the app's name."""
    kept = placed.slo.kept
    of = {"page": kept.alerting.page, "ticket": kept.alerting.ticket}
    severities = {f"alerting.{name}.labels" for name, marks in of.items() if set(marks.labels) <= {"severity"}}
    return {"annotations", "alerting.name", *severities, *(("labels",) if SERVICE not in kept.marks.labels else ())}


def _told(placed: Placed) -> Iterator[Line]:
    slo = placed.slo
    seconds = longest_seconds(slo.definition.window)
    if slo.split.labels:
        yield placed.approximated("writes_parts", tool=TITLE, labels=", ".join(slo.split.labels))
        if slo.split.at_most != USUAL_PARTS:
            yield placed.lost("writes_at_most", tool=TITLE)
    if isinstance(slo.sli, Ratio) and "good" in slo.sli.parts:
        yield placed.approximated("pyrra_good")
    if slo.definition.rules and list(slo.definition.rules) != usual_alerts(seconds):
        yield placed.approximated("writes_alerts", tool=TITLE)
