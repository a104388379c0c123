"""What is due of a team's apps within four weeks, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tomoni.review.model import SloStatus
from tomoni.review.outlook import AHEAD_DAYS, Due, DueKind, Outlook, due
from tomoni.ui.blocks import title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing
from tomoni.ui.folded import folded_list
from tomoni.ui.links import app_link, slo_link
from tomoni.words import team
from tomoni.words.text import mark

_PHRASES = {
    DueKind.REVIEW: mark("Review of %(what)s"),
    DueKind.EXCLUSION: mark("%(what)s, excluded by agreement until %(end)s: %(reason)s"),
    DueKind.RUNS_OUT: mark("The budget of %(what)s runs out at this pace"),
    DueKind.RECOVERS: mark("The budget of %(what)s is back above zero at this pace"),
}
_WHAT = "\ue000"  # stands for the name in a phrase until the phrase is escaped


def due_panel(context: Context, statuses: Sequence[SloStatus], outlook: Outlook, shown: int) -> None:
    """Draw the panel."""
    text = context.text
    title(text._("What is due"), text._("within %(duration)s") % {"duration": text.duration(AHEAD_DAYS * 86_400)})
    names = team.names(statuses, text)
    lines = [_line(context, each, names) for each in due(statuses, outlook.forecasts)]
    nothing = text._("Nothing is due: no review, no exclusion, and no budget that runs out.")
    folded_list(lines, nothing, text, shown)


def _line(context: Context, each: Due, names: Mapping[str, str]) -> str:
    text = context.text_of(each.app)
    spans, status = each.span, each.status
    begun = each.at <= context.as_of
    when = text._("now") if begun else text.near_moment(each.at)
    if status is not None:
        when = text.day(each.at, year=False)  # a forecast is not exact to the hour
    facts = {"what": text.quote(_WHAT)}
    if spans is not None:
        facts |= {"end": text.near_moment(spans.end), "reason": spans.exclusion.reason(text.language)}
    if status is not None:
        link = slo_link(context.view, status, names[status.path])
    else:
        link = app_link(context.view, each.app, each.app.title(text.language))
    said = flowing(text._(_PHRASES[each.kind]) % facts).replace(_WHAT, link)
    return f"<b class='tm-when'>{flowing(when)}</b> {said}"
