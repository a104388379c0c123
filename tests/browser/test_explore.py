"""Explore as it is used: from no page to a metric beside an SLO with last week under it, and the link to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.browser.server import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_metric_is_found_asked_and_passed_on_by_the_keyboard_and_few_clicks(open_page: Open):
    page = open_page("/explore?app=checkout&lang=en")
    expect(page.locator(".tiles svg").first).to_be_visible()  # small pictures of the app's own metrics
    assert findings(page) == []
    page.get_by_role("combobox", name="Find a metric").click()  # 1
    page.keyboard.type("conections db")
    expect(page.get_by_role("option").first).to_contain_text("checkout-db-connections")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("metric=checkout-db-connections"))
    settle(page)
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_visible()
    page.locator(".st-key-beside").get_by_text("one week earlier").click()  # 2
    page.wait_for_url(re.compile("beside=week"))
    settle(page)
    place = page.locator(".st-key-explored-bar").bounding_box()
    assert place is not None
    assert place["y"] < 380, "Find and Ask leave the room to the figure"
    page.get_by_role("button", name="Copy link").click()  # 3
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(part in copied for part in ("metric=checkout-db-connections", "beside=week", "at=", "app=checkout"))
    assert findings(page) == []
    page.go_back()
    page.go_back()
    settle(page)
    expect(page.locator(".tiles svg").first).to_be_visible()  # the way back leads to the pictures
