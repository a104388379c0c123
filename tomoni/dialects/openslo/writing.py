"""Writing OpenSLO v1: a file for each app with its Service, its DataSources and an SLO for each objective."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from data_sources.durations import format_duration
from data_sources.prometheus.config import Histogram
from data_sources.queries import Gauge, Ratio, RecordedRate, RecordedRatio
from tomoni.catalog.schema import App, Slo
from tomoni.dialects.asked import asked_of, comes_back
from tomoni.dialects.carried import OF_OBJECTS, Noting, as_annotation, words_of
from tomoni.dialects.common import USUAL_BUCKET
from tomoni.dialects.losses import Placed, placed_in
from tomoni.dialects.openslo.reading import TITLE, bucket_of
from tomoni.dialects.report import Line
from tomoni.dialects.rest import told_of_app, told_of_keys
from tomoni.dialects.sloth.writing import name_in_app
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_files import with_remarks, without_empty, yaml_text
from tomoni.slo.model import WORKBOOK_RULES, CalendarUnit, CalendarWindow, NoData, Window

_TYPES = {"prometheus": "Prometheus", "cloud_monitoring": "CloudMonitoring"}
_OPERATORS = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}
_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(\S+)\s*")
_WINDOW = "${window}"
_CALENDAR = {
    CalendarUnit.DAY: "1d",
    CalendarUnit.WEEK: "1w",
    CalendarUnit.MONTH: "1M",
    CalendarUnit.QUARTER: "1Q",
    CalendarUnit.YEAR: "1Y",
}
_HELD = ("title", "description")
_KEYS = frozenset({"labels", "annotations"})
Document = dict[str, object]


def write(apps: Sequence[App], target: Target) -> Exported:
    """The objects of all SLOs that OpenSLO can hold."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        documents, told, sources = list[Document](), list[Line](), dict[str, str]()
        noting, written = Noting(OF_OBJECTS, _HELD, with_app=False), list[Placed]()
        for placed in placed_in(app):
            document, about = _slo(placed, target, noting)
            lines += about or [placed.exact()]
            told += about
            if document:
                documents.append(document)
                written.append(placed)
                sources[placed.slo.source] = _TYPES[target.kinds[placed.slo.source]]
        held, lost = _held_of_app(written)
        of_app = list(told_of_app(written, target, TITLE, held=held, lost=lost))
        lines, told = lines + of_app, told + of_app
        if documents:
            objects = [_service(app, target), *(_source(*each) for each in sources.items()), *documents]
            body = "---\n".join(yaml_text(each) for each in objects)
            files[f"{app.id}.openslo.yaml"] = with_remarks(target.say("openslo_head", {}), told, target, body)
    return Exported(files, tuple(lines))


def _object(kind: str, metadata: Mapping[str, object], spec: Mapping[str, object]) -> Document:
    return {"apiVersion": "openslo/v1", "kind": kind, "metadata": without_empty(metadata), "spec": without_empty(spec)}


def _service(app: App, target: Target) -> Document:
    marks = app.kept.marks
    title, words = app.title(target.language), words_of(app, _HELD)
    metadata = {
        "name": app.id,
        "displayName": title if title != app.id else None,
        "labels": dict(marks.labels),
        "annotations": {**marks.annotations, **({OF_OBJECTS.words: as_annotation(words)} if words else {})},
    }
    return _object("Service", metadata, {"description": app.description(target.language) if app.description else None})


def _source(id_: str, type_: str) -> Document:
    return _object("DataSource", {"name": id_}, {"type": type_})


def _slo(placed: Placed, target: Target, noting: Noting) -> tuple[Document | None, list[Line]]:
    slo, kind = placed.slo, target.kinds.get(placed.slo.source, "")
    if kind not in _TYPES:
        return None, [placed.unasked(target.kinds, TITLE)]
    indicator = _indicator(slo, kind)
    if indicator is None or slo.native_defaults:
        return None, [placed.left_out("writes_form", tool=TITLE)]
    marks, title = slo.kept.marks, slo.title(target.language)
    metadata = {
        "name": name_in_app(placed),
        "displayName": title if title != slo.id else None,
        "labels": dict(marks.labels),
        "annotations": {**marks.annotations, **noting.of(placed)},
    }
    spec = {
        "description": slo.description(target.language) if slo.description else None,
        "service": placed.app.id,
        "indicator": {"metadata": {"name": placed.name}, "spec": indicator},
        "timeWindow": [_window(slo.definition.window)],
        "budgetingMethod": "Timeslices" if slo.definition.slices else "Occurrences",
        "objectives": [_objective(slo)],
    }
    keys = told_of_keys(placed, target, TITLE, held=_KEYS, bucket=_bucket(slo))
    return _object("SLO", metadata, spec), [*_told(placed, kind), *keys]


