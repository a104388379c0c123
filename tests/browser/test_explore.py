"""Explore as it is used: from no page to a metric beside an SLO with last week under it, and the link to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.server import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_SECONDS = 12
CLICK_SECONDS, LETTERS_EACH_SECOND = 1, 5  # of somebody who looks where to click, and does not type blindly
LETTERS = "conections db"
# Texts of which their place hides a part.
CUT = """() => [...document.querySelectorAll('.st-key-panel-workshop label *, .st-key-panel-workshop button *')]
  .filter((e) => e.textContent.trim() && getComputedStyle(e).overflowX !== 'visible')
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.textContent)"""


def test_a_metric_is_found_asked_and_passed_on_by_the_keyboard_and_few_clicks(open_page: Open):
    page = open_page("/?lang=en")
    clicks: list[str] = []

    def clicked(what: str) -> None:
        clicks.append(what)

    page.expose_function("clicked", clicked)
    page.evaluate("document.addEventListener('click', (e) => e.isTrusted && clicked(e.target.textContent), true)")
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.locator(".tiles svg").first).to_be_visible()  # small pictures of the app's own metrics
    settle(page)
    page.get_by_role("combobox", name="Find a metric").click()
    page.keyboard.type(LETTERS)
    expect(page.get_by_role("option").first).to_contain_text("office-db-connections")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("metric=office-db-connections"))
    settle(page)
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_visible()
    page.locator(".st-key-beside").get_by_text("one week earlier").click()
    page.wait_for_url(re.compile("beside=week"))
    settle(page)
    place = page.locator(".st-key-explored-bar").bounding_box()
    assert place is not None
    assert place["y"] < 380, "Find and Ask leave the room to the figure"
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert 4 <= len(clicks) <= 6, clicks
    # How long the machine takes depends on what else it does: `python -m bench.explore_browser` measures it.
    person = (len(clicks) + 2) * CLICK_SECONDS + len(LETTERS) / LETTERS_EACH_SECOND  # two keys choose from the list
    assert person <= MOST_SECONDS
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(part in copied for part in ("metric=office-db-connections", "beside=week", "at=", "app="))
    page.go_back()
    page.go_back()
    settle(page)
    expect(page.locator(".tiles svg").first).to_be_visible()  # the way back leads to the pictures


def test_a_slider_of_the_workshop_draws_its_part_alone_and_the_link_says_what_it_shows(open_page: Open):
    page = open_page("/explore?app=checkout&tab=workshop&tries=99.5-28d&lang=en")
    table = page.locator(".st-key-panel-workshop table")
    slider = page.locator(".st-key-try-objective-0 input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("tries=99.8-28d"))
    expect(table).to_contain_text("99.8% over 28 d, events")
    settle(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "tries=99.8-28d" in page.evaluate("navigator.clipboard.readText()")
    page.locator(".st-key-add-candidate button").click()
    page.wait_for_url(re.compile("tries=99.8-28d(%2C|,)99.8-28d"))
    expect(page.locator(".st-key-try-objective-1 input[type=range]")).to_be_visible()
    settle(page)
    page.go_back()
    expect(page.locator(".st-key-try-objective-1")).to_have_count(0)
    settle(page)
    page.go_back()
    expect(table).to_contain_text("99.5% over 28 d, events")
    expect(page.locator(".st-key-try-objective-1")).to_have_count(0)
    settle(page)
    page.get_by_role("button", name="Keep it as a snapshot").click()  # from within the part it leads to another page
    page.wait_for_url(re.compile("/snapshots.*snapshot="))


# What has the focus: the key of its part of the page, and its words.
FOCUS = """() => { let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return (at.closest('[class*=st-key-]')?.className.match(/st-key-\\S+/)[0] ?? '')
    + ' ' + (at.ariaLabel ?? at.textContent).trim(); }"""


def test_a_metric_that_is_chosen_by_the_keyboard_leaves_the_focus_in_the_field(open_page: Open):
    page = open_page("/explore?app=checkout&lang=en")

    def has_focus(words: str) -> None:
        page.wait_for_function(f"words => ({FOCUS})().includes(words)", arg=words)

    page.get_by_role("combobox", name="Find a metric").focus()
    page.keyboard.type("db conections checkout")
    expect(page.get_by_role("option").first).to_contain_text("checkout-db-connections")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("metric=checkout-db-connections"))
    settle(page)
    has_focus("Find a metric")
    expect(page.get_by_role("option")).to_have_count(0)  # the list is closed, and the figure in sight


def test_on_a_phone_the_words_of_three_candidates_are_whole(open_page: Open):
    page = open_page(
        "/explore?app=checkout&tab=workshop&tries=99.5-28d,99.9-28d,95-7d-slices&lang=ja", width=390, height=844
    )
    expect(page.locator(".st-key-panel-workshop .stCheckbox")).to_have_count(3)
    assert page.evaluate(CUT) == []
