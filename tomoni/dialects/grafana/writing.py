"""Writing a Grafana dashboard for each app: the lanes of the joint view on the series of the exported rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from data_sources.prometheus.query import with_placeholder
from data_sources.queries import TextSignal
from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App, Direction, Signal, Unit
from tomoni.dialects.losses import Placed, placed_in, why_unasked
from tomoni.dialects.report import Fate, Line
from tomoni.dialects.rules import names
from tomoni.dialects.rules.lengths import short_length
from tomoni.dialects.written import Exported, Target
from tomoni.slo.model import HOUR

_SOURCE = {"type": "prometheus", "uid": "${source}"}
_UNITS = {Unit.RATIO: "percentunit", Unit.PERCENT: "percent", Unit.SECONDS: "s", Unit.BYTES: "bytes"}
_UNITS |= {Unit.COUNT: "short", Unit.PER_SECOND: "ops"}
_WIDTH, _HEIGHT = 24, 7
Panel = dict[str, object]


def write(apps: Sequence[App], target: Target) -> Exported:
    """The dashboards of all apps with anything that a Prometheus has."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        shown, told = _panels(app, target)
        lines += told
        if shown:
            body = _dashboard(app, _placed_on_grid(shown), target)
            files[f"{app.id}.dashboard.json"] = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return Exported(files, tuple(lines))


def _panels(app: App, target: Target) -> tuple[list[Panel], list[Line]]:
    panels: list[Panel] = []
    told: list[Line] = []
    for placed in placed_in(app):
        if target.kinds.get(placed.slo.source) != "prometheus":
            told.append(placed.unasked(target.kinds, "Grafana"))
            continue
        told.append(placed.exact())
        panels += _lanes(placed, target)
    for signal in app.infra:
        panel = _signal(signal, target)
        panels += [panel] if panel else []
        if panel is None:
            reason, facts = why_unasked(signal.source, target.kinds, "Grafana")
            path = f"{app.id}/infra/{signal.id}"
            told.append(Line(app.file, 0, path, Fate.NOT_EXPRESSIBLE, reason, facts, left_out=True))
    return panels, told


def _lanes(placed: Placed, target: Target) -> Iterator[Panel]:
    """The row of an SLO: its share of bad events, its burn rates, its budget."""
    slo, labels = placed.slo, placed.labels
    journey = apart(placed.app.journeys, target.language)[placed.journey.id]
    title = f"{journey} / {apart(placed.journey.slos, target.language)[slo.id]}"
    yield {"type": "row", "title": title, "collapsed": False, "panels": []}
    allowed = float(slo.definition.objective.allowance)
    windows = sorted({each for rule in slo.definition.rules for each in (rule.long_seconds, rule.short_seconds)})
    errors = [(names.of(names.error(each), labels), short_length(each)) for each in windows]
    yield _lines(target.say("dashboard_bad", {}), errors, "percentunit", 10, allowed)
    if allowed:
        burns = [(f"{expr} / {allowed!r}", name) for expr, name in errors]
        yield _lines(target.say("dashboard_burn", {}), burns, "none", 8, 1.0)
        budget = names.of(names.REMAINING, labels)
        yield _lines(target.say("dashboard_budget", {}), [(budget, slo.id)], "percentunit", 6, 0.0)
    yield _lines(
        target.say("dashboard_events", {}),
        [(names.of(name(HOUR), labels), name(HOUR).split(":")[1]) for name in (names.total, names.bad)],
        "short",
        _WIDTH,
    )


def _signal(signal: Signal, target: Target) -> Panel | None:
    if not isinstance(signal.query, TextSignal) or target.kinds.get(signal.source) != "prometheus":
        return None
    query = with_placeholder(signal.query.query, "$__rate_interval") or signal.query.query
    title = signal.title(target.language)
    return _lines(title, [(query, title)], _UNITS[signal.unit], 12, signal.limit, signal.direction)


def _lines(
    title: str,
    queries: Sequence[tuple[str, str]],
    unit: str,
    width: int,
    limit: float | None = None,
    direction: Direction = Direction.HIGH_IS_BAD,
) -> Panel:
    """A figure of lines, with the limit where trouble begins."""
    bad_first = direction is Direction.LOW_IS_BAD
    steps: list[Panel] = [{"color": "red" if bad_first and limit is not None else "green", "value": None}]
    if limit is not None:
        steps.append({"color": "green" if bad_first else "red", "value": limit})
    targets = [
        {"refId": f"Q{n}", "datasource": _SOURCE, "expr": expr, "legendFormat": name}
        for n, (expr, name) in enumerate(queries)
    ]
    custom = {"thresholdsStyle": {"mode": "line" if limit is not None else "off"}}
    defaults = {"unit": unit, "custom": custom, "thresholds": {"mode": "absolute", "steps": steps}}
    return {
        "type": "timeseries",
        "title": title,
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": targets,
        "gridPos": {"w": width, "h": _HEIGHT},
    }


def _placed_on_grid(panels: Sequence[Panel]) -> list[Panel]:
    """The panels from left to right, row below row."""
    x = y = 0
    found = []
    for number, panel in enumerate(panels, start=1):
        size = panel.get("gridPos")
        width, height = (int(size["w"]), int(size["h"])) if isinstance(size, dict) else (_WIDTH, 1)
        if x and x + width > _WIDTH:
            x, y = 0, y + _HEIGHT
        found.append({**panel, "id": number, "gridPos": {"x": x, "y": y, "w": width, "h": height}})
        x += width
        if x >= _WIDTH:
            x, y = 0, y + height
    return found


def _dashboard(app: App, panels: Sequence[Panel], target: Target) -> Panel:
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    base = target.options.get("url", "")
    link = {"title": "Tomoni", "type": "link", "url": f"{base.rstrip('/')}/app?app={app.id}", "targetBlank": True}
    return {
        "uid": f"tomoni-{app.id}"[:40],
        "title": target.names.get(app.id) or app.title(target.language),
        "description": target.say("dashboard_head", {}),
        "tags": ["tomoni", "slo"],
        "timezone": app.timezone,
        "schemaVersion": 39,
        "editable": True,
        "time": {"from": "now-28d", "to": "now"},
        "templating": {"list": [source]},
        "links": [link] if base else [],
        "panels": list(panels),
    }
