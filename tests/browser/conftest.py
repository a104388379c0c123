"""One server with the demo for all tests, and for each a browser that remembers nothing but Streamlit's code."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.axe import looking, walk
from tests.browser.server import NOW, ROOT, patient, serving, settle
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni


@dataclass
class Seen:
    """What a page did beside drawing: messages of its console, and requests that left the host."""

    base: str
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.messages.append(message.text)

    def request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.elsewhere.append(url)


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the demo, to copy."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    settings = ProcessSettings.model_validate(
        {"config": ROOT / "config", "database_url": f"sqlite:///{file}", "now": NOW}
    )
    product = open_tomoni(settings, {})
    product.sync()
    product.close()
    return file


@pytest.fixture(scope="session")
def address(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose database holds the demo already."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(demo_database, folder / "ui.db")
    with serving(folder) as opened:
        yield opened


Open = Callable[..., Page]


@pytest.fixture
def seen(address: str) -> Seen:
    return Seen(address)


# What these leave on a page outlives a navigation, so that no other test may have the page.
SPOILING = ("on", "once", "route", "add_init_script", "expose_function", "expose_binding", "add_locator_handler")


class Contexts:
    """Pages that tests use one after the other, each of a browser context of its own.

    A page that navigates keeps the code that its process has compiled, which is half of what a new page costs.
    What pages kept is forgotten before the next test.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._free: dict[str, list[Page]] = {}
        self._taken: list[tuple[str, Page]] = []
        self._spoilt: set[Page] = set()
        self.seen = Seen(address)

    def page(self, locale: str, width: int, height: int) -> Page:
        """A page that no test has at the moment; what it does is seen by ``seen``."""
        free = self._free.setdefault(locale, [])
        page = free.pop() if free else self._made(locale)
        self._taken.append((locale, page))
        session = page.context.new_cdp_session(page)
        kept = {"origin": self._address, "storageTypes": "cookies,local_storage"}
        session.send("Storage.clearDataForOrigin", kept)
        session.send("Page.resetNavigationHistory")
        session.detach()
        page.emulate_media(media="null", color_scheme="light", reduced_motion="reduce", forced_colors="none")
        page.set_viewport_size({"width": width, "height": height})
        return page

    def _made(self, locale: str) -> Page:
        context = self._browser.new_context(
            locale=locale,
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = patient(context).new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.seen.messages.append(str(error)))
        page.on("request", lambda request: self.seen.request(request.url))
        for name in SPOILING:
            setattr(page, name, self._spoiling(page, getattr(page, name)))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        self.seen.message(message)

    def _spoiling(self, page: Page, method: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object, **more: object) -> object:
            self._spoilt.add(page)
            return method(*args, **more)

        return called

    def give_back(self) -> None:
        """Leads all pages away from the product, and closes what a test opened beside them."""
        for locale, page in self._taken:
            for other in page.context.pages:
                if other != page:
                    other.close()
            if page in self._spoilt or page.is_closed():
                page.context.close()
            else:
                page.goto(f"{self._address}/_stcore/health")
                page.evaluate("sessionStorage.clear()")
                page.mouse.move(0, 0)
                self._free[locale].append(page)
        self._taken.clear()

    def close(self) -> None:
        for page in (page for free in self._free.values() for page in free):
            page.context.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser, address: str) -> Iterator[Contexts]:
    made = Contexts(browser, address)
    yield made
    made.close()


@pytest.fixture
def open_page(contexts: Contexts, address: str, seen: Seen) -> Iterator[Open]:
    """Opens a path of the server in a page that knows nothing of others and waits until it is whole."""
    contexts.seen = seen

    def opened(path: str, locale: str = "en-GB", width: int = 1280, height: int = 800) -> Page:
        page = contexts.page(locale, width, height)
        page.goto(address + path)
        settle(page)
        return page

    yield opened
    contexts.give_back()


@pytest.fixture(scope="session")
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Walks to a path on one page, which takes a fraction of loading it; for what a test looks at without changing."""
    with looking(browser) as page:

        def at(path: str, width: int = 1280, height: int = 800) -> Page:
            page.set_viewport_size({"width": width, "height": height})
            page.mouse.move(0, 0)
            walk(page, address + path)
            return page

        yield at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
