"""The part Look of `/explore`: one figure of what is asked, the SLO beside it, and what is ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from data_sources.exploring import Lines, MetricQuestion
from tomoni.charts.annotations import Annotations, Stretch
from tomoni.charts.canvas import PreparedFigure, Spec
from tomoni.charts.explored import Explored, explored_row
from tomoni.charts.frame import Frame, zoom_within
from tomoni.charts.joint import Joint, joint_spec
from tomoni.charts.lanes import APP_ROWS
from tomoni.charts.marks import annotations_of
from tomoni.charts.theme import LIGHT
from tomoni.charts.wrapping import shortened
from tomoni.exploring.measures import unit_of_answer
from tomoni.exploring.resolution import earlier
from tomoni.meetings.model import EventKind, Incident
from tomoni.slo.model import DAY
from tomoni.ui.blocks import title
from tomoni.ui.choice import on_choice
from tomoni.ui.explore import browsing, ready, take_away
from tomoni.ui.explore.answers import Question, answer
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.explore.numbers import numbers_panel
from tomoni.ui.joint.figure import CHART
from tomoni.ui.joint.zoom import zoom_by_dragging
from tomoni.ui.narrow import narrow_window
from tomoni.ui.notices import empty, notice_lines
from tomoni.ui.present import scale
from tomoni.ui.url_state import BESIDE, apply_choice, change_view
from tomoni.words.explored import BESIDE as BESIDE_NAMES
from tomoni.words.explored import how_of

_PLACES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the figure shows: the answer, that of an earlier time and how many seconds before it was, and what the
    question is called."""

    answer: Lines
    earlier: Lines | None
    shift: int
    name: str


def draw(exploration: Exploration) -> None:
    """Draw what is asked; where nothing is, what could be."""
    with st.container(key="split"):
        with st.container(key="split-main"):
            if exploration.ask is not None:
                with st.container(key="panel-joint"):
                    shown = _figure_panel(exploration)
            else:
                shown = None
                browsing.draw(exploration)
                ready.panel(exploration)
        with st.container(key="split-side"):
            if shown is not None:
                numbers_panel(exploration, shown.answer, shown.earlier)
                ready.panel(exploration)
            take_away.saved_panel(exploration)


def axis_of(exploration: Exploration) -> tuple[int, int]:
    """The time axis of the figure: the period of the page."""
    period = exploration.context.period(exploration.text.zone)
    return period.start, period.as_of


def _figure_panel(exploration: Exploration) -> Shown | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="explored-bar"):
        _title(exploration)
        _whole_period(exploration)
        st.space("stretch")
        _choices(exploration)
        room = st.container(horizontal=True, width="content", key="explored-files")
    shown = _asked(exploration)
    if shown is None:
        return None
    with room:
        take_away.popover(exploration, shown.answer, shown.name, lambda: _picture(exploration, shown))
    if shown.answer.notices:
        st.html(notice_lines(shown.answer.notices, exploration.text))
    axis, zone = axis_of(exploration), exploration.text.zone
    zoom_by_dragging(axis, zoom_within(exploration.context.view.zoom, *axis), zone)
    _figure(exploration, shown)
    return shown


def _asked(exploration: Exploration) -> Shown | None:
    """The answers; None while one is under way, and where there is none."""
    context, source, ask, text = exploration.context, exploration.source, exploration.ask, exploration.text
    if source is None or ask is None:
        return None
    found = answer(context, Question(source, ask, exploration.interval), text)
    if found is None:
        return None
    found = replace(found, unit=unit_of_answer(ask, found.unit, exploration.metric))
    if not found.lines and found.heat is None:
        empty(
            text._("No series matches."),
            text._(
                "Choose a longer period or fewer filters; the source may not keep it so long. "
                "What began within the last %(length)s shows in a shorter period."
            )
            % {"length": text.duration(exploration.interval.step_seconds)},
        )
        return None
    shift = shift_of(exploration)
    before = answer(context, Question(source, ask, earlier(exploration.interval, shift)), text) if shift else None
    return Shown(found, before, _in_buckets(shift, exploration), name_of(exploration))


def _in_buckets(shift: int, exploration: Exploration) -> int:
    return exploration.interval.start - earlier(exploration.interval, shift).start


def name_of(exploration: Exploration) -> str:
    """What is asked, in short: the metric, or the query on one line."""
    ask = exploration.ask
    if isinstance(ask, MetricQuestion):
        return ask.metric
    return " ".join(ask.text.split()) if ask else ""


