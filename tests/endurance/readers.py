"""Readers at replicas: real pages that stay open, what becomes of them when a replica dies, and one who writes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser.server import settle
from tests.endurance.balancer import COOKIE

WAIT = 60_000
_QUIET = 0.5  # seconds for which a page has to stay whole to count as back
# What a reader has before them: whether the page is connected and whole, where it is scrolled to, and what it says.
_STATE = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const main = document.querySelector('[data-testid=stMain]');
  const one = selector => document.querySelector(selector);
  return {
    connected: app?.dataset.testConnectionState === 'CONNECTED',
    whole: window.__ran !== false && !!one('.st-key-page-ready') && !one('[data-testid=stSkeleton], [data-stale=true]')
      && app?.dataset.testScriptState === 'notRunning',
    top: main ? main.scrollTop : -1,
    headline: one('h1')?.textContent ?? '',
    step: one('.st-key-meeting-bar [aria-checked=true]')?.textContent ?? '',
    refused: !!one('[data-testid=stException]') || !one('[data-testid=stApp]'),
    loads: window.__loads ?? 0,
  };
}"""
# Notes that the connection was lost, and then that the page was drawn again over a new one; and when each was.
_NOTICE = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.__ran = true;
  window.__moments = {};
  new MutationObserver(() => {
    const connection = app.dataset.testConnectionState, note = name => { window.__moments[name] ??= Date.now(); };
    if (connection !== 'CONNECTED') {
      if (window.__ran) window.__moments = {};
      note(connection === 'CONNECTING' ? 'answered' : 'lost');
      window.__ran = false;
    } else if (!window.__ran) {
      note('connected');
      if (app.dataset.testScriptState === 'running') { note('running'); window.__ran = true; }
    }
  }).observe(app, {attributes: true});
}"""
PARTS = ("lost", "answered", "connected", "running")  # what a page notes, in this order
_COUNT = "() => { window.__loads = 1 + Number(sessionStorage.loads || 0); sessionStorage.loads = window.__loads; }"


def sign_in(browser: Browser, address: str, path: str) -> BrowserContext:
    """A reader who has signed in at the provider of the tests."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="reader-1").first.click()
    page.wait_for_url(re.compile(re.escape(address)))
    page.close()
    return context


@dataclass
class Reader:
    """An open page, and what became of it."""

    name: str
    context: BrowserContext
    url: str
    scroll: int = 0
    since: float = 0  # seconds from the kill until the page seemed whole
    back: list[float] = field(default_factory=list)  # seconds from each kill of its replica until it was whole again
    troubles: list[str] = field(default_factory=list)
    parts: str = ""  # of the last time that it was lost: seconds from the kill to each of `PARTS`

    def open(self) -> None:
        self.page: Page = self.context.new_page()
        self.page.add_init_script(f"({_COUNT})()")
        self.page.goto(self.url)
        settle(self.page)
        if self.scroll:
            self.page.evaluate(f"document.querySelector('[data-testid=stMain]').scrollTop = {self.scroll}")
        self.page.wait_for_timeout(500)
        self.page.evaluate(_NOTICE)
        self.remember()

    def remember(self) -> None:
        """Takes the page as it is now for what it has to be like when it is back."""
        self.before = self.state()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_STATE)
        return found

    @property
    def replica(self) -> str:
        """The name of the replica that the page belongs to."""
        return next((str(each["value"]) for each in self.context.cookies() if each.get("name") == COOKIE), "")

    def look(self, killed_at: float, seconds: float) -> bool:
        """Whether the page is back; notes when it was, and what is not as it was before."""
        try:
            now = self.state()
        except PlaywrightError as error:  # it loads itself anew
            self.troubles.append(f"{self.name}: {error.message.splitlines()[0]}")
            return False
        if not (now["connected"] and now["whole"]):
            self.since = seconds
            return False
        if seconds - self.since < _QUIET:
            return False
        self.back.append(self.since)
        killed, moments = time.time() - seconds, self.page.evaluate("window.__moments")
        self.parts = ", ".join(f"{name} {moments[name] / 1000 - killed:.1f}" for name in PARTS if name in moments)
        self.compare(now, killed_at)
        return True

    def compare(self, now: dict[str, Any], moment: float) -> None:
        for what in ("step", "headline", "loads"):
            if now[what] != self.before[what]:
                self.troubles.append(f"{self.name} at {moment:.0f} s: {what} {self.before[what]!r} -> {now[what]!r}")
        if abs(now["top"] - self.before["top"]) > 40:
            self.troubles.append(f"{self.name} at {moment:.0f} s: scrolled {self.before['top']} -> {now['top']}")
        if self.page.get_by_role("link", name="Sign in").count():
            self.troubles.append(f"{self.name} at {moment:.0f} s: signed out")


@dataclass
class Writer:
    """Somebody who writes notes and adds actions in a review, and remembers what was acknowledged."""

    page: Page
    noted: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    @property
    def box(self) -> Locator:
        return self.page.locator(".st-key-notes-dock textarea")

    def note(self) -> None:
        """Types one more line; it need not be saved yet."""
        line = f"line {len(self.noted)}"
        self.box.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(f"\n{line}")
        self.noted.append(line)

    def look(self) -> None:
        """Takes everything in the box for acknowledged while the page says that it is saved."""
        text = self.box.input_value()  # the component has a shadow root, which only Playwright sees through
        if self.page.locator(".st-key-notes-dock [data-state=saved]").count():
            self.acknowledged |= set(text.split("\n")) & set(self.noted)

    def act(self) -> None:
        """Adds an action; it counts as acknowledged once the list shows it."""
        text = f"Action {len(self.tried)}"
        self.tried.append(text)
        body = self.page.locator("[data-testid=stPopoverBody]")
        try:
            self.page.locator(".st-key-panel-actions button").first.click(timeout=5_000)
            body.get_by_label("What is to be done", exact=True).fill(text, timeout=5_000)
            body.get_by_role("button", name="Add", exact=True).click(timeout=5_000)
            shown = self.page.locator(".st-key-panel-actions").get_by_text(text, exact=True)
            expect(shown.first).to_be_visible(timeout=8_000)
            self.added.append(text)
        except (PlaywrightError, AssertionError):
            self.page.keyboard.press("Escape")


def watch(readers: list[Reader], killed_at: float, began: float, within: float = 30) -> None:
    """Looks at pages that lost their replica until each is back. ``killed_at`` is when that was, in seconds from the
    start of everything, ``began`` the same by the monotonic clock."""
    for reader in readers:
        gone = time.monotonic() + 3
        while time.monotonic() < gone and reader.state()["connected"]:
            time.sleep(0.02)
    waiting = list(readers)
    while waiting and time.monotonic() - began < within:
        waiting = [each for each in waiting if not each.look(killed_at, time.monotonic() - began)]
        time.sleep(0.05)
    for reader in waiting:
        reader.back.append(within)
        reader.troubles.append(f"{reader.name} at {killed_at:.0f} s: not back after {within:.0f} s: {reader.state()}")
