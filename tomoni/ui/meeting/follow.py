"""Following along: who opens the link of a meeting is taken to where its facilitator is.

Whoever presses "Lead" writes where the page is; everybody else hears of it at once (`heard.py`). Nobody is
identified: a press of "Lead" has random letters, and the newest press counts. What a reader did is remembered in the
session alone, and that a tab leads in the tab, until it is closed: a reload of it leads on.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from tomoni.meetings.model import MeetingState
from tomoni.meetings.steps import Step as Stored
from tomoni.ui.choice import on_press_here
from tomoni.ui.escape import html
from tomoni.ui.meeting.heard import listen, newest
from tomoni.ui.meeting.places import Led, Place, go, place_of, read, shown_at, written
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.pushed import look_now
from tomoni.ui.url_state import View, current_view
from tomoni.ui.written_address import fragments_drawn
from tomoni.words import meeting as words

_EVERY_SECONDS = 15  # for the clock; what is new draws the page at once
_LEADS, _LEFT, _SEEN = "following-leads", "following-left", "following-seen"
_MEMORY = "follow-memory"
_SCRIPT = (Path(__file__).parent / "lead.js").read_text()


@dataclass(frozen=True, slots=True)
class Followed:
    """Where the meeting was when it began to be drawn, and where it is, or will be once whoever leads has drawn it
    (`tell`). None while nobody led it yet."""

    stored: Stored | None = None
    led: Led | None = None


def follow(view: MeetingView) -> tuple[MeetingView, Followed]:
    """Take the reader to where the meeting is; return the view there, and where that is."""
    stored = _stored(view)
    if stored is None or view.meeting.value.state is not MeetingState.OPEN:
        return view, Followed()
    led, here = read(stored.name), place_of(view)
    if _leading(view, led):
        return view, Followed(stored, _led_to(view, led, here))
    if _is_behind(view, stored):
        view = _taken_along(view, led.place)
    elif led.by and led.place != here:
        st.session_state[_LEFT] = view.meeting.id  # the reader went elsewhere, now or before
    st.session_state[_SEEN] = (view.meeting.id, stored.revision)
    return view, Followed(stored, led)


def tell(view: MeetingView, followed: Followed) -> None:
    """Write where the one who leads is, after that was drawn: those who follow would be drawn at the same time. From
    then on what is new draws the meeting anew."""
    known, led = followed.stored, followed.led
    if known is not None and led is not None and _leading(view, led) and led != read(known.name):
        now = _stored(view)
        if now == known:  # nobody else took over meanwhile
            view.context.tomoni.meetings.steps.go(view.meeting.id, written(led))
            look_now()
            now = _stored(view)
        known = now if now is not None and read(now.name) == led else known
    listen(view, known)


def _stored(view: MeetingView) -> Stored | None:
    return view.context.tomoni.meetings.steps.current(view.meeting.id)


def _leading(view: MeetingView, led: Led) -> bool:
    return bool(led.by) and st.session_state.get(_LEADS) == (view.meeting.id, led.by)


def _led_to(view: MeetingView, led: Led, here: Place) -> Led:
    """Where the meeting is when the one who leads is here."""
    if led.place == here:
        return led
    return replace(led, place=here, began=led.began if led.place.step == here.step else view.context.tomoni.now())


def _is_behind(view: MeetingView, stored: Stored) -> bool:
    """Whether the meeting went on since the page was drawn, for a reader who is taken along."""
    led, seen = read(stored.name), (view.meeting.id, stored.revision)
    follows = bool(led.by) and not _leading(view, led) and st.session_state.get(_LEFT) != view.meeting.id
    return follows and led.place != place_of(view) and st.session_state.get(_SEEN) != seen


def _taken_along(view: MeetingView, place: Place) -> MeetingView:
    """The view of a place that the page moves to."""
    go(place)
    return replace(view, context=replace(view.context, view=replace(shown_at(view.context.view, place), zoom=None)))


def take_lead(view: MeetingView) -> None:
    """Lead the meeting from where the page is, whoever did before."""
    sign, here, stored = secrets.token_hex(4), place_of(view), _stored(view)
    led = read(stored.name) if stored else None
    began = led.began if led and led.place.step == here.step else view.context.tomoni.now()
    view.context.tomoni.meetings.steps.go(view.meeting.id, written(Led(here, began, sign)))
    st.session_state[_LEADS] = (view.meeting.id, sign)
    st.session_state.pop(_LEFT, None)


def remember_lead(view: MeetingView, led: Led | None) -> None:
    """Let the tab of whoever leads remember it, and lead on after it was loaded again."""
    if led is None or view.meeting.value.state is not MeetingState.OPEN:
        return
    mine = led.by if _leading(view, led) else ""
    data = {"meeting": view.meeting.id, "mine": mine, "leading": led.by}
    mount = component("tomoni.lead", js=_SCRIPT)
    mount(key=_MEMORY, data=data, height=0, on_again_change=partial(_lead_on, view))


def _lead_on(view: MeetingView) -> None:
    """Lead again, unless somebody else took over. With a sign of its own: a copy of the tab does not lead as well."""
    stored, kept = _stored(view), st.session_state[_MEMORY].get("again")
    if stored is not None and kept and read(stored.name).by == kept:
        take_lead(view)


def _stop(view: MeetingView) -> None:
    stored = _stored(view)
    if stored is not None:
        view.context.tomoni.meetings.steps.go(view.meeting.id, written(replace(read(stored.name), by="")))
    st.session_state.pop(_LEADS, None)


def _leave(view: MeetingView) -> None:
    st.session_state[_LEFT] = view.meeting.id


def _rejoin(view: MeetingView) -> None:
    st.session_state.pop(_LEFT, None)
    st.session_state.pop(_SEEN, None)


def follow_buttons(view: MeetingView, led: Led | None) -> None:
    """Draw how the reader stands to whoever leads, and the buttons that change it."""
    _, state = view.text._, view.meeting.value.state
    if state is not MeetingState.OPEN:
        return
    if led is not None and _leading(view, led):
        _button("stop-leading", _("You lead"), _("Others follow you. Press to stop leading."), ":material/cast:", view)
        return
    if led is not None and led.by:
        if st.session_state.get(_LEFT) == view.meeting.id:
            _button("rejoin", _("Rejoin"), _("Go to where the review is, and follow along."), ":material/login:", view)
        else:
            _button("leave", _("Following"), _("Press to look around on your own."), ":material/sync:", view)
    tip = _("Whoever has this page open is taken along to where you are.")
    if view.writable:
        _button("lead", _("Lead"), tip, ":material/cast:", view)


_DOES = {"stop-leading": _stop, "leave": _leave, "rejoin": _rejoin, "lead": take_lead}


def _button(name: str, label: str, tip: str, icon: str, view: MeetingView) -> None:
    st.button(label, key=f"follow-{name}", help=tip, icon=icon, type="tertiary", **on_press_here(_DOES[name], view))


def watch(view: MeetingView, led: Led | None) -> None:
    """Draw the clock, and draw the page anew when the meeting went on or somebody wrote something."""
    drawn = _Drawn(view.version, led, current_view())
    st.fragment(_look, run_every=_EVERY_SECONDS if view.goes_on else None)(view, drawn)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a page was drawn from: the version of what is written, where the meeting was, and its address."""

    version: int
    led: Led | None
    address: View


