"""A definition that a source keeps, as JSON data and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from data_sources.base import NativeDefinition
from tomoni.slo.model import CalendarUnit, CalendarWindow, Objective, RollingWindow, Window


def body_of(definition: NativeDefinition) -> dict[str, object]:
    """The definition as JSON data, without its name."""
    return {
        "title": definition.title,
        "objective": str(definition.objective.percent),
        "window": _window_body(definition.window),
        "period": definition.period,
        "method": definition.method,
        "slice_seconds": definition.slice_seconds,
    }


def definition_of(name: str, body: Mapping[str, Any]) -> NativeDefinition:
    """The definition that `body_of` made the data of."""
    return NativeDefinition(
        name=name,
        title=body["title"],
        objective=Objective(Decimal(body["objective"])),
        window=_window(body["window"]),
        period=body["period"],
        method=body["method"],
        slice_seconds=body["slice_seconds"],
    )


def _window_body(window: Window | None) -> dict[str, object] | None:
    if isinstance(window, CalendarWindow):
        return {"calendar": window.unit.value, "zone": window.zone}
    return None if window is None else {"rolling": window.seconds}


def _window(body: Mapping[str, Any] | None) -> Window | None:
    if body is None:
        return None
    if "rolling" in body:
        return RollingWindow(body["rolling"])
    return CalendarWindow(CalendarUnit(body["calendar"]), body["zone"])
