"""What happened to an app in the period that is shown: listed, filtered, added and changed."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.charts.marks import shares_after
from tomoni.meetings.model import Event, EventKind
from tomoni.review.events import ReviewEvent
from tomoni.ui.blocks import remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html, link
from tomoni.ui.folded import folded_list
from tomoni.ui.joint.event_form import Typed, blank, event_form, of_event
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.notices import feed_lines
from tomoni.ui.selection import Selection
from tomoni.words import events as words

_SHOWN = 5
_KINDS, _WORDS, _CHOSEN = "events-kinds", "events-words", "events-chosen"
_FILTER_FROM = 6  # so many are found without a filter
Line = tuple[ReviewEvent, float | None]


def events_panel(context: Context, selection: Selection) -> None:
    """Draw the events of the app, the newest first, with what burned of the shown SLO's budget right after each."""
    text, events = selection.text, selection.review.events
    with st.container(key="panel-events"):
        title(text._("Events"), text._("what burned right after, not because of them"))
        if failing := context.tomoni.failing_feeds(selection.app.id):
            st.html(feed_lines(failing, text))
        _filter(events, selection)
        found = _found(events, selection)
        lines = list(zip(found, shares_after(selection.focus, found), strict=True))
        none = text._("None is known in this period.") if not events else text._("None of them matches.")
        folded_list([_line(each, selection) for each in reversed(lines)], none, text, _SHOWN)
        if context.may_write(selection.app.id):
            _buttons(context, selection, found)


def _buttons(context: Context, selection: Selection, found: Sequence[ReviewEvent]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _add(context, selection)
        if found:
            _change(context, selection, found)


def _filter(events: Sequence[ReviewEvent], selection: Selection) -> None:
    """Draw what chooses among many events: their kinds, and words of their titles."""
    text = selection.text
    if len(events) < _FILTER_FROM:
        return
    kinds = sorted({event.what for event in events}, key=list(EventKind).index)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if len(kinds) > 1:
            st.pills(
                text._("Kinds"),
                kinds,
                selection_mode="multi",
                format_func=lambda each: words.kind(each, text),
                key=_KINDS,
                label_visibility="collapsed",
            )
        st.text_input(
            text._("Words of the title"), key=_WORDS, placeholder=text._("Filter…"), label_visibility="collapsed"
        )


def _found(events: Sequence[ReviewEvent], selection: Selection) -> list[ReviewEvent]:
    """The events that the filter leaves."""
    if len(events) < _FILTER_FROM:
        return list(events)
    kinds = set(st.session_state.get(_KINDS) or ())
    wanted = str(st.session_state.get(_WORDS) or "").casefold().split()
    return [
        event
        for event in events
        if (not kinds or event.what in kinds) and all(word in event.title.casefold() for word in wanted)
    ]


def _line(found: Line, selection: Selection) -> str:
    """One event as HTML."""
    event, share = found
    text, url = selection.text, link(event.url)
    name = f"<a href='{html(url)}' target='_blank' rel='noopener'>{html(event.title)}</a>" if url else html(event.title)
    after = words.burned(share, text)
    more = f"<br><span class='tm-small tm-muted'>{flowing(after)}</span>" if after else ""
    kind, when = html(words.kind(event.what, text)), html(words.when(event, text))
    return f"{kind} <b>{name}</b> <span class='tm-muted'>{when}</span>{more}"


def _add(context: Context, selection: Selection) -> None:
    text = selection.text
    with lazy_popover(text._("Add an event"), "event-add", ":material/add:") as popover:
        if not popover.open:
            return
        start = blank(min(selection.review.end, context.tomoni.now()), ZoneInfo(text.zone))
        event_form(Typed(context, selection.app, text, "event-new", start))


def _change(context: Context, selection: Selection, found: Sequence[ReviewEvent]) -> None:
    """Draw the choice of an event, and what can be done with it."""
    text, by_id = selection.text, {event.id: event for event in reversed(found)}
    with lazy_popover(text._("Change"), "event-change", ":material/edit:") as popover:
        if not popover.open:
            return
        chosen = st.selectbox(
            text._("Event"),
            list(by_id),
            format_func=lambda id_: words.named(by_id[id_], text),
            key=_CHOSEN,
            index=0,
        )
        if chosen not in by_id:
            return
        event = by_id[chosen]
        if event.sender:
            remark(text._("It came from %(sender)s.") % {"sender": event.sender})
        name = f"event-{event.id}"
        event_form(Typed(context, selection.app, text, name, of_event(event, ZoneInfo(text.zone)), event.id))
        st.button(
            text._("Remove it"),
            key=f"{name}-remove",
            type="tertiary",
            icon=":material/delete:",
            on_click=context.tomoni.meetings.records.remove,
            args=(Event, event.id),
        )
