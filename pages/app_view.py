"""One app: its journeys, a card for each SLO, and the app and its infrastructure on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from catalog.schema import App, Journey
from charts.joint import Joint, joint_figure
from charts.lanes import Frame
from review.model import Lane, Review, SloTrack
from text import Text
from ui import cards, downloads, frame, loading, notices
from ui.blocks import headline, title
from ui.context import Context
from ui.escape import link, markdown
from ui.freshness import freshness
from ui.lanes import chosen_rows, lane_chooser
from ui.pickers import pick
from ui.present import present_keys, scale
from ui.table import worst_first
from ui.url_state import View, follow, write_moment
from words import headlines

_CARDS_A_ROW = 4
_CHART = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "toImage"],
    "scrollZoom": False,
}


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What the page is about: an app, one of its journeys, and the SLO that the figure shows."""

    app: App
    journey: Journey
    review: Review
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    focus: SloTrack
    text: Text


def resolve(context: Context) -> View:
    """The view with the app and the journey that the page shows when the URL names none."""
    app = _app(context)
    journey = _journey(app, context.view) if app else None
    return replace(context.view, app=app.id if app else None, journey=journey.id if journey else None)


def draw(context: Context) -> None:
    """The page."""
    app = _app(context)
    if app is None:
        notices.no_apps(context.text)
        return
    if loading.still_empty(context):
        loading.first_start(context)
        return
    journey = _journey(app, context.view)
    pick(context, app, journey)
    if journey is None or not journey.slos:
        _nothing_agreed(context, app)
        return
    stage = _stage(context, app, journey)
    headline(headlines.journey(stage.review, journey.id, stage.text))
    freshness(replace(context, text=stage.text), _lead(stage))
    notices.source_problems(stage.review.problems, stage.text)
    _cards(stage)
    _figure(context, stage)
    present_keys(context, "journey", [journey.id for journey in app.journeys], journey.id)


def _app(context: Context) -> App | None:
    """The app of the URL, else the first one."""
    catalog = context.tomoni.catalog
    return catalog.app(context.view.app or "") or next(iter(catalog.apps), None)


def _journey(app: App, view: View) -> Journey | None:
    """The journey of the URL, else the first one."""
    return next((j for j in app.journeys if j.id == view.journey), None) or next(iter(app.journeys), None)


def _stage(context: Context, app: App, journey: Journey) -> Stage:
    review = context.review(app)
    tracks = review.tracks_of(journey.id)
    worst = worst_first([track.status for track in tracks])[0].slo.id
    wanted = context.view.slo if context.view.slo in {slo.id for slo in journey.slos} else worst
    focus = next(track for track in tracks if track.status.slo.id == wanted)
    return Stage(app, journey, review, tracks, review.lanes_of(journey.id), focus, context.text_of(app))


def _lead(stage: Stage) -> str:
    """What stands before the freshness: teams and period."""
    teams = stage.text.join(list(dict.fromkeys(stage.app.teams.values())))
    period = stage.text.span(stage.review.start, stage.review.end)
    return " · ".join(part for part in (teams, period) if part)


def _cards(stage: Stage) -> None:
    """A card for each SLO of the journey, four in a row."""
    for first in range(0, len(stage.tracks), _CARDS_A_ROW):
        some = stage.tracks[first : first + _CARDS_A_ROW]
        for column, track in zip(st.columns(max(2, len(some))), some, strict=False):
            with column:
                cards.card(track.status, stage.text, focus=track is stage.focus and len(stage.tracks) > 1)


def _figure(context: Context, stage: Stage) -> None:
    """The joint figure with its choices: which SLO, which rows, and the file."""
    signals = [lane.signal for lane in stage.lanes]
    rows = chosen_rows(context.view, signals)
    with st.container(key="panel-joint"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _focus(stage)
            st.space("stretch")
            lane_chooser(rows, signals, stage.text)
            _download(stage, rows)
        view = Joint(
            track=stage.focus,
            lanes=stage.lanes,
            chosen=rows,
            frame=Frame(stage.review.start, stage.review.end, stage.text, context.theme),
            scale=scale(context),
            identity=f"{stage.app.id}/{stage.journey.id}/{context.view.days}/{context.view.at}",
        )
        alt = headlines.journey(stage.review, stage.journey.id, stage.text)
        st.plotly_chart(joint_figure(view), key="joint", theme=None, config=_CHART, alt=alt)
    _links(stage)


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


def _nothing_agreed(context: Context, app: App) -> None:
    _ = context.text._
    what = _("%(app)s has no objectives yet.") % {"app": app.title(context.text.language)}
    notices.empty(what, _("Write the first one into %(file)s; the guide shows how.") % {"file": app.file})


def _links(stage: Stage) -> None:
    """Places that belong to the app, such as its runbook."""
    known = [(entry.title(stage.text.language), link(entry.url)) for entry in stage.app.links]
    shown = [(name, url) for name, url in known if url]
    if shown:
        with st.container(horizontal=True, gap="small"):
            for name, url in shown:
                st.link_button(markdown(name), url or "", type="tertiary", icon=":material/open_in_new:")


frame.show(draw, resolve)
