"""A query in the source's own language, in an editor that completes the names of metrics, labels and functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component
from streamlit.delta_generator import DeltaGenerator

from data_sources.base import Source
from data_sources.errors import SourceError
from data_sources.exploring import Cost, Explores, Limits, MetricQuestion, WrittenQuestion
from data_sources.kinds import KINDS
from tomoni.charts.wrapping import shortened
from tomoni.exploring.address import MOST_CHARACTERS
from tomoni.exploring.written import spelt
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.url_state import change_view
from tomoni.use_cases.jobs import Job, Report
from tomoni.words.asking import advice, cost, failure
from tomoni.words.text import Text

_FOLDER = Path(__file__).parent
_SCRIPT, _CSS = (_FOLDER / "writing.js").read_text(), (_FOLDER / "writing.css").read_text()
_HTML = (
    "<div class='write'><div class='paper'><pre aria-hidden='true'></pre><textarea rows='2' spellcheck='false' "
    "autocapitalize='off' autocomplete='off'></textarea></div><div role='listbox' hidden></div>"
    "<p class='fault' role='alert' hidden></p><div class='foot'><button type='button' class='run'></button>"
    "<span role='status' aria-live='polite'></span></div></div>"
)
_EVERY_SECONDS = 0.5
_FIRST_WAIT_SECONDS = 0.3
_MOST_OFFERED = 12
FUNCTIONS = [
    "abs",
    "avg",
    "avg_over_time",
    "bottomk",
    "by",
    "ceil",
    "changes",
    "clamp_max",
    "clamp_min",
    "count",
    "count_over_time",
    "count_values",
    "delta",
    "deriv",
    "floor",
    "group",
    "histogram_avg",
    "histogram_count",
    "histogram_fraction",
    "histogram_quantile",
    "histogram_sum",
    "ignoring",
    "increase",
    "irate",
    "label_join",
    "label_replace",
    "last_over_time",
    "max",
    "max_over_time",
    "min",
    "min_over_time",
    "offset",
    "on",
    "predict_linear",
    "present_over_time",
    "quantile",
    "quantile_over_time",
    "rate",
    "resets",
    "round",
    "sort",
    "sort_desc",
    "stddev_over_time",
    "sum",
    "sum_over_time",
    "time",
    "timestamp",
    "topk",
    "unless",
    "vector",
    "without",
]


def opener(exploration: Exploration, source: Source) -> None:
    """Draw what turns the choices into the query that they become."""
    text, written = exploration.text, _text(exploration, source)
    st.button(
        text._("Write the query yourself"),
        key="write-open",
        type="tertiary",
        icon=":material/edit:",
        disabled=not written,
        on_click=change_view,
        kwargs={"query": written[:MOST_CHARACTERS]},
    )


def _closer(text: Text, metric: str) -> None:
    """Draw the way back from a query to the choices of the metric that it began with."""
    said = text._("Back to the choices for %(metric)s") % {"metric": shortened(metric, 40)}
    st.button(
        said, key="write-close", type="tertiary", icon=":material/undo:", on_click=change_view, kwargs={"query": None}
    )


def draw(exploration: Exploration, source: Source) -> None:
    """Draw the editor: open where the address has a query, else behind a line that opens it."""
    text, view = exploration.text, exploration.context.view
    if view.query is None:
        room: DeltaGenerator = st.expander(text._("Write the query yourself"), key="write-closed")
    else:
        room = st.container(key="write-open-here")
        if view.metric:
            _closer(text, view.metric)
    with room:
        running = isinstance(exploration.ask, WrittenQuestion) and not _job(exploration, source, exploration.ask).ended
        st.fragment(_draw, run_every=_EVERY_SECONDS if running else None)(exploration, source, running)


def _draw(exploration: Exploration, source: Source, was_running: bool) -> None:
    text, ask = exploration.text, exploration.ask
    key = f"write-{source.id}"
    job = _job(exploration, source, ask) if isinstance(ask, WrittenQuestion) else None
    if was_running and job is not None and job.ended:
        st.rerun()
    word = str(st.session_state.get(key, {}).get("word") or "")
    data = {
        "source": source.id,
        "text": _text(exploration, source),
        "most": MOST_CHARACTERS,
        "word": word,
        "offered": _completions(exploration, source, word),
        "status": _status(job, text),
        **_fault(job, text),
        "words": _words(text),
    }
    mount = component("tomoni.write", html=_HTML, css=_CSS, js=_SCRIPT)
    answer = mount(key=key, data=data, on_word_change=_nothing, on_run_change=_nothing)
    if answer.run:
        written = str(answer.run)[:MOST_CHARACTERS].strip()
        change_view(source=source.id, query=written or None, **({} if written else {"metric": None}))
        st.rerun()


def _text(exploration: Exploration, source: Source) -> str:
    """What stands in the editor at first: the query of the address, or what the chosen metric becomes."""
    if isinstance(exploration.ask, WrittenQuestion):
        return exploration.ask.text
    if exploration.ask is None or not isinstance(source, Explores):
        return ""
    try:
        texts = source.texts(exploration.ask, exploration.interval)
    except SourceError:
        return ""
    return texts[0].text if texts else ""


def _job(exploration: Exploration, source: Source, ask: WrittenQuestion) -> Job[Cost]:
    """What a query will read, or why it cannot run; asked in the background."""
    tomoni, interval = exploration.context.tomoni, exploration.interval

    def read(report: Report[Cost]) -> Cost:
        if isinstance(source, Explores):
            return source.cost(ask, interval, Limits())
        return Cost(None, None)

    job = tomoni.jobs.start(f"cost/{source.id}/{tomoni.generation}/{ask}/{interval}", read)
    job.wait(_FIRST_WAIT_SECONDS)
    return job


def _status(job: Job[Cost] | None, text: Text) -> str:
    if job is None:
        return ""
    if not job.ended:
        return text._("Asking the source what this will read…")
    return cost(job.result, text) if job.result is not None else ""


def _fault(job: Job[Cost] | None, text: Text) -> dict[str, Any]:
    """What is wrong with the query in the server's own words, and where (characters from 0, -1: not known)."""
    error = job.error if job is not None else None
    if not isinstance(error, SourceError):
        return {"fault": "", "place": -1}
    position = error.facts.get("position", -1)
    said = error.detail or failure(error, text)
    hint = "" if error.detail else advice(error, text)
    return {"fault": f"{said} {hint}".strip(), "place": position if isinstance(position, int) else -1}


