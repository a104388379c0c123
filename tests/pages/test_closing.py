"""The step Close on its page: what is open, the second click, and what remains of a closed review."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, html_of
from tests.pages.test_review import controls, shown
from tomoni.meetings.model import Action, Incident, Meeting
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


def test_a_review_is_closed_by_two_clicks_corrected_and_listed_with_its_snapshot(open_page: Open, tomoni: Tomoni):
    records = tomoni.meetings.records
    open_page("review", app="checkout")
    (drafted,) = records.listed(Meeting, "checkout")
    records.add(Action(app="checkout", text="Alert <b>early</b>"))
    at = drafted.value.start - 5 * 86_400  # before the period, within the window of 28 days
    records.add(Incident(app="checkout", title="Backup ran long", start=at, end=at + 900))
    draft = open_page("review", meeting=drafted.id, step="close")
    assert "meeting-close-now" not in controls(draft)
    draft.button(key="meeting-begin").click().run()
    page = open_page("review", meeting=drafted.id, step="close")
    said = html_of(page)
    for part in (
        "3 points are still open",
        "4 SLOs without a conclusion",
        "1 action without a team",
        "Alert &lt;b&gt;",
    ):
        assert part in said
    page.button(key="meeting-close-now").click().run()
    closed = records.read(Meeting, drafted.id).value
    assert closed.state == "closed"
    assert [entry.hash for entry in tomoni.snapshots.listed("checkout")] == [closed.snapshot]
    assert "This review was closed on" in html_of(page)
    assert "8 Dec 2026" in html_of(page)
    assert f"meeting={drafted.id}" in html_of(open_page("snapshots"))
    steps = ("follow_ups", "burned", "decide")
    drawn = [html_of(open_page("review", meeting=drafted.id, step=step)) for step in steps]
    assert ["as they are now" in each for each in drawn] == [True, False, True]
    assert "Backup ran long" in drawn[1]  # the ledger of the window goes on adding up with it
    assert "Backup ran long" not in said
    page.button(key="meeting-correct-now").click().run()
    correction = records.read(Meeting, shown(page, "meeting")).value
    assert (correction.corrects, correction.state, correction.as_of) == (drafted.id, "open", closed.as_of)
    assert "the snapshot has them as they were" not in html_of(page)
    assert f"corrects the review {drafted.id}; actions, decisions and questions as they are now" in html_of(page)
