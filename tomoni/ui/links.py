"""Links to other pages as HTML; their addresses are relative, so that they hold below any path."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from tomoni.catalog.schema import App
from tomoni.review.model import SloStatus
from tomoni.ui.escape import flowing, html
from tomoni.ui.url_state import View, params


def page_link(page: str, view: View, words: str, anchor: str = "") -> str:
    """A link to a page by its path (empty for the overview) with a view; ``words`` are plain text."""
    return f"<a href='{html(page_address(page, view, anchor))}' target='_self'>{flowing(words)}</a>"


def page_address(page: str, view: View, anchor: str = "") -> str:
    """The address of a page by its path (empty for the overview) with a view."""
    query = urlencode(params(view))
    return f"./{page}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}"


def app_link(view: View, app: App, words: str) -> str:
    """A link to the page of an app at the moment of a view."""
    return page_link("app", replace(_same_moment(view), app=app.id), words)


def slo_link(view: View, status: SloStatus, words: str) -> str:
    """A link to the page of an SLO at the moment of a view."""
    target = replace(_same_moment(view), app=status.app.id, journey=status.journey.id, slo=status.slo.id)
    return page_link("app", target, words)


def _same_moment(view: View) -> View:
    return View(at=view.at, period=view.period, range=view.range, lang=view.lang, present=view.present, team=view.team)
