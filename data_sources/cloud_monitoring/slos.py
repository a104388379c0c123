"""Google's own services and SLOs: their definitions, and their own figures to compare ours with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from data_sources.base import Interval, NativeDefinition, NativeFigures
from data_sources.cloud_monitoring.config import Distribution
from data_sources.cloud_monitoring.filters import quoted
from data_sources.cloud_monitoring.parse import VALUE, Call, Reading
from data_sources.queries import Ratio, SliForm
from tomoni.slo.model import CalendarUnit, CalendarWindow, Objective, RollingWindow, Window

if TYPE_CHECKING:
    from data_sources.cloud_monitoring.client import Connection

# google.type.CalendarPeriod; a fortnight has no counterpart here, and Google takes none longer than a month.
_CALENDAR: Mapping[int, CalendarUnit] = {1: CalendarUnit.DAY, 2: CalendarUnit.WEEK, 4: CalendarUnit.MONTH}
_FORTNIGHT = 3
# Google does not document the zone of its calendar periods; UTC is assumed.
_ZONE = "UTC"
_LOOK_BACK_SECONDS = 600
_FIGURE_STEP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service: ``projects/P/services/S``, and the name that people gave it (or nothing)."""

    name: str
    title: str


def list_services(connection: Connection) -> tuple[ServiceEntry, ...]:
    """The services of a project by name. Raises SourceError."""
    found = (ServiceEntry(raw.name, raw.display_name) for raw in connection.services())
    return tuple(sorted(found, key=lambda service: service.name))


def list_slos(connection: Connection, service: str) -> tuple[NativeDefinition, ...]:
    """The SLOs of a service by name. Raises SourceError."""
    return tuple(sorted((definition(raw) for raw in connection.slos(service)), key=lambda slo: slo.name))


def definition(raw: Any) -> NativeDefinition:  # noqa: ANN401 - a protobuf message without types
    """A raw ``ServiceLevelObjective`` as a value. The goal is kept as the decimal that was written."""
    indicator = raw.service_level_indicator
    windows = indicator.WhichOneof("type") == "windows_based"
    window, period = _window(raw)
    return NativeDefinition(
        raw.name,
        raw.display_name,
        Objective(_percent(raw.goal)),
        window,
        period,
        indicator.WhichOneof("type") or "basic",
        indicator.windows_based.window_period.seconds if windows else None,
    )


def _percent(goal: float) -> Decimal:
    """99.5 for 0.995, without zeros behind: equal goals have equal texts."""
    return Decimal(f"{(Decimal(repr(goal)) * 100).normalize():f}")


def figures(read: Callable[[Call], Reading], slo_name: str, at: int) -> NativeFigures:
    """Google's compliance and budget fraction at a moment, in two calls. Raises SourceError."""
    end = at // _FIGURE_STEP_SECONDS * _FIGURE_STEP_SECONDS
    interval = Interval(end - _LOOK_BACK_SECONDS, end, _FIGURE_STEP_SECONDS)
    compliance, fraction = (
        _newest(read(Call(f"{selector}({quoted(slo_name)})", interval, "ALIGN_NEXT_OLDER", "REDUCE_NONE")))
        for selector in ("select_slo_compliance", "select_slo_budget_fraction")
    )
    moments = [moment for _, moment in (compliance, fraction) if moment is not None]
    return NativeFigures(compliance[0], fraction[0], max(moments, default=None))


def _newest(reading: Reading) -> tuple[float | None, int | None]:
    for columns in reading.lines.values():
        known = np.flatnonzero(~np.isnan(columns[VALUE]))
        if len(known):
            interval, newest = reading.call.interval, int(known[-1])
            return float(columns[VALUE][newest]), interval.start + (newest + 1) * interval.step_seconds
    return None, None


def _window(raw: Any) -> tuple[Window | None, str]:  # noqa: ANN401
    if raw.WhichOneof("period") == "rolling_period":
        seconds = raw.rolling_period.seconds
        return RollingWindow(seconds), f"{seconds // 86_400}d"
    unit = _CALENDAR.get(raw.calendar_period)
    if unit:
        return CalendarWindow(unit, _ZONE), unit.value
    return None, "fortnight" if raw.calendar_period == _FORTNIGHT else "unknown"


def counted_form(raw: Any) -> SliForm | None:  # noqa: ANN401 - a protobuf message without types
    """What a raw ``ServiceLevelObjective`` counts, by the filters that are spelt out in it; None of windows of time,
    and of what Google counts by itself."""
    indicator = raw.service_level_indicator
    if indicator.WhichOneof("type") != "request_based":
        return None
    counted = indicator.request_based
    if counted.WhichOneof("method") == "distribution_cut":
        return _of_cut(counted.distribution_cut)
    ratio = counted.good_total_ratio
    parts = {"total": ratio.total_service_filter, "good": ratio.good_service_filter, "bad": ratio.bad_service_filter}
    return _read(Ratio, {role: text for role, text in parts.items() if text})


def _of_cut(cut: Any) -> SliForm | None:  # noqa: ANN401
    edges = [cut.range_.min_, cut.range_.max_]
    finite = all(abs(edge) < float("inf") for edge in edges)
    return _read(Distribution, {"distribution": cut.distribution_filter, "range": edges}) if finite else None


def _read(form: type[SliForm], keys: Mapping[str, object]) -> SliForm | None:
    try:
        found = form.model_validate(dict(keys))
    except ValueError:  # of pydantic
        return None
    return None if any(found.faults()) else found
