"""Choices on the joint page in a real browser, beside those on an empty page with one figure of as many rows.

python -m bench.choices
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from bench import world
from bench.browsing import serving
from bench.processes import cpu_seconds, measure
from bench.server import prometheus
from tests.browser.server import CHROMIUM, FLAGS

ROUNDS, APPS, HOUR = 6, 2, 3600
# What a reader clicks in turn, by its words; each choice changes the cards, the figure and the panels.
CHOICES = ("7 d", "Journey 1", "14 d", "Journey 3", "28 d", "Journey 0", "日本語", "English")
BARE_CHOICES = ("7 d", "14 d", "28 d")
# Milliseconds from the click until the new figure has its lines in the size of its place, and until the last change of
# anything on the page, which counts as the last once there has been none for half a second.
WATCH = """() => {
  const began = performance.now(), before = document.querySelector('.js-plotly-plot');
  const whole = (figure) => figure !== before && figure?.querySelector('.scatterlayer .trace')
    && figure.style.visibility !== 'hidden'
    && Math.abs(figure._fullLayout.width - figure.parentElement.clientWidth) < 2;
  window.__observer?.disconnect();
  window.__figure = window.__last = 0;
  window.__observer = new MutationObserver(() => {
    window.__last = performance.now() - began;
    if (!window.__figure && whole(document.querySelector('.js-plotly-plot'))) window.__figure = window.__last;
  });
  window.__observer.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  window.__still = () => window.__figure > 0 && performance.now() - began - window.__last > 500;
}"""


@dataclass(slots=True)
class Taken:
    """What the choices on one page took, in seconds each: until the new figure was there, until nothing changed any
    more; and the CPU of the page's main thread and of the server."""

    figure: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def most(self, name: str) -> float:
        """The 95th percentile of one of them."""
        return float(np.percentile(getattr(self, name), 95))

    def middle(self, name: str) -> float:
        """The median of one of them."""
        return float(np.median(getattr(self, name)))


class Chooser:
    """A reader of one page, who makes the same choices again and again; the first round warms the server."""

    def __init__(self, browser: Browser, url: str, choices: Sequence[str], server: int) -> None:
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", locale="en-GB")
        self.page, self.choices, self.server, self.taken = context.new_page(), choices, server, Taken()
        self._session = context.new_cdp_session(self.page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.page.goto(url)
        self.page.wait_for_selector(".st-key-page-ready", state="attached")
        self.page.wait_for_timeout(3000)
        self.round()
        self.taken = Taken()

    def round(self) -> None:
        """Makes each choice once."""
        for words in self.choices:
            button = self.page.get_by_role("radio", name=words, exact=True)
            button.wait_for()
            self.page.evaluate(WATCH)
            page, server = self._busy(), cpu_seconds(self.server)
            button.click()
            self.page.wait_for_function("() => window.__still()")
            self.taken.page.append(self._busy() - page)
            self.taken.server.append(cpu_seconds(self.server) - server)
            self.taken.figure.append(self._milliseconds("__figure") / 1000)
            self.taken.still.append(self._milliseconds("__last") / 1000)

    def _milliseconds(self, name: str) -> float:
        return float(self.page.evaluate(f"window.{name}"))

    def _busy(self) -> float:
        """Seconds for which the page's main thread has been busy."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def measure_choices(browser: Browser, ours: tuple[str, int], bare: tuple[str, int]) -> tuple[Taken, Taken]:
    """What choices take on the joint page and on the empty one (addresses, and the processes that serve them), in
    turns."""
    readers = Chooser(browser, *_first(ours, CHOICES)), Chooser(browser, *_first(bare, BARE_CHOICES))
    for _ in range(ROUNDS):
        for reader in readers:
            reader.page.bring_to_front()
            reader.round()
    return readers[0].taken, readers[1].taken


def _first(place: tuple[str, int], choices: Sequence[str]) -> tuple[str, Sequence[str], int]:
    return place[0], choices, place[1]


def main() -> None:
    """Measures them on a Prometheus of two apps, and prints a line for each of what they took."""
    with tempfile.TemporaryDirectory(prefix="tomoni-choices-") as name:
        folder, now = Path(name), time.time()
        with prometheus(folder, int(now) // HOUR * HOUR + HOUR, APPS) as url:
            world.write_config(folder / "config", url, APPS)
            environ = {"TOMONI_CONFIG": f"{folder}/config", "TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db"}
            measure([sys.executable, "cli.py", "sync"], folder / "sync.log", environ)
            _report(*_measured(folder, environ))


def _measured(folder: Path, environ: dict[str, str]) -> tuple[Taken, Taken]:
    with (
        serving("app.py", environ, folder / "app.log") as (app, process),
        serving("bench/empty.py", {}, folder / "empty.log") as (bare, bare_process),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        joint, figure = (f"{app}/app?app=app-00&days=28", process), (f"{bare}/?show=figure&choose=", bare_process)
        taken = measure_choices(browser, joint, figure)
        browser.close()
    return taken


def _report(ours: Taken, bare: Taken) -> None:
    sys.stdout.write(
        f"{'seconds of a choice':<34}{'half':>7}{'19 of 20':>10}{'beside':>8}{'19 of 20':>10}{'ratio':>7}\n"
    )
    for name, words in (
        ("figure", "until the new figure is there"),
        ("still", "until nothing changes any more"),
        ("page", "CPU of the page's main thread"),
        ("server", "CPU of the server"),
    ):
        most, theirs = ours.most(name), bare.most(name)
        first = f"{words:<34}{ours.middle(name):>7.2f}{most:>10.2f}{bare.middle(name):>8.2f}{theirs:>10.2f}"
        sys.stdout.write(f"{first}{most / theirs if theirs else 0:>7.2f}\n")


if __name__ == "__main__":
    main()
