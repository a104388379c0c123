"""The line below the headline: the moment of the figures, their age, and the switch between live and frozen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.ui.blocks import term
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.page_first import keep_fresh
from tomoni.ui.url_state import change_view
from tomoni.words import periods
from tomoni.words.text import Text

_EVERY_SECONDS = 4
_DAY = 86_400
_SAME_YEAR = 180  # days for which a date needs no year


def freshness(context: Context, lead: str = "") -> None:
    """Draw the line. ``lead`` is plain text that precedes it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="freshness"):
        _line(context, lead)
        _switch(context)


def _line(context: Context, lead: str) -> None:
    """Draw the moment and age; a live page updates them, and reruns when a refresh brought new data."""
    if context.frozen:
        _write(context, lead)
    else:
        st.fragment(_live_line, run_every=_EVERY_SECONDS)(context, lead)


def _live_line(context: Context, lead: str) -> None:
    keep_fresh(context.tomoni)
    newest = context.tomoni.live()
    if (newest.as_of, newest.version) != (context.live.as_of, context.live.version):
        st.rerun()
    _write(context, lead)


def _write(context: Context, lead: str) -> None:
    text = context.text
    still = context.frozen or context.dated
    since = context.tomoni.now() - context.as_of
    moment = _dated(context.as_of, since, text) if still else text.clock(context.as_of)
    shown = term("as_of", text._("as of %(moment)s") % {"moment": moment}, text)
    age = text._("frozen") if context.frozen else text.ago(since)
    begin = lead or _period(context)
    parts = [flowing(begin)] if begin else []
    parts += [shown, html(age), *_progress(context)]
    st.html(f"<p class='tm-sub'>{' · '.join(parts)}</p>", width="content")


def _period(context: Context) -> str:
    """The period that the address names, from when to when it is; nothing of the last days."""
    text, named, dates = context.text, context.named, context.view.range
    return periods.whole(named, text) if named else periods.of_dates(dates, text) if dates else ""


def _dated(moment: float, since: float, text: Text) -> str:
    """A still moment, with its year once the day alone may be taken for that of another year."""
    return text.near_moment(moment) if since < _SAME_YEAR * _DAY else text.moment(moment)


def _progress(context: Context) -> list[str]:
    """The progress of a running refresh."""
    progress = context.tomoni.refreshing
    if progress is None or context.frozen:
        return []
    phrase = context.text._("fetching %(done)s of %(total)s series from %(source)s…")
    facts = {"done": progress.done, "total": progress.total, "source": context.text.quote(progress.source)}
    return [html(phrase % facts)]


def _switch(context: Context) -> None:
    """Draw the buttons that freeze the page, choose another moment, or return to live."""
    _ = context.text._
    if context.frozen or context.dated:
        st.button(
            _("Back to live"),
            key="live",
            type="tertiary",
            icon=":material/play_arrow:",
            on_click=change_view,
            kwargs={"at": None, "period": None, "range": None, "episode": None},
        )
    if not context.frozen and not context.closed:
        tip = _("Keeps these numbers: the link then shows them to everybody.")
        freeze = {"at": context.moment}
        st.button(
            _("Freeze"),
            key="freeze",
            type="tertiary",
            icon=":material/pause:",
            help=tip,
            on_click=change_view,
            kwargs=freeze,
        )
    with st.popover(_("Another moment"), type="tertiary", icon=":material/event:"):
        _choose_moment(context)


def _choose_moment(context: Context) -> None:
    """Draw the choice of a moment in the page's time zone."""
    zone = ZoneInfo(context.text.zone)
    here = datetime.fromtimestamp(context.as_of, UTC).astimezone(zone)
    st.session_state["moment"] = here.replace(tzinfo=None, second=0, microsecond=0)
    label = context.text._("As of (%(zone)s)") % {"zone": context.text.zone_name(context.as_of)}
    st.datetime_input(label, key="moment", step=300, **on_choice("moment", _apply_moment, context.text.zone))


def _apply_moment(zone: str) -> None:
    chosen: datetime | None = st.session_state["moment"]
    if chosen is not None:
        change_view(at=int(chosen.replace(tzinfo=ZoneInfo(zone)).timestamp()), period=None, range=None)
