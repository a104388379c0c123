"""An SLO's status as JSON: the names of docs/commands.md, numbers unrounded, null for what does not exist.

`status --format json` and every file of a snapshot say the same with it.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from data_sources.durations import format_duration
from tomoni.review.model import SloStatus
from tomoni.slo.model import Alert, Figures, RollingWindow, Window
from tomoni.slo.parts import Part, SplitFigures
from tomoni.words import notices
from tomoni.words.text import Text, text_for

Json = dict[str, Any]


def rfc3339(unix: int) -> str:
    """A moment in UTC: 2026-11-18T10:00:00Z."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slo_json(status: SloStatus, text: Text) -> Json:
    """One SLO. Of an objective that only its source knows nothing follows: null."""
    figures, definition, objective = status.figures, status.slo.definition, status.slo.objective
    local = text_for(text.language, status.app.timezone)  # moments in sentences are in the app's zone, for every reader
    return {
        "app": status.app.id,
        "journey": status.journey.id,
        "slo": status.slo.id,
        "source": status.slo.source,
        "objective": objective.ratio if objective else None,
        "method": "timeslices" if definition.slices else "occurrences",
        "window": _window(status.slo.window, figures),
        "good": _number(figures.good),
        "total": _number(figures.total),
        "bad": _number(figures.bad),
        "sli": _number(figures.sli),
        "coverage": _number(figures.coverage),
        "budget": {
            "allowed_bad": _number(figures.allowed_bad if objective else None),
            "remaining": _number(figures.remaining),
            "allowed_minutes": _number(figures.allowed_minutes if objective and status.slo.window else None),
            "spent_minutes": _number(figures.spent_minutes),
        },
        "burn": {format_duration(seconds): _number(rate) for seconds, rate in figures.burn.items()},
        "alerts": [_alert(alert) for alert in figures.alerts],
        "state": figures.state.value,
        "too_few_events": figures.too_few_events,
        "first_observed": _moment(figures.observed_since),
        "last_observed": _moment(figures.observed_until),
        "known_until": _moment(status.known_until),
        "notices": [{"key": notice.code, "text": notices.describe(notice, local)} for notice in status.notices],
        **({"split": split_json(status.split)} if status.slo.split.labels else {}),
    }


def split_json(split: SplitFigures | None) -> Json | None:
    """The parts of a split SLO, the worst first; null where none are known yet."""
    if split is None:
        return None
    parts = [{"values": dict(zip(split.labels, part.values, strict=True)), **_part(part)} for part in split.parts]
    other = {"combinations": split.others, **_part(split.other)} if split.other else None
    whole = {"good": _number(split.total - split.bad), "total": _number(split.total), "bad": _number(split.bad)}
    return {"by": list(split.labels), **whole, "parts": parts, "other": other, "reduced_buckets": split.reduced}


def _part(part: Part) -> Json:
    figures = part.figures
    return {
        "good": _number(part.total - part.bad),
        "total": _number(part.total),
        "bad": _number(part.bad),
        "sli": _number(figures.sli),
        "share_of_bad": _number(part.share_of_bad),
        "share_of_traffic": _number(part.share_of_traffic),
        "budget_spent": _number(part.spent),
        "remaining": _number(figures.remaining),
        "burn": {format_duration(seconds): _number(rate) for seconds, rate in figures.burn.items()},
        "state": figures.state.value,
        "first_seen": _moment(part.since),
        "last_seen": _moment(part.until),
        "at_least": part.least,
    }


def _window(window: Window | None, figures: Figures) -> Json:
    if window is None:
        return {"kind": None, "start": None, "end": rfc3339(figures.end)}
    kind = "rolling" if isinstance(window, RollingWindow) else "calendar"
    return {"kind": kind, "start": rfc3339(figures.start), "end": rfc3339(figures.end)}


def _moment(unix: int | None) -> str | None:
    return None if unix is None else rfc3339(unix)


def _alert(alert: Alert) -> Json:
    return {
        "severity": alert.severity.value,
        "long": format_duration(alert.long_seconds),
        "short": format_duration(alert.short_seconds),
        "factor": _number(alert.factor),
        "firing": alert.firing,
        "reachable": alert.reachable,
    }


def _number(x: float | None) -> float | None:
    """A number, or null for what does not exist: JSON knows neither NaN nor infinity."""
    return float(x) if x is not None and math.isfinite(x) else None
