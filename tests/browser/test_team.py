"""The home of a team in a browser: on one screen, remembered by the browser, and never in the way of an address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Seen
from tests.browser.server import settle

pytestmark = pytest.mark.browser

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def headline(page: Page) -> str:
    return page.locator("h1.tm-headline").inner_text()


def goto(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def test_the_chosen_team_is_remembered_and_an_address_comes_first(open_page: Open, seen: Seen, address: str) -> None:
    page = open_page("/?lang=en")
    page.locator(".st-key-team input").click()
    page.get_by_role("option", name="payments").click()
    expect(page).to_have_url(re.compile("team=payments"))
    expect(page.locator("h1.tm-headline")).to_contain_text("“payments” has 1 app")
    settle(page)
    goto(page, f"{address}/?lang=en")
    assert headline(page).startswith("“payments” has 1 app")
    expect(page).to_have_url(re.compile("team=payments"))
    goto(page, f"{address}/?lang=en&team=platform")
    assert headline(page).startswith("“platform” has 4 apps")
    goto(page, f"{address}/?lang=en&state=at_risk")
    assert headline(page).startswith("13 SLOs of 4 apps")
    goto(page, f"{address}/?lang=en")
    page.locator(".st-key-all-teams button").click()
    expect(page.locator("h1.tm-headline")).to_contain_text("13 SLOs of 4 apps")
    settle(page)
    goto(page, f"{address}/?lang=en")
    assert headline(page).startswith("13 SLOs of 4 apps")
    bar, pickers = (page.locator(f".st-key-{key}").bounding_box() for key in ("bar", "pickers"))
    assert bar is not None
    assert pickers is not None
    assert pickers["y"] - (bar["y"] + bar["height"]) < 16  # where nothing is wrong, no line takes room
    assert seen.messages == []


def test_the_home_fits_a_shared_screen_and_a_phone(open_page: Open) -> None:
    page = open_page("/?team=platform&present=1&lang=en", width=1920, height=1080)
    last = page.locator(".tm-app").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 1080
    page = open_page("/?team=platform&lang=en", width=390, height=844)
    assert page.evaluate(SIDEWAYS) <= 0
    beyond = "all => all.filter(e => e.getBoundingClientRect().right > innerWidth).length"
    assert page.locator(".tm-app *, .tm-lines li").evaluate_all(beyond) == 0
