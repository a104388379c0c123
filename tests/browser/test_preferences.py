"""What readers set in their system and browser: forced colours, less motion, and large type."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.axe import STATES, walk
from tests.browser.server import settle
from tomoni.ui.navigation import PLACES

pytestmark = [pytest.mark.browser]

_OF_PAGES = {
    state.page: state.path for state in reversed(STATES) if state.world == "demo" and "present" not in state.path
}
PATHS = [*_OF_PAGES.values(), "/actions", "/postmortems"]

STYLE = "(element, name) => getComputedStyle(element)[name]"
LONGEST = """() => Math.max(...[...document.querySelectorAll('[data-testid=stMain] *')].map(element => {
  const style = getComputedStyle(element)
  const longest = Math.max(parseFloat(style.animationDuration), parseFloat(style.transitionDuration))
  return element.closest('[data-rac]') ? 0 : longest
}))"""


def test_forced_colours_keep_what_is_said_by_a_ground_and_less_motion_is_none(browser: Browser, address: str):
    context = browser.new_context(forced_colors="active", reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.goto(f"{address}/app?app=checkout")
    settle(page)
    bar, tag = page.locator(".tm-bar i").first, page.locator(".tm-tag").first
    expect(bar).to_be_visible()
    track = page.locator(".tm-bar").first.evaluate(STYLE, "backgroundColor")
    assert bar.evaluate(STYLE, "backgroundColor") != track
    assert tag.evaluate(STYLE, "borderTopStyle") == "solid"
    assert page.evaluate(LONGEST) <= 0.001
    page.goto(f"{address}/")
    settle(page)
    grounds = page.locator(".tm-heat td").evaluate_all("cells => cells.map(c => getComputedStyle(c).backgroundColor)")
    assert len(set(grounds)) > 2
    context.close()


ZOOMED = ViewportSize(width=640, height=400)  # what is left of 1280×800 at 200 percent
TOO_WIDE = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"


def test_every_page_can_be_read_in_forced_colours_without_motion_and_at_200_percent(browser: Browser, address: str):
    assert {f"/{place.path}" for place in PLACES.values()} <= {path.split("?")[0] for path in PATHS}
    context = browser.new_context(
        forced_colors="active", reduced_motion="reduce", locale="en-GB", viewport=ZOOMED, timezone_id="Asia/Tokyo"
    )
    page, found = context.new_page(), {}
    for n, path in enumerate(PATHS):
        walk(page, f"{address}{path}{'&' if '?' in path else '?'}lang={'ja' if n % 2 else 'en'}")
        found[path] = (max(0, page.evaluate(TOO_WIDE)), page.evaluate(LONGEST))
    context.close()
    assert {path: each for path, each in found.items() if each[0] or each[1] > 0.001} == {}
