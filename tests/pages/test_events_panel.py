"""Events on the page of an app: listed with what burned after them, added, filtered, changed, removed."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.pages.conftest import Open, html_of
from tests.pages.test_untrusted import EVIL
from tomoni.meetings.model import Event, EventKind
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow


def test_an_event_is_added_changed_and_removed(open_page: Open, tomoni: Tomoni):
    records, test = tomoni.meetings.records, open_page("app_view", app="checkout")
    assert "None is known in this period." in html_of(test)
    test.session_state["event-add"] = test.session_state["event-change"] = True  # as somebody opens them
    test.run()
    test.text_input("event-new-title").set_value(EVIL[0])
    test.datetime_input("event-new-at").set_value(datetime.fromisoformat("2026-11-10T12:00"))
    save = next(button for button in test.button if button.form_id == "event-new")
    save.click()
    test.run()
    assert not test.exception
    (made,) = records.listed(Event, "checkout")
    assert (made.value.title, made.value.what) == (EVIL[0].strip(), EventKind.DEPLOY)
    assert "<script>" not in html_of(test)
    assert "burned within 30 minutes after" in html_of(test)
    name = f"event-{made.id}"
    test.text_input(f"{name}-title").set_value("2.41")
    next(button for button in test.button if button.form_id == name).click()
    test.run()
    assert records.read(Event, made.id).value.title == "2.41"
    assert "Deploy 2.41" in html_of(test)  # the figure's table names it
    test.button(f"{name}-remove").click().run()
    assert "None is known in this period." in html_of(test)


def test_many_events_are_filtered_by_kind_and_words(open_page: Open, tomoni: Tomoni):
    at = int(datetime.fromisoformat("2026-11-10T12:00:00Z").timestamp())
    for n in range(6):
        what = EventKind.FLAG if n % 2 else EventKind.DEPLOY
        tomoni.meetings.records.add(Event(app="checkout", at=at + n * 3600, what=what, title=f"change {n}"))
    test = open_page("app_view", app="checkout", locale="ja-JP")
    test.text_input("events-words").set_value("change 3").run()
    shown = next(html for html in html_of(test).split("\n") if "tm-lines" in html and "change" in html)
    assert "<b>change 3</b>" in shown
    assert "<b>change 2</b>" not in shown
    assert "機能フラグ" in shown
