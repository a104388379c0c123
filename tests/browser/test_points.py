"""The joint figure read with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_arrow_keys_move_point_by_point_through_the_figure_and_its_rows(open_page: Open):
    page = open_page("/app?app=checkout&journey=place-order&lang=en&present=1")
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_visible()
    address, stop = page.url, page.locator(".st-key-points [role=slider]")
    stop.focus()
    expect(stop).to_have_attribute("aria-valuetext", re.compile("step through the points"))
    page.keyboard.press("End")
    expect(stop).to_have_attribute("aria-valuetext", re.compile(r"^Tue 24 Nov, .* JST · Success.*%.* good.*Traffic"))
    newest = stop.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    expect(stop).not_to_have_attribute("aria-valuetext", newest or "")
    page.keyboard.press("Home")
    expect(stop).to_have_attribute("aria-valuetext", re.compile("^Tue 27 Oct, 09:55 JST"))
    page.keyboard.press("ArrowDown")
    expect(stop).to_have_attribute("aria-valuetext", re.compile(r"^Tue 27 Oct, 09:55 JST · Success[^%]*%, [^%]* good$"))
    expect(page.locator(".js-plotly-plot .hoverlayer .legend")).to_be_visible()
    assert page.url == address  # the same keys step through the journeys elsewhere
    ring = "getComputedStyle(document.querySelector('.st-key-figure')).outlineStyle"
    assert page.evaluate(ring) == "solid"
    assert findings(page) == []
