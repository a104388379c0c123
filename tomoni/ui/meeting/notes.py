"""A text that is saved while it is typed, for notes and for whatever else teams write at length.

The component (`notes.js`) keeps what is typed in the browser until it is acknowledged here. A save that comes
twice counts once, because what is merged already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from tomoni.access.pace import TooOftenError
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.notes import SavedNote
from tomoni.meetings.remembered import remembered
from tomoni.store.errors import StoreError
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.pushed import drawn_from
from tomoni.words import meeting_errors
from tomoni.words.prose import prose
from tomoni.words.text import Text, text_for

_FOLDER = Path(__file__).parent
_SCRIPT, _CSS = (_FOLDER / "notes.js").read_text(), (_FOLDER / "notes.css").read_text()
_HTML = (
    "<details><summary><b></b><span role='status' aria-live='polite'></span></summary><div class='body'>"
    "<textarea spellcheck='true'></textarea><div class='shown' tabindex='0' hidden></div>"
    "<button type='button' class='preview'></button></div></details>"
)
_TARGETS, _ANSWERS = "saving-targets", "saving-answers"
_MOST_ANSWERS = 20
_SENT = ("key", "base", "text", "nonce")
_EVERY_SECONDS, _HEARD_OF_EVERY_SECONDS = 2, 20

Save = Callable[[str, str], SavedNote]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text is kept: ``read`` returns it as it is now, ``save`` stores one that was made of a base, given
    first, and may raise MeetingError. ``others`` are further texts of the page, by their keys: what was typed there
    and has not been sent is saved from here. ``goes_on`` is whether others may still change it. ``revision`` tells
    that they did, to readers who see the same (``seen_as``); without it the text is read every other second.
    ``app`` is whose records it belongs to, if any."""

    key: str
    label: str
    read: Callable[[], str]
    save: Save
    editable: bool = True
    goes_on: bool = True
    docked: bool = False
    others: Mapping[str, Save] | None = None
    revision: Callable[[], int] | None = None
    seen_as: str = ""
    app: str | None = None


def notes_box(view: MeetingView, step: str | None = None) -> None:
    """Draw the notes of a step (the one that is shown), docked to the corner of the page."""
    notes, meeting = view.context.tomoni.meetings.notes, view.meeting.id
    shown = step or view.step
    saves = {
        f"{meeting}/{each.step.value}": partial(notes.save, meeting, each.step.value) for each in view.agenda.steps
    }
    target = Target(
        f"{meeting}/{shown}",
        view.text._("Notes"),
        lambda: notes.read(meeting, shown).text,
        partial(notes.save, meeting, shown),
        editable=view.editable,
        goes_on=view.goes_on,
        docked=True,
        others=saves,
        revision=partial(notes.revision, meeting, shown),
        seen_as=view.context.tomoni.seen_as,
        app=view.app.id,
    )
    with st.container(key="notes-dock"):
        saving_text(target, view.text)


def saving_text(target: Target, text: Text) -> None:
    """Draw a text that is saved while it is typed, and shows what others write into it."""
    known: dict[str, Save] = st.session_state.setdefault(_TARGETS, {})
    known |= {**(target.others or {}), target.key: target.save}
    every = _EVERY_SECONDS if target.revision is None else _HEARD_OF_EVERY_SECONDS
    st.fragment(_draw, run_every=every if target.goes_on else None)(target, text)


def _draw(target: Target, text: Text) -> None:
    key = f"saving-{target.key}"
    written = _written(target, _listen(target))
    preview = bool(st.session_state.get(key, {}).get("preview", not target.editable))
    data = {
        "key": target.key,
        "label": target.label,
        "text": written,
        "editable": target.editable,
        "docked": target.docked,
        "preview": preview,
        "html": _html(written, text.language) if preview else "",
        "answers": st.session_state.get(_ANSWERS, []),
        "known": list(st.session_state[_TARGETS]),
        "said": _said(target.key, text),
        "words": _words(text, target.goes_on),
    }
    mount = component("tomoni.notes", html=_HTML, css=_CSS, js=_SCRIPT)
    mount(key=key, data=data, on_sent_change=partial(_saved, key, text), on_preview_change=_nothing)


def _listen(target: Target) -> int | None:
    """Draw the text anew once somebody else has saved it. The revision first: what is saved meanwhile is newer."""
    if target.revision is None or not target.goes_on:
        return None
    with suppress(StoreError):  # the text says so itself
        revision = target.revision()
        drawn_from(("text", target.seen_as, target.key), revision, target.revision)
        return revision
    return None


def _written(target: Target, revision: int | None) -> str:
    """The text as it is now, or as it last was while the database does not answer: what is typed stays. Of a revision
    that is known it is read once for all whose pages are drawn at the same time."""
    name = f"{_TARGETS}-{target.key}"
    try:
        known = revision is not None and target.app is not None
        about = ("text", target.key, revision)
        st.session_state[name] = remembered(target.app, about, target.read) if known else target.read()
    except StoreError:
        if name not in st.session_state:
            raise
    return str(st.session_state[name])


def _nothing() -> None:
    """A value is only kept where something listens to its change."""


@lru_cache(maxsize=64)
def _html(written: str, language: str) -> str:
    return prose(written, text_for(language))


def _words(text: Text, goes_on: bool) -> dict[str, str]:
    _ = text._
    read_only = _("You may read here, not write.")
    return {
        "saving": _("Saving…"),
        "saved": _("Saved"),
        "unsaved": _("Not saved, kept here."),
        "preview": _("Preview"),
        "write": _("Write"),
        "closed": read_only if goes_on else _("This review is closed and is not changed any more."),
        "placeholder": _("Everybody in the review can write here. Markdown works."),
    }


def _said(key: str, text: Text) -> str:
    """What there is to say of the last save of a text beside that it was saved."""
    mine = [each for each in st.session_state.get(_ANSWERS, []) if each["key"] == key]
    if mine and mine[-1]["conflict"]:
        return text._("Saved. Others changed the same lines: both versions stay.")
    return ""


def _saved(key: str, text: Text) -> None:
    """Save what the component sent, and remember the answer for it."""
    sent = st.session_state[key]["sent"]
    if not isinstance(sent, dict) or not all(isinstance(sent.get(name), str) for name in _SENT):
        return
    save = st.session_state.get(_TARGETS, {}).get(sent["key"])
    if save is None:
        return
    answer: dict[str, Any] = {"key": sent["key"], "nonce": sent["nonce"], "saved": True, "conflict": False}
    try:
        answer["conflict"] = save(sent["base"], sent["text"]).conflict
    except MeetingError as error:
        answer |= {"saved": False, "again": False, "said": meeting_errors.line(error, text)}
    except (StoreError, TooOftenError):
        answer |= {"saved": False, "again": True}
    st.session_state[_ANSWERS] = [*st.session_state.get(_ANSWERS, []), answer][-_MOST_ANSWERS:]
