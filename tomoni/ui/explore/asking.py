"""The panel Ask: how a metric becomes lines, of which series, split by what; or a query as the source writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from data_sources.base import Source
from data_sources.errors import SourceError
from data_sources.exploring import (
    Aggregation,
    Ask,
    Cost,
    Explores,
    LabelValue,
    Limits,
    Matcher,
    Metric,
    MetricQuestion,
    MetricType,
    Operator,
    aggregations_of,
)
from tomoni.charts.wrapping import shortened
from tomoni.exploring.address import written_matchers
from tomoni.exploring.failing import telling
from tomoni.exploring.sli_drafts import Known
from tomoni.exploring.used import used_matchers
from tomoni.ui.escape import html
from tomoni.ui.explore import writing
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.url_state import apply_choice, change_view
from tomoni.use_cases.jobs import Job, Report
from tomoni.words.asking import TYPES, cost, failure, help_of, how_of, meaning, units

_EVERY_SECONDS = 0.5
_FIRST_WAIT_SECONDS = 0.4
_MOST_PLACES = 48  # of a filter on its button
_MOST_OFFERED = 300  # values of a label in a list; more are found by typing


@dataclass(frozen=True, slots=True)
class Offered:
    """What a source offers for a question: the labels of the metric, what the question will read, and the values of
    those labels that say what became of events (``le``: the edges of a histogram of which nobody says the unit)."""

    labels: tuple[str, ...]
    cost: Cost
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def draw(exploration: Exploration) -> None:
    """Draw how the metric of the address is asked for, or the query."""
    source, view = exploration.source, exploration.context.view
    if source is None or not isinstance(source, Explores):
        return
    with st.container(key="ask"):
        if view.query is not None or exploration.ask is None:
            writing.draw(exploration, source)
            return
        if isinstance(exploration.ask, MetricQuestion):
            _asked(exploration, source, exploration.ask)


def _asked(exploration: Exploration, source: Source, ask: MetricQuestion) -> None:
    offered = _job(exploration, source, ask)
    running = not offered.ended
    st.fragment(_choices, run_every=_EVERY_SECONDS if running else None)(exploration, source, ask, running)


def _what_it_is(exploration: Exploration, ask: MetricQuestion, cost_said: str) -> None:
    """The name, type, unit and help of a metric, what its type means, and what the question reads, on one line."""
    text, metric = exploration.text, exploration.metric or Metric(ask.metric, ask.type)
    kind = text.listed([part for part in (text._(TYPES[metric.type]), units(metric.unit, text)) if part])
    said = " ".join(part for part in (help_of(metric.help, text), meaning(metric, text)) if part)
    st.html(
        f"<p class='tm-asked'><code>{html(metric.name)}</code> <b>{html(kind)}</b> "
        f"<span class='tm-muted' title='{html(said)}'>{html(said)}</span>{cost_said}</p>"
    )


def _choices(exploration: Exploration, source: Source, ask: MetricQuestion, was_running: bool) -> None:
    job, text = _job(exploration, source, ask), exploration.text
    if was_running and job.ended:
        st.rerun()
    so_far = _so_far(job)
    offered = so_far or Offered((), Cost(None, None))
    _what_it_is(exploration, ask, _said(job.ended or so_far is not None, offered, exploration))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ask-row"):
        _how(exploration, ask)
        _by(exploration, ask, offered)
        _add_filter(exploration, source, ask, offered)
        _filters(exploration, ask)
        writing.opener(exploration, source)
    if job.error is not None and isinstance(job.error, SourceError):
        st.html(f"<p class='tm-small tm-at_risk' role='alert'>▲ {html(failure(job.error, text))}</p>")


def _how(exploration: Exploration, ask: MetricQuestion) -> None:
    text, offered = exploration.text, aggregations_of(exploration.metric or Metric(ask.metric, ask.type))
    st.session_state["ask-how"] = ask.aggregation.value
    codes = list(dict.fromkeys([*(each.value for each in offered), ask.aggregation.value]))
    st.selectbox(
        text._("How to put it together"),
        codes,
        key="ask-how",
        width=230,
        label_visibility="collapsed",
        format_func=lambda code: how_of(Aggregation(code), ask.type, text),
        on_change=apply_choice,
        args=("how", "ask-how"),
    )


def _by(exploration: Exploration, ask: MetricQuestion, offered: Offered) -> None:
    text = exploration.text
    st.session_state["ask-by"] = list(ask.by)
    st.multiselect(
        text._("A line for each"),
        list(dict.fromkeys([*ask.by, *offered.labels])),
        key="ask-by",
        label_visibility="collapsed",
        placeholder=text._("A line for each…"),
        disabled=ask.aggregation is Aggregation.HEAT,
        on_change=_apply_by,
    )


def _apply_by() -> None:
    change_view(by=tuple(st.session_state["ask-by"]) or None)


def _filters(exploration: Exploration, ask: MetricQuestion) -> None:
    """The filters in force, each of which a click removes."""
    text = exploration.text
    for number, matcher in enumerate(ask.matchers):
        left = tuple(each for each in ask.matchers if each != matcher)
        st.button(
            shortened(f"{matcher.label} {matcher.operator} {matcher.value}", _MOST_PLACES) + " ✕",
            key=f"ask-filter-{number}",
            help=text._("Remove this filter"),
            on_click=_filter,
            args=(left,),
        )


def _filter(matchers: Sequence[Matcher]) -> None:
    change_view(where=written_matchers(matchers) or None)


def _add_filter(exploration: Exploration, source: Source, ask: MetricQuestion, offered: Offered) -> None:
    """A popover in which a label, and one or several of its values, are chosen."""
    text = exploration.text
    with st.popover(text._("Filter by a label"), disabled=not offered.labels, width="content"):
        label = st.selectbox(text._("Label"), list(offered.labels), key="ask-label")
        if not label:
            return
        job = _values_of(exploration, source, ask, label)
        job.wait(_FIRST_WAIT_SECONDS)
        st.fragment(_values, run_every=None if job.ended else _EVERY_SECONDS)(exploration, source, ask, label)


def _values(exploration: Exploration, source: Source, ask: MetricQuestion, label: str) -> None:
    text, job = exploration.text, _values_of(exploration, source, ask, label)
    if job.error is not None:
        why = failure(job.error, text) if isinstance(job.error, SourceError) else text._("The values were not read.")
        st.html(f"<p class='tm-small tm-at_risk' role='alert'>▲ {html(why)}</p>")
        return
    if job.result is None:
        said = text._("Reading the values…")
        st.html(f"<p class='tm-small tm-muted' role='status'>{html(said)}</p>")
        return
    found = _own_first(exploration, source, label, job.result)[:_MOST_OFFERED]
    counts = {each.value: each.series for each in found}
    chosen = st.multiselect(
        text._("Values"),
        list(counts),
        key=f"ask-values-{label}",
        accept_new_options=True,
        placeholder=text._("Choose values, or type one"),
        format_func=lambda value: _with_count(value, counts.get(value), exploration),
    )
    without = st.checkbox(text._("All but these"), key="ask-without")
    if st.button(text._("Use this filter"), key="ask-use", type="primary", disabled=not chosen):
        _filter((*(each for each in ask.matchers if each.label != label), _matcher(label, chosen, without)))
        st.rerun()


def _own_first(exploration: Exploration, source: Source, label: str, values: Sequence[LabelValue]) -> list[LabelValue]:
    """The values with those first that the app's own queries select."""
    own = {m.value for m in used_matchers(exploration.app, source.id) if m.label == label} if exploration.app else set()
    return sorted(values, key=lambda each: each.value not in own)


