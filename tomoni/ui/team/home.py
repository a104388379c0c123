"""The home of a team: what changed, what needs a look, what is due, and its apps, on one screen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.review.model import Overview, SloStatus
from tomoni.ui.context import Context
from tomoni.ui.team.apps import app_cards
from tomoni.ui.team.changes import changes_panel
from tomoni.ui.team.due import due_panel
from tomoni.ui.team.look import look_panel
from tomoni.words import team as words

_LINES = 4  # of each list are open
_FEW_LINES, _FEW_APPS = 2, 2  # in the large type of a shared screen, so that the cards of more apps are in sight


def apps_of(context: Context) -> tuple[App, ...]:
    """The apps that the team of the view has a part in."""
    return tuple(app for app in context.tomoni.catalog.apps if context.view.team in app.teams.values())


def is_home(context: Context) -> bool:
    """Whether the view shows the home of a team; a search among its SLOs is no home."""
    return context.view.team is not None and not context.view.find and not context.view.state


def sentence(context: Context, overview: Overview) -> str:
    """The headline."""
    apps = apps_of(context)
    return words.headline(context.view.team or "", len(apps), _own(overview, apps), context.text)


def draw_home(context: Context, overview: Overview) -> None:
    """Draw the panels and the cards."""
    apps = apps_of(context)
    statuses = _own(overview, apps)
    outlook = context.outlook(statuses)
    shown = _FEW_LINES if context.view.present and len(apps) > _FEW_APPS else _LINES
    changed, look, coming = st.columns(3, gap="small")
    with changed, st.container(key="panel-changed", height="stretch"):
        changes_panel(context, statuses, outlook, shown)
    with look, st.container(key="panel-look", height="stretch"):
        look_panel(context, apps, statuses, shown)
    with coming, st.container(key="panel-due", height="stretch"):
        due_panel(context, statuses, outlook, shown)
    app_cards(context, apps, statuses)


def _own(overview: Overview, apps: Sequence[App]) -> list[SloStatus]:
    ids = {app.id for app in apps}
    return [status for status in overview.statuses if status.app.id in ids]
