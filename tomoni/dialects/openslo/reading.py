"""Reading OpenSLO v1: SLOs, and the objects that they refer to in any of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.durations import format_duration
from tomoni.catalog.document import Document
from tomoni.catalog.values import BUCKET_MINUTES
from tomoni.dialects.carried import OF_OBJECTS, came_back, merged, read_words
from tomoni.dialects.common import USUAL_BUCKET, is_object, items_of, objective_of, say_other, without_empty
from tomoni.dialects.found import FoundApp, FoundSlo, Imported, Wanted
from tomoni.dialects.openslo.alerts import alerts_of
from tomoni.dialects.openslo.indicators import Sources, sli_of
from tomoni.dialects.openslo.windows import seconds_of, window_of
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate

TITLE = "OpenSLO"
_API = "openslo/v1"
_KINDS = ("SLO", "SLI", "Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget")
_METHODS = {"occurrences": "occurrences", "timeslices": "timeslices", "ratiotimeslices": "ratio"}


@dataclass(slots=True)
class _World:
    """All objects by kind and name, and the apps as far as they are known."""

    wanted: Wanted
    named: dict[tuple[str, str], Given] = field(default_factory=dict)
    apps: list[FoundApp] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)

    @property
    def sources(self) -> Sources:
        """The sources that metrics may refer to."""
        found = {}
        for (kind, name), given in self.named.items():
            spec = given.data.get("spec") if kind == "DataSource" else None
            if isinstance(spec, dict) and isinstance(spec.get("type"), str):
                found[name] = str(spec["type"])
        return Sources(self.wanted, found)


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of OpenSLO's files, one for each objective."""
    readings = [Reading(document) for document in documents]
    items = [item for reading in readings for item in items_of(reading.root) if _is_ours(item)]
    world = _World(wanted)
    for item in items:
        metadata = item.data.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        if isinstance(name, str):
            world.named.setdefault((str(item.data["kind"]), str(name)), item)
    found = [slo for item in items if item.data["kind"] == "SLO" for slo in _slos(item, world)]
    world.services |= {str(slo.reading.document.at((*slo.place[:-2], "service"))) for slo in found}
    for item in items:
        if item.data["kind"] != "SLO":
            _object(item, world)
    return Imported(tuple(found), tuple(readings), tuple(world.apps))


def _is_ours(item: Given) -> bool:
    if any(is_object(item, _API, kind) for kind in _KINDS) and str(item.data["apiVersion"]) == _API:
        return True
    version = item.data.get("apiVersion")
    old = isinstance(version, str) and version.startswith("openslo") and version != _API
    say_other(item, TITLE, _API if old else "")
    return False


def _object(item: Given, world: _World) -> None:
    """What is left of an object that SLOs refer to; one that none refers to is told as a whole."""
    kind = str(item.data["kind"])
    if kind == "Service":
        _service(item, world)
    elif kind == "DataSource":
        item.ignore("connection", "spec")
        _object_head(item)
    elif item.reading.of(item.place):
        _object_head(item)
    else:
        item.reading.say(item.place, Fate.IGNORED, "unused", key=kind)


def _object_head(item: Given) -> None:
    for key in ("apiVersion", "kind"):
        item.text(key)
    if "metadata" in item.data and not item.reading.of(item.at("metadata")):
        item.ignore("words_of_objects", "metadata")
    if (spec := item.inside("spec")) and not item.reading.of(spec.at("description")):
        spec.ignore("words_of_objects", "description")


