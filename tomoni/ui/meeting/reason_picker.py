"""The choice of what an episode goes with: one click opens it, the second chooses."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import EpisodeReason, Reason
from tomoni.meetings.reasons import Chosen, candidates, choose, describe_in_text
from tomoni.meetings.records import Record
from tomoni.slo.episodes import Episode
from tomoni.ui.blocks import quiet
from tomoni.ui.choice import on_choice
from tomoni.ui.escape import flowing, html, markdown
from tomoni.ui.meeting.incident_editor import begin
from tomoni.ui.meeting.spent import Spent
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.words import incidents as words
from tomoni.words.text import Text


def reason_picker(view: MeetingView, spent: Spent, path: str, episode: Episode, key: str) -> None:
    """Draw what an episode of an SLO (``app/journey/slo``) goes with, and the choice of it while the meeting is not
    closed. ``key`` tells the episode from others on the page."""
    found, text = spent.reason(path, episode), view.text
    shown = spent.words_of(found, text)
    if not view.editable:
        st.html(f"<span class='tm-tag'>{html(shown)}</span>" if shown else quiet("—"), width="content")
        return
    label = markdown(shown) if shown else text._("Choose a reason")
    icon = None if shown else ":material/add:"
    kind: Literal["secondary", "tertiary"] = "secondary" if shown else "tertiary"
    # Its content is drawn only while it is open: a review has many episodes.
    name = _name(key)
    st.session_state.setdefault(name, False)
    with st.popover(label, key=name, icon=icon, type=kind, **on_choice(name, _opened)) as popover:
        if popover.open:
            _choices(view, spent, path, episode, found, key)


def _opened() -> None:
    """The run that follows draws what is inside."""


def _name(key: str) -> str:
    return f"reason-{key}"


def _choices(
    view: MeetingView, spent: Spent, path: str, episode: Episode, found: Record[EpisodeReason] | None, key: str
) -> None:
    text = view.text
    st.html(quiet(text._("What did this episode go with?")))
    now = Chosen(found.value.reason, found.value.ref) if found else None
    for n, each in enumerate(candidates(episode, spent.incidents, spent.events)):
        same = each == now
        st.button(
            markdown(_label(each, spent, text)),
            key=f"choose-{key}-{n}",
            type="tertiary",
            icon=":material/check:" if same else ":material/radio_button_unchecked:",
            on_click=_choose,
            args=(view, path, episode, None if same else each),
        )
    st.button(
        text._("A new incident of this time"),
        key=f"incident-{key}",
        type="tertiary",
        icon=":material/add:",
        on_click=_write_down,
        args=(view, path, episode, key),
    )
    if found is not None:
        _words(view, found, key)


def said_beside(spent: Spent, path: str, episode: Episode) -> None:
    """Draw what was written beside the reason of an episode; nothing without."""
    if said := spent.beside(spent.reason(path, episode)):
        st.html(f"<p class='tm-small tm-said'>{flowing(said)}</p>")


def _words(view: MeetingView, found: Record[EpisodeReason], key: str) -> None:
    """Draw the field of a few words beside a reason."""
    name, text = f"reason-words-{key}", view.text
    with st.form(f"{name}-form", border=False):
        st.text_input(text._("In a few words"), found.value.text, key=name, max_chars=300)
        refusal(name, text)
        st.form_submit_button(text._("Save"), key=f"{name}-store", on_click=_say, args=(view, found, name))


def _say(view: MeetingView, found: Record[EpisodeReason], name: str) -> None:
    said = " ".join((st.session_state.get(name) or "").split())
    attempt(name, lambda: describe_in_text(view.records, found, said))


def _label(each: Chosen, spent: Spent, text: Text) -> str:
    if each == Chosen(Reason.INCIDENT):
        return text._("Incident without an entry here")
    return words.named_reason(each.reason, spent.name_of(each.ref), text)


def _write_down(view: MeetingView, path: str, episode: Episode, key: str) -> None:
    st.session_state[_name(key)] = False  # it would lie over the fields
    begin(view, episode.start, episode.end, path)


def _choose(view: MeetingView, path: str, episode: Episode, chosen: Chosen | None) -> None:
    with suppress(MeetingError):  # taken back by others meanwhile: the page then shows that
        choose(view.records, view.app.id, path, episode, chosen)
