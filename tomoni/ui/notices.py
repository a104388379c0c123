"""Notices about sources and figures, and the texts of empty pages and panels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from data_sources.base import Notice
from tomoni.catalog.schema import Problem, Severity
from tomoni.review.model import SloStatus, SourceProblem
from tomoni.ui.escape import html
from tomoni.words import errors, notices
from tomoni.words import problems as words
from tomoni.words.text import Text

_SHOWN_ERRORS = 3


def source_problems(problems: Iterable[SourceProblem], text: Text) -> None:
    """Draw each failing source: what happened, what is shown instead, and what to do."""
    shown = "".join(_problem(problem, text) for problem in problems)
    if shown:
        st.html(f"<div role='status'>{shown}</div>")


def _problem(problem: SourceProblem, text: Text) -> str:
    what, hint = errors.describe_source(problem, text)
    since = text._("since %(moment)s") % {"moment": text.near_moment(problem.since)}
    more = f"<p class='tm-muted'>{html(hint)}</p>" if hint else ""
    head = f"<b>▲ {html(problem.source)}</b> <span class='tm-muted'>{html(since)}</span>"
    return f"<div class='tm-notice'><p>{head}</p><p>{html(what)}</p>{more}</div>"


def implausible_data(statuses: Iterable[SloStatus], text: Text) -> None:
    """Draw the SLOs whose data cannot be right, each with its first reason."""
    found = [(status, notices.doubts(status.notices)) for status in statuses]
    lines = [f"{_name(status, text)}: {notices.describe(doubts[0], text)}" for status, doubts in found if doubts]
    if not lines:
        return
    shown = "".join(f"<p class='tm-small'>{html(line)}</p>" for line in lines[:_SHOWN_ERRORS])
    if len(lines) > _SHOWN_ERRORS:
        more = text._("%(n)s more; the notes of each SLO have them all.") % {"n": len(lines) - _SHOWN_ERRORS}
        shown += f"<p class='tm-small'>{html(more)}</p>"
    head = text._("Implausible data")
    st.html(f"<div class='tm-notice tm-calm' role='status'><p><b>▲ {html(head)}</b></p>{shown}</div>")


def _name(status: SloStatus, text: Text) -> str:
    return f"{status.app.title(text.language)}, {status.slo.title(text.language)}"


def broken_files(found: Sequence[Problem], text: Text) -> None:
    """Draw what is wrong in the configuration files: each file and line, and what applies meanwhile."""
    if not found:
        return
    shown = "".join(f"<p class='tm-small'>{html(words.line(problem, text))}</p>" for problem in found[:_SHOWN_ERRORS])
    if len(found) > _SHOWN_ERRORS:
        more = text._("More on the catalog page: %(n)s") % {"n": len(found) - _SHOWN_ERRORS}
        shown += f"<p class='tm-small'>{html(more)}</p>"
    head = text._("The configuration has errors. Until they are corrected, the last good definitions stay in force.")
    st.html(f"<div class='tm-notice' role='status'><p><b>▲ {html(head)}</b></p>{shown}</div>")


def definition_lines(found: Sequence[Problem], text: Text, slo: str = "") -> str:
    """What is wrong with the definition of one SLO, by file and line, as HTML paragraphs; after its title, if
    it is given."""
    of = f"{html(slo)}: " if slo else ""
    return "".join(
        f"<p class='tm-definition tm-small {'tm-exhausted' if problem.severity is Severity.ERROR else 'tm-at_risk'}'>"
        f"▲ {of}{html(words.line(problem, text))}</p>"
        for problem in found
    )


def notice_lines(found: Iterable[Notice], text: Text) -> str:
    """Notices about a figure as HTML paragraphs."""
    return "".join(f"<p class='tm-small tm-muted'>{html(notices.describe(notice, text))}</p>" for notice in found)


def empty(what: str, hint: str = "") -> None:
    """Draw an empty page or panel: what that means, and what to do."""
    st.html(f"<div class='tm-empty'><p class='tm-big'>{html(what)}</p><p class='tm-muted'>{html(hint)}</p></div>")


def refused(sentences: Iterable[str]) -> None:
    """Draw why something was not done."""
    shown = "".join(f"<p>{html(sentence)}</p>" for sentence in sentences)
    st.html(f"<div class='tm-notice' role='alert'>{shown}</div>")


def no_apps(text: Text) -> None:
    """Draw the page without any configured app."""
    empty(
        text._("No apps yet."),
        text._(
            "Start with the command init, and write down what your users want to get done;"
            " config/apps/_example.yaml shows every key."
        ),
    )
