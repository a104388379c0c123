"""Every page in every language, as a reader sees it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import walk
from tests.browser.conftest import Open, Seen
from tests.browser.server import settle

pytestmark = [pytest.mark.browser]


def headline(page: Page) -> str:
    return page.locator("h1.tm-headline").inner_text()


def test_switching_the_language_keeps_the_view(open_page: Open):
    page = open_page("/app?app=checkout&journey=use-cart&days=14&lanes=success,cpu")
    page.get_by_text("日本語", exact=True).click()
    expect(page).to_have_url(re.compile("lang=ja"))
    settle(page)
    for kept in ("app=checkout", "journey=use-cart", "days=14", "lanes=success"):
        assert kept in page.url
    assert "カート" in headline(page)


def test_links_of_the_bar_keep_app_and_language(open_page: Open):
    page = open_page("/app?app=order-mail&lang=ja&days=7")
    page.locator(".st-key-bar a[href*=guide]").click()
    expect(page).to_have_url(re.compile(r"/guide\?"))
    settle(page)
    page.locator(".st-key-bar").get_by_role("link", name="アプリ", exact=True).click()
    expect(page).to_have_url(re.compile(r"/app\?.*app=order-mail.*days=7.*lang=ja"))


def test_back_and_forward_walk_through_the_views(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    first = headline(page)
    page.get_by_text("Use the cart", exact=True).click()
    expect(page).to_have_url(re.compile("journey=use-cart"))
    settle(page)
    second = headline(page)
    assert first != second
    page.go_back()
    expect(page.locator("h1.tm-headline")).to_have_text(first)
    page.go_forward()
    expect(page.locator("h1.tm-headline")).to_have_text(second)


def test_a_row_of_the_overview_leads_to_its_app_in_one_step(open_page: Open):
    page = open_page("/?lang=en&find=checkout")
    table = page.locator("[data-testid=stDataFrame]").bounding_box()
    assert table is not None
    page.mouse.click(table["x"] + 300, table["y"] + 55)
    expect(page).to_have_url(re.compile(r"/app\?app=checkout"))
    settle(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?(lang=en&find=checkout|find=checkout&lang=en)$"))
    settle(page)
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()


def test_a_bad_address_falls_back(open_page: Open, seen: Seen, address: str):
    page = open_page("/app?app=nope")
    for bad in ("app=<b>", "at=never", "days=1000", "lang=xx", "lanes=%00", "at=2099-01-01T00:00Z"):
        walk(page, f"{address}/app?{bad}")
        expect(page.locator("h1.tm-headline")).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert seen.messages == []


def test_the_crosshair_runs_through_all_rows(visit: Open):
    page = visit("/app?app=checkout", height=1600)
    row = page.locator(".js-plotly-plot .nsewdrag").first
    box = row.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".spikeline").first).to_be_attached()
    label = page.locator(".hoverlayer .legend").first
    expect(label).to_contain_text("Success")
    expect(label).to_contain_text("CPU")
    expect(label).to_contain_text("JST")


def test_the_explanation_shows_the_query_with_a_copy_button(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    page.get_by_text("How is this calculated?").first.click()
    expect(page.get_by_text("valid events", exact=False).first).to_be_visible()
    expect(page.locator("[data-testid=stCode]").first).to_be_visible()


def test_a_term_tells_its_meaning_when_it_is_reached(visit: Open):
    page = visit("/app?app=checkout&lang=en")
    page.locator(".tm-term").first.hover()
    shown = page.evaluate("getComputedStyle(document.querySelector('.tm-term'), '::after').content")
    assert "moment" in shown


def test_an_address_that_no_page_has_is_told_in_the_language_of_the_reader_with_a_way_on(open_page: Open):
    page = open_page("/snapshot?app=checkout", locale="ja-JP")
    assert headline(page) == "「snapshot」というページはありません。"
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.locator(".st-key-ways-on a").click()
    expect(page).to_have_url(re.compile(r"/snapshots\?app=checkout"))


def test_a_link_in_focus_does_not_look_like_the_current_page_and_a_card_keeps_room_for_its_explanation(visit: Open):
    page = visit("/app?app=back-office&journey=import-stocktake")
    page.locator(".st-key-bar a[href*=guide]").focus()
    current, focused = (
        page.evaluate(f"getComputedStyle(document.querySelector('{link}')).backgroundColor")
        for link in (".st-key-nav-current a", ".st-key-bar a[href*=guide]")
    )
    assert focused == "rgba(0, 0, 0, 0)" != current
    bar, button = (page.locator(f"[class*=st-key-card-] {part}").first for part in (".tm-bar", "button"))
    above, below = bar.bounding_box(), button.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] + 4 <= below["y"]
