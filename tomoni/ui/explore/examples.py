"""Examples (exemplars) of what is looked at, each with the way to its trace where the source names one."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from data_sources.errors import SourceError
from data_sources.exploring import Exemplar, HasExemplars
from data_sources.prometheus.config import PrometheusConfig
from tomoni.ui.blocks import number_table, remark
from tomoni.ui.escape import html, link
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.notices import refused
from tomoni.use_cases.jobs import Job, Report
from tomoni.words import errors
from tomoni.words.text import NOTHING

_WAIT_SECONDS = 5.0
_SHOWN = 10
_PLACE = "{trace_id}"


def draw(exploration: Exploration, unit: str) -> None:
    """Draw a switch, and below it the largest examples; nothing for sources that keep none."""
    text, source = exploration.text, _keeps_examples(exploration.source)
    if source is None or exploration.ask is None:
        return
    if st.toggle(text._("Examples with their traces"), key="examples"):
        job = _job(exploration, source)
        if not job.wait(_WAIT_SECONDS):
            remark(text._("The source has not answered yet; switch it off and on again."))
        elif isinstance(job.error, SourceError):
            refused(errors.describe(job.error.code, job.error.facts, job.error.detail, text))
        elif not job.result:
            remark(text._("The source keeps no examples of this in this interval."))
        else:
            _table(exploration, job.result[:_SHOWN], unit)


def _keeps_examples(source: object) -> HasExemplars | None:
    return source if isinstance(source, HasExemplars) else None


def _job(exploration: Exploration, source: HasExemplars) -> Job[tuple[Exemplar, ...]]:
    ask, interval, tomoni = exploration.ask, exploration.interval, exploration.context.tomoni

    def read(report: Report[tuple[Exemplar, ...]]) -> tuple[Exemplar, ...]:
        return tuple(source.exemplars(ask, interval)) if ask is not None else ()

    name = exploration.source.id if exploration.source else ""
    return tomoni.jobs.start(f"exemplars/{tomoni.generation}/{name}/{ask!r}/{interval!r}", read)


def _table(exploration: Exploration, found: tuple[Exemplar, ...], unit: str) -> None:
    text, trace_url = exploration.text, _trace_url(exploration)
    heads = [text._("Time"), text._("Labels"), text._("Trace"), text._("Value")]
    rows = [
        [
            html(text.moment(each.at)),
            html(", ".join(f"{name}={value}" for name, value in each.labels.items()) or NOTHING),
            trace_link(each.trace, trace_url),
            html(text.quantity(each.value, unit) if unit else text.number(each.value)),
        ]
        for each in found
    ]
    st.html(number_table(heads, rows, texts=3))


def trace_link(trace: str, trace_url: str) -> str:
    """The id of a trace as HTML, a link where the source says where traces are."""
    there = quote(trace, safe="")
    address = trace_url.replace(_PLACE, there) if _PLACE in trace_url else f"{trace_url}{there}"
    safe = link(address) if trace and trace_url else None
    shown = html(trace or NOTHING)
    return f"<a href='{html(safe)}' target='_blank' rel='noopener'>{shown}</a>" if safe else shown


def _trace_url(exploration: Exploration) -> str:
    source = exploration.source
    config = exploration.context.tomoni.catalog.sources.get(source.id) if source else None
    return config.trace_url or "" if isinstance(config, PrometheusConfig) else ""
