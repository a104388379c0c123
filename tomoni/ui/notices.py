"""Notices about definitions and figures, and the texts of empty pages and panels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from data_sources.base import Notice
from tomoni.catalog.schema import Problem, Severity
from tomoni.ui.escape import flowing, html
from tomoni.use_cases.event_feeds import FailingFeed
from tomoni.words import errors, notices
from tomoni.words import problems as words
from tomoni.words.text import Text


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
    return "".join(f"<p class='tm-small tm-muted'>{flowing(notices.describe(notice, text))}</p>" for notice in found)


def feed_lines(found: Iterable[FailingFeed], text: Text) -> str:
    """Feeds of events that fail, as HTML paragraphs."""
    return "".join(f"<p class='tm-definition tm-small tm-at_risk'>▲ {html(_feed(each, text))}</p>" for each in found)


def _feed(found: FailingFeed, text: Text) -> str:
    name = text._("Events from %(source)s") % {"source": text.quote(found.feed.source)}
    said = text.sentences(*errors.describe_feed(found.problem, text))
    return text._("%(name)s: %(value)s") % {"name": name, "value": said}


def empty(what: str, hint: str = "") -> None:
    """Draw an empty panel: what that means, and what to do."""
    st.html(f"<div class='tm-empty'><p class='tm-big'>{flowing(what)}</p><p class='tm-muted'>{flowing(hint)}</p></div>")


def empty_page(what: str, hint: str = "") -> None:
    """Draw the same where it is all that a page has to say, and so its headline."""
    st.html(
        f"<div class='tm-empty'><h1 class='tm-headline'>{html(what)}</h1><p class='tm-muted'>{flowing(hint)}</p></div>"
    )


def refused(sentences: Iterable[str]) -> None:
    """Draw why something was not done."""
    shown = "".join(f"<p>{flowing(sentence)}</p>" for sentence in sentences)
    st.html(f"<div class='tm-notice' role='alert'>{shown}</div>")


def no_apps(text: Text, alone: bool = False) -> None:
    """Draw a page without any configured app; ``alone`` where it says nothing else."""
    (empty_page if alone else empty)(text._("No apps yet."), by_hand(text))


def by_hand(text: Text) -> str:
    """How an app is written without the pages."""
    return text._(
        "Start with the command init, and write down what your users want to get done;"
        " config/apps/_example.yaml shows every key."
    )
