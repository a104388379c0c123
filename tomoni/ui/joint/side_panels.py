"""The panels beside the joint figure: the policy, burn alerts, exclusions and notes on the data."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from tomoni.review.model import ExcludedSpan, PolicyStanding, SloTrack
from tomoni.ui.blocks import heading, number_table, parted, quiet, term
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.explore import entrances
from tomoni.ui.kept import kept_of_review
from tomoni.ui.notices import notice_lines
from tomoni.ui.selection import Selection
from tomoni.words import budgets, explained
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_MOST_FIRINGS, _MOST_SPANS = 5, 6


def agreed_panel(selection: Selection, decided: str = "") -> None:
    """Draw what the teams agreed: what to do at the current budget, and what they ``decided``, as HTML; nothing
    without either."""
    standing, text = selection.focus.policy, selection.text
    if standing is None and not decided:
        return
    with st.container(key="panel-policy" if standing else "panel-decisions"):
        st.html(parted(*(_policy(standing, text) if standing else ()), decided))


def _policy(standing: PolicyStanding, text: Text) -> tuple[str, str]:
    """A policy, since when it is agreed, and what it asks for now."""
    level = standing.level
    named = [plain(standing.policy.title(text.language)), budgets.agreed_on(standing.policy, text)]
    title = heading(html(text._("Policy")), " · ".join(part for part in named if part))
    head = f"<b>{html(level.title(text.language))}</b> · " if level else ""
    actions = "".join(f"<li>{flowing(action(text.language))}</li>" for action in level.actions) if level else ""
    ahead = budgets.ahead(standing, text)
    return title, (
        f"<p>{head}{flowing(budgets.level(standing, text))}</p>"
        f"{f'<ul class=tm-list>{actions}</ul>' if actions else ''}{quiet(ahead) if ahead else ''}"
    )


def alerts_panel(context: Context, selection: Selection) -> None:
    """Draw the alerts that would be firing now, and those that would have fired; nothing when the SLO cannot be
    judged."""
    track, text = selection.focus, selection.text
    if track.status.figures.sli is None and not track.firings:
        return
    with st.container(key="panel-alerts"):
        note = text._("by its rules on the ledger: what would have fired")
        head = heading(term("burn_alert", text._("Burn alerts"), text), note)
        about = ("burn alerts", context.view, track.status.path, text.language, text.zone)
        told = kept_of_review(
            context, selection.review, about, lambda: _firing_now(track, text) + _fired(context, selection)
        )
        st.html(parted(head, told))


def _firing_now(track: SloTrack, text: Text) -> str:
    firing = [alert for alert in track.status.figures.alerts if alert.firing]
    if not firing:
        none = text._("No alert is firing.")
        return f"<p><span class='tm-healthy'>●</span> {html(none)}</p>"
    sentences = (html(budgets.alert(alert, text)) for alert in firing)
    word = html(text._("Firing now"))
    return "".join(f"<p><b class='tm-exhausted'>■ {word}</b> {each}</p>" for each in sentences)


def _fired(context: Context, selection: Selection) -> str:
    """The alerts that fired in the period, newest first, each with the way to what its SLI counted then."""
    track, text = selection.focus, selection.text
    firings = sorted(track.firings, key=lambda firing: -firing.start)
    if not firings:
        return quiet(text._("None would have fired in this period."))
    definition = track.status.slo.definition
    rows = (
        (
            entrances.at_alert(context, selection, firing, budgets.fired(firing, text)),
            html(budgets.rule(firing.rule, definition, text)),
            text.burn(firing.worst_burn),
        )
        for firing in firings[:_MOST_FIRINGS]
    )
    heads = (text._("Would have fired"), text._("Burn alert"), text._("Fastest burn"))
    return number_table(heads, rows, texts=2) + _more(len(firings) - _MOST_FIRINGS, text)


def _more(n: int, text: Text) -> str:
    if n <= 0:
        return ""
    return quiet(text.n_("and %(n)s more", "and %(n)s more", n) % {"n": n})


def exclusions_panel(selection: Selection) -> None:
    """Draw the SLO's exclusions, past and planned; nothing without any."""
    status, text = selection.focus.status, selection.text
    spans = [s for s in selection.review.exclusions if s.exclusion.concerns(status.journey.id, status.slo.id)]
    if not spans:
        return
    with st.container(key="panel-exclusions"):
        head = heading(term("exclusion", text._("Exclusions"), text))
        listed = "".join(_span(span, selection.review.end, text) for span in spans[:_MOST_SPANS])
        st.html(parted(head, f"<ul class='tm-list'>{listed}</ul>{_more(len(spans) - _MOST_SPANS, text)}"))


def _span(span: ExcludedSpan, end: int, text: Text) -> str:
    word = html(text._("planned"))
    planned = f" <span class='tm-tag'>{word}</span>" if span.start >= end else ""
    when = html(text.span(span.start, span.end))
    return f"<li>{when}{planned}<br><span class='tm-muted'>{flowing(span.exclusion.reason(text.language))}</span></li>"


def data_panel(selection: Selection) -> None:
    """Draw the notes on the data: what to know before trusting the figures; nothing without any."""
    track, text = selection.focus, selection.text
    codes = {notice.code for notice in track.status.notices}
    changes = [] if "definition_changed" in codes else [explained.changed(change, text) for change in track.changes]
    shown = notice_lines(track.status.notices, text) + _changes(changes, text)
    if shown:
        with st.container(key="panel-data"):
            st.html(parted(heading(html(text._("Notes on the data"))), shown))


def _changes(changes: Iterable[str], text: Text) -> str:
    word = text._("Definition changed")
    return "".join(quiet(f"{word}: {change}") for change in changes)
