"""A meeting in two browsers at once: the facilitator's, and that of somebody who follows along."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Seen
from tests.browser.server import press, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# The size of the smallest text that is in sight, in pixels.
SMALLEST = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const texts = [...main.querySelectorAll('p, span, td, th, li, button, h1, h2')]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  return Math.min(...texts.map(e => parseFloat(getComputedStyle(e).fontSize)));
}"""


def chosen(page: Page, step: str) -> None:
    """Waits until a step is the chosen one."""
    expect(page.locator(".st-key-meeting-bar button[aria-checked=true]")).to_have_text(step)


def test_who_opens_the_link_is_taken_along_and_can_leave_and_rejoin(open_page: Open, seen: Seen):
    leader = open_page("/review?app=store-search&present=1", width=1920, height=1080)
    leader.locator(".st-key-open button").click()
    chosen(leader, "0 Follow-ups")
    smallest = leader.evaluate(SMALLEST)
    assert smallest >= 18
    leader.locator(".st-key-meeting-begin button").first.click()
    expect(leader.locator(".st-key-follow-stop-leading").first).to_be_visible(timeout=30_000)
    link = leader.url.partition("/review")[2].replace("&present=1", "")
    remote = open_page(f"/review{link}&step=decide", locale="ja-JP")
    chosen(remote, "0 フォローアップ")
    press(leader, "ArrowRight", "meeting-right")
    chosen(remote, "1 前回以降")
    remote.locator(".st-key-follow-leave button").first.click()
    expect(remote.locator(".st-key-follow-rejoin").first).to_be_visible()
    press(leader, "ArrowRight", "meeting-right")
    chosen(leader, "2 Journeys")
    settle(remote)
    chosen(remote, "1 前回以降")
    remote.locator(".st-key-follow-rejoin button").first.click()
    chosen(remote, "2 ジャーニー")
    expect(remote).to_have_url(re.compile(r"journey="))
    settle(leader)
    leader.reload()
    expect(leader.locator(".st-key-follow-stop-leading").first).to_be_visible(timeout=30_000)
    settle(leader)
    press(leader, "ArrowLeft", "meeting-left")
    chosen(remote, "1 前回以降")
    assert not seen.messages
    assert not seen.elsewhere
