"""Browsing by the scrape jobs of a server: which there are, and the metrics of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from data_sources.base import Interval, Source
from data_sources.errors import SourceError
from data_sources.exploring import Explores, LabelValue, Metric
from data_sources.kinds import KINDS
from tomoni.exploring.index import MetricIndex
from tomoni.exploring.jobs import among, jobs_of, names_of
from tomoni.slo.model import HOUR
from tomoni.ui.blocks import quiet
from tomoni.ui.choice import on_choice
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.url_state import change_view
from tomoni.use_cases.jobs import Job, Report
from tomoni.words.asking import failure

_KEY = "browse-job"
_FIRST_WAIT_SECONDS = 0.4
_STEP = 300

R = TypeVar("R")


def choice(exploration: Exploration, source: Source) -> None:
    """Draw the choice of a job; nothing of a source without any."""
    text, chosen = exploration.text, exploration.context.view.job or ""
    if not KINDS[source.kind].expressions:  # only servers with PromQL scrape
        return
    found = _jobs(exploration, source).result or ()
    targets = {each.value: each.series for each in found}
    if not targets and not chosen:
        return
    st.session_state[_KEY] = chosen
    st.selectbox(
        text._("Metrics of a job"),
        list(dict.fromkeys(["", *([chosen] if chosen else []), *targets])),
        key=_KEY,
        width=220,
        label_visibility="collapsed",
        format_func=lambda job: _named(job, targets.get(job), exploration),
        **on_choice(_KEY, _choose),
    )


def _choose() -> None:
    change_view(job=st.session_state[_KEY] or None, browse=None)


def metrics_of(exploration: Exploration, source: Source, index: MetricIndex, job: str) -> list[Metric]:
    """The metrics of a job; none while its names are read, or where they cannot be, which is said."""
    text, reading = exploration.text, _names(exploration, source, job)
    if isinstance(reading.error, SourceError):
        st.html(quiet(failure(reading.error, text)))
    elif not reading.ended:
        st.fragment(_waiting, run_every=_FIRST_WAIT_SECONDS)(exploration, source, job)
    elif not reading.result:
        st.html(quiet(text._("No metric has the job %(job)s.") % {"job": text.quote(job)}))
    return among(index.metrics, reading.result or ())


def _waiting(exploration: Exploration, source: Source, job: str) -> None:
    if _names(exploration, source, job).ended:
        st.rerun()
    asking = exploration.text._("Asking the source…")
    st.html(f"<p role='status' class='tm-muted'>{asking}</p>")


def _named(job: str, targets: int | None, exploration: Exploration) -> str:
    text = exploration.text
    if not job:
        return text._("of any job")
    return job if targets is None else f"{job} ({text.number(targets, 0)})"


def _interval(exploration: Exploration) -> Interval:
    """The newest hour, to the last five minutes: what was scraped then."""
    end = exploration.context.moment // _STEP * _STEP
    return Interval(end - HOUR, end, _STEP)


def _jobs(exploration: Exploration, source: Source) -> Job[Sequence[LabelValue]]:
    interval = _interval(exploration)

    def read(report: Report[Sequence[LabelValue]]) -> Sequence[LabelValue]:
        return jobs_of(source, interval) if isinstance(source, Explores) else ()

    return _started(exploration, f"jobs/{source.id}/{interval}", read)


def _names(exploration: Exploration, source: Source, job: str) -> Job[Sequence[str]]:
    interval = _interval(exploration)

    def read(report: Report[Sequence[str]]) -> Sequence[str]:
        return names_of(source, job, interval) if isinstance(source, Explores) else ()

    return _started(exploration, f"names/{source.id}/{interval}/{job}", read)


def _started(exploration: Exploration, key: str, read: Callable[[Report[R]], R]) -> Job[R]:
    tomoni = exploration.context.tomoni
    job = tomoni.jobs.start(f"{key}/{tomoni.generation}", read)
    job.wait(_FIRST_WAIT_SECONDS)
    return job
