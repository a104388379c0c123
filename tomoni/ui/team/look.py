"""What needs a look: SLOs with a state, an alert or data that ask for it, and agreements that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.catalog.schema import App
from tomoni.review.joint import policy_standing
from tomoni.review.model import SloStatus
from tomoni.review.status import NO_LINE
from tomoni.slo.model import Severity
from tomoni.ui.blocks import mark_of, title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.folded import folded_list
from tomoni.ui.links import page_link, slo_link
from tomoni.ui.overview.slo_table import worst_first
from tomoni.ui.team.gaps import Gap, gap_names, missing
from tomoni.ui.url_state import View
from tomoni.words import team
from tomoni.words.text import Text


def look_panel(context: Context, apps: Sequence[App], statuses: Sequence[SloStatus], shown: int) -> None:
    """Draw the panel."""
    text = context.text
    title(text._("What needs a look"))
    ranked = sorted(worst_first(statuses), key=lambda status: not _pages(status))
    names = team.names(statuses, text)
    lines = [line for status in ranked if (line := _line(context, status, names[status.path]))]
    lines += list(_gaps(context, apps))
    folded_list(lines, text._("Nothing needs a look."), text, shown)


def _pages(status: SloStatus) -> bool:
    return any(alert.firing and alert.severity is Severity.PAGE for alert in status.figures.alerts)


def _line(context: Context, status: SloStatus, name: str) -> str:
    text = context.text
    level = policy_standing(status.app.policy, status.figures, NO_LINE).level if status.app.policy else None
    why = team.reasons(status, level, text)
    if not why:
        return ""
    link = slo_link(context.view, status, name)
    return f"{mark_of(status.figures.state)} {link}: {flowing(text.listed(why))}"


def _gaps(context: Context, apps: Sequence[App]) -> Iterator[str]:
    """One line for each kind of agreement that is missing."""
    text, view = context.text, context.view
    found: dict[Gap, list[str]] = {}
    for app in apps:
        for one in missing(app):
            name = (one.journey or app).title(text.language)
            found.setdefault(one.gap, []).append(_catalog_link(view, app, name))
    for gap, links in found.items():
        yield f"<span class='tm-muted' aria-hidden='true'>+</span> {html(gap_names(gap, text))}: {_listed(links, text)}"


def _catalog_link(view: View, app: App, words: str) -> str:
    return page_link("catalog", View(lang=view.lang, team=view.team), words, f"app-{app.id}")


def _listed(links: Sequence[str], text: Text) -> str:
    places = [f"\ue000{n}\ue001" for n in range(len(links))]
    shown = html(text.listed(places))
    for place, link in zip(places, links, strict=True):
        shown = shown.replace(place, link)
    return shown
