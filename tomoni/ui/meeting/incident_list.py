"""The incidents of a review, each with its price for every SLO and its links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Incident, Origin, Postmortem
from tomoni.meetings.records import Record
from tomoni.slo.pricing import Price
from tomoni.ui.blocks import quiet, remark, title
from tomoni.ui.escape import flowing, html, link, markdown
from tomoni.ui.links import page_link
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.incident_editor import begin, edit
from tomoni.ui.meeting.spent import Spent
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempted, refusal
from tomoni.ui.postmortems.facts import written
from tomoni.ui.url_state import View
from tomoni.words import incidents as words
from tomoni.words.text import Text


def incidents_panel(view: MeetingView, spent: Spent) -> None:
    """Draw the incidents."""
    text = view.text
    with st.container(key="panel-incidents"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title(text._("Incidents"), text._("priced by the ledger"))
            if view.editable:
                _add(view)
        if not spent.incidents:
            remark(text._("None was written down for this time."))
        with st.container(key="incidents"):
            for n, incident in enumerate(spent.incidents):
                _incident(view, spent, n, incident)
        if spent.incidents:
            remark(words.edges(text))


def _add(view: MeetingView) -> None:
    st.button(
        view.text._("Add an incident"),
        key="incident-add",
        type="tertiary",
        icon=":material/add:",
        on_click=begin,
        args=(view,),
    )


def _incident(view: MeetingView, spent: Spent, n: int, incident: Record[Incident]) -> None:
    """Draw one incident: what, when, its price, and what can be done with it."""
    text, value = view.text, incident.value
    prices = "".join(f"<li>{each}</li>" for each in _prices(spent, n, text))
    nothing = quiet(text._("It cost no budget."))
    with st.container(key=f"incident-{incident.id}", gap="xsmall"):
        when = flowing(text.span(value.start, value.end))
        st.html(
            f"<p><b>{html(value.title)}</b> <span class='tm-muted'>{when}</span></p>"
            f"{f'<ul class=tm-list>{prices}</ul>' if prices else nothing}{_summary(value)}"
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _links(value, text)
            _postmortem(view, incident)
            if view.editable:
                add_action(view.context, view.app, Origin(place="incident", ref=incident.id), view.meeting.id)
                _change(view, incident)


def _prices(spent: Spent, n: int, text: Text) -> Iterator[str]:
    """The SLOs that an incident cost something, with how much; what an earlier one has already taken is named."""
    for each in spent.costs:
        found = each.account.pricing.prices[n]
        if not each.whole[n]:
            continue
        status = each.track.status
        name = f"{status.journey.title(text.language)} · {status.slo.title(text.language)}"
        cost = words.price(each.whole[n], found, text)
        yield html(text._("%(name)s: %(value)s") % {"name": name, "value": cost}) + _shared(found, text)


def _shared(found: Price, text: Text) -> str:
    """What of a price an incident that began earlier has already taken; empty where none has."""
    if found.own_bad == found.bad:
        return ""
    facts = {"bad": text.count(found.bad - found.own_bad)}
    said = html(text._("%(bad)s of them shared with another incident") % facts)
    return f" <span class='tm-muted'>({said})</span>"


def _summary(value: Incident) -> str:
    return f"<p class='tm-small'>{flowing(value.summary)}</p>" if value.summary else ""


def _links(value: Incident, text: Text) -> None:
    for n, each in enumerate(value.links):
        if url := link(each.url):
            name = markdown(words.link(each, text))
            st.link_button(name, url, key=f"link-{value.start}-{n}", type="tertiary", icon=":material/open_in_new:")


def _postmortem(view: MeetingView, incident: Record[Incident]) -> None:
    """Draw the way to the postmortem of an incident, or the beginning of one."""
    text = view.text
    known = [each for each in view.records.listed(Postmortem, view.app.id) if each.value.incident == incident.id]
    if known:
        target = View(app=view.app.id, postmortem=known[-1].id, lang=view.context.view.lang)
        st.html(page_link("postmortems", target, text._("Open the postmortem")), width="content")
    elif view.editable:
        st.button(
            text._("Begin a postmortem"),
            key=f"postmortem-of-{incident.id}",
            type="tertiary",
            icon=":material/history_edu:",
            on_click=attempted,
            args=(f"incident-{incident.id}", lambda: written(view.context, view.app, incident, text)),
        )
        refusal(f"incident-{incident.id}", text)


def _change(view: MeetingView, incident: Record[Incident]) -> None:
    """Draw the buttons that edit an incident, and take it off the list after a second click."""
    _ = view.text._
    st.button(
        _("Edit"),
        key=f"edit-{incident.id}",
        type="tertiary",
        icon=":material/edit:",
        on_click=edit,
        args=(view, incident),
    )
    with st.popover(_("Remove"), key=f"remove-{incident.id}", type="tertiary", icon=":material/delete:"):
        remark(_("It leaves every list; its revisions stay in the store."))
        st.button(_("Remove it"), key=f"remove-it-{incident.id}", on_click=_remove, args=(view, incident.id))


def _remove(view: MeetingView, id_: str) -> None:
    with suppress(MeetingError):  # removed by others meanwhile: the page then shows that
        view.records.remove(Incident, id_)
