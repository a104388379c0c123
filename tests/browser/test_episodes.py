"""Looking closer at what burned, as a reader does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Seen
from tests.browser.server import press, settle

pytestmark = [pytest.mark.browser]
LARGEST = "episode=2026-11-19T05:05Z"


def ticks(page: Page) -> list[str]:
    return page.locator(".js-plotly-plot .xtick text").all_text_contents()


def test_a_letter_looks_closer_and_esc_leads_back(open_page: Open, seen: Seen):
    page = open_page("/app?app=checkout&lang=en")
    page.locator(".st-key-episode-choice").get_by_text("C", exact=True).click()
    expect(page).to_have_url(re.compile(r"episode=2026-11-19T05"))
    settle(page)
    expect(page.get_by_text("What moved with C")).to_be_visible()
    press(page, "Escape", "whole-period")
    expect(page).not_to_have_url(re.compile("episode="))
    expect(page.get_by_text("What moved with C")).to_have_count(0)
    assert seen.messages == []


def test_the_axis_reads_as_the_apps_clock_wherever_the_browser_is(visit: Open):
    page = visit(f"/app?app=checkout&lang=en&{LARGEST}")
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_visible()
    assert any("14:00" in tick for tick in ticks(page))
    assert any("15:00" in tick for tick in ticks(page))


@pytest.mark.parametrize(("width", "beside"), [(1920, True), (1280, False)])
def test_what_burned_stands_beside_the_figure_where_there_is_room(visit: Open, width: int, beside: bool):
    page = visit(f"/app?app=checkout&lang={'en' if beside else 'ja'}", width=width, height=1080)
    figure = page.locator(".st-key-panel-joint").bounding_box()
    burned = page.locator(".st-key-panel-burned").bounding_box()
    assert figure is not None
    assert burned is not None
    assert (burned["x"] >= figure["x"] + figure["width"]) == beside
    assert (burned["y"] >= figure["y"] + figure["height"]) != beside


def test_keys_step_through_episodes_and_apps_and_a_list_names_them(open_page: Open):
    page = open_page("/app?app=checkout&lang=en&present=1", width=1920, height=1080)
    for key, title in (("e", "What moved with A"), ("e", "What moved with B"), ("Shift+E", "What moved with A")):
        press(page, key, "key-e")
        expect(page.get_by_text(title)).to_be_attached()
        settle(page)
    press(page, "a", "key-a")
    expect(page).to_have_url(re.compile("app=order-mail"))
    settle(page)
    press(page, "Shift+A", "key-shift-a")
    expect(page).to_have_url(re.compile("app=checkout"))
    settle(page)
    page.locator(".st-key-present-help button").click()
    expect(page.locator(".tm-keys")).to_contain_text("next episode")


def test_on_a_shared_screen_esc_leads_back_first_and_then_out(open_page: Open):
    page = open_page(f"/app?app=checkout&lang=en&present=1&{LARGEST}", width=1920, height=1080)
    press(page, "Escape", "whole-period")
    expect(page).not_to_have_url(re.compile("episode="))
    settle(page)
    assert "present=1" in page.url
    press(page, "Escape", "present-end")
    expect(page).not_to_have_url(re.compile("present=1"))


def test_a_row_is_enlarged_and_put_back_by_key_and_by_button(open_page: Open, seen: Seen):
    page = open_page("/app?app=checkout&lang=en&large=success")
    press(page, "l", "row-larger")
    expect(page).to_have_url(re.compile("large=budget"))
    settle(page)
    press(page, "Escape", "rows-alike")
    expect(page).not_to_have_url(re.compile("large="))
    settle(page)
    page.get_by_role("button", name="Enlarge a row").click()
    expect(page).to_have_url(re.compile("large=success"))
    settle(page)
    page.get_by_role("button", name="All rows alike").click()
    expect(page).not_to_have_url(re.compile("large="))
    assert seen.messages == []
