"""The panel of the joint figure, with the choice of SLO and rows and the download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from tomoni.catalog.local_text import apart
from tomoni.charts.canvas import PreparedFigure
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_spec
from tomoni.charts.marks import annotations_of
from tomoni.ui import downloads
from tomoni.ui.blocks import title
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.joint.cards import CARDS_IN_A_ROW
from tomoni.ui.joint.figure_table import figure_table
from tomoni.ui.joint.parts_panel import lines_above
from tomoni.ui.joint.points import points_by_key
from tomoni.ui.joint.row_chooser import chosen_rows, row_chooser
from tomoni.ui.joint.row_size import enlarged, larger_row
from tomoni.ui.joint.told import told
from tomoni.ui.joint.zoom import zoom_by_dragging
from tomoni.ui.kept import kept_of_review
from tomoni.ui.narrow import narrow_window
from tomoni.ui.present import scale
from tomoni.ui.selection import Selection
from tomoni.ui.url_state import apply_choice, change_view, write_moment
from tomoni.words.long_names import width

# Plotly's own bar and tips would lie over words: the one button that is left is not shown, a script presses it.
CHART = {
    "displayModeBar": True,
    "modeBarButtons": [["resetScale2d"]],
    "displaylogo": False,
    "showTips": False,
    "scrollZoom": False,
    "doubleClick": False,  # `ui.zoom` leads back, also where a link has opened a zoom
}


# Longer titles side by side would take a second line from the figure, in columns of a Latin letter.
_COLUMNS = 110


def joint_panel(context: Context, selection: Selection) -> None:
    """Draw the SLO in focus with the lanes of its journey, over the period or around one episode."""
    signals = [lane.signal for lane in selection.lanes]
    rows, narrow = chosen_rows(context.view, signals), narrow_window(context.view.present)
    state = _shown(context, selection, rows, narrow)
    with st.container(key="panel-joint"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _focus(selection)
            _whole_period(selection)
            st.space("stretch")
            larger_row(enlarged(rows, signals, context.view.large), rows, signals, selection)
            row_chooser(rows, signals, context.view.linear, selection.text)
            _download(selection, rows)
        alt = told(replace(context, text=selection.text), selection.review, selection.journey.id)
        zoom_by_dragging(selection.axis, selection.zoom, selection.text.zone)
        points_by_key(selection.text)
        review, drawn = selection.review, (state, context.theme.name)
        figure = kept_of_review(context, review, drawn, lambda: _figure(context, selection, state))
        _fitted(figure, alt, lines_above(selection))
        with st.container(key="figure-table"):
            table = (state, "table", alt)
            st.html(kept_of_review(context, review, table, lambda: figure_table(selection, rows, alt)))


def _fitted(figure: PreparedFigure, alt: str, above: float) -> None:
    """Draw the figure as high as the window leaves room for, so that the time axis is in sight; ``above`` is what
    stands above it beyond the usual, in heights of a card."""
    least, natural = figure.heights
    sizes = f"--least: {least}px; --natural: {natural}px; --more-cards: {above:g};"
    st.html(f"<style>.st-key-figure {{ {sizes} }}</style>")
    with st.container(key="figure"):
        st.plotly_chart(figure, key="joint", theme=None, height="stretch", config=CHART, alt=alt)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the figure shows of a review, so that what one reader has seen is not made again for the next."""

    identity: str
    rows: tuple[str, ...]
    scale: float
    linear: bool
    narrow: bool
    large: str | None


def _shown(context: Context, selection: Selection, rows: Sequence[str], narrow: bool) -> _Shown:
    closeup = selection.closeup
    seen = (context.view.days, context.view.period, context.view.range, context.view.at)
    place = (selection.app.id, selection.journey.id, selection.focus.status.slo.id, *seen)
    return _Shown(
        identity="/".join(map(str, (*place, closeup.episode.start if closeup else "", selection.zoom or ""))),
        rows=tuple(rows),
        scale=scale(context),
        linear=context.view.linear,
        narrow=narrow,
        large=enlarged(rows, [lane.signal for lane in selection.lanes], context.view.large),
    )


def _figure(context: Context, selection: Selection, shown: _Shown) -> PreparedFigure:
    review, text = selection.review, selection.text
    planned = tuple(
        span
        for span in review.exclusions
        if span.start >= review.end and span.exclusion.concerns(selection.journey.id, selection.focus.status.slo.id)
    )
    view = Joint(
        track=selection.focus,
        lanes=selection.lanes,
        chosen=shown.rows,
        frame=Frame(review.start, review.end, text, context.theme, selection.axis, selection.zoom),
        annotations=annotations_of(selection.focus, text, planned, review.events),
        scale=shown.scale,
        linear=shown.linear,
        narrow=shown.narrow,
        large=shown.large,
        identity=shown.identity,
    )
    return PreparedFigure(joint_spec(view))


def _focus(selection: Selection) -> None:
    """Draw the choice of the SLO that the figure shows."""
    titles = apart((track.status.slo for track in selection.tracks), selection.text.language)
    chosen, label = selection.focus.status.slo.id, selection.text._("The figure shows")
    if len(titles) == 1:
        title(titles[chosen], width="content")
        return
    if len(titles) > CARDS_IN_A_ROW or sum(map(width, titles.values())) > _COLUMNS:
        key = f"slo-{selection.text.language}"  # the browser keeps the choice by its title
        st.session_state[key] = chosen
        st.selectbox(
            label,
            list(titles),
            key=key,
            format_func=titles.__getitem__,
            label_visibility="collapsed",
            width=560,
            **on_choice(key, apply_choice, "slo", key),
        )
        return
    st.session_state["slo"] = chosen
    st.segmented_control(
        label,
        list(titles),
        key="slo",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: markdown(titles[code]),
        **on_choice("slo", apply_choice, "slo", "slo"),
    )


def _whole_period(selection: Selection) -> None:
    """Draw what part of the period is in sight, and the button back to the whole."""
    text = selection.text
    if selection.zoom is not None:
        title(text.near_span(*selection.zoom), width="content")
    elif selection.closeup is not None:
        episode = selection.closeup.episode
        facts = {"letter": selection.closeup.letter, "when": text.near_span(episode.start, episode.end)}
        title(text._("Episode %(letter)s, %(when)s") % facts, width="content")
    else:
        return
    st.button(
        text._("Whole period"),
        key="whole-period",
        type="tertiary",
        icon=":material/zoom_out_map:",
        shortcut="Esc",
        on_click=change_view,
        kwargs={"episode": None, "zoom": None},
    )


def _download(selection: Selection, rows: Sequence[str]) -> None:
    """Draw the CSV download of the figure; the file is created when requested."""
    shown = [lane for lane in selection.lanes if lane.signal.id in rows]
    name = (
        f"{selection.app.id}-{selection.focus.status.slo.id}-{write_moment(selection.review.end).replace(':', '')}.csv"
    )
    st.download_button(
        "CSV",
        lambda: downloads.as_csv(selection.focus, shown),
        file_name=name,
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help=selection.text._("The numbers of this figure"),
    )
