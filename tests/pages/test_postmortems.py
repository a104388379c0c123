"""Postmortems: begun from an incident with the facts known, written, versioned, found and taken along."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open, html_of
from tomoni.meetings.model import Event, EventKind, Incident, Meeting, Postmortem
from tomoni.meetings.postmortems import save_body
from tomoni.meetings.records import Record
from tomoni.ui.postmortems.page import as_html, as_markdown
from tomoni.use_cases.postmortems import library, recurring
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
OUTAGE = 1_795_064_700  # 19 Nov 2026, 05:05 UTC: the largest episode of the demo's orders


@pytest.fixture
def incident(tomoni: Tomoni) -> Record[Incident]:
    records = tomoni.meetings.records
    records.add(Event(app="checkout", at=OUTAGE - 600, what=EventKind.DEPLOY, title="orders_2.41*"))
    told = Event(app="checkout", at=OUTAGE + 300, until=OUTAGE + 900, what=EventKind.ALERT, title="Orders fail")
    records.add(told.model_copy(update={"severity": "critical"}))
    return records.add(Incident(app="checkout", title="Pool *exhausted*", start=OUTAGE, end=OUTAGE + 3600))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_postmortem_begins_with_what_is_known(
    open_page: Open, tomoni: Tomoni, incident: Record[Incident], language: str
):
    records = tomoni.meetings.records
    open_page("review", app="checkout")
    meeting = records.listed(Meeting, "checkout")[-1]
    test = open_page("review", app="checkout", meeting=meeting.id, step="burned", lang=language)
    test.button(f"postmortem-of-{incident.id}").click().run()
    assert not test.exception
    (made,) = (each for each in records.listed(Postmortem, "checkout") if each.value.incident == incident.id)
    body = made.value.body
    assert made.value.language == language
    for expected in {
        "en": (
            "Price for Place an order",
            "Alert that fired: critical · Orders fail",
            "Burn alert that would have fired",
            "Signal that moved with it",
            "orders\\_2.41\\*",
            "lucky",
        ),
        "ja": (
            "注文する",
            "幸運",
            "見え方",
            "発報したアラート: critical · Orders fail",
            "発報していたはずのバーンアラート",
        ),
    }[language]:
        assert expected in body
    assert f"postmortem={made.id}" in html_of(test)


def test_a_postmortem_is_written_in_place_and_keeps_its_versions(open_page: Open, tomoni: Tomoni):
    records = tomoni.meetings.records
    made = records.add(Postmortem(app="checkout", title="Pool", body=HOSTILE))
    test = open_page("postmortems", postmortem=made.id)
    assert "<script" not in html_of(test)
    assert "<img" not in html_of(test)
    assert "href='javascript" not in html_of(test).replace('"', "'")
    test.button_group("postmortem-part").set_value("write").run()
    test.text_area("postmortem-factors").set_value("Retry storm\n\n Retry storm \nOne pool for all")
    test.button_group("postmortem-part").set_value("read").run()
    test.button_group("postmortem-part").set_value("write").run()
    assert test.text_input("postmortem-title").value == "Pool"
    assert "One pool" in str(test.text_area("postmortem-factors").value)  # what was typed waits
    records.change(Postmortem, made.id, {"title": "Pool of connections"})  # by somebody else, meanwhile
    test.run()
    assert "Somebody stored another version meanwhile" in html_of(test)
    test.button("postmortem-save").click().run()
    assert not test.exception
    stored = records.read(Postmortem, made.id)
    assert stored.value.factors == ("Retry storm", "One pool for all")
    save_body(records, made.id, HOSTILE, f"{HOSTILE}\n\nThe pool was empty.")
    assert [each.value.title for each in records.history(Postmortem, made.id)] == [
        "Pool",
        "Pool of connections",
        "Pool",
        "Pool",
    ]
    test.button_group("postmortem-part").set_value("versions").run()
    assert "<ins>" in html_of(test)
    assert "<script" not in html_of(test)


def test_the_library_finds_in_both_languages_and_counts_what_recurs(open_page: Open, tomoni: Tomoni):
    records = tomoni.meetings.records
    for app, title, factor in (
        ("checkout", "Pool exhausted", "Retry storm"),
        ("order-mail", "キューの滞留", "retry  Storm"),
    ):
        records.add(Postmortem(app=app, title=title, factors=(factor,)))
    test = open_page("postmortems", find="滞留")
    assert "キューの滞留" in html_of(test)
    assert "Pool exhausted" not in html_of(test)
    test = open_page("postmortems", find='" OR NEAR(')
    assert not test.exception
    assert "Pool exhausted" not in html_of(test)
    everything = library(tomoni.meetings, "retry storm")
    most = recurring(everything.shown)[0]
    assert (most.name.casefold().split(), most.count, most.apps) == (["retry", "storm"], 2, 2)


def test_a_postmortem_as_a_file_runs_and_fetches_nothing():
    value = Postmortem(app="shop", title="<b>Pool</b>", body=HOSTILE, factors=("<i>DNS</i>",))
    page = as_html(value, text_for("en"))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;b&gt;Pool&lt;/b&gt;" in page
    assert as_markdown(value).startswith("# <b>Pool</b>\n\n- <i>DNS</i>\n\n")


def test_a_postmortem_that_was_removed_leaves_the_library(open_page: Open, tomoni: Tomoni):
    made = tomoni.meetings.records.add(Postmortem(app="checkout", title="Pool", body="x"))
    test = open_page("postmortems", postmortem=made.id)
    test.button("remove-it").click().run()
    assert not test.exception
    assert "postmortem" not in test.query_params
    assert made.id not in {each.id for each in tomoni.meetings.records.listed(Postmortem)}
