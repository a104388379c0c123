"""The step "What burned": reasons in two clicks, incidents with their price while they are edited."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.meetings.model import EpisodeReason, Event, EventKind, Incident, Meeting, Reason
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


@pytest.fixture
def step(open_page: Open, tomoni: Tomoni) -> AppTest:
    open_page("review", app="checkout")
    (made,) = tomoni.meetings.records.listed(Meeting, "checkout")
    tomoni.meetings.records.add(Event(app="checkout", at=made.value.as_of - 86_400, what=EventKind.ALERT, title="Slow"))
    return open_page("review", app="checkout", meeting=made.id, step="burned")


def choose(test: AppTest, name: str = "reason-place-order-availability") -> AppTest:
    """Opens the choice of a reason of the episode whose key begins so; the next run closes it."""
    held = map(str, test.session_state._state.filtered_state)
    test.session_state[next(each for each in held if each.startswith(name))] = True
    return test.run()


def keyed(test: AppTest, start: str) -> str:
    """The first key of a button that starts so."""
    return next(each.key for each in test.button if each.key and each.key.startswith(start))


def test_a_reason_is_chosen_in_place_and_the_ledger_adds_up_by_it(step: AppTest, open_page: Open, tomoni: Tomoni):
    assert "no reason yet" in html_of(step)
    beside = re.findall(r"· ([^<·]+)</a> <span class='tm-muted'>([\d.]+%) of the budget", html_of(step))
    rows = re.findall(
        r"tm-episode'><span>.*?</span><span>(.*?)</span><span>.*?</span><span>(.*?)</span>", html_of(step)
    )
    assert len(beside) > 3
    assert set(beside) <= set(rows)  # an episode has one share of its budget, wherever the step tells it
    choose(step)
    labels = {each.key: each.label for each in step.button if each.key and each.key.startswith("choose-")}
    chosen = next(key for key, label in labels.items() if label == "Dependency")
    step.button(chosen).click().run()
    assert not step.exception
    (reason,) = tomoni.meetings.records.listed(EpisodeReason, "checkout")
    assert reason.value.reason is Reason.DEPENDENCY
    tables = re.findall(r"<table class='tm-facts tm-reasons'>.*?</table>", html_of(step))
    assert any("Dependency" in table for table in tables)
    assert "tm-goes-with" in html_of(open_page("app_view", app="checkout"))
    episode = chosen.removeprefix("choose-").rpartition("-")[0]
    name = f"reason-words-{episode}"
    choose(step, f"reason-{episode}")
    step.text_input(name).set_value("The <b>cards</b> were slow")
    step.button(f"{name}-store").click().run()
    (reason,) = tomoni.meetings.records.listed(EpisodeReason, "checkout")
    assert (reason.value.reason, reason.value.text) == (Reason.DEPENDENCY, "The <b>cards</b> were slow")
    assert "<b>cards" not in html_of(step)
    choose(step, f"reason-{episode}").button(chosen).click().run()
    assert tomoni.meetings.records.listed(EpisodeReason, "checkout") == ()


def test_an_incident_begins_with_the_time_of_its_episode_and_shows_its_price(step: AppTest, tomoni: Tomoni):
    choose(step)
    step.button(keyed(step, "incident-place-order")).click().run()
    assert "bad events, " in html_of(step)
    before = html_of(step)
    step.text_input("incident-title").set_value("<b>Pool</b> exhausted").run()
    started: datetime = step.session_state["incident-start"]
    step.session_state["incident-end"] = started
    step.run()
    assert "The end comes after the start." in html_of(step)
    assert "The end comes after the start." not in before
    assert step.button("incident-save").disabled
    for start, days, said in (
        (started, 93, "lasts at most 92 d"),
        (started + timedelta(days=60), 61, "has begun already"),
    ):
        step.session_state["incident-start"] = start
        step.session_state["incident-end"] = started + timedelta(days=days)
        step.run()
        assert said in html_of(step)


def test_an_incident_is_saved_linked_edited_and_removed(step: AppTest, tomoni: Tomoni):
    records = tomoni.meetings.records
    choose(step)
    step.button(keyed(step, "incident-place-order")).click().run()
    step.button("incident-save").click().run()
    assert "role='alert'" in html_of(step)  # it has no title yet
    step.text_input("incident-title").set_value("<b>Pool</b> exhausted")
    step.button_group("meeting-step").set_value("ahead").run()
    step.button_group("meeting-step").set_value("burned").run()
    assert step.text_input("incident-title").value == "<b>Pool</b> exhausted"  # what was typed waits
    step.text_input("incident-ticket").set_value("javascript:alert(1)")
    step.button("incident-save").click().run()
    assert "role='alert'" in html_of(step)
    step.text_input("incident-ticket").set_value("https://tracker.example/231")
    step.button("incident-save").click().run()
    assert not step.exception
    (incident,) = records.listed(Incident, "checkout")
    (reason,) = records.listed(EpisodeReason, "checkout")
    assert (reason.value.reason, reason.value.ref) == (Reason.INCIDENT, incident.id)
    assert [link.title for link in incident.value.links] == ["ticket"]
    assert "&lt;b&gt;Pool&lt;/b&gt; exhausted" in html_of(step)
    assert "<b>Pool</b>" not in html_of(step)
    step.button(f"edit-{incident.id}").click().run()
    step.text_input("incident-title").set_value("Pool of connections exhausted")
    step.button("incident-save").click().run()
    assert records.read(Incident, incident.id).value.title == "Pool of connections exhausted"
    step.button(f"remove-it-{incident.id}").click().run()
    assert records.listed(Incident, "checkout") == ()
    assert not step.exception
