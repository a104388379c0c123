"""The fields of an event as somebody types them, and storing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.meetings.model import Event, EventKind
from tomoni.meetings.records import validated
from tomoni.review.events import ReviewEvent
from tomoni.slo.model import MINUTE
from tomoni.ui.context import Context
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.words import events as words
from tomoni.words.text import Text

_TYPED_KINDS: list[EventKind] = [kind for kind in EventKind if kind is not EventKind.ALERT]


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields hold at first; moments are those of the app's clocks."""

    what: EventKind
    title: str
    at: datetime
    until: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A form of an app: ``name`` begins the keys of its fields, ``id`` is the event that it changes (None: a new
    one)."""

    context: Context
    app: App
    text: Text
    name: str
    first: Fields
    id: str | None = None


def blank(moment: int, zone: ZoneInfo) -> Fields:
    """A deploy at a moment."""
    return Fields(EventKind.DEPLOY, "", _clock(moment - moment % MINUTE, zone), None, "")


def of_event(event: ReviewEvent, zone: ZoneInfo) -> Fields:
    """What is known of an event."""
    until = None if event.until is None else _clock(event.until, zone)
    return Fields(event.what, event.title, _clock(event.at, zone), until, event.url)


def _clock(moment: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None)


def event_form(form: Typed) -> None:
    """Draw the fields with a button that stores them."""
    text, first, name = form.text, form.first, form.name
    kinds: list[EventKind] = _TYPED_KINDS if first.what in _TYPED_KINDS else list(EventKind)
    zone = {"zone": text.zone_name(form.context.tomoni.now())}
    with st.form(name, border=False, enter_to_submit=False):
        st.selectbox(
            text._("Kind"),
            kinds,
            index=kinds.index(first.what),
            format_func=lambda each: words.kind(each, text),
            key=f"{name}-kind",
        )
        st.text_input(text._("Title"), value=first.title, max_chars=300, key=f"{name}-title", placeholder="2.41")
        st.datetime_input(text._("Start (%(zone)s)") % zone, value=first.at, step=60, key=f"{name}-at")
        st.datetime_input(text._("End, if it has one"), value=first.until, step=60, key=f"{name}-until")
        st.text_input(text._("Link"), value=first.url, max_chars=2_000, key=f"{name}-url", placeholder="https://…")
        st.form_submit_button(text._("Save"), type="primary", on_click=partial(_save, form))
    refusal(name, text)


def _save(form: Typed) -> None:
    """Store what is typed; a new form is empty again after that."""
    stored = attempt(form.name, partial(_store, form))
    if stored and form.id is None:
        for field in ("kind", "title", "at", "until", "url"):
            st.session_state.pop(f"{form.name}-{field}", None)


def _store(form: Typed) -> None:
    """Raises MeetingError, StoreError."""
    typed = {field: st.session_state.get(f"{form.name}-{field}") for field in ("kind", "title", "at", "until", "url")}
    zone = ZoneInfo(form.text.zone)
    fields: dict[str, Any] = {
        "what": typed["kind"],
        "title": typed["title"],
        "at": _unix(typed["at"], zone),
        "until": _unix(typed["until"], zone),
        "url": typed["url"] or "",
    }
    records = form.context.tomoni.meetings.records
    if form.id is None:
        records.add(validated(Event, {"app": form.app.id, **fields}))
    else:
        records.change(Event, form.id, {**fields, "what": EventKind(fields["what"]).value})


def _unix(clock: datetime | None, zone: ZoneInfo) -> int | None:
    return None if clock is None else int(clock.replace(tzinfo=zone).timestamp())
