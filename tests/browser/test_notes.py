"""Notes are saved as they are typed: a reload, a second editor, a lost connection and a restart lose nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import NOW, patient, serving, settle
from tests.review.shop import DAY, STEP, Shop
from tomoni.meetings.model import Meeting
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.browser
AT = int(datetime.fromisoformat(NOW).timestamp())


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write_orders((AT - 2 * DAY + place * STEP, 500.0, 1.0) for place in range(2 * 288))
    return shop


@pytest.fixture
def product(shop: Shop) -> Tomoni:
    product = shop.open(AT)
    product.sync(days=2)
    return product


def box(page: Page) -> Locator:
    return page.locator(".st-key-notes-dock textarea")


def saved(page: Page, text: str) -> None:
    """Waits until a page has a text, and has been told that it is saved."""
    expect(box(page)).to_have_value(text)
    expect(page.locator(".st-key-notes-dock [data-state=saved]")).to_be_visible()


def opened(browser: Browser, url: str, locale: str = "en-GB") -> Page:
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = patient(context).new_page()
    page.goto(url)
    settle(page)
    page.locator(".st-key-notes-dock summary").click()
    return page


def at_the_end(page: Page, typed: str) -> None:
    box(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(typed)


def test_nothing_that_is_typed_is_lost(browser: Browser, shop: Shop, product: Tomoni):
    value = Meeting(app="shop", planned_at=AT, start=AT - DAY, as_of=AT - 600)
    meeting = product.meetings.records.add(value).id
    database, config = f"sqlite:///{shop.folder / 'tomoni.db'}", shop.folder / "config"
    with serving(shop.folder, config, database) as address:
        port = urlsplit(address).port or 0
        page = opened(browser, f"{address}/review?meeting={meeting}&step=since")
        at_the_end(page, "- pool full")
        page.reload()  # before it could be saved
        settle(page)
        saved(page, "- pool full")
        other = opened(browser, f"{address}/review?meeting={meeting}&step=since", "ja-JP")
        at_the_end(other, "\n- 二人目")
        box(page).focus()
        page.keyboard.press("Control+Home")
        page.keyboard.type("first\n")
        for each in (page, other):
            saved(each, "first\n- pool full\n- 二人目")
        assert box(page).evaluate("area => area.selectionStart") == len("first\n")
    at_the_end(page, "\nwhile the server was away")
    expect(page.locator(".st-key-notes-dock [role=status]")).to_have_text("Not saved, kept here.")
    with serving(shop.folder, config, database, port=port):
        for each in (page, other):
            saved(each, "first\n- pool full\n- 二人目\nwhile the server was away")
        box(page).focus()
        page.keyboard.press("Tab")  # the box is left by the keyboard
        expect(page.locator(".st-key-notes-dock .preview")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-notes-dock .shown li").first).to_have_text("pool full")
    texts = [note.text for note in product.meetings.notes.history(meeting, "since")]
    assert texts[-1] == "first\n- pool full\n- 二人目\nwhile the server was away"
