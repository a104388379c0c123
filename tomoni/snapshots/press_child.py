"""The process of the press: reads orders, one JSON object a line, and answers each with "done" or why not.

Started by `snapshots.press` with the path of Chromium and a time limit in seconds.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

# A4 less its margins is 186 mm wide; pages are laid out wider and printed smaller.
_SCALE = 0.75
_PRINT_WIDTH = round(186 / 25.4 * 96 / _SCALE)
_PICTURE_WIDTH = 1280
_TALLEST = 8000  # pixels of layout: textures of more than 16384 real ones cannot be drawn
_ARGUMENTS = ("--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--disable-extensions")


def main(chromium: str, seconds: float) -> None:
    """Answers orders until there are no more."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(_ARGUMENTS), timeout=seconds * 1000, handle_sigint=False
        )
        for line in sys.stdin:
            try:
                _obey(browser, json.loads(line), seconds)
                answer = "done"
            except Error as error:
                answer = " ".join(str(error).split())[:400] or "it ended"
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()
        browser.close()


def _obey(browser: Browser, order: dict[str, str], seconds: float) -> None:
    if order["kind"] == "pdf":
        page = _opened(browser, order["source"], seconds, _PRINT_WIDTH, 1)
        page.emulate_media(media="print", color_scheme="light")
        _draw(page)
        page.pdf(path=order["target"], **_paper(order["footer"]))
    else:
        page = _opened(browser, order["source"], seconds, _PICTURE_WIDTH, 2)
        page.evaluate("document.body.classList.add('picture')")
        _draw(page)
        if page.evaluate("document.documentElement.scrollHeight") > _TALLEST:
            page.context.close()
            page = _opened(browser, order["source"], seconds, _PICTURE_WIDTH, 1)
            page.evaluate("document.body.classList.add('picture')")
            _draw(page)
        page.screenshot(path=order["target"], full_page=True, type="png")
    page.context.close()


def _paper(footer: str) -> dict[str, Any]:
    return {
        "prefer_css_page_size": True,
        "print_background": True,
        "scale": _SCALE,
        "display_header_footer": True,
        "header_template": "<span></span>",
        "footer_template": footer or "<span></span>",
        "outline": True,
        "tagged": True,
    }


def _opened(browser: Browser, source: str, seconds: float, width: int, scale: int) -> Page:
    """The page, offline, once its figures can be drawn."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, device_scale_factor=scale, color_scheme="light", offline=True
    )
    context.set_default_timeout(seconds * 1000)
    page = context.new_page()
    page.goto(source)
    # Not wait_for_function: its polling evaluates text, which the page's policy forbids.
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def _draw(page: Page) -> None:
    """All figures at the width that they will have."""
    page.evaluate("window.tomoni.drawAll(true)")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
