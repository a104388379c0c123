"""The numbers of the joint figure as a table, by key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth - document.documentElement.clientWidth"


def test_a_key_opens_the_figures_numbers_as_a_table_at_200_percent_zoom(open_page: Open):
    page = open_page("/app?app=checkout&lang=en", width=640, height=400)
    page.locator(".tm-numbers > summary").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".tm-numbers tbody tr")
    expect(rows.first).to_be_visible()
    assert 20 <= rows.count() <= 32
    expect(page.locator(".tm-numbers thead")).to_contain_text("CPU of the database")
    expect(rows.last).to_contain_text("24 Nov")
    assert findings(page, [".tm-numbers"]) == []
    assert page.evaluate(SIDEWAYS) <= 0
