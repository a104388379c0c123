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
    expect(leader.locator(".st-key-follow-stop-leading").first).to_be_visible()
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
    expect(leader.locator(".st-key-follow-stop-leading").first).to_be_visible()
    settle(leader)
    press(leader, "ArrowLeft", "meeting-left")
    chosen(remote, "1 前回以降")
    assert not seen.messages
    assert not seen.elsewhere


def test_a_draft_that_is_presented_on_a_small_screen_has_its_keys_on_its_line(open_page: Open):
    page = open_page("/review?app=back-office&present=1", locale="ja-JP", width=1280, height=800)
    page.locator(":is(.st-key-open, .st-key-now) button").click()
    chosen(page, "0 フォローアップ")
    press(page, "ArrowRight", "meeting-right")
    chosen(page, "1 前回以降")
    settle(page)
    bar = "[...document.querySelectorAll('.st-key-meeting-control button')].map((e) => e.getBoundingClientRect())"
    middles = page.evaluate(f"{bar}.filter((r) => r.width).map((r) => (r.top + r.bottom) / 2)")
    assert len(middles) >= 8
    assert max(middles) - min(middles) < 10


def go(leader: Page, remote: Page, step: str, told: str) -> None:
    """Leads to a step, and waits until the other browser is there."""
    leader.locator(".st-key-meeting-bar").get_by_role("radio", name=step).click()
    chosen(leader, step)
    chosen(remote, told)


def store(page: Page, opener: str, fields: dict[str, str], button: str) -> None:
    """Opens a popover, fills its fields by their labels, and stores them: it closes by itself."""
    body = page.locator("[data-testid=stPopoverBody]")
    page.locator(opener).first.click()
    expect(body).to_be_visible()
    for label, value in fields.items():
        body.get_by_label(label, exact=True).fill(value)
    body.get_by_role("button", name=button, exact=True).click()
    expect(body).to_be_hidden()


def test_a_whole_review_is_held_in_two_browsers_and_in_two_languages(open_page: Open, seen: Seen):
    leader = open_page("/review?app=order-mail", width=1920, height=1080)
    leader.locator(".st-key-open button").click()
    leader.locator(".st-key-meeting-begin button").first.click()
    expect(leader.locator(".st-key-follow-stop-leading").first).to_be_visible()
    remote = open_page("/review" + leader.url.partition("/review")[2], locale="ja-JP", width=390, height=844)
    asked = "Who else reads this queue?"
    store(remote, ".st-key-panel-questions button", {"質問": asked}, "一覧に載せる")
    question = leader.locator(".st-key-panel-questions", has_text=asked)
    expect(question).to_be_visible()
    store(leader, ".st-key-panel-questions [class*=st-key-question-] button", {"Answer": "Two jobs."}, "Answered")
    expect(remote.locator(".tm-question")).to_have_count(0)
    leader.locator(".st-key-notes-dock summary").click()
    leader.locator(".st-key-notes-dock textarea").fill("The **queue** was long.")
    remote.locator(".st-key-notes-dock summary").click()
    expect(remote.locator(".st-key-notes-dock textarea")).to_have_value("The **queue** was long.")

    for step, told in (("1 Since last time", "1 前回以降"), ("2 Journeys", "2 ジャーニー")):
        go(leader, remote, step, told)
    go(leader, remote, "3 What burned", "3 消費の内訳")
    offered = leader.get_by_role("button", name="A new incident of this time")
    leader.locator("[class*=st-key-reason-] button").first.click()
    offered.click()
    leader.locator(".st-key-incident-title input").fill("The mail queue was stuck")
    leader.locator(".st-key-incident-save button").click()
    priced = remote.locator("[class*=st-key-incident-]", has_text="The mail queue was stuck")
    expect(priced.first).to_contain_text("バジェットの")
    expect(remote.locator(".st-key-panel-reasons")).to_contain_text("インシデント")

    go(leader, remote, "4 Ahead", "4 今後")
    go(leader, remote, "5 Decide", "5 決めること")
    leader.locator(".st-key-panel-conclusions").get_by_text("Adjust the objective").first.click()
    expect(remote.locator(".st-key-panel-conclusions [aria-checked=true]")).to_have_text("目標値を見直す")
    store(leader, ".st-key-panel-actions button", {"What is to be done": "Watch the queue"}, "Add")
    expect(remote.locator(".st-key-panel-actions")).to_contain_text("Watch the queue")
    leader.locator(".st-key-panel-proposed").get_by_role("button", name="Confirm").first.click()

    go(leader, remote, "Close", "締めくくり")
    leader.locator(".st-key-meeting-close button").click()
    leader.locator(".st-key-meeting-close-now button").click()
    expect(leader.locator("h1")).to_contain_text("This review was closed on")
    expect(remote.locator("h1")).to_contain_text("終了しました")
    for words in (asked, "The mail queue was stuck", "Watch the queue", "queue"):
        expect(leader.locator(".st-key-panel-minutes")).to_contain_text(words)
    actions = open_page("/actions?app=order-mail")
    expect(actions.locator("[data-testid=stMain]")).to_contain_text("Watch the queue")
    assert not seen.messages
    assert not seen.elsewhere
