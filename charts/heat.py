"""The heat strip: apps by days, coloured by the fastest hour of burning of each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import plotly.graph_objects as go

from charts.annotations import NONE, Annotations
from charts.theme import Theme, template
from charts.wrapping import wrapped
from review.model import Overview, SloStatus
from slo.model import FloatArray
from text import Text, mark

# A burn of 1 is even pace; 6 and 14.4 are where the Site Reliability Workbook wants somebody told.
BANDS = (1.0, 3.0, 6.0, 14.4)
BAND_NAMES = (
    mark("within the budget's pace"),
    mark("faster than its pace"),
    mark("fast"),
    mark("very fast"),
    mark("would page somebody"),
)
_ROW_PX, _MARGIN_PX, _LEFT_PX = 24, 30, 132
_TITLE_PLACES = 18


def heat_figure(overview: Overview, text: Text, theme: Theme, annotations: Annotations = NONE) -> go.Figure:
    """Apps in the order of the overview, the last four weeks from left to right.

    A cell is the worst hour of the worst SLO of the app in that day; days without data are empty.
    Annotated episodes, events and exclusions are ticked off above their days.
    """
    apps = _by_app(overview.statuses)
    days = _days(overview.statuses)
    burn = np.array([_worst(statuses, days) for statuses in apps.values()]).reshape(len(apps), len(days))
    titles = [_title(statuses[0], text) for statuses in apps.values()]
    heights = _MARGIN_PX + 8 + _ROW_PX * max(1, len(apps))
    figure = go.Figure(
        go.Heatmap(
            z=np.where(np.isnan(burn), np.nan, np.digitize(np.nan_to_num(burn), BANDS)),
            x=[_day_name(day, text) for day in days],
            y=list(range(len(apps))),
            text=[[_cell(rate, text) for rate in row] for row in burn],
            customdata=[[_told(rate, text) for rate in row] for row in burn],
            texttemplate="%{text}",
            textfont={"size": 10},
            hovertemplate="%{x}<br>%{customdata}<extra></extra>",
            colorscale=_scale(theme),
            zmin=-0.5,
            zmax=len(BANDS) + 0.5,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(
        template=template(theme, 12),
        height=heights,
        margin={"l": _LEFT_PX, "r": 4, "t": 8, "b": _MARGIN_PX},
        xaxis={"type": "category", "fixedrange": True, "showgrid": False, "tickvals": _ticks(days, text)},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "zeroline": False}
        | {"tickvals": list(range(len(apps))), "ticktext": titles, "tickfont": {"color": theme.text}},
    )
    _annotate(figure, annotations, days, text)
    return figure


def _by_app(statuses: Sequence[SloStatus]) -> dict[str, list[SloStatus]]:
    apps: dict[str, list[SloStatus]] = {}
    for status in statuses:
        apps.setdefault(status.app.id, []).append(status)
    return apps


def _title(status: SloStatus, text: Text) -> str:
    title = escape(status.app.title(text.language), quote=False)
    return wrapped(title, _TITLE_PLACES, 1)[0] if title.strip() else escape(status.app.id)


def _days(statuses: Sequence[SloStatus]) -> list[int]:
    """The ends of all days that any SLO has a burn for, Unix seconds, ascending."""
    return sorted({int(day) for status in statuses for day in status.daily_burn.times})


def _worst(statuses: Sequence[SloStatus], days: Sequence[int]) -> FloatArray:
    """The fastest burn of each day over some SLOs; NaN where none has one. Shape ``(len(days),)``."""
    place = {day: n for n, day in enumerate(days)}
    worst = np.full(len(days), np.nan)
    for status in statuses:
        at = [place[int(day)] for day in status.daily_burn.times]
        worst[at] = np.fmax(worst[at], status.daily_burn.values)
    return worst


def _day_name(end: int, text: Text) -> str:
    """The day that ends at a moment, in the reader's zone."""
    day = datetime.fromtimestamp(end - 1, UTC).astimezone(ZoneInfo(text.zone))
    return f"{day.month}/{day.day}" if text.language == "ja" else f"{day.day} {_MONTHS[day.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _ticks(days: Sequence[int], text: Text) -> list[str]:
    """Every seventh day, counted back from the newest."""
    return [_day_name(day, text) for day in list(reversed(days))[::7]]


def _cell(rate: float, text: Text) -> str:
    """What is written in a cell: the burn rate where it is above 1, nothing elsewhere."""
    return text.number(rate, 0) if rate >= BANDS[0] else ""


def _told(rate: float, text: Text) -> str:
    """The hover text of a cell."""
    if np.isnan(rate):
        return text._("no data")
    band = text._(BAND_NAMES[int(np.digitize(rate, BANDS))])
    return text._("fastest hour: %(burn)s, %(band)s") % {"burn": text.burn(rate), "band": band}


def _scale(theme: Theme) -> list[list[Any]]:
    """One flat colour for each band."""
    n = len(theme.burn)
    return [[edge, color] for i, color in enumerate(theme.burn) for edge in (i / n, (i + 1) / n)]


def _annotate(figure: go.Figure, annotations: Annotations, days: Sequence[int], text: Text) -> None:
    """Ticks off the days of episodes, events and exclusions above the strip."""
    signs = [(s.start, "▾") for s in annotations.episodes] + [(e.at, "┆") for e in annotations.events]
    signs += [(s.start, "▨") for s in annotations.exclusions]
    for at, sign in signs:
        day = next((day for day in days if day - 86_400 <= at < day), None)
        if day is not None:
            figure.add_annotation(
                x=_day_name(day, text), yref="paper", y=1, yanchor="bottom", text=sign, showarrow=False
            )
