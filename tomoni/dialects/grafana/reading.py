"""Reading Grafana SLOs as the API returns them: ratio, freeform, thresholds and histograms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from data_sources.durations import format_duration
from data_sources.prometheus.division import on_one_line
from data_sources.prometheus.selectors import is_selector
from tomoni.catalog.document import Document
from tomoni.dialects.alerting import Alert, by_factor
from tomoni.dialects.common import duration_of, items_of, objective_of, say_other, split_of, without_empty
from tomoni.dialects.found import DAY, FoundSlo, Imported, Wanted
from tomoni.dialects.histograms import histogram_of
from tomoni.dialects.promql_split import counts_of_share
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate

TITLE = "Grafana"
# Fixed burn rates and windows, whatever the window of the SLO.
_FAST = (by_factor("page", 3600, 300, Decimal("14.4")), by_factor("page", 6 * 3600, 1800, Decimal(6)))
_SLOW = (by_factor("ticket", DAY, 2 * 3600, Decimal(3)), by_factor("ticket", 3 * DAY, 6 * 3600, Decimal(1)))
_SPEEDS = (("fastBurn", "page", _FAST), ("slowBurn", "ticket", _SLOW))
_WINDOW = re.compile(r"\[\s*(?:\$__(?:rate_)?interval|\$__range|\$\{__(?:rate_)?interval\})\s*\]")
_OPERATORS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SERVICE_LABELS = ("service_name", "service", "app")
Sli = dict[str, object]


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of Grafana's answers, one for each objective."""
    readings = [Reading(document) for document in documents]
    items = [slo for reading in readings for item in items_of(reading.root) for slo in _slos_of(item)]
    return Imported(tuple(found for item in items for found in _objectives(item, wanted)), tuple(readings))


def _slos_of(item: Given) -> list[Given]:
    if isinstance(item.data.get("slos"), list) and not item.has("version"):
        return item.each("slos")
    spec = item.data.get("spec")
    if isinstance(spec, dict) and isinstance(spec.get("query"), dict):
        item.ignore("bookkeeping", "apiVersion", "kind", "metadata", "status")
        inner = item.inside("spec")
        return [inner] if inner else []
    if not item.has("query") or not item.has("objectives"):
        say_other(item, TITLE)
        return []
    return [item]


def _objectives(item: Given, wanted: Wanted) -> list[FoundSlo]:
    try:
        name, keys = item.needed("name"), _shared(item, wanted)
        objectives = item.each("objectives")
        if not objectives:
            raise item.cannot("objectives", "missing_key", key="objectives")
        found = [_objective(each, name if n == 1 else f"{name}-{n}", keys) for n, each in enumerate(objectives, 1)]
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return []
    labels = keys.get("labels")
    known = labels if isinstance(labels, dict) else {}
    service = next((known[label] for label in _SERVICE_LABELS if label in known), "grafana")
    app = wanted.app or service
    return [FoundSlo(app, service, id_, without_empty(each), item.reading, item.place) for id_, each in found]


def _shared(item: Given, wanted: Wanted) -> dict[str, object]:
    item.ignore("bookkeeping", "uuid", "readOnly", "folder", "searchExpression", "slo_plugins")
    name = ""
    if source := item.inside("destinationDatasource"):
        name = source.text("uid") or ""
        source.text("type")
    sli, split = _sli(item.needed_inside("query"))
    return {
        "title": item.text("title"),
        "description": item.text("description"),
        "objective": None,
        "window": None,
        **_alerting(item),
        "labels": _pairs(item, "labels"),
        "annotations": _pairs(item, "annotations"),
        "split_by": split,
        "sli": {"source": wanted.source_of("prometheus", name), **sli},
    }


def _objective(given: Given, name: str, keys: dict[str, object]) -> tuple[str, dict[str, object]]:
    window = format_duration(duration_of(given, "window"))
    return name, {**keys, "objective": objective_of(given, "value", ratio=True), "window": window}


def _pairs(given: Given, key: str) -> dict[str, str]:
    """Labels: a list of keys and values, or a mapping."""
    if isinstance(given.data.get(key), dict):
        return given.texts(key)
    found: dict[str, str] = {}
    for each in given.each(key):
        name, value = each.text("key"), each.text("value")
        if name and value:
            found[name] = value
        else:
            each.lacks("half_a_pair", "key", "value")
    return found


