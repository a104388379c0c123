"""What opens over a page is reached and left by the keyboard where its button is, not behind the whole page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.server import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Pages, with the place of a button that opens something.
OPENERS = {
    "/explore?app=order-mail&metric=office-db-connections": ".st-key-take-away",
    "/app?app=checkout": ".st-key-pickers [data-testid=stPopover]",
}
BODY = "document.querySelector('[data-testid=stPopoverBody]')"


@pytest.mark.parametrize("path", OPENERS)
def test_a_key_that_opens_a_popover_leads_into_it_and_back_to_its_button(path: str, open_page: Open):
    page = open_page(f"{path}&lang=en")
    settle(page)
    button = page.locator(f"{OPENERS[path]} button").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {BODY}?.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => {BODY}.contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !{BODY}")
    expect(button).to_be_focused()


def test_a_popover_that_a_pointer_opened_leaves_the_focus_where_it_is(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    settle(page)
    page.locator(".st-key-pickers [data-testid=stPopover] button").first.click()
    page.wait_for_function(f"() => {BODY}")
    page.wait_for_timeout(500)
    assert page.evaluate(f"() => !{BODY}.contains(document.activeElement)")
