"""Reading Sloth's specs: `prometheus/v1`, the Kubernetes form, and files of its own alert windows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from data_sources.durations import format_duration
from data_sources.prometheus.division import on_one_line
from tomoni.catalog.document import Document
from tomoni.dialects.alerting import Alert, by_share, without
from tomoni.dialects.carried import OF_ALERTS, Came, came_back
from tomoni.dialects.common import (
    duration_of,
    is_object,
    items_of,
    objective_of,
    prometheus_seconds,
    say_other,
    without_empty,
)
from tomoni.dialects.found import DAY, FoundApp, FoundSlo, Imported, Wanted
from tomoni.dialects.histograms import histogram_of
from tomoni.dialects.promql import counted, fixed_range
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate
from tomoni.dialects.windows import assumed

TITLE = "Sloth"
DEFAULT_WINDOW = 30 * DAY
_GROUP = "sloth.slok.dev/"
DEFAULT_NAME = "ErrorBudgetBurn"  # of the alerts of an SLO that is exported without a name for them
_WINDOW = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
# Sloth's own windows (severity, long, short, percent of the budget); a file of AlertWindows changes them.
_ALERTS = (
    by_share("page", 3600, 300, Decimal(2)),
    by_share("page", 6 * 3600, 1800, Decimal(5)),
    by_share("ticket", DAY, 2 * 3600, Decimal(10)),
    by_share("ticket", 3 * DAY, 6 * 3600, Decimal(10)),
)


@dataclass(frozen=True, slots=True)
class _Names:
    """How the keys are spelt: in the plain form with underscores, in the Kubernetes form in camel case."""

    error: str = "error_query"
    total: str = "total_query"
    ratio: str = "error_ratio_query"
    page: str = "page_alert"
    ticket: str = "ticket_alert"
    plugins: str = "slo_plugins"


_PLAIN = _Names()
_KUBERNETES = _Names("errorQuery", "totalQuery", "errorRatioQuery", "pageAlert", "ticketAlert", "sloPlugins")

_QUERIES = tuple((getattr(_PLAIN, name), getattr(_KUBERNETES, name)) for name in ("error", "total", "ratio"))
_SPELT = {**dict(_QUERIES), **{camel: snake for snake, camel in _QUERIES}}


@dataclass(slots=True)
class _Windows:
    """The window of the SLOs and their alerts; ``own`` are those of files of AlertWindows, by their windows."""

    wanted: Wanted
    own: dict[int, list[Alert]] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """What was asked for, else the only window that has a file of its own, else Sloth's default."""
        only = next(iter(self.own)) if len(self.own) == 1 else DEFAULT_WINDOW
        return self.wanted.window_seconds or only

    @property
    def assumed(self) -> bool:
        """Whether nobody has named the window."""
        return self.wanted.window_seconds is None and len(self.own) != 1

    def alerts_of(self, seconds: int) -> Sequence[Alert]:
        """The alerts of a window."""
        return self.own.get(seconds, _ALERTS)


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of Sloth's specs; ``wanted.window_seconds`` is what Sloth is run with."""
    readings = [Reading(document) for document in documents]
    items = [item for reading in readings for item in items_of(reading.root)]
    windows = _Windows(wanted)
    for item in items:
        if item.data.get("kind") == "AlertWindows":
            _read_windows(item, windows)
    services = [service for item in items if (service := _service(item, windows))]
    apps = [app for service in services for app in service.apps]
    return Imported(tuple(slo for service in services for slo in service.slos), tuple(readings), tuple(apps))


def _read_windows(item: Given, windows: _Windows) -> None:
    try:
        spec = item.needed_inside("spec")
        windows.own[duration_of(spec, "sloPeriod")] = [
            _own_alert(spec.needed_inside(severity).needed_inside(speed), severity)
            for severity in ("page", "ticket")
            for speed in ("quick", "slow")
        ]
        _read_head(item)
    except CannotHold as why:
        item.reading.leave_out(item.place, why)


def _own_alert(given: Given, severity: str) -> Alert:
    long, short = duration_of(given, "longWindow"), duration_of(given, "shortWindow")
    return by_share(severity, long, short, given.number("errorBudgetPercent"))


def _read_head(item: Given) -> None:
    item.text("apiVersion")
    item.text("kind")
    item.ignore("bookkeeping", "metadata", "status")


@dataclass(slots=True)
class _Service:
    """The SLOs of one spec, and what it says of their app."""

    name: str
    labels: Mapping[str, str]
    slos: list[FoundSlo] = field(default_factory=list)
    apps: list[FoundApp] = field(default_factory=list)


def _windowed(given: Given, key: str) -> str:
    """A query with $window for the window. Raises CannotHold, also where its key is that of the other form."""
    other = _SPELT.get(key, "")
    if given.has(other) and not given.has(key):
        raise given.cannot(other, "other_spelling", key=key, written=other)
    return _WINDOW.sub("$window", given.needed(key))


@dataclass(frozen=True, slots=True)
class _Alerting:
    """How the alerts of an SLO are called and labelled, and which severities have none."""

    keys: dict[str, object] = field(default_factory=dict)
    off: Sequence[str] = ()


