"""A snapshot on its page: one header, one scroll, a name for its tab, and anchors that lead where they say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Seen
from tests.browser.server import settle

pytestmark = [pytest.mark.browser]
_FITS = """() => {
  const frame = document.querySelector("iframe");
  const inner = frame.contentDocument.body;
  return Math.abs(frame.clientHeight - inner.scrollHeight) < 3 && frame.clientHeight > 2000;
}"""


def test_an_open_snapshot_scrolls_with_the_page_and_is_named(open_page: Open, seen: Seen) -> None:
    page = open_page("/app?app=checkout&days=7&at=2026-11-22T00:00Z&lang=en")
    page.locator(".st-key-snapshot-now button").first.click()
    expect(page).to_have_url(re.compile("/snapshots.*snapshot="))
    settle(page)
    expect(page).to_have_title("Checkout, 15 Nov – 22 Nov 2026 · Tomoni")
    expect(page.locator("h1.tm-headline")).to_have_text("Checkout, 15 Nov – 22 Nov 2026")
    page.wait_for_function(_FITS)
    inside = page.frame_locator("iframe")
    expect(inside.locator("body > header")).to_be_hidden()
    inside.locator("nav a[href='#policy']").click()
    expect(inside.locator("#policy h2")).to_be_in_viewport()
    page.locator(".st-key-close button").first.click()
    expect(page.locator(".tm-snapshots")).to_contain_text("Checkout, 15 Nov – 22 Nov 2026")
    expect(page).to_have_title("Snapshots · Tomoni")
    assert seen.messages == []
