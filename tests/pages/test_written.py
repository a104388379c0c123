"""Actions, questions, conclusions and decisions on the pages: added, changed, ended, and shown where they matter."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tests.pages.test_untrusted import EVIL
from tomoni.meetings.model import (
    Action,
    ActionState,
    Choice,
    Conclusion,
    Decision,
    DecisionKind,
    Meeting,
    Question,
    QuestionState,
)
from tomoni.meetings.records import Records
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


@pytest.fixture
def records(tomoni: Tomoni) -> Records:
    return tomoni.meetings.records


@pytest.fixture
def meeting(open_page: Open, records: Records) -> str:
    open_page("review", app="checkout")
    return records.listed(Meeting, "checkout")[0].id


def opened(test: AppTest, name: str) -> str:
    """Opens the popover whose key begins so; the name by which its fields are known."""
    key = next(each for each in session(test) if each.startswith(name))
    test.session_state[key] = True
    test.run()
    assert not test.exception
    return key


def session(test: AppTest) -> dict[str, object]:
    """All that the session of a reader holds."""
    return {str(key): value for key, value in test.session_state._state.filtered_state.items()}


def test_an_action_is_added_from_a_step_and_stands_on_the_first_one(open_page: Open, records: Records, meeting: str):
    test = open_page("review", meeting=meeting, step="decide")
    name = opened(test, "add-action-")
    test.text_area(f"{name}-text").set_value("Raise the limit of the pool <b>")
    test.selectbox(f"{name}-team").set_value("platform")
    test.date_input(f"{name}-due").set_value(date(2026, 11, 8))
    test.button(f"{name}-store").click().run()
    assert not test.exception
    (made,) = records.listed(Action)
    assert made.value.model_dump(include={"app", "team", "due", "meeting"}) == {
        "app": "checkout",
        "team": "platform",
        "due": date(2026, 11, 8),
        "meeting": meeting,
    }
    assert not test.session_state[name]
    shown = html_of(open_page("review", meeting=meeting, step="follow_ups"))
    assert "Raise the limit of the pool &lt;b&gt;" in shown
    assert "was due on 8 Nov" in shown
    assert "1 action is open. 1 was due by now." in shown


def test_what_is_refused_is_said_where_it_was_typed_and_stays(open_page: Open, records: Records, meeting: str):
    test = open_page("review", meeting=meeting, step="follow_ups")
    name = opened(test, "add-action-")
    test.text_area(f"{name}-text").set_value("Raise the limit")
    test.text_input(f"{name}-ticket").set_value("https://me:secret@tracker.example/1")
    test.button(f"{name}-store").click().run()
    assert "The link has a secret in it" in html_of(test)
    assert test.text_area(f"{name}-text").value == "Raise the limit"
    assert records.listed(Action) == ()
    test.text_input(f"{name}-ticket").set_value("https://tracker.example/1")
    test.button(f"{name}-store").click().run()
    assert "secret" not in html_of(test)
    assert len(records.listed(Action)) == 1


def test_an_action_is_done_opened_again_changed_and_dropped(open_page: Open, records: Records, meeting: str):
    made = records.add(Action(app="checkout", text="Raise the limit", team="platform"))
    test = open_page("review", meeting=meeting, step="follow_ups")
    test.button(f"action-{made.id}-done").click().run()
    assert records.read(Action, made.id).value.state is ActionState.DONE
    assert "Done or dropped since the last review" in html_of(test)
    test.button(f"action-{made.id}-open").click().run()
    name = opened(test, f"action-{made.id}-change")
    records.change(Action, made.id, {"team": "payments"})  # somebody else meanwhile
    test.text_area(f"{name}-text").set_value("Raise the limit to 200")
    test.button(f"{name}-store").click().run()
    changed = records.read(Action, made.id).value
    assert (changed.text, changed.team) == ("Raise the limit to 200", "payments")
    name = opened(test, f"action-{made.id}-change")
    test.button(f"{name}-drop-it").click().run()
    assert "The reason is missing." in html_of(test)
    test.text_input(f"{name}-reason").set_value("The pool is gone")
    test.button(f"{name}-drop-it").click().run()
    assert records.read(Action, made.id).value.reason == "The pool is gone"
    assert "dropped on 24 Nov: The pool is gone" in html_of(test)


def test_a_question_is_asked_on_the_app_and_nothing_of_it_stays_in_the_session(
    open_page: Open, records: Records, meeting: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    test = open_page("app_view", app="checkout")
    before = dict(test.query_params)
    name = opened(test, "ask-")
    test.text_area(f"{name}-text").set_value("Why does nobody look at the pool?")
    test.selectbox(f"{name}-step").set_value("burned")
    test.button(f"{name}-store").click().run()
    assert not test.exception
    (asked,) = records.listed(Question)
    assert (asked.value.text, asked.value.step) == ("Why does nobody look at the pool?", "burned")
    assert asked.created_at % 86_400 == 0
    assert dict(test.query_params) == before
    kept = repr(session(test)) + caplog.text
    for told in ("nobody look", asked.id):
        assert told not in kept
    assert "nobody look" in html_of(open_page("review", meeting=meeting, step="burned"))
    assert "nobody look" not in html_of(open_page("review", meeting=meeting, step="since"))


def test_a_question_is_parked_answered_or_becomes_an_action(open_page: Open, records: Records, meeting: str):
    made = [records.add(Question(app="checkout", text=text, step="since")) for text in ("first?", "second?", "third?")]
    test = open_page("review", meeting=meeting, step="since")
    test.button(f"question-{made[0].id}-park").click().run()
    name = opened(test, f"question-{made[1].id}-answer")
    test.text_area(f"{name}-text").set_value("Because of the pool")
    test.button(f"{name}-store").click().run()
    name = opened(test, f"question-{made[2].id}-action")
    assert test.text_area(f"{name}-text").value == "third?"
    test.button(f"{name}-store").click().run()
    assert not test.exception
    states = [records.read(Question, each.id).value for each in made]
    assert [each.state for each in states] == [QuestionState.PARKED, QuestionState.ANSWERED, QuestionState.ACTION]
    assert (states[1].answer, states[1].meeting) == ("Because of the pool", meeting)
    shown = html_of(open_page("review", meeting=meeting, step="follow_ups"))
    assert "first?" in shown
    assert "from a question" in shown
    test = open_page("review", meeting=meeting, step="since")
    opened(test, "answered-since")
    assert "Because of the pool" in html_of(test)
    test.button(f"question-{made[1].id}-again").click().run()
    assert records.read(Question, made[1].id).value.state == QuestionState.OPEN


def test_a_conclusion_is_one_click_with_all_that_is_known(open_page: Open, records: Records, meeting: str):
    test = open_page("review", meeting=meeting, step="decide")
    pills = next(each for each in test.button_group if each.key and each.key.startswith("conclude-"))
    pills.set_value("objective").run()
    assert not test.exception
    (made,) = records.listed(Conclusion)
    assert (made.value.choice, made.value.meeting) == (Choice.OBJECTIVE, meeting)
    assert made.value.facts["objective"]
    assert made.value.facts["state"] in {"healthy", "at_risk", "exhausted"}


def test_what_the_policy_proposes_is_confirmed_by_a_click_and_in_force_on_the_app(
    open_page: Open, records: Records, meeting: str
):
    test = open_page("review", meeting=meeting, step="decide")
    confirm = next(each for each in test.button if each.key and each.key.startswith("proposal-"))
    confirm.click().run()
    assert not test.exception
    (made,) = records.listed(Decision)
    assert (made.value.what, made.value.meeting) == (DecisionKind.CONFIRMED, meeting)
    for page in ("app_view", "overview"):
        shown = html_of(open_page(page, app="checkout")).replace("&#x27;", "'")
        assert made.value.text in shown
        assert "in force until it is superseded" in shown
    assert made.value.text not in html_of(open_page("app_view", app="checkout", at="2026-11-20T00:00Z"))


def test_an_exception_needs_a_reason_and_an_end_and_may_take_the_place_of_another(
    open_page: Open, records: Records, meeting: str
):
    first = records.add(Decision(app="checkout", what=DecisionKind.CONFIRMED, text="Rollouts wait"))
    test = open_page("review", meeting=meeting, step="decide")
    name = opened(test, "decide-exception")
    test.text_area(f"{name}-text").set_value("Roll out the sale anyway")
    test.button(f"{name}-store").click().run()
    assert "The reason is missing." in html_of(test)
    test.text_area(f"{name}-reason").set_value("The sale of the year")
    test.button(f"{name}-store").click().run()
    assert "An exception needs a day on which it ends." in html_of(test)
    test.date_input(f"{name}-until").set_value(date(2026, 12, 8))
    test.multiselect(f"{name}-supersedes").set_value([first.id])
    test.button(f"{name}-store").click().run()
    assert not test.exception
    made = next(each for each in records.listed(Decision) if each.id != first.id)
    assert (made.value.what, made.value.until) == (DecisionKind.EXCEPTION, date(2026, 12, 8))
    assert records.read(Decision, first.id).value.superseded_by == made.id
    shown = html_of(test)
    assert "in force until 8 Dec" in shown
    assert "Rollouts wait" not in shown


@pytest.mark.parametrize("step", ["follow_ups", "decide"])
def test_what_people_wrote_brings_no_markup_into_the_page(open_page: Open, records: Records, meeting: str, step: str):
    text = " ".join(EVIL)
    records.add(Action(app="checkout", text=text, team="<b>"))
    records.add(Decision(app="checkout", what=DecisionKind.CHANGED, text=text, reason=text))
    records.add(Question(app="checkout", text=text, step=step))
    test = open_page("review", meeting=meeting, step=step)
    assert not test.exception
    shown = html_of(test)
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "<b onclick" not in shown


def test_the_actions_of_all_apps_stand_on_one_page_and_lead_to_app_and_ticket(
    open_page: Open, records: Records, world: Path
):
    file = world / "config/apps/checkout.yaml"
    file.write_text(file.read_text() + "tickets: {kind: github, url: https://github.com/acme/shop}\n")
    records.add(Action(app="checkout", text="No ticket & no day", team="payments"))
    records.add(Action(app="store-search", text="With a ticket", team="platform", ticket="https://tracker.example/1"))
    done = records.add(Action(app="gone", text="Done", state=ActionState.DONE, team="platform"))
    shown = html_of(open_page("actions"))
    assert "2 actions are open." in shown
    assert "./app?app=store-search" in shown
    assert "https://tracker.example/1" in shown
    assert "https://github.com/acme/shop/issues/new?title=No%20ticket%20%26%20no%20day&amp;body=From" in shown
    only = open_page("actions", app="store-search", actions="all")
    assert "No ticket" not in html_of(only)
    ended = open_page("actions", team="platform", actions="done")
    ended.button(f"action-{done.id}-open").click().run()
    assert not ended.exception
    assert records.read(Action, done.id).value.state is ActionState.OPEN
