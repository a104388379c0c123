"""Choices on the joint page in a real browser: from the click until nothing on the page changes any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from playwright.sync_api import Browser, Page

ROUNDS = 6
# What a reader clicks in turn, by its words; each choice changes the cards, the figure and the panels.
CHOICES = ("7 d", "Journey 1", "14 d", "Journey 3", "28 d", "Journey 0", "日本語", "English")
BARE_CHOICES = ("7 d", "14 d", "28 d")
# Milliseconds from the click to the last change, once there has been none for half a second.
WATCH = """() => {
  const began = performance.now();
  window.__last = 0;
  new MutationObserver(() => { window.__last = performance.now() - began; })
    .observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  window.__still = () => window.__last > 0 && performance.now() - began - window.__last > 500;
}"""


def measure_choices(browser: Browser, url: str, choices: Sequence[str]) -> float:
    """The 95th percentile of the seconds that a choice takes on a page; the first round warms the server."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".st-key-page-ready", state="attached")
    page.wait_for_timeout(3000)
    taken = list(_rounds(page, choices))
    context.close()
    return float(np.percentile(taken[len(choices) :], 95))


def _rounds(page: Page, choices: Sequence[str]) -> Iterator[float]:
    for _ in range(ROUNDS + 1):
        for words in choices:
            button = page.get_by_role("radio", name=words, exact=True)
            button.wait_for()
            page.evaluate(WATCH)
            button.click()
            page.wait_for_function("() => window.__still()")
            yield page.evaluate("window.__last") / 1000
