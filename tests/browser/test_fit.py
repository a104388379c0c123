"""What a room sees at once: headline, cards, and the whole figure with its time axis, large enough to be read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.letters import COLLIDING, LOWEST
from tests.browser.server import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIGURE = ".js-plotly-plot"
# The smallest type of any text that is in sight, in pixels, and whose it is.
SMALLEST = """() => {
  let least = [1000, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.textContent.trim(), owner = node.parentElement;
    if (!text || !owner.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (!owner.getClientRects().length || owner.closest('style, script, noscript, [aria-hidden=true]')) continue;
    const size = parseFloat(getComputedStyle(owner).fontSize);
    if (size < least[0]) least = [size, text.slice(0, 60)];
  }
  return least;
}"""
WHOLE = "document.querySelector('.js-plotly-plot')"
ROWS = "document.querySelector('.js-plotly-plot .scatterlayer')"
SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth - document.documentElement.clientWidth"


def drawn(page: Page) -> Page:
    expect(page.locator(f"{FIGURE} .xtick text").first).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("app", "look"),
    [
        ("checkout", "lang=en"),
        ("checkout", "lang=ja&present=1"),
        ("order-mail", "lang=ja&present=1"),
        ("order-mail", "lang=en&present=1"),
        ("back-office", "lang=en"),
        ("back-office", "lang=en&present=1"),
    ],
)
def test_the_figure_ends_within_the_window_of_a_shared_screen(visit: Open, app: str, look: str):
    page = drawn(visit(f"/app?app={app}&{look}", width=1920, height=1080))
    assert page.evaluate(LOWEST) <= 1080
    assert page.evaluate(COLLIDING) == []
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("app", ["checkout", "order-mail", "back-office"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_was_agreed_is_in_sight_of_a_shared_screen(visit: Open, app: str, lang: str):
    page = drawn(visit(f"/app?app={app}&lang={lang}", width=1920, height=1080))
    first = page.locator(".st-key-panel-policy li, .st-key-panel-policy p").first  # the level, or what it asks for
    expect(first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("/", "en"),
        ("/", "ja"),
        ("/app?app=checkout", "ja"),
        ("/app?app=order-mail", "en"),
        ("/catalog", "ja"),
        ("/guide", "ja"),
        ("/?team=payments", "ja"),
    ],
)
def test_the_smallest_text_of_a_presented_page_is_18_px(visit: Open, path: str, lang: str):
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}&present=1", width=1920, height=1080)
    least, text = page.evaluate(SMALLEST)
    assert least >= 17.99, text


def test_the_type_of_a_presented_figure_grows_with_the_window_and_shrinks_with_it_again(visit: Open):
    page = drawn(visit("/app?app=checkout&lang=en&present=1", width=2560, height=1440))
    smallest = f"""() => {{
      const ticks = [...document.querySelectorAll("{FIGURE} .xtick text")];
      return ticks.length ? Math.min(...ticks.map((e) => parseFloat(getComputedStyle(e).fontSize))) : 0;
    }}"""
    page.wait_for_function(f"() => ({smallest})() >= 23.9")
    settle(page)
    assert page.evaluate(SMALLEST)[0] >= 23.9
    assert page.evaluate(LOWEST) <= 1440
    assert page.evaluate(COLLIDING) == []
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function(f"() => {{ const size = ({smallest})(); return size >= 17.9 && size < 20; }}")


@pytest.mark.parametrize("app", ["checkout", "order-mail"])
def test_the_figure_with_an_enlarged_row_ends_within_the_window_of_a_shared_screen(visit: Open, app: str):
    page = drawn(visit(f"/app?app={app}&lang=en&present=1&large=traffic", width=1920, height=1080))
    assert page.evaluate(LOWEST) <= 1080
    assert page.evaluate(COLLIDING) == []


@pytest.mark.parametrize("app", ["checkout", "order-mail"])
def test_a_small_screen_shows_readable_rows(visit: Open, app: str):
    page = drawn(visit(f"/app?app={app}&lang=ja", width=1280, height=800))
    assert page.evaluate(COLLIDING) == []
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_on_a_phone_the_rows_take_the_width_and_words_stand_above_them(open_page: Open, lang: str):
    page = drawn(open_page(f"/app?app=checkout&lang={lang}", width=390, height=844))
    page.wait_for_function(f"() => {ROWS}.getBoundingClientRect().width > 0.75 * {WHOLE}.getBoundingClientRect().width")
    settle(page)
    assert page.evaluate(COLLIDING) == []
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_on_a_phone_the_example_of_the_guide_takes_the_width(open_page: Open, lang: str):
    page = drawn(open_page(f"/guide?lang={lang}", width=390, height=844))
    page.wait_for_function(f"() => {ROWS}.getBoundingClientRect().width > 0.75 * {WHOLE}.getBoundingClientRect().width")
    assert page.evaluate(COLLIDING) == []


def test_on_a_phone_the_days_of_the_overview_are_wide_enough_for_their_numbers(open_page: Open):
    page = open_page("/?lang=en", width=390, height=844)
    expect(page.locator(".tm-heat tbody td").first).to_be_visible()
    overflowing = "[...document.querySelectorAll('.tm-heat tbody td')].filter((e) => e.scrollWidth > e.offsetWidth)"
    assert page.evaluate(f"{overflowing}.map((e) => e.textContent)") == []
    assert page.evaluate(SIDEWAYS) <= 0
    days = "[...document.querySelectorAll('.tm-heat tbody td a')].map((e) => e.getBoundingClientRect())"
    assert page.evaluate(f"Math.min(...{days}.flatMap((e) => [e.width, e.height]))") >= 24
    newest = page.locator(".tm-heat tbody tr").first.locator("td").last
    newest.scroll_into_view_if_needed()
    assert page.evaluate("document.querySelector('.tm-newest').scrollLeft") == 0  # where it begins: at its right end
    expect(newest).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("path", "cells"), [("/catalog", ".tm-facts td"), ("/app?app=checkout", ".tm-burned td")])
def test_on_a_phone_every_column_of_a_table_of_facts_is_in_sight(open_page: Open, path: str, cells: str):
    page = open_page(f"{path}{'&' if '?' in path else '?'}lang=ja", width=390, height=844)
    expect(page.locator(cells).first).to_be_visible()
    shown = f"[...document.querySelectorAll('{cells}')].filter((e) => e.offsetWidth && e.checkVisibility())"
    beyond = f"{shown}.filter((e) => e.getBoundingClientRect().right > 380).map((e) => e.textContent)"
    assert page.evaluate(f"{shown}.length") > 10
    assert page.evaluate(beyond) == []


def test_on_a_phone_the_overview_lists_each_slo_with_its_budget_and_leads_to_it(open_page: Open):
    page = open_page("/?lang=en", width=390, height=844)
    lines = page.locator(".tm-slo-lines li")
    expect(lines.first).to_contain_text("Exhausted")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    assert lines.count() == 13
    settle(page)
    lines.first.get_by_role("link").first.click()
    page.wait_for_function("() => location.pathname === '/app'")
    assert "app=order-mail" in page.url


def test_on_a_phone_a_table_has_low_rows_and_scrolls_by_itself(open_page: Open):
    taking = open_page("/app?app=checkout&lang=en")
    taking.get_by_role("button", name="Take a snapshot").click()
    expect(taking).to_have_url(re.compile("snapshot="))
    page = open_page("/snapshots?app=checkout&lang=en", width=390, height=844)
    rows = page.locator(".tm-scroll .tm-facts tr")
    expect(rows.nth(1)).to_be_attached()
    assert max(rows.evaluate_all("all => all.map((e) => e.getBoundingClientRect().height)")) <= 140
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_presented_overview_ends_within_the_window_of_a_shared_screen(visit: Open, lang: str):
    page = visit(f"/?lang={lang}&present=1", width=1920, height=1080)
    days = page.locator(".tm-heat tfoot")
    expect(days).to_be_visible()
    assert page.evaluate("document.querySelector('.tm-heat tfoot').getBoundingClientRect().bottom") <= 1080


def test_the_contents_of_the_guide_stay_in_sight_and_lead_to_each_part(open_page: Open):
    page = drawn(open_page("/guide?lang=en#terms", width=1920, height=1080))
    expect(page.locator("#terms h2")).to_be_in_viewport()
    contents = page.locator("nav.tm-contents")
    expect(contents).to_be_in_viewport()
    contents.get_by_text("The states of a budget").click()
    expect(page.locator("#states h2")).to_be_in_viewport()
    expect(contents).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    folded = page.locator("details.tm-contents")
    expect(folded.get_by_text("What the policy means")).to_be_hidden()
    expect(contents).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_can_be_done_with_a_figure_of_explore_stands_beside_its_name_on_a_shared_screen(visit: Open, lang: str):
    page = drawn(visit(f"/explore?app=checkout&metric=checkout-db-connections&lang={lang}&present=1", 1920, 1080))
    settle(page)
    bar, away = page.locator(".st-key-explored-bar"), page.locator(".st-key-take-away button")
    expect(away).to_be_visible()
    places = [bar.locator("h2").bounding_box(), away.bounding_box()]
    assert all(places)
    middles = [place["y"] + place["height"] / 2 for place in places if place]
    assert abs(middles[0] - middles[1]) < 12
