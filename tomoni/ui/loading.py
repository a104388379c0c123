"""What is shown while a process that has just been started is not ready: the first refresh, and the demo's story."""

from __future__ import annotations

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.ui.blocks import headline, remark
from tomoni.ui.context import Context

_EVERY_SECONDS = 1


def still_empty(context: Context) -> bool:
    """Whether the first refresh is running: no SLO has data, and no source has failed."""
    overview = context.live.overview
    unknown = all(status.known_until is None for status in overview.statuses)
    return bool(overview.statuses) and unknown and not overview.problems


def first_start(context: Context) -> None:
    """Draw the progress of the first refresh; the page reruns when it ends."""
    with st.container(key="panel-loading"):
        st.fragment(_watch, run_every=_EVERY_SECONDS)(context)
        st.skeleton(height=120)
        st.skeleton(height=320)


def _watch(context: Context) -> None:
    if context.tomoni.live() is not context.live:
        st.rerun()
    _, progress = context.text._, context.tomoni.refreshing
    headline(_("Fetching the history for the first time"))
    if progress is None:
        st.progress(0.0, text=_("querying the sources…"))
        return
    phrase = _("%(done)s of %(total)s series; %(left)s left")
    facts = {"done": progress.done, "total": progress.total, "left": progress.total - progress.done}
    st.progress(progress.done / max(1, progress.total), text=phrase % facts)


def story(context: Context, app: App) -> None:
    """Draw that the demo's reviews of an app are being written; the page reruns when they are."""
    with st.container(key="panel-loading"):
        headline(context.text._("Writing the demo's past reviews"))
        remark(context.text._("Each app of the demo comes with two closed reviews, made from its figures."))
        st.fragment(_watch_story, run_every=_EVERY_SECONDS)(context, app)


def _watch_story(context: Context, app: App) -> None:
    if not context.tomoni.tells_story_of(app):
        st.rerun()
    st.skeleton(height=120)
