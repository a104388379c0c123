"""The panel with the joint figure and its choices: which SLO, which rows, and the file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.charts.frame import Frame, around, with_forecast
from tomoni.charts.joint import Joint, joint_figure
from tomoni.charts.marks import annotations_of
from tomoni.ui import downloads
from tomoni.ui.blocks import title
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.lanes import chosen_rows, lane_chooser
from tomoni.ui.present import scale
from tomoni.ui.stage import Stage
from tomoni.ui.url_state import follow, go, write_moment
from tomoni.words import headlines

_CHART = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "toImage"],
    "scrollZoom": False,
}


def joint_panel(context: Context, stage: Stage) -> None:
    """The figure of the SLO in focus with the lanes of its journey, over the period or one episode."""
    signals = [lane.signal for lane in stage.lanes]
    rows = chosen_rows(context.view, signals)
    with st.container(key="panel-joint"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _focus(stage)
            _whole_period(stage)
            st.space("stretch")
            lane_chooser(rows, signals, stage.text)
            _download(stage, rows)
        alt = headlines.journey(stage.review, stage.journey.id, stage.text)
        figure = joint_figure(_view(context, stage, rows))
        st.plotly_chart(figure, key="joint", theme=None, config=_CHART, alt=alt)


def _view(context: Context, stage: Stage, rows: Sequence[str]) -> Joint:
    review, closer = stage.review, stage.closer
    if closer is None:
        shown = with_forecast(stage.focus, review.start, review.end)
    else:
        shown = around(closer.episode, review.start, review.end)
    planned = tuple(
        span
        for span in review.exclusions
        if span.start >= review.end and span.exclusion.concerns(stage.journey.id, stage.focus.status.slo.id)
    )
    place = (stage.app.id, stage.journey.id, stage.focus.status.slo.id, context.view.days, context.view.at)
    return Joint(
        track=stage.focus,
        lanes=stage.lanes,
        chosen=rows,
        frame=Frame(review.start, review.end, stage.text, context.theme, shown),
        annotations=annotations_of(stage.focus, stage.text, planned),
        scale=scale(context),
        identity="/".join(map(str, (*place, closer.episode.start if closer else ""))),
    )


def _focus(stage: Stage) -> None:
    """Which SLO the figure shows."""
    titles = {track.status.slo.id: track.status.slo.title(stage.text.language) for track in stage.tracks}
    chosen = stage.focus.status.slo.id
    if len(titles) == 1:
        title(titles[chosen], width="content")
        return
    st.session_state["slo"] = chosen
    st.segmented_control(
        stage.text._("The figure shows"),
        list(titles),
        key="slo",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: markdown(titles[code]),
        on_change=follow,
        args=("slo", "slo"),
    )


def _whole_period(stage: Stage) -> None:
    """What is looked at closer, and the way back."""
    if stage.closer is None:
        return
    episode, text = stage.closer.episode, stage.text
    facts = {"letter": stage.closer.letter, "when": text.near_span(episode.start, episode.end)}
    title(text._("Episode %(letter)s, %(when)s") % facts, width="content")
    st.button(
        text._("Whole period"),
        key="whole-period",
        type="tertiary",
        icon=":material/zoom_out_map:",
        shortcut="Esc",
        on_click=go,
        kwargs={"episode": None},
    )


def _download(stage: Stage, rows: Sequence[str]) -> None:
    """What is shown, as CSV; it is made when it is asked for."""
    shown = [lane for lane in stage.lanes if lane.signal.id in rows]
    name = f"{stage.app.id}-{stage.focus.status.slo.id}-{write_moment(stage.review.end).replace(':', '')}.csv"
    st.download_button(
        "CSV",
        lambda: downloads.as_csv(stage.focus, shown),
        file_name=name,
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help=stage.text._("The numbers of this figure"),
    )