def _service(item: Given, windows: _Windows) -> _Service | None:
    """What one spec holds; of a document of another kind nothing."""
    if item.data.get("kind") == "AlertWindows":
        return None
    plain = str(item.data.get("version")) == "prometheus/v1"
    if not plain and not is_object(item, _GROUP, "PrometheusServiceLevel"):
        say_other(item, TITLE)
        return None
    try:
        if plain:
            item.text("version")
        else:
            _read_head(item)
        spec = item if plain else item.needed_inside("spec")
        return _slos(spec, _PLAIN if plain else _KUBERNETES, windows)
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return None


def _slos(spec: Given, names: _Names, windows: _Windows) -> _Service:
    service = _Service(spec.needed("service"), spec.texts("labels"))
    spec.lacks("rule_plugins", names.plugins)
    slos = spec.each("slos")
    if not slos:
        spec.reading.note(spec.place, Fate.IGNORED, "no_slos")
    for slo in slos:
        try:
            service.slos.append(_slo(slo, names, windows, service))
        except CannotHold as why:
            slo.reading.leave_out(slo.place, why)
    return service


def _slo(slo: Given, names: _Names, windows: _Windows, service: _Service) -> FoundSlo:
    came, alerting = _alerting(slo, names, service, windows)
    slo.lacks("rule_plugins", "plugins")
    labels = slo.texts("labels")
    if came.was_exported and windows.wanted.app is None:
        service.apps.append(FoundApp(service.name, without_empty({"labels": dict(service.labels)})))
    else:
        labels = {**service.labels, **labels}
    seconds = _window(slo, came, windows)
    keys: dict[str, object] = {
        "description": slo.text("description"),
        "objective": objective_of(slo, "objective"),
        "window": format_duration(seconds),
        "alerts": without(windows.alerts_of(seconds), *alerting.off),
        "alerting": alerting.keys,
        "labels": labels,
        "sli": {"source": windows.wanted.source_of("prometheus", ""), **_sli(slo.needed_inside("sli"), names)},
    }
    service.apps += came.apps
    app = windows.wanted.app or service.name
    return FoundSlo(app, came.journey, came.name, without_empty(came.worded(keys)), slo.reading, slo.place)


def _window(slo: Given, came: Came, windows: _Windows) -> int:
    """What an export noted, else what was asked for, else what is assumed."""
    noted = prometheus_seconds(came.window.replace(" ", "")) if came.window else None
    if came.window and (not noted or noted != int(noted)):
        place = (*slo.place, "alerting", "annotations", OF_ALERTS.window)
        slo.reading.note(place, Fate.NOT_EXPRESSIBLE, "duration", written=came.window[:20])
    if noted and noted == int(noted):
        return int(noted)
    if windows.assumed:
        assumed(slo.reading, slo.place, format_duration(windows.seconds))
    return windows.seconds


def _sli(sli: Given, names: _Names) -> dict[str, object]:
    if plugin := sli.inside("plugin"):
        raise plugin.cannot("id", "plugin", id=str(plugin.data.get("id", "-")))
    if raw := sli.inside("raw"):
        error = raw.asks(names.ratio, on_one_line(_windowed(raw, names.ratio)))
        if (length := fixed_range(error)) is not None:
            raw.say(names.ratio, Fate.APPROXIMATED, "fixed_range", length=length)
        return {"ratio": {"error": error}}
    events = sli.needed_inside("events")
    written = {"total": names.total, "bad": names.error}
    found = counted({role: events.asks(key, _windowed(events, key)) for role, key in written.items()})
    for role, reason, facts in found.differences:
        events.say(written[role], Fate.APPROXIMATED, reason, **facts)
    if all(isinstance(found.keys.get(role), str) for role in ("total", "good")):
        return histogram_of(str(found.keys["total"]), str(found.keys["good"])) or found.keys
    return found.keys


def _alerting(slo: Given, names: _Names, service: _Service, windows: _Windows) -> tuple[Came, _Alerting]:
    """What an export noted of an SLO, and how its alerts are called and labelled."""
    name, alerting = slo.needed("name"), slo.inside("alerting")
    app = windows.wanted.app or service.name
    if alerting is None:
        return Came(service.name, name), _Alerting()
    marks = {severity: alerting.inside(key) for severity, key in (("page", names.page), ("ticket", names.ticket))}
    off = [severity for severity, given in marks.items() if given is not None and given.flag("disable")]
    labels, annotations = alerting.texts("labels"), dict(alerting.texts("annotations"))
    noted = Given(alerting.reading, alerting.at("annotations"))
    came = came_back(noted, annotations, OF_ALERTS, app, service.name, name)
    called = alerting.text("name")
    written: dict[str, object] = {
        "name": None if came.was_exported and called == DEFAULT_NAME else called,
        "labels": labels,
        "annotations": annotations,
    }
    written |= {severity: _marks(given) for severity, given in marks.items() if given is not None}
    return came, _Alerting(without_empty(written), off)


def _marks(given: Given) -> dict[str, object]:
    return without_empty({"labels": given.texts("labels"), "annotations": given.texts("annotations")})