def _with_count(value: str, series: int | None, exploration: Exploration) -> str:
    return value if series is None else f"{value} ({exploration.text.number(series, 0)})"


def _matcher(label: str, values: Sequence[str], without: bool) -> Matcher:
    """One matcher for one or several values, or for all but these."""
    if len(values) == 1:
        return Matcher(label, Operator.NOT_EQUAL if without else Operator.EQUAL, values[0])
    pattern = "|".join(_literal(value) for value in values)
    return Matcher(label, Operator.NOT_MATCHES if without else Operator.MATCHES, pattern)


def _literal(value: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\.+*?()|[]{}^$" else letter for letter in value)


def _so_far(job: Job[Offered]) -> Offered | None:
    """What is known already: what a question will read comes before the values of labels."""
    return job.result or job.progress.found


def _said(known: bool, offered: Offered, exploration: Exploration) -> str:
    """What the question will read."""
    text = exploration.text
    said = cost(offered.cost, text) if known else text._("Asking the source what this will read…")
    alert = "tm-at_risk" if offered.cost.refused else "tm-muted"
    return f"<span class='tm-small tm-cost {alert}' role='status'>{html(said)}</span>"


def known_of(exploration: Exploration, source: Source, ask: Ask) -> Known:
    """What is known of the metric that is asked for, as far as it was read."""
    found = _so_far(_job(exploration, source, ask)) if isinstance(ask, MetricQuestion) else None
    metric = exploration.metric
    unit, said = (metric.unit, metric.help) if metric is not None else ("", "")
    return Known(found.labels, unit, said, found.values) if found else Known(unit=unit, help=said)


def _job(exploration: Exploration, source: Source, ask: MetricQuestion) -> Job[Offered]:
    """What the source offers for a question, asked in the background and shared by all who look at it."""
    key = f"offered/{source.id}/{exploration.context.tomoni.generation}/{ask}/{exploration.interval}"
    job = exploration.context.tomoni.jobs.start(key, partial(_offered, source, ask, exploration))
    job.wait(_FIRST_WAIT_SECONDS)
    return job


def _offered(source: Source, ask: MetricQuestion, exploration: Exploration, report: Report[Offered]) -> Offered:
    if not isinstance(source, Explores):
        return Offered((), Cost(None, None))
    labels = source.label_names(ask.metric, (), exploration.interval)
    report.check()
    cost = source.cost(ask, exploration.interval, Limits())
    report.progress(0, 0, Offered(tuple(labels), cost))
    return Offered(tuple(labels), cost, dict(_looked_at(source, ask, labels, exploration)))


def _looked_at(
    source: Explores, ask: MetricQuestion, labels: Sequence[str], exploration: Exploration
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The values that say what of a metric would be an SLI; of what the source does not answer there are none."""
    metric, unit = ask.metric, exploration.metric.unit if exploration.metric is not None else ""
    looked_at = telling(labels) if ask.type is MetricType.COUNTER else ()
    if ask.type is MetricType.HISTOGRAM and not unit:
        metric, looked_at = f"{metric}_bucket", ("le",)
    for label in looked_at:
        try:
            found = source.label_values(metric, label, (), exploration.interval)
        except SourceError:
            continue
        yield label, tuple(each.value for each in found if each.value)


def _values_of(exploration: Exploration, source: Source, ask: MetricQuestion, label: str) -> Job[Sequence[LabelValue]]:
    others = tuple(each for each in ask.matchers if each.label != label)
    tomoni, interval = exploration.context.tomoni, exploration.interval
    key = f"values/{source.id}/{tomoni.generation}/{ask.metric}/{label}/{others}/{interval}"

    def read(report: Report[Sequence[LabelValue]]) -> Sequence[LabelValue]:
        return source.label_values(ask.metric, label, others, interval) if isinstance(source, Explores) else ()

    return tomoni.jobs.start(key, read)
