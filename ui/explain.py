"""How this number is made": what was counted, over which time, how much of it was seen, and the queries."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from data_sources.base import QueryText
from review.model import SloStatus
from slo.model import TimeSlices
from text import Text, mark
from ui.escape import html, link
from ui.notices import told
from ui.terms import term
from words import explained

_ROLES = {
    "good": mark("Good events"),
    "bad": mark("Bad events"),
    "total": mark("Valid events"),
    "value": mark("Value"),
}


def explain(status: SloStatus, text: Text) -> None:
    """A small button that opens the explanation of an SLO's numbers."""
    key = f"explain-{status.journey.id}-{status.slo.id}"
    with st.popover(text._("How is this made?"), type="tertiary", key=key, icon=":material/help:"):
        st.html(_sentence(status, text) + _table(status, text) + told(status.notices, text))
        queries(status.queries, text)


def _sentence(status: SloStatus, text: Text) -> str:
    """The whole calculation in words and numbers."""
    figures, slo = status.figures, status.slo
    if slo.objective is None or slo.window is None:
        return f"<p>{html(explained.not_agreed(text))}</p>"
    if figures.sli is None or figures.remaining is None:
        nothing = text._("Nothing can be judged: there are no valid events in this window.")
        return f"<p>{html(nothing)}</p>"
    phrase = text._(
        "%(total)s valid events, %(bad)s of them bad. The objective of %(objective)s allows %(allowed)s bad ones, "
        "so %(left)s of the budget is left."
    )
    facts = {
        "total": text.count(figures.total),
        "bad": text.count(figures.bad),
        "objective": text.percent(slo.objective.ratio),
        "allowed": text.count(figures.allowed_bad),
        "left": text.budget(figures.remaining),
    }
    return f"<p>{html(phrase % facts)}</p>"


def _table(status: SloStatus, text: Text) -> str:
    rows = "".join(
        f"<tr><th>{name}</th><td>{html(value)}</td></tr>"
        for name, value in (*_counts(status, text), *_how(status, text), *_native(status, text))
    )
    return f"<table class='tm-facts'>{rows}</table>"


def _counts(status: SloStatus, text: Text) -> Iterable[tuple[str, str]]:
    """Numerator and denominator, and what they come to."""
    _, figures = text._, status.figures
    sliced = status.slo.definition.slices is not None
    yield term("good_events", _("Good slices") if sliced else _("Good events"), text), text.count(figures.good)
    yield term("valid_events", _("Valid slices") if sliced else _("Valid events"), text), text.count(figures.total)
    yield term("sli", _("SLI: good ÷ valid"), text), text.sli(figures.sli)
    spent = text.duration(figures.spent_minutes * 60) if figures.spent_minutes is not None else "—"
    minutes = _("%(spent)s of %(allowed)s") % {"spent": spent, "allowed": text.duration(figures.allowed_minutes * 60)}
    yield term("allowed_minutes", _("Spent, as full outage"), text), minutes


def _how(status: SloStatus, text: Text) -> Iterable[tuple[str, str]]:
    """Window, method, coverage, exclusions and source."""
    _, figures = text._, status.figures
    yield term("window", _("Window"), text), text.span(figures.start, figures.end) if status.slo.window else "—"
    yield html(_("Method")), _method(status.slo.definition.slices, text)
    yield term("coverage", _("Coverage"), text), text.percent(figures.coverage)
    left_out = text.duration(figures.excluded_seconds) if figures.excluded_seconds else _("none")
    yield term("exclusion", _("Exclusions"), text), left_out
    yield html(_("Burn alerts")), _alerts(status, text)
    yield term("source", _("Source"), text), status.slo.source


def _native(status: SloStatus, text: Text) -> Iterable[tuple[str, str]]:
    """The figures of the source that keeps the SLO itself, beside ours."""
    yield from ((html(label), value) for label, value in explained.native(status.native, text))


def _method(slices: TimeSlices | None, text: Text) -> str:
    if slices is None:
        return text._("occurrences: every event counts once, in buckets added up")
    facts = {"length": text.duration(slices.length_seconds), "target": text.percent(float(slices.target_percent) / 100)}
    return text._("time slices of %(length)s, good at %(target)s or more") % facts


def _alerts(status: SloStatus, text: Text) -> str:
    """Which burn alerts fire now, by their pair of windows."""
    firing = [
        f"{text.duration(alert.long_seconds)} / {text.duration(alert.short_seconds)} > {text.burn(alert.factor)}"
        for alert in status.figures.alerts
        if alert.firing
    ]
    return text.join(firing) if firing else text._("none fires")


def queries(found: Iterable[QueryText], text: Text) -> None:
    """Each query as it is sent, with a copy button and, where there is one, the source's own screen."""
    for query in found:
        role = text._(_ROLES[query.role]) if query.role in _ROLES else query.role
        st.html(f"<p class='tm-small tm-muted'>{html(role)}</p>")
        st.code(query.text, language=None, wrap_lines=True)
        address = link(query.url) if query.url else None
        if address:
            st.link_button(text._("Open in the source"), address, type="tertiary", icon=":material/open_in_new:")
