"""Zooming into the time axis of the joint figure, as a reader does it."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Seen
from tests.browser.server import settle

pytestmark = [pytest.mark.browser]

RANGE = "document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis.range.map(String)"
FIGURE = ".st-key-figure .js-plotly-plot"
ZOOMED = re.compile(r"zoom=2026-")
WHOLE = ("2026-10-27T09:55", "2026-11-24T09:55")


def shown(page: Page) -> tuple[str, str]:
    """What part of the time axis is in sight, to the minute."""
    first, last = (datetime.fromisoformat(moment.strip()[:19]) for moment in page.evaluate(RANGE))
    return first.isoformat(timespec="minutes"), last.isoformat(timespec="minutes")


def wait_for(page: Page, moments: tuple[str, str]) -> None:
    """Waits until that part of the time axis is in sight."""
    page.wait_for_function(
        f"""(wanted) => {RANGE}.every((text, n) =>
          Math.abs(Date.parse(text.replace(' ', 'T') + 'Z') - Date.parse(wanted[n] + ':00Z')) < 61_000)""",
        arg=list(moments),
    )


def drag(page: Page, first: float, last: float) -> tuple[str, str]:
    """Drags over a share of the axis; what is in sight as soon as the button is let go."""
    box = page.locator(f"{FIGURE} .nsewdrag").first.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * first, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (first + last) / 2, y, steps=3)
    page.mouse.move(box["x"] + box["width"] * last, y, steps=3)
    page.mouse.up()
    return shown(page)


def test_a_zoom_is_at_once_and_lasts_and_is_in_the_address_and_back_and_forward_move_through_it(
    open_page: Open, seen: Seen
):
    page = open_page("/app?app=checkout&lang=en")
    expect(page.locator(f"{FIGURE} .xtick text").first).to_be_visible()
    wide = drag(page, 0.5, 0.8)
    assert wide != WHOLE
    expect(page).to_have_url(ZOOMED)
    settle(page)
    wait_for(page, wide)
    first_address = page.url
    near = drag(page, 0.3, 0.6)
    expect(page).not_to_have_url(first_address)
    settle(page)
    assert near[0] > wide[0]
    page.get_by_text("日本語", exact=True).click()
    expect(page).to_have_url(re.compile("lang=ja"))
    settle(page)
    wait_for(page, near)
    page.go_back()
    page.go_back()
    expect(page).to_have_url(first_address)
    wait_for(page, wide)
    page.go_back()
    expect(page).not_to_have_url(ZOOMED)
    wait_for(page, WHOLE)
    page.go_forward()
    expect(page).to_have_url(first_address)
    wait_for(page, wide)
    assert seen.messages == []


def test_a_link_opens_its_zoom_and_the_button_and_a_double_click_lead_back(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    expect(page.locator(f"{FIGURE} .xtick text").first).to_be_visible()
    zoomed = drag(page, 0.5, 0.8)
    expect(page).to_have_url(ZOOMED)
    settle(page)
    parts = urlsplit(page.url)
    other = open_page(f"{parts.path}?{parts.query}", locale="ja-JP")
    expect(other.locator(f"{FIGURE} .xtick text").first).to_be_visible()
    wait_for(other, zoomed)
    other.get_by_role("button", name="Whole period").click()
    wait_for(other, WHOLE)
    expect(other).not_to_have_url(ZOOMED)
    expect(other.get_by_role("button", name="Whole period")).to_have_count(0)
    page.locator(f"{FIGURE} .nsewdrag").first.dblclick()
    wait_for(page, WHOLE)
    expect(page).not_to_have_url(ZOOMED)
    expect(page.locator(".modebar, .plotly-notifier").locator("visible=true")).to_have_count(0)


def test_dragging_over_the_bad_events_marks_an_interval_that_is_asked_about(open_page: Open):
    page = open_page("/explore?app=checkout&slo=availability&tab=different&lang=en")
    over = page.locator(".st-key-panel-marking .nsewdrag").first
    expect(over).to_be_visible()
    box = over.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.55, y, steps=3)
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"mark=2026-11-1\d"))
    expect(page.locator(".st-key-panel-different")).to_contain_text("10 Nov")
    page.get_by_role("button", name="Take the mark away").click()
    expect(page).not_to_have_url(re.compile("mark="))


MOVED_BEFORE_IT_IS_DRAWN = """async () => {
  const figure = document.body.appendChild(document.createElement("div"));
  const lines = ["y", "y2", "y3"].map((yaxis) => ({ x: ["2026-11-01", "2026-11-02"], y: [1, 2], yaxis }));
  const layout = { xaxis: { type: "date" }, yaxis2: { overlaying: "y" }, yaxis3: { anchor: "free", overlaying: "y" } };
  await Plotly.react(figure, { data: lines, layout });
  const kept = [figure.data.length, figure.layout.xaxis.type];
  await new Promise((go) => setTimeout(go));
  figure.querySelector(".modebar-btn[data-val=reset]").click();
  await Plotly.react(figure, { data: lines, layout: { ...layout, width: 300, height: 200 } });
  const drawn = figure.querySelectorAll(".scatterlayer .trace").length;
  Plotly.purge(figure);
  figure.remove();
  return [...kept, drawn];
}"""


def test_a_new_figure_is_drawn_once_and_in_the_size_of_its_place_and_may_be_moved_before(open_page: Open, seen: Seen):
    page = open_page("/app?app=checkout&lang=en")
    expect(page.locator(f"{FIGURE} .xtick text").first).to_be_visible()
    page.evaluate(
        """() => {
          const react = Plotly.react;
          window.drawn = [];
          Plotly.react = (figure, ...others) => Promise.resolve(react(figure, ...others)).then((done) => {
            window.drawn.push([figure.querySelectorAll('.scatterlayer .trace').length, figure._fullLayout.height]);
            return done;
          });
        }"""
    )
    page.get_by_role("radio", name="14 d", exact=True).click()
    page.wait_for_function("() => window.drawn.some(([lines]) => lines > 0)")
    settle(page)
    assert [lines > 0 for lines, _ in page.evaluate("window.drawn")] == [False, True]
    assert page.evaluate("window.drawn.at(-1)[1]") == page.locator(FIGURE).bounding_box()["height"]  # type: ignore[index]
    assert page.evaluate(MOVED_BEFORE_IT_IS_DRAWN) == [3, "date", 3]
    assert seen.messages == []
