"""The step "Ahead": the register of risks is changed on the page, and what teams type is text."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.meetings.model import Incident, Meeting
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.risks import add_risk, change_risk, register, remove_risk

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert(1)</script> **bold** :material/close:"
FIELDS = {"detect_minutes": 1, "repair_minutes": 600, "share_of_users": 1, "days_between": 30}


@pytest.fixture
def meeting(open_page: Open, tomoni: Tomoni) -> str:
    open_page("review", app="checkout")
    (made,) = tomoni.meetings.records.listed(Meeting, "checkout")
    return made.id


def ahead(open_page: Open, meeting: str, **more: str) -> AppTest:
    test = open_page("review", meeting=meeting, step="ahead", **more)
    assert not test.exception
    return test


def test_the_register_ranks_what_may_go_wrong_against_the_chosen_budget(open_page: Open, meeting: str):
    shown = html_of(ahead(open_page, meeting))
    places = [shown.index(title) for title in ("runs out of connections", "fails a part", "answers nobody")]
    assert places == sorted(places)
    assert "The accepted risks cost 201 of the 526 min a year that 99.9% allows." in shown
    assert "every 5 years" in shown
    other = html_of(ahead(open_page, meeting, journey="pay", slo="availability"))
    assert "runs out of connections" not in other[other.index("tm-risks") :]


def test_the_choice_of_a_risk_begins_with_the_first_of_the_table(open_page: Open, meeting: str):
    for place in ({}, {"journey": "pay", "slo": "availability"}):
        test = ahead(open_page, meeting, **place)
        choice, shown = test.selectbox("risk-chosen"), html_of(test)
        table = shown[shown.index("tm-risks") :]
        named = [title for title in choice.options if title in table]
        assert choice.options[: len(named)] == sorted(named, key=table.index)
        assert choice.index == 0


def test_a_risk_is_accepted_and_put_back_by_its_buttons(open_page: Open, tomoni: Tomoni, meeting: str):
    (app,) = tomoni.apps("checkout")
    records = tomoni.meetings.records
    remove_risk(records, app, "region-outage")
    test = ahead(open_page, meeting)
    test.selectbox("risk-chosen").set_value("database-full").run()
    test.button("risk-accept").click().run()
    assert {each.ref for each in register(records, app) if each.accepted} >= {"database-full"}
    assert "changed here" in html_of(test)
    test.button("risk-back-region-outage-do").click().run()
    assert "region-outage" in {each.ref for each in register(records, app)}


def test_what_teams_type_is_text(open_page: Open, tomoni: Tomoni, meeting: str):
    (app,) = tomoni.apps("checkout")
    add_risk(tomoni.meetings.records, app, {**FIELDS, "title": HOSTILE, "text": HOSTILE})
    change_risk(tomoni.meetings.records, app, "gateway-outage", {"title": HOSTILE})
    shown = html_of(ahead(open_page, meeting))
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_beside_a_risk_stands_what_its_incidents_cost(open_page: Open, tomoni: Tomoni, meeting: str):
    at = tomoni.now() - 5 * 86_400
    made = Incident(app="checkout", title="Orders failed", start=at, end=at + 3600, risk="bad-release")
    tomoni.meetings.records.add(made)
    tomoni.meetings.records.add(made.model_copy(update={"risk": "", "start": at + 7200, "end": at + 9000}))
    shown = html_of(ahead(open_page, meeting))
    assert "(1 incident)" in shown
    assert "Incidents of no risk on the register in the last 12 months" in shown


def test_an_app_without_risks_says_so(open_page: Open, tomoni: Tomoni):
    app, records = tomoni.catalog.app("order-mail"), tomoni.meetings.records
    assert app is not None
    for risk in register(records, app):
        remove_risk(records, app, risk.ref)
    open_page("review", app="order-mail")
    (made,) = records.listed(Meeting, "order-mail")
    shown = html_of(ahead(open_page, made.id, lang="ja"))
    assert "リスクはまだ登録されていません" in shown
