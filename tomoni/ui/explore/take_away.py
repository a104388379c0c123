"""What a reader takes away from `/explore`: files, YAML, the source's own page, and a view that stays."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data_sources.exploring import Explores, Lines, MetricQuestion
from data_sources.kinds import KINDS
from data_sources.prometheus.config import Grafana, PrometheusConfig
from data_sources.prometheus.grafana import grafana_url
from tomoni.charts.canvas import Spec
from tomoni.exploring.sli_drafts import drafted_sli, sli_yaml
from tomoni.exploring.written import Comments, signal_yaml
from tomoni.ui.blocks import remark
from tomoni.ui.escape import link
from tomoni.ui.explore import examples, files, saved
from tomoni.ui.explore.asking import known_of
from tomoni.ui.explore.drafting import try_sli
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.snapshots import exporting
from tomoni.ui.url_state import write_moment
from tomoni.words.detected import drafted_title


def popover(exploration: Exploration, answer: Lines, name: str, figure: Callable[[], Spec]) -> None:
    """Draw the button behind which all of it lies; ``figure`` makes what is shown, for the picture."""
    with st.popover(exploration.text._("Take away"), type="tertiary", icon=":material/ios_share:", key="take-away"):
        _files(exploration, answer, name, figure)
        _source(exploration, answer)
        examples.draw(exploration, answer.unit)
        _yaml(exploration, answer)
        if exploration.app is not None and exploration.context.may_write(exploration.app.id):
            saved.save(exploration, exploration.app, name, answer)


def saved_panel(exploration: Exploration) -> None:
    """Draw the views that are kept for the app."""
    if exploration.app is not None:
        saved.panel(exploration.context, exploration.app, exploration.text)


def _files(exploration: Exploration, answer: Lines, name: str, figure: Callable[[], Spec]) -> None:
    text, end = exploration.text, write_moment(answer.interval.end).replace(":", "")
    stem = f"{''.join(c if c.isalnum() or c in '-_' else '-' for c in name[:40])}-{end}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "CSV", lambda: files.as_csv(answer, name), f"{stem}.csv", "text/csv", key="lines-csv", on_click="ignore"
        )
        st.download_button(
            "Parquet",
            lambda: files.as_parquet(answer, name),
            f"{stem}.parquet",
            "application/vnd.apache.parquet",
            key="lines-parquet",
            on_click="ignore",
        )
        settings = exploration.context.tomoni.settings
        words = name, text.span(answer.interval.start, answer.interval.end)
        exporting.figure_button(figure, words, stem, exporting.Tools(settings.chromium), text)
    remark(text._("All points, unrounded; “Copy link” above copies the address with its moment."))


def _source(exploration: Exploration, answer: Lines) -> None:
    """Draw the queries as they were sent, each with the way into the source's own page and into Grafana."""
    grafana, text = _grafana(exploration), exploration.text
    for place, query in enumerate(answer.texts):
        st.code(query.text, language="promql" if query.url else None, wrap_lines=True)
        in_grafana = grafana_url(grafana, query.text, answer.interval) if grafana else ""
        with st.container(horizontal=True, gap="small"):
            _open(text._("Open in the source"), query.url, f"open-source-{place}")
            _open(text._("Open in Grafana"), in_grafana, f"open-grafana-{place}")


def _open(label: str, address: str, key: str) -> None:
    """Draw a button that leads to an address; nothing of none, and of one that is not safe."""
    if safe := link(address) if address else None:
        st.link_button(label, safe, key=key, type="tertiary", icon=":material/open_in_new:")


def _grafana(exploration: Exploration) -> Grafana | None:
    """The Grafana that the source names."""
    source, sources = exploration.source, exploration.context.tomoni.catalog.sources
    config = sources.get(source.id) if source is not None else None
    return config.grafana if isinstance(config, PrometheusConfig) else None


def _yaml(exploration: Exploration, answer: Lines) -> None:
    """Draw what would be written into the app's file."""
    source, ask, text = exploration.source, exploration.ask, exploration.text
    if source is None or ask is None or not isinstance(source, Explores):
        return
    config = exploration.context.tomoni.catalog.sources.get(source.id)
    kind = KINDS.get(config.kind) if config else None
    if kind is None:
        return
    comments = _comments(exploration, answer)
    texts = answer.texts or source.texts(ask, answer.interval)
    made = {text._("Add to this app's signals"): signal_yaml(kind, source.id, ask, texts, comments, answer.unit)}
    draft = drafted_sli(kind, source.id, ask, known_of(exploration, source, ask))
    if draft is not None and isinstance(ask, MetricQuestion):
        named = drafted_title(draft.quality, ask.metric, draft.limit, text)
        made[text._("Make this an SLI")] = sli_yaml(ask.metric, draft, named, comments)
    for label, yaml in made.items():
        with st.expander(label):
            st.code(yaml, language="yaml")
    if draft is not None:
        written = draft.written
        st.button(
            text._("Try it in the workshop"), key="try-in-workshop", type="tertiary", on_click=try_sli, args=(written,)
        )


def _comments(exploration: Exploration, answer: Lines) -> Comments:
    text, ask = exploration.text, exploration.ask
    file = exploration.app.file if exploration.app else "config/apps/…"
    several = text._("A signal is one series: this query has %(n)s; add them up or filter.")
    return Comments(
        signal=text._("For %(file)s, beside the other entries under infra.") % {"file": file},
        sli=text._("For %(file)s. Agree with the other team on what is bad, and on the objective.") % {"file": file},
        several=several % {"n": len(answer.lines)} if isinstance(ask, MetricQuestion) and ask.by else "",
    )
