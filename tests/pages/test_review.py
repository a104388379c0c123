"""The meeting on its page: from the queue into a draft, through its steps."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.catalog.for_reviews import Step
from tomoni.charts.canvas import Spec
from tomoni.charts.joint import Joint, joint_spec
from tomoni.meetings.model import Action, Meeting, MeetingState
from tomoni.review.model import Period
from tomoni.ui.bar import link_params
from tomoni.ui.joint import figure
from tomoni.ui.meeting import frame
from tomoni.ui.meeting.writing import slug
from tomoni.ui.url_state import View, write_moment
from tomoni.use_cases.demo_story import tell_demo_story
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


@pytest.fixture
def meeting(open_page: Open, tomoni: Tomoni) -> str:
    """The draft that opening the app's review made."""
    open_page("review", app="checkout")
    (made,) = tomoni.meetings.records.listed(Meeting, "checkout")
    return made.id


def test_a_review_of_the_demo_waits_for_those_before_it(
    open_page: Open, tomoni: Tomoni, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TOMONI_DEMO_STORY", "true")
    assert "Writing the demo&#x27;s past reviews" in html_of(open_page("review", app="checkout"))
    assert not tomoni.meetings.records.listed(Meeting, "checkout")
    tell_demo_story(tomoni)
    test = open_page("review", app="checkout")
    assert test.button(key="open").label == "Open the draft"
    assert [each.value.state for each in tomoni.meetings.records.listed(Meeting, "checkout")][:2] == ["closed"] * 2


def test_the_first_who_looks_makes_the_draft_once(open_page: Open, tomoni: Tomoni, meeting: str):
    assert not open_page("review", app="checkout").exception
    assert [each.id for each in tomoni.meetings.records.listed(Meeting)] == [meeting]


def test_the_steps_of_the_page_are_those_of_the_records():
    assert tuple(frame.STEPS) == tuple(Step)


def test_every_step_draws_with_a_sentence_first(open_page: Open, meeting: str):
    for n, step in enumerate(Step):
        test = open_page("review", meeting=meeting, step=step, lang=("en", "ja")[n % 2])
        assert not test.exception
        assert "<h1 class='tm-headline" in html_of(test)
        assert "could not be drawn" not in html_of(test)
        assert f"add-action-{slug('checkout', 'step', step.value, meeting)}" in test.session_state  # two clicks away


def shown(test: AppTest, name: str) -> str:
    """A parameter of the page's address."""
    value = test.query_params[name]
    return value if isinstance(value, str) else value[-1]


def controls(test: AppTest) -> set[str]:
    """The keys of the buttons that a page offers."""
    return {button.key for button in test.button if button.key}


def test_beginning_takes_everybody_along_and_leaving_is_one_click(open_page: Open, tomoni: Tomoni, meeting: str):
    leader = open_page("review", meeting=meeting, step="since")
    leader.button(key="meeting-begin").click().run()
    assert "follow-stop-leading" in controls(leader)
    follower = open_page("review", meeting=meeting, step="decide")
    assert shown(follower, "step") == "since"
    leader.button(key="meeting-right").click().run()
    assert shown(follower.run(), "step") == "journeys"
    assert shown(follower, "journey") == "place-order"
    follower.button(key="follow-leave").click().run()
    leader.button(key="meeting-right").click().run()
    assert shown(follower.run(), "journey") == "place-order"
    follower.button(key="follow-rejoin").click().run()
    assert shown(follower, "journey") == "use-cart"
    assert tomoni.meetings.records.read(Meeting, meeting).value.begun_at is not None


def test_who_goes_elsewhere_is_left_alone(open_page: Open, meeting: str):
    leader = open_page("review", meeting=meeting)
    leader.button(key="meeting-begin").click().run()
    follower = open_page("review", meeting=meeting)
    follower.button(key="meeting-right").click().run()
    assert shown(follower, "step") == "since"
    assert "follow-rejoin" in controls(follower)


def test_the_newest_press_of_lead_counts(open_page: Open, meeting: str):
    first = open_page("review", meeting=meeting)
    first.button(key="meeting-begin").click().run()
    second = open_page("review", meeting=meeting)
    second.button(key="follow-lead").click().run()
    second.button(key="meeting-right").click().run()
    first.run()
    assert shown(first, "step") == "since"
    assert "follow-leave" in controls(first)


def test_since_last_time_compares_with_what_the_last_review_was_frozen_as(open_page: Open, tomoni: Tomoni, world: Path):
    app = tomoni.catalog.app("checkout")
    assert app is not None
    at = tomoni.now() - 14 * 86_400
    frozen = tomoni.freeze(app, Period(at, 14))
    tomoni.snapshots.keep(frozen)
    tomoni.meetings.records.add(
        Meeting(app="checkout", state=MeetingState.CLOSED, planned_at=at, start=at - 60, as_of=at, snapshot=frozen.hash)
    )
    tomoni.meetings.records.add(Action(app="checkout", text="Alert on the pool", due=date(2026, 11, 20)))
    open_page("review", app="checkout")
    made = tomoni.meetings.records.listed(Meeting, "checkout")[-1]
    shown = html_of(open_page("review", meeting=made.id, step="since"))
    assert "Since the review of 10 Nov: “Place an order / Orders that go through” went from" in shown
    assert "The policy went from nothing required to “With care”." in shown
    assert "Open actions of the app: 1, 1 past due." in shown
    assert "▲ 99.8" in shown  # the period missed its objective, in words and sign
    with closing(sqlite3.connect(world / "demo.db")) as database, database:
        ((payload,),) = database.execute("select payload from snapshots where hash = ?", (frozen.hash,))
        altered = zlib.compress(zlib.decompress(payload).replace(b"Checkout", b"Checking"))
        database.execute("update snapshots set payload = ? where hash = ?", (altered, frozen.hash))
    st.cache_resource.clear()
    shown = html_of(open_page("review", meeting=made.id, step="since"))
    assert "cannot be read, so nothing can be compared with it. “Checkout” met" in shown
    closed = tomoni.meetings.records.listed(Meeting, "checkout")[0]
    assert "it was altered" in html_of(open_page("review", meeting=closed.id))


def test_the_figure_of_a_closed_review_is_not_that_of_the_live_page_of_its_days(
    open_page: Open, tomoni: Tomoni, monkeypatch: pytest.MonkeyPatch
):
    app, at, drawn = tomoni.catalog.app("checkout"), tomoni.now() - 14 * 86_400, list[str]()
    assert app is not None
    frozen = tomoni.freeze(app, Period(at, 14))
    tomoni.snapshots.keep(frozen)
    held = Meeting(app="checkout", state=MeetingState.CLOSED, planned_at=at, start=at - 60, as_of=at)
    made = tomoni.meetings.records.add(held.model_copy(update={"snapshot": frozen.hash}))

    def counted(view: Joint) -> Spec:
        drawn.append(view.identity)
        return joint_spec(view)

    monkeypatch.setattr(figure, "joint_spec", counted)
    open_page("review", meeting=made.id, step="journeys", days="14")
    for _ in range(2):
        open_page("app_view", app="checkout", at=write_moment(at), days="14")
    assert len(drawn) == 2
    assert len(set(drawn)) == 1  # what the reader moved stays where it is


def test_the_queue_leads_from_one_due_review_to_the_next(open_page: Open, tomoni: Tomoni):
    queue = open_page("review")
    assert "2 reviews are due: 30 min in all." in html_of(queue)
    queue.button(key="next-review").click().run()
    (first,) = tomoni.meetings.records.listed(Meeting, "checkout")
    assert shown(queue, "meeting") == first.id
    tomoni.meetings.records.change(Meeting, first.id, {"state": MeetingState.CLOSED, "closed_at": tomoni.now()})
    queue.run().button(key="next-review").click().run()
    (second,) = tomoni.meetings.records.listed(Meeting, "store-search")
    assert shown(queue, "meeting") == second.id
    assert "next-review" not in controls(queue)


def test_the_queue_of_a_team_has_its_apps_alone(open_page: Open):
    test = open_page("review", team="notifications")
    assert "No review is due now; the next is that of “Order mail”, 25 Nov, 14:00 JST." in html_of(test)
    assert "Checkout" not in html_of(test)


def test_a_review_is_skipped_or_moved_and_told_without_blame(open_page: Open, tomoni: Tomoni, meeting: str):
    test = open_page("review", app="checkout")
    test.text_input(key="review-skipped-for").set_value("A holiday")
    test.button(key="skip").click().run()
    assert "Not held; was planned for 24 Nov, 10:00 JST: A holiday" in html_of(test)
    assert "is due 8 Dec, 10:00 JST" in html_of(test)
    test.datetime_input(key="review-moved-to").set_value(datetime(2026, 12, 9, 11, tzinfo=UTC))
    test.button(key="move").click().run()
    assert "is due 9 Dec, 11:00 JST" in html_of(test)
    assert tomoni.meetings.records.read(Meeting, meeting).value.state is MeetingState.SKIPPED


def test_an_app_without_a_rhythm_is_reviewed_now(open_page: Open, tomoni: Tomoni, world: Path):
    file = world / "config" / "apps" / "checkout.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if not line.startswith("review:")))
    test = open_page("review", app="checkout")
    assert "have no rhythm" in html_of(test)
    test.button(key="now").click().run()
    (made,) = tomoni.meetings.records.listed(Meeting, "checkout")
    assert shown(test, "meeting") == made.id


def test_the_link_of_a_meeting_names_no_moment(open_page: Open, meeting: str):
    view = View(app="checkout", meeting=meeting, step="ahead", days=14)
    context = SimpleNamespace(text=SimpleNamespace(language="en"))
    assert link_params(cast(Any, context), view) == {"meeting": meeting, "step": "ahead", "lang": "en"}


def test_the_agenda_orders_the_steps_and_has_its_own_questions_and_language(open_page: Open, world: Path, meeting: str):
    (world / "config" / "agendas" / "checkout.yaml").write_text(
        "app: checkout\nlanguage: ja\norder: [burned]\nsteps:\n  follow_ups: {leave_out: true}\n"
        "  burned: {minutes: 7, questions: ['Anything new <b>?'], checks: ['All known']}\n"
    )
    st.cache_resource.clear()
    test = open_page("review", meeting=meeting)
    assert shown(test, "lang") == "ja"
    assert test.segmented_control(key="meeting-step").options[0] == "0 消費の内訳"
    assert len(test.segmented_control(key="meeting-step").options) == 6
    assert "Anything new &lt;b&gt;?" in html_of(test)
    test.button(key="meeting-begin").click().run()
    assert "0 / 7分" in html_of(test)
