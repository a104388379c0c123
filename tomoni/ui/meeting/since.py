"""The step "Since last time": what every SLO did, and what changed since the last closed meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.review.model import Review
from tomoni.snapshots.document.sections import changes
from tomoni.snapshots.document.sections.edition import name_of
from tomoni.snapshots.errors import SnapshotError
from tomoni.ui.blocks import budget_bar, chip, headline, quiet, remark, stacking_table, title, window_name
from tomoni.ui.escape import flowing, html
from tomoni.ui.folded import fold, folded
from tomoni.ui.kept import kept_of_review
from tomoni.ui.meeting.view import MeetingView, snapshot_of
from tomoni.use_cases import since as periods
from tomoni.use_cases.actions import ListedAction, actions_of
from tomoni.use_cases.concerned import concerns_of
from tomoni.use_cases.meeting import Held
from tomoni.words import headlines
from tomoni.words import meeting as words
from tomoni.words import since as said
from tomoni.words.text import Text

_LINES = 8


@dataclass(frozen=True, slots=True)
class _Step:
    """What the step says, as HTML but for the sentence."""

    sentence: str
    table: str
    actions: str
    changes: str


def draw(view: MeetingView) -> None:
    """Draw the step: the sentence, the table, and what changed."""
    text, minute = view.text, view.context.tomoni.now() // 60  # of which actions are past due
    about = ("since", view.meeting.id, view.version, minute)
    step = kept_of_review(view.context, view.review, about, lambda: _step(view))
    headline(step.sentence)
    with st.container(key="panel-since"):
        title(text._("What every objective did"), text.days(view.review.start, view.review.as_of))
        st.html(step.table)
        remark(step.actions)
    with st.container(key="panel-changes"):
        title(text._("What changed since the last review"))
        st.html(step.changes)


def _step(view: MeetingView) -> _Step:
    text, before = view.text, _before(view)
    found = _since(view, before)
    if found is None:
        alone = said.unread(text) if before else said.first(view.app, text)
        sentence = text.sentences(alone, headlines.app(view.review, text))
    else:
        sentence = said.headline(_said(found, text), before[0].value.as_of, text)
    actions = text._("Open actions of the app: %(count)s.") % {"count": _open(_actions(view), text)}
    return _Step(sentence, _table(view, before), actions, _changes(text, found, bool(before)))


def _before(view: MeetingView) -> tuple[Held, ...]:
    """The closed meetings that this one comes after, the newest first: each is what the next one started from."""
    found: list[Held] = []
    id_ = view.meeting.value.previous
    while id_ is not None and id_ not in {each.id for each in found}:
        try:
            each = view.records.read(Meeting, id_)
        except MeetingError:  # it was removed
            break
        if each.value.state is MeetingState.CLOSED:
            found.append(each)
        id_ = each.value.previous
    return tuple(found)


def _since(view: MeetingView, before: tuple[Held, ...]) -> periods.Since | None:
    """What changed since the last closed meeting; None where there is none, or what it was is not there any more."""
    was = _frozen(view, before[0]) if before else None
    if was is None:
        return None
    actions = periods.actions_since(view.records, view.app.id, was.as_of)
    return periods.since(was, view.review, actions)


def _frozen(view: MeetingView, meeting: Held) -> Review | None:
    try:
        return snapshot_of(view.context, meeting.value.snapshot).review
    except SnapshotError:
        return None


def _table(view: MeetingView, before: tuple[Held, ...]) -> str:
    """A row for each SLO, as HTML."""
    text, _ = view.text, view.text._
    spans = periods.spans_of(view.review, before)
    rows = periods.slo_periods(view.review, spans)
    actions, concerns = _actions(view), concerns_of(view.records, view.review)
    heads = (
        "SLO",
        _("State"),
        _("Objective"),
        _("Whole window"),
        _("This period"),
        _("Share of traffic"),
        _("Budget left"),
        _("Open actions"),
        _("Missed in a row"),
    )
    cells = (_row(row, [each for each in actions if concerns(each.action, row.status.path)], text) for row in rows)
    return stacking_table(heads, cells, texts=2, classes="tm-since")


def _row(row: periods.SloPeriod, mine: Sequence[ListedAction], text: Text) -> tuple[str, ...]:
    status, objective = row.status, row.status.slo.objective
    missed = row.run is not None and row.run.missed > 0
    period, whole = html(text.sli(row.sli)), html(window_name(status.slo.window, text))
    return (
        f"<b>{html(status.slo.title(text.language))}</b><br>"
        f"<span class='tm-small tm-muted'>{flowing(status.journey.title(text.language))}</span>",
        chip(status.figures.state, text),
        html(text.objective(objective.percent if objective else None)),
        f"{html(text.sli(status.figures.sli))}<br><span class='tm-small tm-muted'>{whole}</span>",
        f"<b class='tm-at_risk'>▲ {period}</b>" if missed else period,
        html(text.percent(row.share, 0)),
        f"{html(text.budget(status.budget_left))}{budget_bar(status)}",
        html(_open(mine, text)),
        html(said.run(row.run, text)),
    )


def _open(actions: Sequence[ListedAction], text: Text) -> str:
    return words.open_actions(len(actions), sum(each.days_past > 0 for each in actions), text)


def _actions(view: MeetingView) -> tuple[ListedAction, ...]:
    return actions_of(view.records, view.app, view.context.tomoni.now())


def _changes(text: Text, found: periods.Since | None, closed_before: bool) -> str:
    """What changed, a sentence each, as HTML; what did not is one line."""
    if found is None:
        first = text._("Nothing to compare with yet: the next review starts from what this one closes with.")
        return quiet(said.unread(text) if closed_before else first)
    lines = [html(line) for line in said.sentences(_said(found, text), text)]
    changed = folded(lines, text, _LINES) if lines else quiet(text._("There are no notable changes."))
    return changed + (_unchanged(found, text) if found.unchanged else "")


def _said(found: periods.Since, text: Text) -> said.Changes:
    return changes.since(found.changes, found.policy, found.actions.counts, text)


def _unchanged(found: periods.Since, text: Text) -> str:
    """The SLOs that did not change in one line, each behind it."""
    count = text.n_("%(n)s objective is unchanged", "%(n)s objectives are unchanged", len(found.unchanged))
    names = [html(name_of(status, text)) for status in found.unchanged]
    return fold(count % {"n": len(found.unchanged)}, names)