def _sli(query: Given) -> tuple[Sli, list[str] | None]:
    """What is counted, and the labels by which. Raises CannotHold."""
    written = query.text("type")
    readers = {
        "ratio": _ratio,
        "freeform": _freeform,
        "threshold": _threshold,
        "failureThreshold": _threshold,
        "histogram": _histogram,
        "failureRatio": _ratio,
    }
    for kind, read_it in readers.items():
        if given := query.inside(kind):
            found = read_it(given)
            if "gauge" in found:  # each bucket is one event, of all groups
                _note_groups(given)
                return (_turned(found) if kind == "failureThreshold" else found), None
            return found, split_of(given, "groupByLabels")
    raise query.cannot("type", "method", written=written or "-", backend=TITLE)


def _note_groups(given: Given) -> None:
    if labels := given.words("groupByLabels"):
        given.say("groupByLabels", Fate.APPROXIMATED, "grouping_many", labels=", ".join(labels))


def _metric(given: Given, key: str) -> str:
    """The metric under a key, written as a text or as a mapping. Raises CannotHold."""
    if isinstance(given.data.get(key), dict):
        inner = given.needed_inside(key)
        inner.text("type")
        given, key = inner, "prometheusMetric"
    selector = on_one_line(given.needed(key))
    if not is_selector(selector):
        raise given.cannot(key, "no_selector")
    return given.asks(key, selector)


def _ratio(given: Given) -> Sli:
    role, key = ("bad", "failureMetric") if given.has("failureMetric") else ("good", "successMetric")
    total, part = _metric(given, "totalMetric"), _metric(given, key)
    return (histogram_of(total, part) if role == "good" else None) or {"total": total, role: part}


def _windowed(given: Given, key: str) -> str:
    query = on_one_line(_WINDOW.sub("[$window]", given.needed(key)))
    return query if query.startswith("[") else given.asks(key, query)


def _freeform(given: Given) -> Sli:
    query = _windowed(given, "query")
    if query.startswith("["):
        raise given.cannot("query", "other_sources")
    found = counts_of_share(query)
    if found is None:
        given.say("query", Fate.APPROXIMATED, "averaged")
        return {"ratio": {"success": query}}
    keys, several = found
    if several:
        given.say("query", Fate.APPROXIMATED, "grouped")
    return keys


def _threshold(given: Given) -> Sli:
    key = next((key for key in ("thresholdExpression", "failureThresholdExpression") if given.has(key)), "query")
    query = _windowed(given, key)
    limit = given.needed_inside("threshold")
    operator, value = limit.needed("operator"), limit.number("value")
    if operator not in _OPERATORS:
        raise limit.cannot("operator", "operator", written=operator[:20])
    given.say(key, Fate.APPROXIMATED, "buckets_not_points")
    return {"gauge": query, "good_when": f"{_OPERATORS[operator]} {value.normalize():f}"}


def _turned(sli: Sli) -> Sli:
    """Good where a condition is not met."""
    operator, _, value = str(sli["good_when"]).partition(" ")
    return {**sli, "good_when": f"{_OPPOSITE[operator]} {value}"}


def _histogram(given: Given) -> Sli:
    metric = _metric(given, "metric")
    limit = given.needed_inside("threshold")
    operator = limit.text("operator") or "<="
    if _OPERATORS.get(operator) not in ("<", "<="):
        raise limit.cannot("operator", "above_threshold")
    given.lacks("percentile_of_events", "percentile")
    name, brace, matchers = metric.partition("{")
    base = re.sub(r"_(?:bucket|count)$", "", name)
    return {"histogram": f"{base}{brace}{matchers}", "under": float(limit.number("value"))}


def _alerting(item: Given) -> dict[str, object]:
    """Grafana's own alerts; none where it keeps none."""
    given = item.inside("alerting")
    if given is None:
        return {"alerts": []}
    written: dict[str, object] = {"name": given.text("name")}
    written |= {"labels": _pairs(given, "labels"), "annotations": _pairs(given, "annotations")}
    alerts: list[Alert] = []
    for key, severity, own in _SPEEDS:
        if speed := given.inside(key):
            alerts += own
            marks = {"labels": _pairs(speed, "labels"), "annotations": _pairs(speed, "annotations")}
            written[severity] = without_empty(marks)
    if advanced := given.inside("advancedOptions"):
        advanced.lacks("min_failures", "minFailures")
    given.ignore("bookkeeping", "assistantInvestigations")
    return {"alerts": alerts, "alerting": without_empty(written)}
