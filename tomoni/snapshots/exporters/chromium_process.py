"""The process of the printer: reads orders, one JSON object a line, and answers each with "done" or why not.

Started by `snapshots.exporters.chromium` with the path of a script that starts Chromium, in a temporary folder,
and a time limit in seconds. It ends by itself when its parent is killed.
"""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserType, Error, Page, sync_playwright

from tomoni.snapshots.leftovers import end_process_group, recorded_processes

# A4 less its margins (page.css) is 186 mm wide and 271 mm high; pages are laid out wider and printed smaller.
_SCALE = 0.75
_PRINT_WIDTH = round(186 / 25.4 * 96 / _SCALE)
_PRINT_HEIGHT = round((297 - 12 - 14) / 25.4 * 96 / _SCALE) - 2
_PICTURE_WIDTH = 1280
_TALLEST = 8000  # pixels of layout: textures of more than 16384 real ones cannot be drawn
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",  # 64 MB in most containers
    "--font-render-hinting=none",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no page of ours needs the network
)
_WITHOUT_SANDBOX = ("No usable sandbox", "sandboxing failed", "SUID sandbox", "new namespace", "zygote_host")
_STACK = re.compile(r"#\d+ 0x")
_GRACE = 3  # seconds; a living parent ends us after 2


def main(chromium: str, seconds: float) -> None:
    """Answers orders until there are no more."""
    orders = _orders(Path(chromium).parent)
    with sync_playwright() as playwright:
        try:
            browser = launched(playwright.chromium, chromium, seconds)
        except Error as error:
            _answer(reason(error))
            return
        for order in iter(orders.get, ""):
            _answer(_tried(browser, json.loads(order), seconds))
        browser.close()


def launched(kind: BrowserType, chromium: str, seconds: float) -> Browser:
    """Chromium in its sandbox, or without where the system has none for it, as in most containers.

    Going without is bearable: it only ever opens pages of ours, offline. Raises playwright's Error.
    """

    def launch(sandbox: bool) -> Browser:
        return kind.launch(
            executable_path=chromium,
            args=list(_ARGUMENTS),
            timeout=seconds * 1000,
            handle_sigint=False,
            chromium_sandbox=sandbox,
        )

    if os.geteuid() == 0:  # Chromium refuses to give root a sandbox
        return launch(False)
    try:
        return launch(True)
    except Error as error:
        if not any(word in str(error) for word in _WITHOUT_SANDBOX):
            raise
        return launch(False)


def reason(error: Error) -> str:
    """What Chromium itself wrote before it ended, or else what happened to it; in one line."""
    lines = str(error).splitlines()
    written = [line.split("[err]", 1)[1] for line in lines if "[err]" in line]
    own = [line for line in written if not _STACK.search(line)]
    fatal = [line for line in own if "FATAL" in line]
    ended = [line for line in lines if "process did exit" in line][:1]
    text = fatal or own[-5:] + ended or lines
    return " ".join(" ".join(text).split())[:400] or "it ended"


def _orders(folder: Path) -> queue.Queue[str]:
    """The orders as they come, an empty one at the end."""
    orders: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(orders, folder), daemon=True).start()
    return orders


def _read(orders: queue.Queue[str], folder: Path) -> None:
    """Reads orders. If they end while a page hangs, the parent was killed, and nothing else would end the page."""
    with open(0, closefd=False, encoding="utf-8") as lines:
        for line in lines:
            orders.put(line)
    orders.put("")
    time.sleep(_GRACE)
    for leader in recorded_processes(folder):
        if leader != os.getpid():
            end_process_group(leader)
    shutil.rmtree(folder, ignore_errors=True)
    end_process_group(os.getpid())


def _answer(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _tried(browser: Browser, order: dict[str, str], seconds: float) -> str:
    """Carries out an order: "done", or why not."""
    try:
        _obey(browser, order, seconds)
    except Error as error:
        return reason(error)
    return "done"


def _obey(browser: Browser, order: dict[str, str], seconds: float) -> None:
    if order["kind"] == "pdf":
        page = _opened(browser, order["source"], seconds, _PRINT_WIDTH, 1)
        page.emulate_media(media="print", color_scheme="light")
        _draw(page)
        page.evaluate(f"window.tomoni?.fitPages?.({_PRINT_HEIGHT})")
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
