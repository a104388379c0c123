"""Zooming into the joint figure: the browser zooms at once, the address and the finer drawing follow."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.components.v2 import component

from tomoni.charts.clock import wall, written_one
from tomoni.slo.model import MINUTE
from tomoni.ui.url_state import change_view

_KEY = "zoom"
_ANSWERED = "zoom-answered"
_SECONDS_OF = 19  # characters of a moment to its seconds
_SCRIPT = (Path(__file__).parent / "zoom.js").read_text()


def zoom_by_dragging(axis: tuple[int, int], zoom: tuple[int, int] | None, zone: str) -> None:
    """Keep the address at what part of a time axis is in sight; a double click leads back to all of it."""
    whole = [written_one(wall(moment, zone)) for moment in axis]
    shown = [written_one(wall(moment, zone)) for moment in zoom or axis]
    answered = st.session_state.get(_ANSWERED, 0)
    component("tomoni.zoom", js=_SCRIPT)(
        key=_KEY,
        data={"whole": whole, "shown": shown, "answered": answered},
        on_range_change=lambda: _apply(zone, axis),
        height=0,
    )


def _apply(zone: str, axis: tuple[int, int]) -> None:
    """Write what the reader has zoomed to into the address, in whole minutes; all of the axis is no zoom."""
    found: Any = st.session_state[_KEY].get("range")
    if not found:
        return
    st.session_state[_ANSWERED] = found["n"]
    start = moment_of(found["from"], zone) // MINUTE * MINUTE
    end = -(-moment_of(found["to"], zone, last=True) // MINUTE) * MINUTE
    near = MINUTE * 2
    whole = start - axis[0] < near and axis[1] - end < near
    change_view(zoom=None if whole else (max(start, axis[0]), min(end, axis[1])))


def moment_of(written: str, zone: str, last: bool = False) -> int:
    """The moment (Unix seconds) that a time axis writes by the clocks of a zone; of two the first, or the ``last``."""
    wall_clock = datetime.fromisoformat(written[:_SECONDS_OF].strip())
    return int(wall_clock.replace(tzinfo=ZoneInfo(zone), fold=int(last)).timestamp())
