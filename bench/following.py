"""A review that twenty participants follow: how long a step takes to be drawn, and to reach the last of them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Page
from websockets.exceptions import ConnectionClosed

from bench.processes import core_seconds
from tests.browser.server import chromium, serving, settle
from tests.endurance.viewer import NotDrawnError, Viewer

PARTICIPANTS, ROUNDS = 20, 4
STEPS = {
    "since": "1 Since last time",
    "journeys": "2 Journeys",
    "burned": "3 What burned",
    "ahead": "4 Ahead",
    "decide": "5 Decide",
    "close": "Close",
    "follow_ups": "0 Follow-ups",
}
_LOST = 60.0
# Milliseconds from the click until the step's sentence is there and the script has come to rest.
_BEGIN = (
    "() => document.addEventListener('click', () => { window.__at = performance.now() }, {capture: true, once: true})"
)
_DRAWN = """before => new Promise(done => {
  let quiet = 0;
  const look = () => {
    const sentence = document.querySelector('h1.tm-headline');
    const idle = document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
    const whole = !document.querySelector('[data-testid=stSkeleton], [data-stale=true]');
    const there = sentence && sentence.textContent !== before && idle && whole;
    quiet = there ? quiet || performance.now() : 0;
    if (quiet && performance.now() - quiet > 300) done(quiet - window.__at);
    else requestAnimationFrame(look);
  };
  look();
})"""


@dataclass
class Participant(threading.Thread):
    """Somebody whose page is open: looks as often as a browser does, and notes when each step had been sent whole."""

    address: str
    query: str
    drawn: dict[str, float] = field(default_factory=dict)  # by a step, when the run that drew it had ended
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Opens the page and looks until it is told to end."""
        viewer = Viewer(self.address, self._note)
        try:
            viewer.visit("review", self.query)
            viewer.stay(math.inf, self.ended)
        except (NotDrawnError, ConnectionClosed):
            return  # whoever measures finds that a step is missing
        finally:
            viewer.close()

    def _note(self, query: str) -> None:
        """Of a step alone that the address names: the message of the address comes before that of the end."""
        (step,) = parse_qs(query).get("step", ["follow_ups"])
        self.drawn.setdefault(step, time.monotonic())


@dataclass(frozen=True, slots=True)
class Followed:
    """The 95th percentiles, in seconds: until the facilitator sees a step, and until the last participant has it. The
    ``cost`` is the middle of what the server spends for a step, in seconds of one core for each page that shows it."""

    drawn: float
    reached: float
    cost: float


def measure_following(folder: Path) -> Followed:
    """Leads the demo's review through its steps, in a browser, with participants over bare connections."""
    with serving(folder, more={"TOMONI_DEMO_STORY": "true"}, entry="asgi.py") as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", locale="en-GB")
        page.set_default_timeout(60_000)
        _lead(page, address)
        participants = [Participant(address, urlsplit(page.url).query) for _ in range(PARTICIPANTS)]
        for each in participants:
            each.start()
            page.wait_for_timeout(50)  # nobody opens a page at the same moment
        while not all(each.drawn for each in participants):
            page.wait_for_timeout(200)
        taken = list(_steps(page, participants))
        for each in participants:
            each.ended.set()
            each.join(10)
        browser.close()
    first_round = len(STEPS)  # draws what nobody has drawn yet in this process
    steps = np.array(taken[first_round:])
    drawn, reached = np.percentile(steps[:, :2], 95, axis=0)
    return Followed(float(drawn), float(reached), float(np.median(steps[:, 2])) / (PARTICIPANTS + 1))


def _lead(page: Page, address: str) -> None:
    """Opens the review, begins it, and leads."""
    page.goto(f"{address}/review?app=checkout&lang=en&present=1")
    page.locator(".st-key-open button").click()
    page.locator(".st-key-meeting-begin button").first.click()
    page.locator(".st-key-follow-stop-leading").first.wait_for()
    settle(page)


def _steps(page: Page, participants: list[Participant]) -> Iterator[tuple[float, float, float]]:
    """Of each step the seconds until it is drawn, until the last participant has been sent it, and those of a core."""
    headline = page.locator("h1.tm-headline").first
    for step, name in list(STEPS.items()) * ROUNDS:
        for each in participants:
            each.drawn.clear()
        before = headline.text_content()
        page.evaluate(_BEGIN)
        spent, began = core_seconds(), time.monotonic()
        page.locator(".st-key-meeting-bar").get_by_role("radio", name=name, exact=True).click()
        drawn = page.evaluate(_DRAWN, before) / 1000
        while not all(step in each.drawn for each in participants):
            if time.monotonic() - began > _LOST:
                raise TimeoutError(f"somebody did not get the step {name}")
            page.wait_for_timeout(20)
        yield drawn, max(each.drawn[step] for each in participants) - began, core_seconds() - spent
        page.wait_for_timeout(1000)
