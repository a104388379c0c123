"""What readers set in their system and browser: forced colours and less motion; `test_axe.py` meets every page so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import LONGEST
from tests.browser.server import patient, settle

pytestmark = [pytest.mark.browser]

STYLE = "(element, name) => getComputedStyle(element)[name]"


def test_forced_colours_keep_what_is_said_by_a_ground_and_less_motion_is_none(browser: Browser, address: str):
    context = browser.new_context(forced_colors="active", reduced_motion="reduce", locale="en-GB")
    page = patient(context).new_page()
    page.goto(f"{address}/app?app=checkout")
    settle(page)
    bar, tag = page.locator(".tm-bar i").first, page.locator(".tm-tag").first
    expect(bar).to_be_visible()
    track = page.locator(".tm-bar").first.evaluate(STYLE, "backgroundColor")
    assert bar.evaluate(STYLE, "backgroundColor") != track
    assert tag.evaluate(STYLE, "borderTopStyle") == "solid"
    assert page.evaluate(LONGEST) <= 0.001
    chosen = page.locator("[data-testid=stButtonGroup] button").filter(has_text="28 d")
    assert chosen.evaluate(STYLE, "outlineStyle") == "solid"
    assert chosen.locator("xpath=preceding-sibling::button").first.evaluate(STYLE, "outlineStyle") == "none"
    page.goto(f"{address}/")
    settle(page)
    grounds = page.locator(".tm-heat td").evaluate_all("cells => cells.map(c => getComputedStyle(c).backgroundColor)")
    assert len(set(grounds)) > 2
    context.close()
