"""The explanation of an SLO's figures: counts, window, coverage, other methods and queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

import streamlit as st

from data_sources.base import QueryText
from tomoni.review.model import Explanation, OtherFigure, SloStatus
from tomoni.ui.blocks import number_table, term
from tomoni.ui.escape import flowing, html, link, markdown
from tomoni.ui.notices import notice_lines
from tomoni.words import explained, splits
from tomoni.words.text import Text, mark

_ROLES = {
    "good": mark("Good events"),
    "bad": mark("Bad events"),
    "total": mark("Valid events"),
    "first_good": mark("Good events, where series begin"),
    "first_bad": mark("Bad events, where series begin"),
    "first_total": mark("Valid events, where series begin"),
    "first_weight": mark("Weight, where series begin"),
    "error": mark("Error ratio"),
    "success": mark("Success ratio"),
    "weight": mark("Weight"),
    "value": mark("Value"),
    "split_good": mark("Good events of the parts"),
    "split_bad": mark("Bad events of the parts"),
    "split_total": mark("Valid events of the parts"),
}
# Labels of `words.explained` that are glossary terms.
_TERMS = {
    mark("Good events"): "good_events",
    mark("Good slices"): "good_events",
    mark("Valid events"): "valid_events",
    mark("Valid slices"): "valid_events",
    mark("SLI: good ÷ valid"): "sli",
    mark("Spent, as full outage"): "allowed_minutes",
    mark("Window"): "window",
    mark("Coverage"): "coverage",
    mark("Newest data"): "freshness",
    mark("Exclusions"): "exclusion",
    mark("Source"): "source",
    mark("Budget of the whole period, if traffic stays"): "projected",
}
_TICKS = re.compile("`+")
_OF_ADDRESSES = "%/:?#[]@!$&'()*+,;="


def explain(status: SloStatus, explanation: str, text: Text) -> None:
    """Draw the button that opens the explanation that `explanation_of` wrote."""
    key = f"explain-{status.journey.id}-{status.slo.id}"
    with st.popover(text._("How is this calculated?"), type="tertiary", key=key, icon=":material/help:"):
        st.html(explanation)
        if status.queries:
            st.markdown(queries(status.queries, text))


def explanation_of(explanation: Explanation, text: Text) -> str:
    """The explanation of an SLO's figures as HTML."""
    return (
        f"<p>{flowing(explained.sentence(explanation, text))}</p>{_table(explanation, text)}"
        f"{notice_lines(explanation.status.notices, text)}{_methods(explanation.methods, text)}"
        f"{_split(explanation.status, text)}"
    )


def _table(explanation: Explanation, text: Text) -> str:
    keys = {text._(label): key for label, key in _TERMS.items()}
    rows = "".join(
        f"<tr><th scope='row'>{term(keys[label], label, text) if label in keys else html(label)}</th>"
        f"<td>{flowing(value)}</td></tr>"
        for label, value in explained.rows(explanation, text)
    )
    return f"<table class='tm-facts'>{rows}</table>"


def _methods(methods: Iterable[OtherFigure], text: Text) -> str:
    """The figures of the same window by other methods, and why they differ."""
    _ = text._
    rows = [
        (
            html(_(explained.METHODS[other.figure.method])),
            html(_(explained.WHY[other.why])),
            text.sli(other.figure.sli),
            text.budget(other.figure.remaining),
        )
        for other in methods
    ]
    if not rows:
        return ""
    heads = (_("Counted differently"), _("Why it differs"), "SLI", _("Budget left"))
    return number_table(heads, rows, texts=2, classes="tm-methods")


def _split(status: SloStatus, text: Text) -> str:
    """How the parts of a split SLO add up."""
    if status.split is None:
        return ""
    lines = [splits.lead(status.split, text), *splits.remarks(status.split, text)]
    return f"<p>{flowing(splits.heading(status.split, text))}: {html(text.sentences(*lines))}</p>"


def queries(found: Iterable[QueryText], text: Text) -> str:
    """Each query as it is sent as Markdown: a block with a copy button, and a link to the source's own screen, if it
    has one. One element for all of them, for each card has some."""
    parts, onward = list[str](), markdown(text._("Open in the source"))
    for query in found:
        role = text._(_ROLES[query.role]) if query.role in _ROLES else query.role
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(query.text)), default=0))
        parts += [markdown(role), f"{fence}\n{query.text}\n{fence}"]
        if address := link(query.url) if query.url else None:
            parts.append(f"[{onward}](<{quote(address, safe=_OF_ADDRESSES)}>)")
    return "\n\n".join(parts)
