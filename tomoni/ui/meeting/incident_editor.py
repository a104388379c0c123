"""Writing an incident down: its title, its interval with the price of it while it is edited, and its links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Incident, Reason
from tomoni.meetings.reasons import Chosen, choose
from tomoni.meetings.records import Record, validated
from tomoni.slo.model import DAY, HOUR
from tomoni.slo.tally import Span
from tomoni.slo.typed_moments import local, typed_span
from tomoni.ui.blocks import quiet, remark, title
from tomoni.ui.escape import flowing
from tomoni.ui.meeting.risks import register_of
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.notices import refused
from tomoni.use_cases.incidents import SloPrices
from tomoni.words import incidents as words
from tomoni.words import meeting_errors
from tomoni.words.text import Text

_OPEN = "incident-open"  # what is written down: nothing (None), a new one, or the id of one
_NEW = "new"
_APP = "incident-app"  # the app that it belongs to: what is typed waits while another one is looked at
_FOR = "incident-for"  # the episode that a new one was begun from
_WAS = "incident-was"  # its interval before anything was typed
_LONGEST = 92 * DAY
_FIELDS = ("title", "start", "end", "summary", "risk", *words.LINKS)


def begin(view: MeetingView, start: int | None = None, end: int | None = None, path: str = "") -> None:
    """Begin a new incident: of the time of an episode of an SLO, else of the last hour of the review."""
    last = view.review.as_of // HOUR * HOUR
    first, until = (last - HOUR, last) if start is None or end is None else (start, end)
    _fill(view, {"title": "", "start": first, "end": until, "summary": ""})
    st.session_state[_OPEN], st.session_state[_FOR] = _NEW, (path, start)


def edit(view: MeetingView, incident: Record[Incident]) -> None:
    """Begin to edit an incident."""
    value = incident.value
    links = {each.title: each.url for each in value.links}
    fields = {
        "title": value.title,
        "start": value.start,
        "end": value.end,
        "summary": value.summary,
        "risk": value.risk,
    }
    _fill(view, {**fields, **{name: links.get(name, "") for name in words.LINKS}})
    st.session_state[_OPEN], st.session_state[_FOR] = incident.id, None


def _fill(view: MeetingView, values: Mapping[str, Any]) -> None:
    zone = ZoneInfo(view.app.timezone)
    st.session_state[_APP] = view.app.id
    for name in _FIELDS:
        value = values.get(name, "")
        if isinstance(value, int):
            value = local(value, zone)
        st.session_state[_key(name)] = value
    st.session_state[_WAS] = (values["start"], values["end"])


def _key(name: str) -> str:
    return f"incident-{name}"


def _close() -> None:
    for name in (_OPEN, _FOR, _WAS, *map(_key, _FIELDS)):
        st.session_state.pop(name, None)


def editor_panel(view: MeetingView) -> None:
    """Draw the incident that is written down, if one is."""
    if not view.editable or st.session_state.get(_OPEN) is None or st.session_state.get(_APP) != view.app.id:
        return
    text = view.text
    with st.container(key="panel-incident"):
        title(text._("Incident"), text._("what happened to the system, not who did what"))
        _inputs(view)
        span = _span(view)
        _draft_price(view, span)
        _buttons(view, span)


def _inputs(view: MeetingView) -> None:
    text = view.text
    zone = {"zone": text.zone_name(view.review.as_of)}
    st.text_input(
        text._("Title"),
        key=_key("title"),
        persist_state="session",
        max_chars=300,
        placeholder=text._("The connection pool of the database was exhausted"),
    )
    first, last = st.columns(2)
    first.datetime_input(text._("Start (%(zone)s)") % zone, key=_key("start"), step=60, persist_state="session")
    last.datetime_input(text._("End (%(zone)s)") % zone, key=_key("end"), step=60, persist_state="session")
    for column, (name, label) in zip(st.columns(len(words.LINKS)), words.LINKS.items(), strict=True):
        column.text_input(
            text._(label), key=_key(name), max_chars=2_000, placeholder="https://…", persist_state="session"
        )
    _risk(view)
    st.text_area(text._("In a few words"), key=_key("summary"), max_chars=4_000, height=80, persist_state="session")


def _risk(view: MeetingView) -> None:
    """Draw the choice of the risk that came true; nothing without a register."""
    text, key = view.text, _key("risk")
    known = {each.ref: each.title(text.language) for each in register_of(view)}
    if not known:
        return
    if st.session_state.get(key) not in known:
        st.session_state[key] = ""
    none = text._("none that is on the register")
    st.selectbox(text._("The risk that came true"), ["", *known], key=key, format_func=lambda ref: known.get(ref, none))


def _span(view: MeetingView) -> Span | None:
    """The interval as it is typed; None while a moment is missing."""
    zone = ZoneInfo(view.app.timezone)
    start: datetime | None
    end: datetime | None
    start, end = (st.session_state.get(_key(name)) for name in ("start", "end"))
    return typed_span(start, end, zone, st.session_state.get(_WAS)) if start and end else None


def _draft_price(view: MeetingView, span: Span | None) -> None:
    """Draw what the interval costs as it is typed."""
    text = view.text
    if span is None or (wrong := _wrong(view, span)):
        remark(text._("The end comes after the start.") if span is None else wrong)
        return
    costs = view.context.tomoni.prices(view.review, [span])
    rows = "".join(f"<li>{flowing(_price(each, text))}</li>" for each in costs)
    heading = text._("Price of this interval, %(length)s") % {"length": text.duration(span[1] - span[0])}
    st.html(f"<p>{flowing(heading)}</p><ul class='tm-list'>{rows}</ul>{quiet(words.edges(text))}")


def _wrong(view: MeetingView, span: Span) -> str:
    """Why an interval is none of an incident; empty where it is one."""
    text, (start, end) = view.text, span
    if start >= end:
        return text._("The end comes after the start.")
    if start > view.context.tomoni.now():
        return text._("An incident has begun already; what is planned is an event.")
    if end - start > _LONGEST:
        longest = {"duration": text.duration(_LONGEST)}
        return text._("An incident lasts at most %(duration)s; write a longer one down as several.") % longest
    return ""


def _price(each: SloPrices, text: Text) -> str:
    status = each.track.status
    name = f"{status.journey.title(text.language)} · {status.slo.title(text.language)}"
    cost = words.price(each.whole[0], each.account.pricing.prices[0], text)
    return text._("%(name)s: %(value)s") % {"name": name, "value": cost}


def _buttons(view: MeetingView, span: Span | None) -> None:
    text = view.text
    with st.container(horizontal=True, gap="small"):
        saved = st.button(
            text._("Save"), key="incident-save", type="primary", disabled=span is None or bool(_wrong(view, span))
        )
        st.button(text._("Cancel"), key="incident-cancel", on_click=_close)
    if not saved or span is None:
        return
    try:
        _save(view, span)
    except MeetingError as error:
        refused(meeting_errors.describe(error, text))
        return
    _close()
    st.rerun()


def _save(view: MeetingView, span: Span) -> None:
    """Store what is typed. Raises MeetingError."""
    state = st.session_state
    links = [{"title": name, "url": state[_key(name)]} for name in words.LINKS if state.get(_key(name), "").strip()]
    texts = {name: state[_key(name)] for name in ("title", "summary")}
    fields = {**texts, "start": span[0], "end": span[1], "risk": state.get(_key("risk")) or ""}
    known = state[_OPEN]
    if known != _NEW:
        others = [each for each in view.records.read(Incident, known).value.links if each.title not in words.LINKS]
        body = {**fields, "links": [*links, *(each.model_dump() for each in others)]}
        view.records.change(Incident, known, body)
        return
    made = view.records.add(validated(Incident, {"app": view.app.id, **fields, "links": links}))
    _link(view, made)


def _link(view: MeetingView, made: Record[Incident]) -> None:
    """Let the episode that an incident was begun from go with it."""
    path, start = st.session_state.get(_FOR) or ("", None)
    for track in view.review.tracks:
        if track.status.path == path and track.burn:
            for episode in track.burn.ledger.episodes:
                if episode.start == start:
                    choose(view.records, view.app.id, path, episode, Chosen(Reason.INCIDENT, made.id))
