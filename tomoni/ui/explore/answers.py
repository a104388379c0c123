"""What a source answers to a question, asked in the background and kept while the reader looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from data_sources.base import Interval, Source
from data_sources.errors import QueryRefused, SourceError
from data_sources.exploring import Ask, Explores, Limits, Lines, WrittenQuestion
from tomoni.ui.blocks import remark
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.notices import refused
from tomoni.use_cases.jobs import Job, JobState, Report
from tomoni.words import errors
from tomoni.words.text import Text

LIMITS = Limits()
_KEPT = "explored-answers"
_MOST_KEPT = 12  # answers of one reader, so that going back asks nothing
_FIRST_SECONDS = 1.5  # so long a page waits before it says that it waits
_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a source over an interval."""

    source: Source
    ask: Ask
    interval: Interval

    def key(self, context: Context) -> str:
        """The name of its job: the same for all who ask the same."""
        return f"lines/{context.tomoni.generation}/{self.source.id}/{self.ask!r}/{self.interval!r}"


def answer(context: Context, question: Question, text: Text) -> Lines | None:
    """The answer; None while it is under way (which is drawn, with a button that cancels) and where the source
    refused or failed, which is said."""
    kept: dict[str, Lines] = st.session_state.setdefault(_KEPT, {})
    key = question.key(context)
    if key in kept:
        return kept[key]
    source = question.source
    if not isinstance(source, Explores):
        return None
    job = context.tomoni.jobs.start(key, _work(source, question))
    if not job.wait(_FIRST_SECONDS):
        wait(context, key, text)
        return None
    if job.result is None:
        _said(context, job, question, text)
        return None
    kept[key] = job.result
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
    return job.result


def _work(source: Explores, question: Question) -> Callable[[Report[Lines]], Lines]:
    def work(report: Report[Lines]) -> Lines:
        found = source.lines(question.ask, question.interval, LIMITS, report.cancelled)
        report.check()  # what was cancelled may be half of it
        return found

    return work


def wait(context: Context, key: str, text: Text) -> None:
    """Say that the source is asked, with a button that cancels; the page is drawn again when the job has ended."""
    st.fragment(_waiting, run_every=_EVERY_SECONDS)(context, key, text)


def _waiting(context: Context, key: str, text: Text) -> None:
    """Say that the source is asked; the page is drawn again when it has answered."""
    job = context.tomoni.jobs.find(key)
    if job is None or job.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="asking-source"):
        said = text._("Asking the source…")
        st.html(f"<p role='status' class='tm-muted'>{html(said)}</p>", width="content")
        st.button(text._("Cancel"), key="cancel-lines", type="tertiary", on_click=job.cancel)


def _said(context: Context, job: Job[Lines], question: Question, text: Text) -> None:
    """Say why there is no answer, and offer to ask again."""
    error, key = job.error, question.key(context)
    if job.state in (JobState.CANCELLED, JobState.ABANDONED):
        remark(text._("The question was cancelled."))
    elif isinstance(error, SourceError):
        what, hint = errors.describe(error.code, error.facts, error.detail, text)
        mistaken = isinstance(question.ask, WrittenQuestion) and isinstance(error, QueryRefused)
        if mistaken and "reason" not in error.facts:  # it stands above, and not in a file
            hint = text._("Change the query above; what is wrong with it is said there.")
        refused([what, hint])
    else:
        refused([text._("The question could not be answered; the log says why.")])
    st.button(text._("Ask again"), key=f"again-{hash(key)}", on_click=context.tomoni.jobs.forget, args=(key,))
