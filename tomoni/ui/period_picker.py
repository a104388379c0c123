"""The choice of the period: the last days, a month, a week, a quarter, or any other one by its name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.review.named import begun, period_of
from tomoni.slo.date_ranges import BETWEEN, dates_of, written_range
from tomoni.slo.named_periods import resolved
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.url_state import DAYS, DEFAULT_DAYS, change_view, readable
from tomoni.ui.written_address import write_parameter
from tomoni.words import periods
from tomoni.words.text import Text, mark, text_for

LIVE = "live"
_LAST_MONTH = "last-month"
_OTHERS = {
    "this-month": mark("This month"),
    "last-week": mark("Last week"),
    "this-quarter": mark("This quarter"),
    "last-quarter": mark("Last quarter"),
    "yesterday": mark("Yesterday"),
}


def period_picker(context: Context, app: App | None) -> None:
    """Draw the choice, kept in the URL: of an app in its zone with the last days, else of all apps."""
    zone = app.timezone if app else context.tomoni.catalog.settings.timezone
    text = text_for(context.text.language, zone)
    last, shown = _named(context, _LAST_MONTH, zone), context.view.period or context.view.range
    usual: list[int | str] = [*DAYS] if app else [LIVE]
    options = list(dict.fromkeys([*usual, last, *([shown] if shown else [])]))
    st.session_state["days"] = shown or (context.view.days if app else LIVE)
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small", key="period-picker"):
        st.segmented_control(
            text._("Period"),
            options,
            key="days",
            required=True,
            label_visibility="collapsed",
            format_func=lambda option: text._("Last month") if option == last else _label(context, option, text),
            **on_choice("days", _choose),
        )
        with st.popover(text._("Other period"), type="tertiary", icon=":material/date_range:"):
            _others(context, zone, text)


def _named(context: Context, relative: str, zone: str) -> str:
    """The lasting name of a period that is named by the moment of the page."""
    # A moment on the boundary of two periods belongs to the one that ended.
    return resolved(relative, zone, context.tomoni.catalog.settings.first_month, context.moment - 1)


def _label(context: Context, option: int | str, text: Text) -> str:
    if isinstance(option, int):
        return text.duration(option * 86_400)
    if option == LIVE:
        return text._("Now")
    if option == context.view.range:
        return periods.of_dates(option, text)
    first_month = context.tomoni.catalog.settings.first_month
    if not begun(option, text.zone, first_month, context.moment):
        return option
    named = period_of(option, text.zone, first_month, context.moment).named
    return periods.title(named, text) if named else option


def _choose() -> None:
    value: int | str = st.session_state["days"]
    if isinstance(value, int):
        change_view(days=value, period=None, range=None, episode=None)
    elif BETWEEN not in value:
        _show(None if value == LIVE else value)


def _show(name: str | None) -> None:
    change_view(period=name, range=None, days=DEFAULT_DAYS, episode=None)


def _others(context: Context, zone: str, text: Text) -> None:
    """Draw the less usual ones, and a field for any name."""
    with st.container(horizontal=True, gap="small", key="other-periods"):
        for relative, label in _OTHERS.items():
            name = _named(context, relative, zone)
            st.button(text._(label), key=f"period-{relative}", help=name, on_click=_show, args=(name,))
    st.session_state["period-name"] = context.view.period or ""
    st.text_input(
        text._("By name"),
        key="period-name",
        placeholder="2026-10, 2026-W48, 2026-Q4, 2026-11-27, 2026",
        **on_choice("period-name", _write_name),
    )
    _dates(context, text)


def _dates(context: Context, text: Text) -> None:
    """Draw the choice of a first and a last day in the page's zone."""
    until = datetime.fromtimestamp(context.moment - 1, ZoneInfo(text.zone)).date()
    key, shown = f"period-dates-{text.zone}", context.view.range
    st.session_state[key] = dates_of(shown) if shown else ()
    st.date_input(
        text._("From a first to a last day (%(zone)s)") % {"zone": text.zone_name(context.moment)},
        key=key,
        max_value=max(until, *dates_of(shown)) if shown else until,
        format="YYYY-MM-DD",
        **on_choice(key, _choose_dates, key),
    )


def _choose_dates(key: str) -> None:
    """Apply the dates once both are chosen."""
    chosen = st.session_state[key]
    if len(chosen) == 2:
        change_view(range=written_range(*chosen), period=None, days=DEFAULT_DAYS, episode=None)


def _write_name() -> None:
    """Apply a written name; one that cannot be read stays in the address, where the page names it."""
    name = str(st.session_state["period-name"]).strip()
    if not name or readable("period", name):
        _show(name.upper() if name else None)
    else:
        write_parameter("period", name)
