"""Reading Pyrra's objectives: ratio, latency, latencyNative and bool_gauge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from data_sources.durations import format_duration
from data_sources.prometheus.division import on_one_line
from data_sources.prometheus.selectors import is_selector, read_selector
from tomoni.catalog.document import Document
from tomoni.catalog.values import BUCKET_MINUTES
from tomoni.dialects.alerting import Alert, by_factor
from tomoni.dialects.carried import OF_OBJECTS, came_back
from tomoni.dialects.common import (
    USUAL_BUCKET,
    duration_of,
    is_object,
    items_of,
    objective_of,
    prometheus_seconds,
    say_other,
    split_of,
    under_of,
    without_empty,
)
from tomoni.dialects.found import FoundApp, FoundSlo, Imported, Wanted
from tomoni.dialects.histograms import histogram_of
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate
from tomoni.slo.model import AlertRule, Severity

TITLE = "Pyrra"
# Factor, and by how much the window is divided for the waiting time, the short and the long window.
_TIERS = (
    ("page", 14, 20_160, 8064, 672),
    ("page", 7, 2688, 1344, 112),
    ("ticket", 2, 672, 336, 28),
    ("ticket", 1, 224, 112, 7),
)
# Labels by which teams say which service an objective belongs to, the first that is there.
SERVICE = "pyrra.dev/service"
_SERVICE_LABELS = (SERVICE, "app.kubernetes.io/name", "service", "app")
_MINUTE = 60
_MOVED = re.compile(r"(?P<selector>.*\S)\s+(?P<offset>offset\s+-?[0-9a-z]+)")


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of Pyrra's objectives."""
    readings = [Reading(document) for document in documents]
    items = [item for reading in readings for item in items_of(reading.root)]
    apps: list[FoundApp] = []
    found = [slo for item in items if (slo := _objective(item, wanted, apps)) is not None]
    return Imported(tuple(found), tuple(readings), tuple(apps))


def _objective(item: Given, wanted: Wanted, apps: list[FoundApp]) -> FoundSlo | None:
    if not is_object(item, "pyrra.dev/", "ServiceLevelObjective"):
        say_other(item, TITLE)
        return None
    try:
        return _slo(item, wanted, apps)
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return None


def _slo(item: Given, wanted: Wanted, apps: list[FoundApp]) -> FoundSlo:
    item.text("apiVersion")
    item.text("kind")
    item.ignore("bookkeeping", "status")
    metadata, spec = item.needed_inside("metadata"), item.needed_inside("spec")
    name, namespace = metadata.needed("name"), metadata.text("namespace")
    labels, annotations = _marks(metadata)
    service = next((labels[label] for label in _SERVICE_LABELS if label in labels), None)
    app = wanted.app or service or namespace or name
    noted = Given(item.reading, metadata.at("annotations"))
    came = came_back(noted, annotations, OF_OBJECTS, app, service or namespace or name, name)
    labels.pop(SERVICE, None)  # it is the app's name
    seconds = duration_of(spec, "window")
    spec.ignore("rules_of_tool", "partial_response_strategy", "performanceOverAccuracy", "ruleOutput")
    counted = _sli(spec.needed_inside("indicator"))
    keys: dict[str, object] = {
        "description": spec.text("description"),
        "objective": objective_of(spec, "target"),
        "window": format_duration(seconds),
        **_bucket(spec, seconds),
        **_alerting(spec, seconds),
        "labels": labels,
        "annotations": annotations,
        "split_by": counted.split_by,
        "sli": {"source": wanted.source_of("prometheus", ""), **counted.sli},
    }
    apps += came.apps
    return FoundSlo(app, came.journey, came.name, without_empty(came.worded(keys)), item.reading, item.place)


def _marks(metadata: Given) -> tuple[dict[str, str], dict[str, str]]:
    """Labels and annotations; what Kubernetes itself remembers is left aside."""
    if annotations := metadata.inside("annotations"):
        annotations.ignore("bookkeeping", "kubectl.kubernetes.io/last-applied-configuration")
    kept = {key: annotations.text(key) for key in annotations.data if "last-applied" not in key} if annotations else {}
    known = ("name", "namespace", "labels", "annotations")
    metadata.ignore("bookkeeping", *(key for key in metadata.data if key not in known))
    return metadata.texts("labels"), {key: text for key, text in kept.items() if text}


@dataclass(frozen=True, slots=True)
class _Counted:
    """What an indicator counts, and the labels by which."""

    sli: dict[str, object]
    split_by: list[str] | None


def _sli(indicator: Given) -> _Counted:
    for kind, read_it in (
        ("ratio", _ratio),
        ("latency", _latency),
        ("latencyNative", _native),
        ("bool_gauge", _bool_gauge),
    ):
        if given := indicator.inside(kind):
            return _Counted(read_it(given), split_of(given, "grouping"))
    raise CannotHold(indicator.place, "no_sli")


def _selector(given: Given, part: str) -> str:
    """The metric of a part. Raises CannotHold where it is no selector of a metric."""
    inner = given.needed_inside(part)
    return _metric(inner)