def _completions(exploration: Exploration, source: Source, word: str) -> list[dict[str, str]]:
    """What a word that is being typed may become: functions, metrics, and labels of the metric at hand."""
    if not word:
        return []
    text, begun = exploration.text, word.lower()
    index = exploration.context.tomoni.finding.of(source).index
    functions = [each for each in FUNCTIONS if KINDS[source.kind].expressions and each.startswith(begun)]
    found_ones = index.search(word, most=_MOST_OFFERED)[0] if index else []
    metrics = [spelt(KINDS[source.kind], found.metric.name) for found in found_ones]
    labels = [each for each in _labels(exploration) if each.startswith(begun)]
    found = [*((each, text._("label")) for each in labels), *((each, text._("function")) for each in functions)]
    found += [(each, text._("metric")) for each in metrics]
    return [{"name": name, "kind": kind} for name, kind in dict(found).items()][:_MOST_OFFERED]


def _labels(exploration: Exploration) -> Sequence[str]:
    """The labels that are known of what is asked for, without asking the source."""
    ask, known = exploration.ask, exploration.metric.labels if exploration.metric else ()
    if not isinstance(ask, MetricQuestion):
        return known
    return (*known, *ask.by, *(each.label for each in ask.matchers))


def _words(text: Text) -> dict[str, str]:
    return {
        "label": text._("Query"),
        "placeholder": text._("A query in the source's own language"),
        "run": text._("Show it"),
        "list": text._("Completions"),
        "here": text._("at character %(n)s"),
    }


def _nothing() -> None:
    """A value is only kept where something listens to its change."""
