"""One server with the demo for all tests, and a fresh browser context for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.server import NOW, ROOT, serving, settle
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni

# On a deep link Streamlit's frontend looks for its server below the page's path first.
_LOOKING_FOR_THE_SERVER = ("/_stcore/health", "/_stcore/host-config")


@dataclass
class Seen:
    """What a page did beside drawing: messages of its console, and requests that left the host."""

    base: str
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _message(self, message: ConsoleMessage) -> None:
        looking = message.location.get("url", "").endswith(_LOOKING_FOR_THE_SERVER)
        if message.type == "error" and not looking:
            self.messages.append(message.text)

    def _request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.elsewhere.append(url)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose database holds the demo already."""
    folder = tmp_path_factory.mktemp("server")
    settings = ProcessSettings.model_validate(
        {"config": ROOT / "config", "database_url": f"sqlite:///{folder / 'ui.db'}", "now": NOW}
    )
    product = open_tomoni(settings, {})
    product.sync()
    product.close()
    with serving(folder) as opened:
        yield opened


Open = Callable[..., Page]


@pytest.fixture
def seen(address: str) -> Seen:
    return Seen(address)


@pytest.fixture
def open_page(browser: Browser, address: str, seen: Seen) -> Iterator[Open]:
    """Opens a path of the server in a fresh context and waits until it is whole."""
    contexts = []

    def opened(path: str, locale: str = "en-GB", width: int = 1280, height: int = 800) -> Page:
        context = browser.new_context(
            locale=locale,
            timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        seen.watch(page)
        page.goto(address + path)
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