def _bucket(slo: Slo) -> int:
    """The bucket that an import takes: the usual one, or what the slices ask for."""
    return bucket_of(slo.definition.slices.length_seconds) if slo.definition.slices else USUAL_BUCKET


def _held_of_app(written: Sequence[Placed]) -> tuple[set[str], set[str]]:
    """The keys of an app that come back, and those that come back otherwise: its time zone is that of its first
    calendar."""
    windows = [each.slo.definition.window for each in written]
    zones = [window.zone for window in windows if isinstance(window, CalendarWindow)]
    moved = bool(zones) and zones[0] != written[0].app.timezone
    held = {"labels", "annotations", *(("timezone",) if zones and not moved else ())}
    return held, {"timezone"} if moved else set()


def _objective(slo: Slo) -> Document:
    found: Document = {"targetPercent": slo.definition.objective.percent}
    if isinstance(slo.sli, Gauge) and (condition := _CONDITION.fullmatch(slo.sli.good_when)):
        found |= {"op": _OPERATORS[condition[1]], "value": Decimal(condition[2])}
    if slices := slo.definition.slices:
        found |= {"timeSliceTarget": slices.target_percent / 100, "timeSliceWindow": f"{slices.length_seconds // 60}m"}
    return found


def _window(window: Window) -> Document:
    if not isinstance(window, CalendarWindow):
        text = format_duration(window.seconds)
        return {"duration": text, "isRolling": True}
    calendar = {"startTime": f"{_beginning(window):%Y-%m-%d %H:%M:%S}", "timeZone": window.zone}
    return {"duration": _CALENDAR[window.unit], "isRolling": False, "calendar": calendar}


def _beginning(window: CalendarWindow) -> datetime:
    """A moment at which a period began, by the clocks of its zone: the first Monday of 2024 is its first day."""
    months = {CalendarUnit.QUARTER: (window.first_month - 1) % 3 + 1, CalendarUnit.YEAR: window.first_month}
    moved = timedelta(days=window.first_day - 1, minutes=window.start_minutes)
    return datetime(2024, months.get(window.unit, 1), 1, tzinfo=UTC) + moved


def _indicator(slo: Slo, kind: str) -> Document | None:
    """What is counted; None for what OpenSLO has no form for."""

    def metric(query: str) -> Document:
        source = {"metricSourceRef": slo.source, "type": _TYPES[kind], "spec": {"query": query}}
        return {"metricSource": source}

    sli = slo.sli
    if kind != "prometheus":
        if not isinstance(sli, Ratio):
            return None
        return {"ratioMetric": {"counter": True, **{role: metric(str(part)) for role, part in sli.parts.items()}}}
    if isinstance(sli, Gauge):
        return {"thresholdMetric": metric(sli.gauge)} if _CONDITION.fullmatch(sli.good_when) else None
    if isinstance(sli, RecordedRatio) and sli.ratio.weight is None:
        failure = sli.ratio.error is not None
        raw = metric((sli.ratio.error or sli.ratio.success or "").replace("$window", _WINDOW))
        return {"ratioMetric": {"rawType": "failure" if failure else "success", "raw": raw}}
    asked = asked_of(slo, _WINDOW)
    if asked is None or asked.share:
        return None
    queries = {role: _summed(text) for role, text in asked.selectors.items()} or asked.parts
    return {"ratioMetric": {"counter": True, **{role: metric(text) for role, text in queries.items()}}}


def _summed(selector: str) -> str:
    """The sum of a counter as OpenSLO's own examples have it; the counter alone where a bracket would confuse."""
    return selector if "(" in selector or ")" in selector else f"sum({selector})"


def _told(placed: Placed, kind: str) -> Iterator[Line]:
    slo, definition = placed.slo, placed.slo.definition
    if isinstance(slo.sli, Histogram):
        yield placed.approximated("writes_histogram", under=f"{slo.sli.under:g}")
    if isinstance(slo.sli, Gauge):
        yield placed.approximated("openslo_threshold")
    if kind == "prometheus" and isinstance(slo.sli, Ratio) and not comes_back(slo, slo.sli):
        yield placed.approximated("writes_other_form", tool=TITLE)
    if isinstance(slo.sli, RecordedRate):
        yield placed.approximated("writes_subquery", tool=TITLE)
    if definition.slices is not None and definition.slices.no_data is not NoData.IGNORE:
        yield placed.lost("openslo_no_data", written=definition.slices.no_data.value)
    yield from placed.told_of_split(TITLE)
    if placed.excluded:
        yield placed.lost("writes_exclusions", tool=TITLE)
    if definition.rules != WORKBOOK_RULES:
        yield placed.lost("openslo_alerts")