def shift_of(exploration: Exploration) -> int:
    """How many seconds before the earlier time lies; 0 where none is chosen or nothing was deployed."""
    beside = exploration.context.view.beside
    if beside in ("week", "day"):
        return 7 * DAY if beside == "week" else DAY
    end = exploration.interval.end
    deploys = [at for at in _deploys(exploration) if exploration.interval.start < at < end]
    # Whole days, so that the times of the day lie over each other.
    return -(-(end - max(deploys)) // DAY) * DAY if beside == "deploy" and deploys else 0


def _deploys(exploration: Exploration) -> list[int]:
    if exploration.app is None:
        return []
    events = exploration.context.review(exploration.app).events
    return [event.at for event in events if event.what in (EventKind.DEPLOY, EventKind.RELEASE)]


def _title(exploration: Exploration) -> None:
    ask, text = exploration.ask, exploration.text
    how = how_of(ask, text) if isinstance(ask, MetricQuestion) else ""
    title(shortened(name_of(exploration), 60), how, width="content")


def _choices(exploration: Exploration) -> None:
    """Draw what lies under the lines, and how they are drawn."""
    view, text = exploration.context.view, exploration.text
    known = [each for each in BESIDE if each != "deploy" or _deploys(exploration)]
    st.session_state["beside"] = view.beside if view.beside in known else None
    st.pills(
        text._("Beside it"),
        known,
        key="beside",
        label_visibility="collapsed",
        format_func=lambda code: text._(BESIDE_NAMES[code]),
        **on_choice("beside", apply_choice, "beside", "beside"),
    )
    with st.popover(text._("Drawing"), type="tertiary", icon=":material/tune:", key="explored-drawing"):
        for name, label in (("log", text._("Powers of ten")), ("stacked", text._("One on the other"))):
            st.session_state[f"explored-{name}"] = getattr(view, name)
            st.toggle(
                label, key=f"explored-{name}", **on_choice(f"explored-{name}", apply_choice, name, f"explored-{name}")
            )


def _whole_period(exploration: Exploration) -> None:
    zoom = zoom_within(exploration.context.view.zoom, *axis_of(exploration))
    if zoom is None:
        return
    text = exploration.text
    title(text.near_span(*zoom), width="content")
    st.button(
        text._("Whole period"),
        key="whole-period",
        type="tertiary",
        icon=":material/zoom_out_map:",
        shortcut="Esc",
        on_click=change_view,
        kwargs={"zoom": None},
    )


def _figure(exploration: Exploration, shown: Shown) -> None:
    view = joint_of(exploration, shown, narrow_window(exploration.context.view.present))
    figure = PreparedFigure(joint_spec(view))
    least, natural = figure.heights
    st.html(f"<style>.st-key-figure {{ --least: {least}px; --natural: {natural}px; --more-cards: 1; }}</style>")
    with st.container(key="figure"):
        st.plotly_chart(figure, key="explored", theme=None, height="stretch", config=CHART, alt=_alt(exploration))


def _picture(exploration: Exploration, shown: Shown) -> Spec:
    """The figure as it is printed: on a light ground, in the usual size."""
    view = joint_of(exploration, shown)
    return joint_spec(replace(view, frame=replace(view.frame, theme=LIGHT), scale=1.0))


def _alt(exploration: Exploration) -> str:
    text = exploration.text
    facts = {"metric": name_of(exploration), "when": text.span(*axis_of(exploration))}
    return text._("%(metric)s over %(when)s; the numbers are in the table beside it.") % facts


def joint_of(exploration: Exploration, shown: Shown, narrow: bool = False) -> Joint:
    """The figure: what was asked first, then the SLO beside it."""
    context, text, view = exploration.context, exploration.text, exploration.context.view
    axis = axis_of(exploration)
    frame = Frame(*axis, text, context.theme, axis, zoom_within(view.zoom, *axis))
    explored = Explored(
        shown.answer,
        shown.name,
        shown.earlier,
        shown.shift,
        text._(BESIDE_NAMES[view.beside]) if view.beside else "",
        view.log,
        view.stacked,
    )
    return Joint(
        track=exploration.track,
        lanes=(),
        chosen=APP_ROWS,
        frame=frame,
        annotations=_annotations(exploration),
        scale=scale(context),
        identity=f"{exploration.source.id if exploration.source else ''}/{exploration.ask!r}/{view.days}/{view.zoom}",
        linear=view.linear,
        narrow=narrow,
        first=(explored_row(explored, frame),),
    )


def _annotations(exploration: Exploration) -> Annotations:
    """The episodes of the SLO, incidents, and what happened."""
    app, track, text = exploration.app, exploration.track, exploration.text
    if app is None or track is None:
        return Annotations()
    made = annotations_of(track, text, (), exploration.context.review(app).events)
    incidents = exploration.context.tomoni.meetings.records.listed(Incident, app.id)
    spans = tuple(
        Stretch(i.start, i.end, shortened(i.title, _PLACES), (i.title, text.near_span(i.start, i.end)))
        for i in (each.value for each in incidents)
    )
    return replace(made, incidents=spans)
