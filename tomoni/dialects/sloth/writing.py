"""Writing Sloth's specs (`prometheus/v1`): a file for each app and window, as the window is an option of Sloth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tomoni.catalog.kept import Marks
from tomoni.catalog.schema import App
from tomoni.dialects.asked import Asked, asked_of, refused, told_of_sli
from tomoni.dialects.carried import OF_ALERTS, Noting
from tomoni.dialects.common import USUAL_BUCKET
from tomoni.dialects.losses import Placed, placed_in
from tomoni.dialects.report import Line
from tomoni.dialects.rest import told_of_app, told_of_keys
from tomoni.dialects.rules.lengths import short_length
from tomoni.dialects.sloth.reading import DEFAULT_NAME, TITLE
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_files import with_remarks, without_empty, yaml_text
from tomoni.slo.model import WORKBOOK_RULES, Severity
from tomoni.slo.periods import longest_seconds

_WINDOW = "{{.window}}"
_HELD = ("description",)
_KEYS = frozenset(
    {
        "labels",
        "alerting.name",
        *(f"alerting.{of}{key}" for of in ("", "page.", "ticket.") for key in ("labels", "annotations")),
    }
)


def write(apps: Sequence[App], target: Target) -> Exported:
    """The specs of all SLOs that Sloth can hold."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        found: dict[int, list[dict[str, object]]] = defaultdict(list)
        told: dict[int, list[Line]] = defaultdict(list)
        noting, written = Noting(OF_ALERTS, _HELD), list[Placed]()
        for placed in placed_in(app):
            spec, about = _slo(placed, target, noting)
            lines += about or [placed.exact()]
            written += [placed] if spec else []
            window = longest_seconds(placed.slo.definition.window)
            told[window if spec else 0] += about
            if spec:
                found[window].append(spec)
        told[0] += (of_app := list(told_of_app(written, target, TITLE, held={"labels"})))
        lines += of_app
        for seconds, slos in found.items():
            name = f"{app.id}.{short_length(seconds)}.sloth.yaml"
            spec = without_empty({"version": "prometheus/v1", "service": app.id, "labels": app.kept.marks.labels})
            head = target.say("sloth_head", {"length": short_length(seconds)})
            body = yaml_text({**spec, "slos": slos})
            files[name] = with_remarks(head, [*told[0], *told[seconds]], target, body)
    return Exported(files, tuple(lines))


def _slo(placed: Placed, target: Target, noting: Noting) -> tuple[dict[str, object] | None, list[Line]]:
    why = refused(placed, target, TITLE)
    if why is not None:
        return None, [why]
    asked = asked_of(placed.slo, _WINDOW)
    if asked is None:
        return None, [placed.left_out("rules_query")]
    slo = placed.slo
    spec = {
        "name": name_in_app(placed),
        "objective": slo.definition.objective.percent,
        "description": slo.description(target.language) if slo.description else None,
        "labels": dict(slo.kept.marks.labels),
        "sli": _sli(asked),
        "alerting": _alerting(placed, noting),
    }
    return without_empty(spec), [
        *told_of_sli(placed, asked, TITLE),
        *placed.told_of_split(TITLE),
        *told_of_keys(placed, target, TITLE, held=_held_by(placed), bucket=USUAL_BUCKET),
        *_told_of_alerts(placed),
    ]


def _held_by(placed: Placed) -> frozenset[str]:
    """The keys that come back; a name of alerts that is the one of an SLO without any is taken for none."""
    return _KEYS - ({"alerting.name"} if placed.slo.kept.alerting.name == DEFAULT_NAME else set())


def name_in_app(placed: Placed) -> str:
    """The name of an SLO where journeys are unknown: its own where the app has but one."""
    return placed.slo.id if len(placed.app.journeys) == 1 else f"{placed.journey.id}-{placed.slo.id}"


def _sli(asked: Asked) -> dict[str, object]:
    if asked.share:
        return {"raw": {"error_ratio_query": asked.share}}
    return {"events": {"error_query": asked.bad, "total_query": asked.total}}


def _alerting(placed: Placed, noting: Noting) -> dict[str, object]:
    kept, asked_for = placed.slo.kept.alerting, {rule.severity for rule in placed.slo.definition.rules}
    severities: dict[str, object] = {}
    for severity, key, marks in (
        (Severity.PAGE, "page_alert", kept.page),
        (Severity.TICKET, "ticket_alert", kept.ticket),
    ):
        severities[key] = {**({} if severity in asked_for else {"disable": True}), **_marks(marks)}
    window = {OF_ALERTS.window: short_length(longest_seconds(placed.slo.definition.window))}
    every = _marks(Marks(kept.every.labels, {**kept.every.annotations, **noting.of(placed), **window}))
    return {"name": kept.name or DEFAULT_NAME, **every, **without_empty(severities)}


def _marks(marks: Marks) -> dict[str, object]:
    return without_empty({"labels": dict(marks.labels), "annotations": dict(marks.annotations)})


def _told_of_alerts(placed: Placed) -> Iterator[Line]:
    """Sloth has its own windows and shares; only whole severities can be switched off."""
    rules = placed.slo.definition.rules
    severities = {rule.severity for rule in rules}
    if [(*_key(rule),) for rule in rules] != [_key(rule) for rule in WORKBOOK_RULES if rule.severity in severities]:
        yield placed.approximated("writes_alerts", tool=TITLE)


def _key(rule: object) -> tuple[object, ...]:
    return tuple(getattr(rule, name) for name in ("severity", "long_seconds", "short_seconds", "share"))
