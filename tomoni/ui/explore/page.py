"""The page `/explore`: what is looked at, made from the address, and the parts of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import streamlit as st

from data_sources.base import Interval, Source
from data_sources.exploring import (
    Aggregation,
    Ask,
    Explores,
    Metric,
    MetricQuestion,
    MetricType,
    WrittenQuestion,
    aggregations_of,
)
from tomoni.catalog.schema import App, Journey
from tomoni.charts.frame import zoom_within
from tomoni.exploring.address import read_matchers
from tomoni.exploring.resolution import whole_buckets
from tomoni.ui import frame, loading, notices
from tomoni.ui.address import Reason, Unapplied
from tomoni.ui.blocks import headline
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.explore import answers, asking, different, finding, look, workshop
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.freshness import freshness
from tomoni.ui.pickers import pick
from tomoni.ui.present import present_keys
from tomoni.ui.selection import select
from tomoni.ui.url_state import View, apply_choice, write_stretch
from tomoni.words import explored
from tomoni.words.text import Text, mark

_FIRST_WAIT_SECONDS = 2.0  # for what a metric is, which says how it is asked for
LOOK = "look"
# The parts of the page by their codes in the address; one that joins is one line.
PARTS: Mapping[str, tuple[str, Callable[[Exploration], None]]] = {
    LOOK: (mark("Look"), look.draw),
    "different": (mark("What is different here?"), different.draw),
    "workshop": (mark("Workshop"), workshop.draw),
}


def resolve(context: Context) -> View:
    """The view with the app, the journey and the source that are shown when the address names none."""
    app = _app(context)
    journey = _journey(app, context.view) if app else None
    source = explored_source(context)
    return replace(
        context.view,
        app=app.id if app else None,
        journey=journey.id if journey else None,
        source=source.id if source and context.view.metric else context.view.source,
    )


def draw(context: Context) -> frame.Drawn:
    """Draw the page. Sources know nothing of who may see which app, so that it needs somebody who sees all of them."""
    if not context.tomoni.grants.sees_all:
        notices.empty(
            context.text._("Explore is for readers who see all apps."),
            context.text._("Sources answer for every app, also for those that are hidden from you."),
        )
        return frame.Drawn(context.view)
    if loading.still_empty(context):
        loading.first_start(context)
        return frame.Drawn(resolve(context))
    exploration = explore(context)
    text, track = exploration.text, exploration.track
    beside = track.status.slo.title if track else exploration.app.title if exploration.app else None
    source = exploration.source.id if exploration.source else None
    if exploration.app is not None:
        pick(context, exploration.app, _journey(exploration.app, context.view))
    headline(_headline(exploration, beside(text.language) if beside else ""))
    freshness(replace(context, text=text), text.span(*_shown(exploration)))
    if source is None:
        _nothing_to_explore(text)
    else:
        _part(exploration)
    present_keys(context, "tab", tuple(PARTS), context.view.tab)
    return frame.Drawn(resolve(context), tuple(_outside(exploration)))


def _outside(exploration: Exploration) -> Iterator[Unapplied]:
    """What the address zooms to or marks where the page has nothing, and a time to compare with that is not there."""
    view, axis = exploration.context.view, whole_axis(exploration.context, exploration.text)
    for name, stretch in (("zoom", view.zoom), ("mark", view.mark)):
        if stretch is not None and stretch != axis and zoom_within(stretch, *axis) is None:
            yield Unapplied(name, write_stretch(stretch), Reason.ABSENT, {name: None})
    yield from _unknown_metric(exploration)
    metric = exploration.metric
    if view.how and metric is not None and view.query is None and not _fits(Aggregation(view.how), metric):
        yield Unapplied("how", view.how, Reason.ABSENT, {"how": None})
    if view.tab not in PARTS:
        yield Unapplied("tab", view.tab, Reason.ABSENT, {"tab": None})
    if view.beside == "deploy" and exploration.ask is not None and not look.shift_of(exploration):
        yield Unapplied("beside", "deploy", Reason.ABSENT, {"beside": None})


def _unknown_metric(exploration: Exploration) -> Iterator[Unapplied]:
    """A metric that is not among those of the source, with the one that was probably meant."""
    name, source, tomoni = exploration.context.view.metric, exploration.source, exploration.context.tomoni
    index = tomoni.finding.of(source).index if source is not None else None
    if name is None or index is None or index.named(name) is not None:
        return
    near, _ = index.search(name, most=1)
    yield Unapplied("metric", name, Reason.ABSENT, {"metric": near[0].metric.name} if near else {})


def explore(context: Context) -> Exploration:
    """What the page looks at."""
    app = _app(context)
    journey = _journey(app, context.view) if app else None
    text = context.text_of(app) if app else context.text
    track = select(context, app, journey).focus if app and journey and journey.slos else None
    source = explored_source(context)
    start, end = whole_axis(context, text)
    interval = whole_buckets(*(zoom_within(context.view.zoom, start, end) or (start, end)))
    metric = _metric(context, source, interval)
    return Exploration(
        context=context,
        source=source,
        metric=metric,
        ask=asked(context.view, metric),
        interval=interval,
        app=app,
        track=track,
        marked=context.view.mark,
        text=text,
    )


def whole_axis(context: Context, text: Text) -> tuple[int, int]:
    """The period of the page (Unix seconds)."""
    period = context.period(text.zone)
    return period.start, period.as_of


def explored_source(context: Context) -> Source | None:
    """The source of the address, else the first one whose metrics can be looked at."""
    sources = context.tomoni.sources
    named = sources.get(context.view.source or "")
    if named is not None:
        return named
    return next((source for source in sources.values() if isinstance(source, Explores)), None)


def asked(view: View, metric: Metric | None) -> Ask | None:
    """The question of an address: a query as it is written, else a metric with its usual aggregation."""
    if view.query is not None:
        return WrittenQuestion(view.query)
    if metric is None:
        return None
    how = Aggregation(view.how) if view.how else None
    if how is None or not _fits(how, metric):
        how = aggregations_of(metric)[0]
    return MetricQuestion(metric.name, metric.type, how, read_matchers(view.where or "") or (), view.by or ())


def _fits(how: Aggregation, metric: Metric) -> bool:
    """Whether there can be lines of it: only what is counted by size has sizes, where that is known."""
    by_size = how in (Aggregation.PERCENTILES, Aggregation.HEAT)
    return not by_size or metric.type is MetricType.UNKNOWN or how in aggregations_of(metric)


def _metric(context: Context, source: Source | None, interval: Interval) -> Metric | None:
    """What is known of the metric of the address, at least its name; None while the source is asked what it is."""
    name = context.view.metric
    if name is None or source is None:
        return Metric(name) if name else None
    return context.tomoni.finding.named(source, name, interval, _FIRST_WAIT_SECONDS)


def _shown(exploration: Exploration) -> tuple[int, int]:
    return exploration.interval.start, exploration.interval.end


def _headline(exploration: Exploration, beside: str) -> str:
    """What is looked at, or the part of the page with the SLO that it is about."""
    text, part = exploration.text, _chosen(exploration)
    if part == "workshop" and exploration.context.view.sli is not None:
        return text._("Workshop – an SLI that is not agreed yet")
    if part == LOOK or not beside:
        source = exploration.source.id if exploration.source else None
        return explored.headline(source, exploration.ask, beside, text)
    return text._("%(part)s – %(slo)s") % {"part": text._(PARTS[part][0]), "slo": text.quote(beside)}


def _chosen(exploration: Exploration) -> str:
    tab = exploration.context.view.tab
    return tab if tab in PARTS else LOOK


def _part(exploration: Exploration) -> None:
    """Draw the choice of the part of the page, and the part; only what is looked at has to be found and asked. Beside
    a figure the field stands on the line of the choice: what is looked at begins as high as it can."""
    chosen = _chosen(exploration)
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="explore-top"):
        _parts(exploration.text, chosen)
        if chosen == LOOK and exploration.ask is not None:
            finding.draw(exploration)
    if chosen == LOOK and _is_being_described(exploration):
        finding.draw(exploration)
        _wait_for_what_it_is(exploration)
        return
    if chosen == LOOK:
        if exploration.ask is None:
            finding.draw(exploration)
        asking.draw(exploration)
    PARTS[chosen][1](exploration)


def _is_being_described(exploration: Exploration) -> bool:
    """Whether the source is being asked what the metric of the address is."""
    view = exploration.context.view
    return view.metric is not None and view.query is None and exploration.metric is None


def _wait_for_what_it_is(exploration: Exploration) -> None:
    source, name = exploration.source, exploration.context.view.metric
    if source is not None and name is not None:
        key = exploration.context.tomoni.finding.describing(source, name, exploration.interval)
        answers.wait(exploration.context, key, exploration.text)


def _parts(text: Text, chosen: str) -> None:
    st.session_state["tab"] = chosen
    st.segmented_control(
        text._("Part of the page"),
        list(PARTS),
        key="tab",
        required=True,
        width="content",
        label_visibility="collapsed",
        format_func=lambda code: text._(PARTS[code][0]),
        **on_choice("tab", apply_choice, "tab", "tab"),
    )


def _nothing_to_explore(text: Text) -> None:
    notices.empty(
        text._("None of the sources offers its metrics."),
        text._("Prometheus, Cloud Monitoring, files and the demo do: add one to config/sources.yaml."),
    )


def _app(context: Context) -> App | None:
    catalog = context.tomoni.catalog
    return catalog.app(context.view.app or "") or next(iter(catalog.apps), None)


def _journey(app: App, view: View) -> Journey | None:
    return next((j for j in app.journeys if j.id == view.journey), None) or next(iter(app.journeys), None)
