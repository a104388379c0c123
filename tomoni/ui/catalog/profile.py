"""The profile of an app in the catalog: what was answered, the next small steps, and the worksheet for both teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.profile import Profile
from tomoni.catalog.schema import App, Journey
from tomoni.ui.blocks import html_table, remark
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, markdown
from tomoni.ui.links import page_link
from tomoni.ui.url_state import View
from tomoni.words.profiles import (
    APP_QUESTIONS,
    ASKED_OF_JOURNEYS,
    EXPECTED_OF_JOURNEYS,
    JOURNEY_QUESTIONS,
    Asked,
    answer_lines,
    answered,
    unanswered,
)
from tomoni.words.text import Text
from tomoni.words.worksheet import Answered, peak_help, worksheet_paper, worksheet_yaml


def profile_panel(context: Context, app: App) -> None:
    """Draw the profile of an app and its journeys, with what nobody has answered yet, and the worksheet."""
    text = context.text
    with st.expander(text._("Profile: users, worth, peaks"), key=f"profile-{app.id}"):
        rows = [(text._("The whole app"), *row) for row in answered(app.profile, APP_QUESTIONS, text)]
        for journey in app.journeys:
            name = journey.title(text.language)
            rows += [(name, *row) for row in answered(journey.profile, JOURNEY_QUESTIONS, text)]
        if rows:
            shown = [(place if n == 0 or rows[n - 1][0] != place else "", *row) for n, (place, *row) in enumerate(rows)]
            heads = (text._("Of"), text._("Question"), text._("Answer"))
            st.html(f"<div class='tm-scroll'>{html_table(heads, shown)}</div>")
        _next_steps(app, text)
        if not context.view.present:
            _worksheet(context, app, text)


def _next_steps(app: App, text: Text) -> None:
    """Draw what nobody has answered yet, each with the next small step."""
    found = [("", each) for each in unanswered(app.profile, APP_QUESTIONS)]
    for journey in app.journeys:
        name = journey.title(text.language)
        found += [(name, each) for each in unanswered(journey.profile, EXPECTED_OF_JOURNEYS)]
    if not found:
        return
    lines = "".join(f"<li>{flowing(_gap(name, each, text))}</li>" for name, each in found)
    lead = text._("Not answered yet, with the next small step:")
    st.html(f"<p class='tm-small'>{flowing(lead)}</p><ul>{lines}</ul>")


def _gap(name: str, asked: Asked, text: Text) -> str:
    said = text.sentences(text._(asked.question), text._(asked.step))
    return text._("%(what)s: %(sentence)s") % {"what": name, "sentence": said} if name else said


def _worksheet(context: Context, app: App, text: Text) -> None:
    """Draw the questions as fields, the YAML of what is typed, and the ways on to an SLI and an objective."""
    with st.popover(
        text._("Worksheet for both teams"), type="tertiary", icon=":material/edit_note:", key=f"worksheet-{app.id}"
    ):
        remark(text._("Answer together what you know; the page keeps nothing: take the keys below into the file."))
        of_app = _fields(app.profile, APP_QUESTIONS, f"ws-{app.id}", text)
        journey = _chosen(app, text)
        of_journey = _fields(journey.profile, ASKED_OF_JOURNEYS, f"ws-{app.id}-{journey.id}", text) if journey else {}
        # Without colours: on the ground of what is folded out some of them have too little contrast.
        today = datetime.fromtimestamp(context.tomoni.now(), ZoneInfo(app.timezone)).date()
        st.code(worksheet_yaml(Answered(app, of_app, journey, of_journey), today, text), language=None)
        st.download_button(
            text._("Sheet to print"),
            worksheet_paper(app, text),
            f"{app.id}-worksheet.html",
            "text/html",
            on_click="ignore",
            key=f"paper-{app.id}",
        )
        _ways_on(context, app, journey, text)


def _ways_on(context: Context, app: App, journey: Journey | None, text: Text) -> None:
    """Draw what follows the answers: how it can be measured, and which objective."""
    here = View(app=app.id, journey=journey.id if journey else None, lang=context.view.lang, at=context.view.at)
    links = (
        page_link("explore", here, text._("Find how it can be measured")),
        page_link("explore", replace(here, tab="workshop"), text._("Try objectives in the workshop")),
    )
    st.html(f"<p class='tm-small tm-onward'>{' · '.join(links)}</p>")


def _chosen(app: App, text: Text) -> Journey | None:
    if not app.journeys:
        return None
    names = {journey.id: markdown(journey.title(text.language)) for journey in app.journeys}
    chosen = st.selectbox(text._("Journey"), list(names), format_func=lambda id_: names[id_], key=f"wj-{app.id}")
    return next(journey for journey in app.journeys if journey.id == chosen)


def _fields(profile: Profile, asked: Sequence[Asked], key: str, text: Text) -> dict[str, str]:
    return {
        each.key: st.text_area(
            text._(each.question),
            "\n".join(answer_lines(profile, each.key, text)),
            height=68,
            max_chars=2000,
            key=f"{key}-{each.key}",
            help=peak_help(text) if each.key == "peaks" else None,
        )
        for each in asked
    }