def _service(item: Given, world: _World) -> None:
    """A service as an app, or as a journey where all of them become one app."""
    try:
        for key in ("apiVersion", "kind"):
            item.text(key)
        metadata = item.needed_inside("metadata")
        name, title = metadata.needed("name"), metadata.text("displayName")
        if name not in world.services:
            item.reading.say(item.place, Fate.IGNORED, "unused", key="Service")
            return
        spec = item.inside("spec")
        keys: dict[str, object] = {"title": title, "description": spec.text("description") if spec else None}
        annotations = metadata.texts("annotations")
        words = read_words(Given(item.reading, metadata.at("annotations")), annotations, OF_OBJECTS)
        keys |= merged(keys, words)
        if world.wanted.app is None:
            keys |= {"labels": _labels(metadata), "annotations": annotations}
        else:
            metadata.lacks("one_app", "labels", "annotations")
        journey = None if world.wanted.app is None else name
        world.apps.append(FoundApp(world.wanted.app or name, without_empty(keys), journey))
    except CannotHold as why:
        item.reading.leave_out(item.place, why)


def _labels(metadata: Given) -> dict[str, str]:
    """Labels; of several values of one the list."""
    inner = metadata.inside("labels")
    if inner is None:
        return {}
    found: dict[str, str] = {}
    for name, value in inner.data.items():
        if isinstance(value, list):
            found[name] = ", ".join(inner.words(name))
            if len(value) > 1:
                inner.say(name, Fate.APPROXIMATED, "label_list", value=found[name])
        elif (text := inner.text(name)) is not None:
            found[name] = text
    return {name: text for name, text in found.items() if text}


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all objectives of an SLO share."""

    name: str
    journey: str
    service: str
    spec: Given
    keys: Mapping[str, object]
    method: str
    composite: bool


def _slos(item: Given, world: _World) -> list[FoundSlo]:
    try:
        shared = _shared(item, world)
        objectives = shared.spec.each("objectives")
        if not objectives:
            raise shared.spec.cannot("objectives", "missing_key", key="objectives")
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return []
    found = []
    failure: CannotHold | None = None
    for number, objective in enumerate(objectives, start=1):
        try:
            found.append(_objective(objective, number, len(objectives), shared, world))
        except CannotHold as why:
            failure = why
            objective.reading.leave_out(objective.place, why)
    if not found and failure is not None:
        item.reading.leave_out(item.place, failure)
    return found


def _shared(item: Given, world: _World) -> _Shared:
    for key in ("apiVersion", "kind"):
        item.text(key)
    metadata, spec = item.needed_inside("metadata"), item.needed_inside("spec")
    name, service = metadata.needed("name"), spec.needed("service")
    written = spec.text("budgetingMethod") or "Occurrences"
    if written.lower() not in _METHODS:
        raise spec.cannot("budgetingMethod", "operator", written=written[:40])
    window, zone = window_of(spec, world.wanted.window_seconds)
    window = _in_zone(window, zone, world, service)
    alerts = alerts_of(spec, world.named)
    annotations = metadata.texts("annotations")
    noted = Given(metadata.reading, metadata.at("annotations"))
    came = came_back(noted, annotations, OF_OBJECTS, world.wanted.app or service, service, name)
    world.apps += came.apps
    keys: dict[str, object] = {
        "title": metadata.text("displayName"),
        "description": spec.text("description"),
        "window": window,
        "labels": _labels(metadata),
        "annotations": annotations,
        "alerts": alerts,
    }
    objectives = spec.data.get("objectives")
    parts = objectives if isinstance(objectives, list) else []
    composite = any(isinstance(each, dict) and ("indicator" in each or "indicatorRef" in each) for each in parts)
    if composite and len(parts) > 1:
        world.apps.append(FoundApp(world.wanted.app or service, {"composite": "worst_of"}, came.name))
    return _Shared(came.name, came.journey, service, spec, came.worded(keys), _METHODS[written.lower()], composite)


def _in_zone(window: object, zone: str | None, world: _World, service: str) -> object:
    """A window by the clocks of its zone. That of an app's first calendar is the app's own."""
    if zone is None or not isinstance(window, dict):
        return window
    app = world.wanted.app or service
    first = world.zones.setdefault(app, zone)
    if first == zone:
        world.apps.append(FoundApp(app, {"timezone": zone}))
        return window
    return {**window, "timezone": zone}


def _objective(objective: Given, number: int, of: int, shared: _Shared, world: _World) -> FoundSlo:
    percent = "targetPercent" if objective.has("targetPercent") else "target"
    target = objective_of(objective, percent, ratio=percent == "target")
    if objective.has("compositeWeight") and objective.number("compositeWeight") != 1:
        objective.say("compositeWeight", Fate.NOT_EXPRESSIBLE, "weight")
    title = objective.text("displayName")
    indicator = _indicator(objective if shared.composite else shared.spec, world)
    method, averaged = _method(objective, shared)
    sli = sli_of(indicator, objective, world.sources, averaged)
    name = shared.name if of == 1 else f"{shared.name}-{title or number}"
    keys = {**shared.keys, **_titled(objective, title, of, shared), "objective": target, **method, "sli": sli}
    order = ("title", "description", "objective", "window", "bucket", "method", "slice", "alerts", "labels")
    ordered = {key: keys[key] for key in (*order, "annotations", "sli") if key in keys}
    app = world.wanted.app or shared.service
    journey = shared.name if shared.composite and of > 1 else shared.journey
    beside = tuple(shared.spec.at(key) for key in ("timeWindow", "indicator", "alertPolicies"))
    return FoundSlo(app, journey, name, without_empty(ordered), objective.reading, objective.place, beside)


def _titled(objective: Given, title: str | None, of: int, shared: _Shared) -> dict[str, object]:
    """The title of one of several objectives, beside that of the whole; of a single one where the whole has none."""
    whole = shared.keys.get("title")
    if not title or (of == 1 and whole == title):
        return {}
    if of == 1 and whole:
        objective.say("displayName", Fate.NOT_EXPRESSIBLE, "one_title", title=str(whole))
        return {}
    return {"title": f"{whole} – {title}" if isinstance(whole, str) else title}


def _indicator(given: Given, world: _World) -> Given:
    """The spec of an inline indicator or of the SLI that is named. Raises CannotHold."""
    if (name := given.text("indicatorRef")) is not None:
        if ("SLI", name) not in world.named:
            raise given.cannot("indicatorRef", "not_found", kind="SLI", name=name)
        return world.named["SLI", name].needed_inside("spec")
    indicator = given.needed_inside("indicator")
    indicator.ignore("words_of_objects", "metadata", "apiVersion", "kind")
    spec = indicator.needed_inside("spec")
    spec.ignore("words_of_objects", "description")
    return spec


def _method(objective: Given, shared: _Shared) -> tuple[dict[str, object], bool]:
    """The keys of the method, and whether shares of buckets are averaged."""
    if shared.method == "occurrences":
        objective.lacks("slices_only", "timeSliceTarget", "timeSliceWindow")
        return {}, False
    seconds = seconds_of(objective, "timeSliceWindow")
    fitting = _fitting(seconds)
    if not fitting:
        raise objective.cannot("timeSliceWindow", "slice_length", written=str(objective.data["timeSliceWindow"]))
    if shared.method == "ratio":
        bucket = max(fitting)
        if bucket != seconds:
            length = format_duration(bucket)
            objective.say("timeSliceWindow", Fate.APPROXIMATED, "slice_as_buckets", length=length)
        objective.lacks("slices_only", "timeSliceTarget")
        return {"bucket": format_duration(bucket)}, True
    target = objective_of(objective, "timeSliceTarget", ratio=True)
    bucket = bucket_of(seconds)
    keys: dict[str, object] = {} if bucket == USUAL_BUCKET else {"bucket": format_duration(bucket)}
    slices = {"length": format_duration(seconds), "target": target}
    return {**keys, "method": "timeslices", "slice": slices}, False


def _fitting(seconds: int) -> list[int]:
    """The buckets that slices of a length are made of, in seconds, the shortest first."""
    return [m * 60 for m in BUCKET_MINUTES if seconds % (m * 60) == 0]


def bucket_of(seconds: int) -> int:
    """The bucket that slices of a length are counted in: the usual one where it fits, in seconds."""
    fitting = _fitting(seconds)
    return max(each for each in fitting if each <= max(USUAL_BUCKET, fitting[0]))
