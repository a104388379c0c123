"""The panel Browse: small pictures of the metrics of the app, or of those whose names begin alike.

The component (`browsing.js`) says which pictures have come into view, and asks again while they are being read; what
is not looked at is not asked of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from data_sources.base import Interval, Source
from data_sources.errors import SourceError
from data_sources.exploring import Explores, Metric
from tomoni.exploring.index import Favoured, MetricIndex
from tomoni.exploring.tiles import Tile, missing, tile_interval, tile_of
from tomoni.exploring.used import used_metrics
from tomoni.ui.blocks import quiet, title
from tomoni.ui.choice import on_choice
from tomoni.ui.explore import jobs
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.explore.finding import choose
from tomoni.ui.url_state import change_view
from tomoni.use_cases.jobs import Job, JobState, Report
from tomoni.words.asking import TYPES, failure, help_of
from tomoni.words.text import Text

_FOLDER = Path(__file__).parent
_SCRIPT, _CSS = (_FOLDER / "browsing.js").read_text(), (_FOLDER / "browsing.css").read_text()
_HTML = (
    "<div class='browse'><div class='tiles' role='list'></div>"
    "<div class='below'><span role='status' aria-live='polite'></span>"
    "<button type='button' hidden></button></div></div>"
)
_KEPT, _ASKED, _LAST = "explored-tiles", "explored-tiles-of", "explored-tiles-job"
_MOST_KEPT = 600
_AT_FIRST, _AT_ONCE = 9, 24  # pictures before anybody said what is in view, and those that are read at once
_MOST_TILES, _MANY = 240, 30
_WAIT_SECONDS = 0.3

Tiles = Mapping[str, Tile]


def draw(exploration: Exploration) -> None:
    """Draw what the names begin with, and the pictures."""
    source, text = exploration.source, exploration.text
    if source is None or not isinstance(source, Explores):
        return
    index = exploration.context.tomoni.finding.of(source).index
    if index is None or not len(index):
        return
    with st.container(key="panel-browse"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title(text._("Browse"), width="content")
            _prefixes(exploration, index)
            jobs.choice(exploration, source)
        shown = _shown(exploration, source, index)
        st.fragment(_draw)(exploration, source, shown[:_MOST_TILES])
        if len(shown) > _MOST_TILES:
            facts = {"n": text.number(len(shown), 0), "most": text.number(_MOST_TILES, 0)}
            st.html(quiet(text._("%(most)s of %(n)s metrics are shown: choose a longer beginning.") % facts))


def _shown(exploration: Exploration, source: Source, index: MetricIndex) -> list[Metric]:
    """The metrics that begin as is chosen; else those of the app and those that were looked at, or simply the first."""
    chosen, job = exploration.context.view.browse, exploration.context.view.job
    if job:
        return [each for each in jobs.metrics_of(exploration, source, index, job) if each.name.startswith(chosen or "")]
    if chosen:
        return index.beginning(chosen)
    app = exploration.app
    own = used_metrics(app, source.id, index.by_name) if app else frozenset()
    favoured = Favoured(own, exploration.context.tomoni.finding.recent(source.id))
    found, _ = index.search("", favoured)
    liked = [each.metric for each in found if each.own or each.recent]
    return liked or [each.metric for each in found[:_AT_FIRST]]


def _prefixes(exploration: Exploration, index: MetricIndex) -> None:
    """Draw the choice of a beginning, and where many names have it, of a longer one."""
    chosen, text = exploration.context.view.browse or "", exploration.text
    first = next((each for each in index.groups() if chosen and chosen.startswith(each.prefix)), None)
    _choice("browse-first", "", first.prefix if first else chosen, index, text._("of this app, and seen lately"), text)
    if first is not None and first.count > _MANY:
        _choice("browse-next", first.prefix, chosen, index, text._("all of them"), text)


def _choice(key: str, above: str, chosen: str, index: MetricIndex, all_of_them: str, text: Text) -> None:
    counts = {above: 0} | {each.prefix: each.count for each in index.groups(above)}
    st.session_state[key] = (
        chosen if chosen in counts else next((c for c in counts if c and chosen.startswith(c)), above)
    )
    st.selectbox(
        text._("Names that begin with"),
        list(counts),
        key=key,
        width=260,
        label_visibility="collapsed",
        format_func=lambda each: f"{each}… ({text.number(counts[each], 0)})" if counts.get(each) else all_of_them,
        **on_choice(key, _browse, key),
    )


def _browse(key: str) -> None:
    change_view(browse=st.session_state[key] or None)


def _draw(exploration: Exploration, source: Source, metrics: Sequence[Metric]) -> None:
    text, key = exploration.text, f"browse-{source.id}"
    seen = st.session_state.get(key, {}).get("seen") or [metric.name for metric in metrics[:_AT_FIRST]]
    known, job = _tiles(exploration, source, metrics, [str(name) for name in seen])
    running = job is not None and not job.ended
    data = {
        "tiles": [_row(metric, known.get(metric.name), text) for metric in metrics],
        "status": _status(job, text),
        "running": running,
        "words": {"stop": text._("Stop"), "list": text._("Metrics as small pictures")},
    }
    mount = component("tomoni.browse", html=_HTML, css=_CSS, js=_SCRIPT)
    answer = mount(
        key=key,
        data=data,
        on_seen_change=_nothing,
        on_tick_change=_nothing,
        on_chosen_change=_nothing,
        on_stopped_change=job.cancel if job is not None else _nothing,
    )
    if answer.chosen:
        choose(exploration, source, str(answer.chosen))
        st.rerun()


def _tiles(
    exploration: Exploration, source: Source, metrics: Sequence[Metric], seen: Sequence[str]
) -> tuple[Tiles, Job[Tiles] | None]:
    """The pictures that there are, and the job that reads those in view that are not."""
    tomoni, interval = exploration.context.tomoni, tile_interval(exploration.interval.start, exploration.interval.end)
    kept = _kept(f"{source.id}/{tomoni.generation}/{interval}")
    known = {metric.name: metric for metric in metrics}
    last: Job[Tiles] | None = st.session_state.get(_LAST)
    if last is not None:
        kept.update(last.result or last.progress.found or {})
    wanted = missing([name for name in seen if name in known], kept, _AT_ONCE)
    if last is not None and not last.ended and not wanted:
        return kept, last
    if not wanted:
        return kept, None
    if last is not None and not last.ended and set(wanted) <= set(st.session_state.get(_ASKED, ())):
        return kept, last
    if last is not None and not last.ended:
        last.cancel()  # what it reads is out of view
    asked = [known[name] for name in wanted]
    job: Job[Tiles] = tomoni.jobs.start(
        f"tiles/{source.id}/{tomoni.generation}/{interval}/{wanted}", _work(source, asked, interval)
    )
    st.session_state[_LAST], st.session_state[_ASKED] = job, wanted
    job.wait(_WAIT_SECONDS)
    kept.update(job.result or job.progress.found or {})
    return kept, job


def _kept(key: str) -> dict[str, Tile]:
    """The pictures of a source over an interval that this reader has seen."""
    kept: tuple[str, dict[str, Tile]] = st.session_state.get(_KEPT, ("", {}))
    if kept[0] != key or len(kept[1]) > _MOST_KEPT:
        st.session_state.pop(_LAST, None)
        kept = st.session_state[_KEPT] = (key, {})
    return kept[1]


def _work(source: Source, metrics: Sequence[Metric], interval: Interval) -> Callable[[Report[Tiles]], Tiles]:
    def work(report: Report[Tiles]) -> Tiles:
        found: dict[str, Tile] = {}
        for place, metric in enumerate(metrics):
            if isinstance(source, Explores):
                found[metric.name] = tile_of(source, metric, interval, report.cancelled)
            report.progress(place + 1, len(metrics), dict(found))
        return found

    return work


def _row(metric: Metric, tile: Tile | None, text: Text) -> dict[str, Any]:
    """A picture with its words, as the component draws it."""
    kind = tile.type if tile is not None and tile.type is not None else metric.type
    row = {"name": metric.name, "kind": text._(TYPES[kind]), "help": help_of(metric.help, text)}
    if tile is None:
        return row
    if tile.error is not None:
        return row | {"said": failure(tile.error, text)}
    if not tile.path:
        return row | {"said": text._("nothing in this time")}
    return row | {"path": tile.path, "newest": text.quantity(tile.newest, tile.unit)}


def _status(job: Job[Tiles] | None, text: Text) -> str:
    if job is None or job.state is JobState.DONE:
        return ""
    if job.error is not None:
        return failure(job.error, text) if isinstance(job.error, SourceError) else text._("The source was not asked.")
    if job.ended:
        return text._("Stopped; scrolling goes on.")
    progress = job.progress
    return text._("%(done)s of %(of)s pictures read…") % {"done": progress.done, "of": progress.of or "…"}


def _nothing() -> None:
    """A value is only kept where something listens to its change."""
