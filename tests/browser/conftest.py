"""One server with the demo for all tests, and for each a browser that remembers nothing but Streamlit's code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.server import NOW, ROOT, serving, settle
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni

expect.set_options(timeout=30_000)  # how busy the machine is says nothing about a page
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


class Contexts:
    """Browser contexts that tests use one after the other: each loads and compiles Streamlit's code once.

    Two pages that a test opens never share one, and what pages kept is forgotten before the next test.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._free: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []

    def page(self, locale: str, width: int, height: int) -> Page:
        """A page of a context that no other page is open in."""
        free = self._free.setdefault(locale, [])
        context = free.pop() if free else self._made(locale)
        self._taken.append((locale, context))
        page = context.new_page()
        kept = {"origin": self._address, "storageTypes": "cookies,local_storage"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
        page.set_viewport_size({"width": width, "height": height})
        return page

    def _made(self, locale: str) -> BrowserContext:
        return self._browser.new_context(
            locale=locale,
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )

    def give_back(self) -> None:
        """Closes all pages."""
        for locale, context in self._taken:
            for page in context.pages:
                page.close()
            self._free[locale].append(context)
        self._taken.clear()

    def close(self) -> None:
        for context in (context for free in self._free.values() for context in free):
            context.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser, address: str) -> Iterator[Contexts]:
    made = Contexts(browser, address)
    yield made
    made.close()


@pytest.fixture
def open_page(contexts: Contexts, address: str, seen: Seen) -> Iterator[Open]:
    """Opens a path of the server in a page that knows nothing of others and waits until it is whole."""

    def opened(path: str, locale: str = "en-GB", width: int = 1280, height: int = 800) -> Page:
        page = contexts.page(locale, width, height)
        seen.watch(page)
        page.goto(address + path)
        settle(page)
        return page

    yield opened
    contexts.give_back()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
