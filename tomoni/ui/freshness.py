"""As of when, and how long ago: always visible; with the switch between live and frozen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.terms import term
from tomoni.ui.url_state import go

_EVERY_SECONDS = 4


def freshness(context: Context, lead: str = "") -> None:
    """The line under the headline. ``lead`` is plain text that comes first."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="freshness"):
        _line(context, lead)
        _switch(context)


def _line(context: Context, lead: str) -> None:
    """What is shown; while the page is live it counts on by itself and redraws the page when news came."""
    if context.frozen:
        _write(context, lead)
    else:
        st.fragment(_live_line, run_every=_EVERY_SECONDS)(context, lead)


def _live_line(context: Context, lead: str) -> None:
    context.tomoni.refresh_in_background()
    newest = context.tomoni.live()
    if (newest.as_of, newest.version) != (context.live.as_of, context.live.version):
        st.rerun()
    _write(context, lead)


def _write(context: Context, lead: str) -> None:
    text = context.text
    moment = text.near_moment(context.as_of) if context.frozen else text.clock(context.as_of)
    shown = term("as_of", text._("as of %(moment)s") % {"moment": moment}, text)
    age = text._("frozen") if context.frozen else text.ago(context.tomoni.now() - context.as_of)
    parts = [html(lead)] if lead else []
    parts += [shown, html(age), *_progress(context)]
    st.html(f"<p class='tm-sub'>{' · '.join(parts)}</p>", width="content")


def _progress(context: Context) -> list[str]:
    """How far a running refresh is."""
    progress = context.tomoni.refreshing
    if progress is None or context.frozen:
        return []
    phrase = context.text._("fetching %(done)s of %(total)s series from %(source)s…")
    facts = {"done": progress.done, "total": progress.total, "source": progress.source}
    return [html(phrase % facts)]


def _switch(context: Context) -> None:
    """Freeze at this moment, choose another, or go back to live."""
    _ = context.text._
    if context.frozen:
        st.button(
            _("Back to live"),
            key="live",
            type="tertiary",
            icon=":material/play_arrow:",
            on_click=go,
            kwargs={"at": None},
        )
    else:
        tip = _("Holds these numbers: the link then shows them to everybody.")
        freeze = {"at": context.as_of}
        st.button(
            _("Freeze"), key="freeze", type="tertiary", icon=":material/pause:", help=tip, on_click=go, kwargs=freeze
        )
    with st.popover(_("Another moment"), type="tertiary", icon=":material/event:"):
        _choose(context)


def _choose(context: Context) -> None:
    """A moment in the reader's zone."""
    zone = ZoneInfo(context.text.zone)
    here = datetime.fromtimestamp(context.as_of, UTC).astimezone(zone)
    st.session_state["moment"] = here.replace(tzinfo=None, second=0, microsecond=0)
    label = context.text._("As of (%(zone)s)") % {"zone": context.text.zone_name(context.as_of)}
    st.datetime_input(label, key="moment", on_change=_chosen, args=(context.text.zone,), step=300)


def _chosen(zone: str) -> None:
    chosen: datetime | None = st.session_state["moment"]
    if chosen is not None:
        go(at=int(chosen.replace(tzinfo=ZoneInfo(zone)).timestamp()))
