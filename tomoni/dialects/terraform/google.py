"""`google_monitoring_slo`: at most 30 days or a day, week or month of the calendar, and goals up to 0.9999."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isfinite

from data_sources.cloud_monitoring.config import Distribution
from data_sources.durations import parse_duration
from data_sources.queries import Ratio
from tomoni.catalog.schema import Slo
from tomoni.dialects.hcl import block, name_of, quoted_hcl
from tomoni.dialects.losses import Placed
from tomoni.dialects.report import Line
from tomoni.dialects.written import Target
from tomoni.slo.model import DAY, CalendarUnit, CalendarWindow, NoData

TITLE = "Terraform google_monitoring_slo"
_HIGHEST_GOAL = Decimal("99.99")
_PERIODS = frozenset({CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.MONTH})
_MOST_DAYS = 30


def google_slo(placed: Placed, target: Target) -> tuple[list[str] | None, list[Line]]:
    """The resource of an SLO, None where Google cannot hold it, and what is to be said about it."""
    slo, window = placed.slo, _window(placed.slo)
    indicator = _indicator(slo)
    if slo.native_defaults or slo.native_name or indicator is None:
        return None, [placed.left_out("writes_form", tool=TITLE)]
    if window is None:
        return None, [placed.left_out("google_window")]
    if slo.definition.objective.percent > _HIGHEST_GOAL:
        return None, [placed.left_out("writes_goal", tool=TITLE, highest="99.99")]
    name = name_of(placed.name)
    body = [
        f"service      = google_monitoring_custom_service.{name_of(placed.app.id)}.service_id",
        f"slo_id       = {quoted_hcl(f'{placed.journey.id}-{slo.id}')}",
        f"display_name = {quoted_hcl(slo.title(target.language))}",
        f"goal         = {(slo.definition.objective.percent / 100).normalize():f}",
        window,
        "",
        *indicator,
    ]
    return block(f'resource "google_monitoring_slo" "{name}"', body), list(_told(placed))


def _window(slo: Slo) -> str | None:
    window = slo.definition.window
    if isinstance(window, CalendarWindow):
        if window.unit not in _PERIODS or window.moved:
            return None
        return f'calendar_period = "{window.unit.value.upper()}"'
    days, rest = divmod(window.seconds, DAY)
    return f"rolling_period_days = {days}" if not rest and 1 <= days <= _MOST_DAYS else None


def _indicator(slo: Slo) -> list[str] | None:
    """What is counted: requests, or windows of time that were good enough."""
    performance = _performance(slo)
    if performance is None:
        return None
    slices = slo.definition.slices
    if slices is None:
        return block("request_based_sli", performance)
    target = f"threshold = {(slices.target_percent / 100).normalize():f}"
    within = block("good_total_ratio_threshold", [target, "", *block("performance", performance)])
    return block("windows_based_sli", [f'window_period = "{slices.length_seconds}s"', "", *within])


def _performance(slo: Slo) -> list[str] | None:
    sli = slo.sli
    if isinstance(sli, Ratio):
        filters = {role: part for role, part in sli.parts.items() if isinstance(part, str)}
        return block("good_total_ratio", [f"{role}_service_filter = {quoted_hcl(t)}" for role, t in filters.items()])
    if isinstance(sli, Distribution):
        within = block("range", _range(sli))
        return block("distribution_cut", [f"distribution_filter = {quoted_hcl(sli.distribution)}", "", *within])
    return None


def _range(sli: Distribution) -> list[str]:
    """The bounds in the metric's unit; a length is taken in milliseconds, which most latencies are."""
    if sli.range is not None:
        ends = zip(("min", "max"), sli.range, strict=True)
        return [f"{name} = {end:g}" for name, end in ends if isfinite(end)]
    under = parse_duration(sli.under) * 1000 if isinstance(sli.under, str) else sli.under or 0.0
    return [f"max = {under:g}"]


def _told(placed: Placed) -> Iterator[Line]:
    definition = placed.slo.definition
    if definition.slices is not None and definition.slices.no_data is not NoData.IGNORE:
        yield placed.lost("openslo_no_data", written=definition.slices.no_data.value)
    if isinstance(definition.window, CalendarWindow):
        yield placed.approximated("google_zone", zone=definition.window.zone)
    if isinstance(placed.slo.sli, Distribution) and isinstance(placed.slo.sli.under, str):
        yield placed.approximated("google_unit", under=placed.slo.sli.under)
    yield from placed.told_of_split(TITLE)
    if placed.excluded:
        yield placed.lost("writes_exclusions", tool=TITLE)
    if definition.rules:
        yield placed.lost("google_alerts")
