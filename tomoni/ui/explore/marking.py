"""Marking an interval: by dragging over the bad events of the SLO, or by two fields; the address has it as ``mark``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.charts.canvas import PreparedFigure
from tomoni.charts.frame import Frame, zoom_within
from tomoni.charts.marking import marking_spec
from tomoni.slo.model import MINUTE
from tomoni.ui.blocks import remark, title
from tomoni.ui.choice import on_choice
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.joint.zoom import moment_of
from tomoni.ui.present import scale
from tomoni.ui.url_state import change_view
from tomoni.words.text import Text

_CHART = {"displayModeBar": False, "showTips": False, "scrollZoom": False, "doubleClick": False}
_FIGURE, _FROM, _TO = "marking", "mark-from", "mark-to"


def draw(exploration: Exploration, span: tuple[int, int] | None) -> None:
    """Draw the figure and the fields; ``span`` is the interval that is looked at."""
    track, text, context = exploration.track, exploration.text, exploration.context
    if track is None or track.buckets is None:
        return
    axis = context.period(text.zone).start, track.status.as_of
    frame = Frame(*axis, text, context.theme, axis, zoom_within(context.view.zoom, *axis))
    episodes = [(each.start, each.end) for each in track.burn.ledger.episodes] if track.burn else []
    with st.container(key="panel-marking"):
        title(text._("Bad events"), text._("drag over the figure to mark another interval"))
        spec = marking_spec(track.buckets, frame, span, episodes, scale(context))
        key = f"{_FIGURE}-{span}"  # what was dragged is gone once it is marked
        st.plotly_chart(
            PreparedFigure(spec),
            key=key,
            theme=None,
            config=_CHART,
            alt=text._("Bad events over the period, with the marked interval"),
            on_select=lambda: _dragged(key, text.zone, axis),
            selection_mode="box",
        )
        _fields(exploration, span or axis, text)


def _dragged(key: str, zone: str, axis: tuple[int, int]) -> None:
    """Write what was dragged over into the address, in whole minutes."""
    found: Any = st.session_state[key]
    boxes = found["selection"]["box"]
    if not boxes:
        return
    first, last = sorted(moment_of(str(end), zone) for end in boxes[-1]["x"])
    _mark(max(first, axis[0]), min(last, axis[1]))


def _mark(first: int, last: int) -> None:
    start, end = first // MINUTE * MINUTE, -(-last // MINUTE) * MINUTE
    if start < end:
        change_view(mark=(start, end), episode=None)


def _fields(exploration: Exploration, span: tuple[int, int], text: Text) -> None:
    """Draw the two fields, for whoever does not drag, and a button that takes the mark away."""
    zone = ZoneInfo(text.zone)
    for key, moment in ((_FROM, span[0]), (_TO, span[1])):
        st.session_state[key] = datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None, second=0)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="mark-fields"):
        named = {"zone": text.zone_name(span[0])}
        st.datetime_input(text._("From (%(zone)s)") % named, key=_FROM, step=60, **on_choice(_FROM, _typed, text.zone))
        st.datetime_input(text._("To (%(zone)s)") % named, key=_TO, step=60, **on_choice(_TO, _typed, text.zone))
        if exploration.marked is not None:
            label = text._("Take the mark away")
            st.button(label, key="unmark", type="tertiary", on_click=change_view, kwargs={"mark": None})
    if exploration.marked is None:
        remark(text._("Nothing is marked: this is what is in sight, or the costliest episode."))


def _typed(zone: str) -> None:
    """Write the two fields into the address; what ends before it begins is not an interval."""
    first, last = (st.session_state[key] for key in (_FROM, _TO))
    if first is not None and last is not None:
        _mark(*(int(each.replace(tzinfo=ZoneInfo(zone)).timestamp()) for each in (first, last)))