def _look(view: MeetingView, drawn: _Drawn) -> None:
    """The clock; where it is drawn alone also whether there is news: that a page was told nothing never lasts."""
    if ThreadState.get().fragment_id not in fragments_drawn() or not _is_news(view, drawn):
        _clock(view, drawn.led)
        return
    stored = _stored(view) if view.meeting.value.state is MeetingState.OPEN else None
    went_on = stored is not None and _went_on(view, stored, drawn.led)
    # A press whose new value this look brought has changed the address, and nothing else would draw it.
    if went_on or view.records.version(view.app.id) != drawn.version or current_view() != drawn.address:
        st.rerun()
    _clock(view, drawn.led)


def _is_news(view: MeetingView, drawn: _Drawn) -> bool:
    """Whether there may be something that the page was not drawn from; only then is the store asked for it."""
    heard = newest(view)
    stored = heard.step if view.meeting.value.state is MeetingState.OPEN else None
    behind = stored is not None and (_is_behind(view, stored) or _went_on(view, stored, drawn.led))
    return behind or heard.version != drawn.version or current_view() != drawn.address


def _clock(view: MeetingView, led: Led | None) -> None:
    """Draw since when the meeting is at its step; nothing while nobody led it yet."""
    if led is not None:
        said = words.in_step(led.place.step, view.context.tomoni.now() - led.began, view.agenda, view.text)
        st.html(f"<span class='tm-clock tm-muted' role='timer' aria-live='off'>{html(said)}</span>", width="content")
    else:
        st.html("<span></span>", width="content")


def _went_on(view: MeetingView, stored: Stored, led: Led | None) -> bool:
    """Whether the meeting is elsewhere than the page knows; whoever looks around alone stays."""
    if led is None:
        return True
    now = read(stored.name)
    left = st.session_state.get(_LEFT) == view.meeting.id
    return now != led and not (left and now.by == led.by and now.place.step == led.place.step)