def _metric(given: Given, moved: bool = True) -> str:
    """A selector, with ``moved`` possibly looked at a while ago (``offset 5m``)."""
    selector = on_one_line(given.needed("metric"))
    found = _MOVED.fullmatch(selector) if moved else None
    now, ago = (found["selector"], f" {found['offset']}") if found else (selector, "")
    if not is_selector(now):
        raise given.cannot("metric", "no_selector")
    given.asks("metric", selector)
    return f"{read_selector(now)}{ago}" if now.startswith("{") else selector


def _count(selector: str) -> object:
    """What is counted: the counter, or an expression of one that is looked at a while ago."""
    return {"expr": f"sum(increase({_over_window(selector)}))"} if _MOVED.fullmatch(selector) else selector


def _over_window(selector: str) -> str:
    found = _MOVED.fullmatch(selector)
    return f"{found['selector'].strip()}[$window] {found['offset']}" if found else f"{selector}[$window]"


def _ratio(given: Given) -> dict[str, object]:
    return {"total": _count(_selector(given, "total")), "bad": _count(_selector(given, "errors"))}


def _latency(given: Given) -> dict[str, object]:
    total, success = _selector(given, "total"), _selector(given, "success")
    return histogram_of(total, success) or {"total": _count(total), "good": _count(success)}


def _native(given: Given) -> dict[str, object]:
    histogram = _metric(given.needed_inside("total"), moved=False)
    seconds = prometheus_seconds(given.needed("latency"))
    if not seconds:
        raise given.cannot("latency", "duration", key="latency", written=str(given.data["latency"]))
    return {"histogram": histogram, "under": under_of(seconds)}


def _bool_gauge(given: Given) -> dict[str, object]:
    """Each sample is an event, good where it is 1: as Pyrra counts, and not one event a bucket."""
    selector = _metric(given)
    total, good = (f"sum({function}_over_time({_over_window(selector)}))" for function in ("count", "sum"))
    return {"total": {"expr": total}, "good": {"expr": good}}


def _bucket(spec: Given, seconds: int) -> dict[str, object]:
    """A finer bucket where the shortest window of the alerts or the window itself asks for one; one of a minute is
    told, as it holds no two samples of a server that scrapes every minute."""
    bucket = bucket_of(seconds)
    if bucket == _MINUTE:
        spec.reading.note(spec.at("window"), Fate.APPROXIMATED, "fine_bucket", length=format_duration(bucket))
    return {} if bucket == USUAL_BUCKET else {"bucket": format_duration(bucket)}


def bucket_of(seconds: int) -> int:
    """The bucket that the alerts of a window fit into, in seconds."""
    shortest = min(_rounded(seconds, short) for _, _, _, short, _ in _TIERS)
    fitting = [m * _MINUTE for m in BUCKET_MINUTES if m * _MINUTE <= min(shortest, USUAL_BUCKET)]
    return max([each for each in fitting if seconds % each == 0], default=_MINUTE)


def _rounded(seconds: int, divisor: int) -> int:
    """A part of the window, rounded to a minute."""
    minutes = (Decimal(seconds) / divisor / _MINUTE).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(minutes), 1) * _MINUTE


def _alerting(spec: Given, seconds: int) -> dict[str, object]:
    given = spec.inside("alerting")
    if given is None:
        _note_waiting(spec, "indicator", seconds)
        return {"alerts": _alerts(seconds)}
    written: dict[str, object] = {"name": given.text("name"), **_severities(given)}
    given.ignore("absent_alert", "absent", "absentName")
    if given.text("burnRateType") == "dynamic":
        given.say("burnRateType", Fate.APPROXIMATED, "alerts_dynamic")
    off = given.flag("disabled") or not given.flag("burnrates", otherwise=True)
    if not off:
        _note_waiting(spec, "alerting", seconds)
    return {"alerts": [] if off else _alerts(seconds), "alerting": without_empty(written)}


def _note_waiting(spec: Given, key: str, seconds: int) -> None:
    longest = format_duration(_rounded(seconds, _TIERS[-1][2]))
    first = format_duration(_rounded(seconds, _TIERS[0][2]))
    spec.reading.note(spec.at(key), Fate.APPROXIMATED, "alerts_wait", first=first, last=longest)


def _alerts(seconds: int) -> list[Alert]:
    return [
        by_factor(severity, _rounded(seconds, long), _rounded(seconds, short), Decimal(factor))
        for severity, factor, _, short, long in _TIERS
    ]


def _severities(given: Given) -> dict[str, object]:
    """The label severity of pages and tickets; where two tiers of one of them differ, that of the faster one."""
    severities = given.inside("severities")
    if severities is None:
        return {}
    severities.ignore("absent_alert", "absent")
    written: dict[str, object] = {}
    for ours, fast, slow in (("page", "fastBurn", "mediumBurn"), ("ticket", "slowBurn", "longTermBurn")):
        first, second = severities.text(fast), severities.text(slow)
        if first and second and first != second:
            severities.say(slow, Fate.APPROXIMATED, "one_severity", value=first)
        if first or second:
            written[ours] = {"labels": {"severity": first or second}}
    return written


def usual_alerts(seconds: int) -> list[AlertRule]:
    """The alerts that Pyrra derives from a window, as the maths knows them."""
    return [
        AlertRule(Severity(severity), _rounded(seconds, long), _rounded(seconds, short), given_factor=float(factor))
        for severity, factor, _, short, long in _TIERS
    ]
