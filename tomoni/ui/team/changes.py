"""What changed of a team's SLOs within the last 7 days: one sentence each, the most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from tomoni.review.model import SloStatus
from tomoni.review.outlook import Outlook
from tomoni.slo.model import WEEK
from tomoni.snapshots.document.sections.changes import sentence
from tomoni.snapshots.record.comparing import Change, Kind, compare_statuses, unchanged
from tomoni.ui.blocks import title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing
from tomoni.ui.folded import fold, folded_list
from tomoni.ui.links import slo_link
from tomoni.words import team
from tomoni.words.text import Text

NOTICEABLE = 0.05  # of a budget: within a week every budget moves a little
_SIGNS: Mapping[Kind, tuple[str, str]] = {
    Kind.STATE_WORSE: ("▼", "tm-exhausted"),
    Kind.STATE_BETTER: ("▲", "tm-healthy"),
    Kind.BUDGET_DOWN: ("▼", "tm-at_risk"),
    Kind.BUDGET_UP: ("▲", "tm-healthy"),
    Kind.NOTICE: ("▲", "tm-at_risk"),
}
_OTHER_SIGN = ("◆", "tm-muted")
_NAME = "\ue000"  # stands for the name in a sentence until the sentence is escaped


def changes_panel(context: Context, statuses: Sequence[SloStatus], outlook: Outlook, shown: int) -> None:
    """Draw the panel."""
    text = context.text
    now = {status.path: status for status in statuses}
    was = {path: each for each in outlook.before.statuses if (path := each.path) in now and path not in outlook.new}
    found = compare_statuses(was, now, NOTICEABLE)
    since = min((status.as_of for status in statuses), default=context.as_of) - WEEK
    title(text._("What changed"), text._("since %(day)s") % {"day": text.day(since, year=False)})
    names = team.names(statuses, text)
    lines = [_line(context, some, names) for some in _by_slo(found)] + [_gone(path, text) for path in outlook.gone]
    folded_list(lines, text._("There are no notable changes."), text, shown)
    if same := unchanged(now, found):
        count = text.n_("%(n)s SLO with little or no change", "%(n)s SLOs with little or no change", len(same))
        links = [slo_link(context.view, status, names[status.path]) for status in same]
        st.html(fold(count % {"n": text.number(len(same), 0)}, links))


def _gone(path: str, text: Text) -> str:
    """An SLO that was taken away: its files are, and with them its title."""
    said = text._("%(slo)s no longer exists.") % {"slo": text.quote(path.replace("/", " / "))}
    return f"<span class='{_OTHER_SIGN[1]}' aria-hidden='true'>{_OTHER_SIGN[0]}</span> {flowing(said)}"


def _by_slo(found: Sequence[Change]) -> list[list[Change]]:
    """The changes of each SLO together, where the most important of them is."""
    groups: dict[str, list[Change]] = {}
    for change in found:
        if change.status is not None:
            groups.setdefault(change.status.path, []).append(change)
    return list(groups.values())


def _line(context: Context, changes: Sequence[Change], names: Mapping[str, str]) -> str:
    first, status = changes[0], changes[0].status
    sign, color = _SIGNS.get(first.kind, _OTHER_SIGN)
    shown = flowing(text_of(changes, context.text))
    link = slo_link(context.view, status, names[status.path]) if status else ""
    return f"<span class='{color}' aria-hidden='true'>{sign}</span> {shown.replace(_NAME, link)}"


def text_of(changes: Sequence[Change], text: Text) -> str:
    """The changes of one SLO in sentences; where its state changed, what that did to the budget is said along."""
    first = changes[0]
    if first.kind in (Kind.STATE_WORSE, Kind.STATE_BETTER) and first.before and first.after:
        others = [each for each in changes[1:] if each.kind not in (Kind.BUDGET_DOWN, Kind.BUDGET_UP)]
        said = team.went(first.before, first.after, _NAME, text)
        return text.sentences(said, *(sentence(each, text, _placeholder) for each in others))
    return text.sentences(*(sentence(each, text, _placeholder) for each in changes))


def _placeholder(_status: SloStatus, _text: Text) -> str:
    return _NAME
