"""Links that show everybody the same, and the shared screen."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.axe import walk
from tests.browser.conftest import Open
from tests.browser.server import press, settle

pytestmark = [pytest.mark.browser]


def test_the_copied_link_shows_the_same_numbers_in_another_browser(open_page: Open, address: str):
    page = open_page("/app?app=checkout&journey=pay")
    other = open_page(path_of(copied(page)), locale="ja-JP")
    for path in ("", "/", "/guide"):
        if path:
            walk(page, address + path)
            walk(other, address + path_of(copied(page)))
        assert other.locator("h1.tm-headline").inner_text() == page.locator("h1.tm-headline").inner_text()


def copied(page: Page) -> str:
    """The link that is copied on a page."""
    page.evaluate("navigator.clipboard.writeText('')")
    button = page.locator(".st-key-copy-link button")
    expect(button).not_to_have_text("Copied")
    button.click()
    expect(button).to_have_text("Copied")
    link: str = page.evaluate("navigator.clipboard.readText()")
    assert "at=2026-11-24T00%3A55Z" in link
    assert "days=28" in link
    assert "lang=en" in link
    return link


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def test_without_a_clipboard_the_link_is_still_given(open_page: Open):
    page = open_page("/app?app=checkout")
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.default_value)
        dialog.dismiss()

    page.on("dialog", answer)
    with page.expect_event("dialog"):
        page.locator(".st-key-copy-link button").click()
    assert "app=checkout" in asked[0]


def test_freezing_writes_the_moment_moves_nothing_but_its_own_button_and_live_lets_go(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    places = """() => [...document.querySelectorAll(
      '[class*=st-key-card-], .st-key-figure, [data-testid=stPopover], [data-testid=stButtonGroup]')]
      .map((each) => each.getBoundingClientRect()).map((box) => [box.x, box.y].map(Math.round))"""
    before = page.evaluate(places)
    page.get_by_role("button", name="Freeze").click()
    expect(page).to_have_url(re.compile("at=2026-11-24T00"))
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    settle(page)
    assert page.evaluate(places) == before
    page.get_by_role("button", name="Back to live").click()
    expect(page).not_to_have_url(re.compile("at="))


def test_present_mode_begins_and_ends_by_key_on_every_page(open_page: Open, address: str):
    page = open_page("/", width=1920, height=1080)
    for path in ("", "/app", "/catalog", "/guide"):
        if path:
            walk(page, address + path)
        press(page, "p", "present")
        expect(page).to_have_url(re.compile("present=1"))
        settle(page)
        size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert size == pytest.approx(22, abs=0.05), path
        expect(page.locator(".st-key-bar")).to_be_hidden()
        expect(page.locator("[data-testid=stHeader]")).to_be_hidden()
        press(page, "Escape", "present-end")
        expect(page).not_to_have_url(re.compile("present"))
        settle(page)
        expect(page.locator(".st-key-bar")).to_be_visible()


def test_arrows_step_through_the_journeys_but_not_while_one_writes(open_page: Open):
    page = open_page("/app?app=checkout&present=1&lang=en", width=1920, height=1080)
    press(page, "ArrowRight", "present-right")
    expect(page).to_have_url(re.compile("journey=use-cart"))
    settle(page)
    press(page, "ArrowLeft", "present-left")
    expect(page).to_have_url(re.compile("journey=place-order"))


def test_p_in_a_text_is_a_letter(open_page: Open):
    page = open_page("/?lang=en")
    page.get_by_placeholder("app, journey or objective").click()
    page.keyboard.type("ppp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("find=ppp"))
    assert "present" not in page.url


def test_a_snapshot_taken_from_the_joint_view_opens_at_once_and_back_leads_back(open_page: Open):
    page = open_page("/app?app=checkout&lang=en&days=14")
    page.get_by_role("button", name="Take a snapshot").click()
    expect(page).to_have_url(re.compile(r"/snapshots\?.*snapshot=[0-9a-f]{16}"))
    settle(page)
    expect(page.locator("iframe").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/app\?"))


def test_a_switch_of_language_changes_the_language_alone(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    page.get_by_role("button", name="Rows").click()
    expect(page.get_by_text("Rows of the figure, from top to bottom")).to_be_visible()
    page.keyboard.press("Escape")
    for name, lang in (("日本語", "ja"), ("English", "en"), ("日本語", "ja")):
        page.get_by_text(name, exact=True).click()
        expect(page).to_have_url(re.compile(rf"\?app=checkout&lang={lang}$"))
        settle(page)


def test_a_click_on_a_day_of_the_heat_strip_opens_that_day_of_that_app(open_page: Open):
    page = open_page("/?lang=ja")
    page.locator(".tm-heat a[href*='app=checkout'][href*='2026-11-19']").click()
    expect(page).to_have_url(re.compile(r"/app\?.*app=checkout.*period=2026-11-19.*lang=ja"))
    settle(page)
    expect(page.locator("h1.tm-headline")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?lang=ja"))
    expect(page.locator(".tm-heat")).to_be_visible()
