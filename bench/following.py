"""A review that twenty participants follow: how long a step takes to be drawn, and to reach the last of them.

``python -m bench.following 50 3`` measures fifty in three rounds alone, and prints each step.
"""

from __future__ import annotations

import math
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
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


def measure_following(
    folder: Path, count: int = PARTICIPANTS, rounds: int = ROUNDS, tell: Callable[[str], None] = lambda _: None
) -> Followed:
    """Leads the demo's review through its steps, in a browser, with participants over bare connections."""
    with serving(folder, more={"TOMONI_DEMO_STORY": "true"}, entry="asgi.py") as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", locale="en-GB")
        page.set_default_timeout(60_000)
        _lead(page, address)
        participants = [Participant(address, urlsplit(page.url).query) for _ in range(count)]
        for each in participants:
            each.start()
            page.wait_for_timeout(50)  # nobody opens a page at the same moment
        while not all(each.drawn for each in participants):
            page.wait_for_timeout(200)
        taken = []
        for step, drawn, reached, spent in _steps(page, participants, rounds):
            tell(f"{step:10}: drawn {drawn:.2f} s, by the last {reached:.2f} s, {spent:.2f} s of a core")
            taken.append((drawn, reached, spent))
        for each in participants:
            each.ended.set()
            each.join(10)
        browser.close()
    first_round = len(STEPS)  # draws what nobody has drawn yet in this process
    steps = np.array(taken[first_round:])
    drawn, reached = map(float, np.percentile(steps[:, :2], 95, axis=0))
    tell(f"by the last in the middle {np.median(steps[:, 1]):.2f} s, at most {steps[:, 1].max():.2f} s")
    return Followed(drawn, reached, float(np.median(steps[:, 2])) / (count + 1))


def _lead(page: Page, address: str) -> None:
    """Opens the review, begins it, and leads."""
    page.goto(f"{address}/review?app=checkout&lang=en&present=1")
    page.locator(".st-key-open button").click()
    page.locator(".st-key-meeting-begin button").first.click()
    page.locator(".st-key-follow-stop-leading").first.wait_for()
    settle(page)


def _steps(page: Page, participants: list[Participant], rounds: int) -> Iterator[tuple[str, float, float, float]]:
    """Each step: the seconds until it is drawn, until the last participant has been sent it, and those of a core."""
    headline = page.locator("h1.tm-headline").first
    for step, name in list(STEPS.items()) * rounds:
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
        yield step, drawn, max(each.drawn[step] for each in participants) - began, core_seconds() - spent
        page.wait_for_timeout(1000)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tomoni-following-") as name:
        given = [int(each) for each in sys.argv[1:]]
        count, rounds = (*given, *(PARTICIPANTS, ROUNDS)[len(given) :])
        click.echo(measure_following(Path(name), count, rounds, click.echo))
