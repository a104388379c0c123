"""Questions without a name: asking one from anywhere, and what is done with those that are open.

Nothing of who asks goes into the address, the log or the session, but what is being typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from tomoni.catalog.for_reviews import Step
from tomoni.catalog.schema import App
from tomoni.meetings.model import Action, Question, QuestionState
from tomoni.meetings.records import Record, validated
from tomoni.ui.blocks import quiet, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing
from tomoni.ui.lazy_popover import lazy_popover
from tomoni.ui.meeting.action_form import MOST_CHARACTERS, Fields, action_form
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.meeting.writing import attempt, attempted, refusal
from tomoni.use_cases.questions import answer, answered_since, ask, park, questions_of, reopen, turn_into_action
from tomoni.words import choices
from tomoni.words.text import Text

_LONGEST = 2_000
_ANYWHERE = ""


def ask_button(context: Context, app: App, step: str = _ANYWHERE) -> None:
    """Draw a button that opens the field of a new question; ``step`` is where it is asked from."""
    text, name = context.text, f"ask-{app.id}-{step or 'app'}"
    if not context.may_write(app.id):
        return
    with lazy_popover(text._("Ask without a name"), name, ":material/contact_support:") as popover:
        if popover.open:
            _ask_form(context, app, step, name)


def _ask_form(context: Context, app: App, step: str, name: str) -> None:
    text, steps = context.text, [_ANYWHERE, *(each.value for each in Step)]
    remark(text._("A question or an observation. Nobody can see who wrote it, nor when within the day."))
    with st.form(f"{name}-form", border=False):
        st.text_area(text._("Question"), key=f"{name}-text", max_chars=_LONGEST, height=100)
        st.selectbox(
            text._("Shown at"), steps, steps.index(step), lambda code: _at(code, text), key=f"{name}-step", width=240
        )
        refusal(name, text)
        label = text._("Put it on the list")
        st.form_submit_button(label, key=f"{name}-store", type="primary", on_click=_ask, args=(context, app.id, name))


def _at(step: str, text: Text) -> str:
    return choices.step(step, text) if step else text._("the beginning of the review")


def _ask(context: Context, app: str, name: str) -> None:
    typed, step = st.session_state.get(f"{name}-text") or "", st.session_state.get(f"{name}-step") or ""
    if attempt(name, lambda: ask(context.tomoni.meetings.records, app, typed, step)):
        st.session_state[name] = False
        st.session_state[f"{name}-text"] = ""


def draw_open(view: MeetingView, step: str) -> None:
    """Draw the questions that are open for a step, and asking another one; those for no step come first of all."""
    steps = (step, _ANYWHERE) if step == view.agenda.steps[0].step else (step,)
    found = [each for one in steps for each in questions_of(view.records, view.app.id, step=one)]
    ended = answered_since(view.records, view.app.id, view.meeting.id, view.review.start)
    with st.container(key="panel-questions"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title(view.text._("Questions"), width="content")
            ask_button(view.context, view.app, step)
            _answered(view, [each for each in ended if each.value.step in steps], step)
        _draw_list(view, found)


def _answered(view: MeetingView, found: Sequence[Record[Question]], step: str) -> None:
    """Draw the questions that were answered of late behind a button, each of which can be opened again."""
    if not found or not view.editable:
        return
    label = view.text.n_("%(n)s answered", "%(n)s answered", len(found)) % {"n": len(found)}
    with lazy_popover(label, f"answered-{step}", ":material/check:") as popover:
        for record in found if popover.open else ():
            said = f"<br><span class='tm-small tm-muted'>{flowing(_became(record, view.text))}</span>"
            st.html(f"<p class='tm-question'>{flowing(record.value.text)}{said}</p>")
            _button(
                view, f"question-{record.id}-again", view.text._("Open again"), partial(reopen, view.records, record.id)
            )


def _became(record: Record[Question], text: Text) -> str:
    """What a question ended with."""
    state = choices.question(record.value.state, text)
    answer = record.value.answer
    return text._("%(name)s: %(value)s") % {"name": state, "value": answer} if answer else state


def draw_parked(view: MeetingView) -> None:
    """Draw the questions that were parked; nothing without any."""
    found = questions_of(view.records, view.app.id, QuestionState.PARKED)
    if found:
        with st.container(key="panel-parked"):
            title(view.text._("Parked questions"))
            _draw_list(view, found)


def _draw_list(view: MeetingView, found: Sequence[Record[Question]]) -> None:
    for record in found:
        with st.container(key=f"question-{record.id}", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f"<p class='tm-question'>{flowing(record.value.text)}</p>", width="stretch")
            if view.writable:
                _buttons(view, record)


def _buttons(view: MeetingView, record: Record[Question]) -> None:
    """Draw what can be done with a question."""
    text, name = view.text, f"question-{record.id}"
    with lazy_popover(text._("Answer"), f"{name}-answer", ":material/forum:") as popover:
        if popover.open:
            _answer_form(view, record, f"{name}-answer")
    if record.value.state is QuestionState.OPEN:
        _button(view, f"{name}-park", text._("Park"), lambda: park(view.records, record.id))
    else:
        _button(view, f"{name}-open", text._("Open again"), lambda: reopen(view.records, record.id))
    with lazy_popover(text._("Make an action"), f"{name}-action", ":material/add_task:") as popover:
        if popover.open:
            _action_form(view, record, f"{name}-action")


def _button(view: MeetingView, name: str, label: str, work: Callable[[], object]) -> None:
    st.button(label, key=name, type="tertiary", on_click=attempted, args=(name, work))
    refusal(name, view.text)


def _answer_form(view: MeetingView, record: Record[Question], name: str) -> None:
    text = view.text
    with st.form(f"{name}-form", border=False):
        st.text_area(
            text._("Answer"), key=f"{name}-text", max_chars=4_000, height=100, placeholder=text._("may stay empty")
        )
        refusal(name, text)
        label = text._("Answered")
        st.form_submit_button(
            label, key=f"{name}-store", type="primary", on_click=_answer, args=(view, record.id, name)
        )


def _answer(view: MeetingView, id_: str, name: str) -> None:
    said = st.session_state.get(f"{name}-text") or ""
    if attempt(name, lambda: answer(view.records, id_, said, view.meeting.id)):
        st.session_state[name] = False


def _action_form(view: MeetingView, record: Record[Question], name: str) -> None:
    def work(fields: Fields) -> object:
        action = validated(Action, {**fields, "app": view.app.id, "meeting": view.meeting.id})
        return turn_into_action(view.records, record.id, action)

    action_form(name, view.app, {"text": record.value.text[:MOST_CHARACTERS]}, view.text, work, view.text._("Add"))


def panel(context: Context, app: App) -> None:
    """Draw how many questions are open for the next review of an app, and asking another one."""
    text, n = context.text, len(questions_of(context.tomoni.meetings.records, app.id))
    with st.container(key="panel-ask"):
        title(text._("Questions"))
        said = text.n_("%(n)s question is on the list.", "%(n)s questions are on the list.", n) % {"n": n}
        st.html(quiet(said if n else text._("Every question helps: it goes on the list of the next review.")))
        ask_button(context, app)
