"""Measures `/explore` as it is felt, in a real browser: ``python -m bench.explore_browser [MOVES]``.

Of the workshop: from a slider's move (three candidates beside what is agreed, 90 days at 5 minutes) to its table and
its figure; with what the server took and sent for it. Of Find: from the last letter of a word (20,000 metrics) to the
list that answers it. The goal of both is 300 ms.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page
from rich.console import Console

from bench.processes import SERVER, core_seconds
from tests.browser.server import NOW, ROOT, chromium, serving, settle
from tests.data_sources.big_server import answering
from tests.data_sources.fault_server import fault_server
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni

MOVES, DAYS, GOAL_MS = 24, 90, 300
LETTER_MS = 130  # between the letters of somebody who types 90 words a minute
TYPED = (
    "http",
    "req chec",
    "latncy cart",
    "usage",
    "db_pod",
    "queue depth",
    "errors serch",
    "node size",
    "cache http 1",
)
WORKSHOP = "/explore?app=checkout&tab=workshop&slo=latency&tries=99.5-28d,99-7d,99.9-28d-slices&lang=en"
SAY = Console(width=120)
_BROWSER = b"chrom"
# From a key in the slider until table and figure name another candidate and the browser has painted that.
_SLIDER = """slider => {
  const panel = document.querySelector('.st-key-panel-workshop');
  const said = {
    table: () => panel.querySelector('table').textContent,
    figure: () => [...panel.querySelectorAll('.js-plotly-plot .legendtext')].map((each) => each.textContent).join() };
  window.__taken = { table: [], figure: [] };
  let began = 0, before = {};
  slider.addEventListener('keydown', () => {
    began = performance.now();
    before = { table: said.table(), figure: said.figure() };
  }, true);
  new MutationObserver(() => {
    for (const what of Object.keys(before)) {
      const now = said[what]();
      if (!now || now === before[what]) continue;
      delete before[what];
      const from = began;
      requestAnimationFrame(() => setTimeout(() => window.__taken[what].push(performance.now() - from)));
    }
  }).observe(panel, { subtree: true, childList: true, characterData: true });
}"""
# From a letter until the list that is shown answers what is in the field.
_FIND = """field => {
  const list = field.getRootNode().querySelector('[role=listbox]');
  let began = 0;
  window.__found = 0;
  field.addEventListener('input', () => { began = performance.now(); window.__found = 0; }, true);
  new MutationObserver(() => {
    if (!began || list.getAttribute('aria-busy') !== 'false') return;
    const from = began;
    began = 0;
    requestAnimationFrame(() => setTimeout(() => { window.__found = performance.now() - from; }));
  }).observe(list, { attributes: true });
}"""


@dataclass
class Sent:
    """What a page's server sends it, in bytes, message by message."""

    sizes: list[int] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Begins; before the page is opened."""
        heard = lambda payload: self.sizes.append(len(payload))  # noqa: E731
        page.on("websocket", lambda socket: socket.on("framereceived", heard))


def main(moves: int) -> None:
    """Prints both; the exit code does not tell, for what else runs on the machine is part of it."""
    with tempfile.TemporaryDirectory(prefix="tomoni-bench-") as name, fault_server() as big:
        big.answer = answering(metadata=True)
        folder = Path(name)
        config = folder / "config"
        shutil.copytree(ROOT / "config", config)
        with (config / "sources.yaml").open("a") as file:
            file.write(f"  big: {{kind: prometheus, url: '{big.url}'}}\n")
        _fill(config, folder)
        with serving(folder, config) as address, chromium() as browser:
            _workshop(browser, address, moves)
            _find(browser, address)


def _fill(config: Path, folder: Path) -> None:
    known = {"config": config, "database_url": f"sqlite:///{folder / 'ui.db'}", "now": NOW}
    product = open_tomoni(ProcessSettings.model_validate(known), {})
    product.sync(days=DAYS)
    product.close()


def _workshop(browser: Browser, address: str, moves: int) -> None:
    page, sent = browser.new_page(viewport={"width": 1280, "height": 800}), Sent()
    sent.watch(page)
    page.goto(address + WORKSHOP)
    settle(page)
    slider = page.locator(".st-key-try-objective-0 input[type=range]")
    slider.evaluate(_SLIDER)
    slider.focus()
    core = browsers = 0.0
    known = 0
    for move in range(moves + 1):
        if move == 1:  # the first one warms
            core, browsers, known = core_seconds(), core_seconds(_BROWSER), len(sent.sizes)
        page.keyboard.press("ArrowRight" if move // 3 % 2 == 0 else "ArrowLeft")
        page.wait_for_function(f"() => window.__taken.figure.length > {move} && window.__taken.table.length > {move}")
        settle(page)
    for what in ("table", "figure"):
        _told(f"a slider's move until the {what} is there", page.evaluate(f"() => window.__taken.{what}")[1:])
    sizes, took = sent.sizes[known:], (core_seconds() - core) / moves * 1000
    drew = (core_seconds(_BROWSER) - browsers) / moves * 1000
    said = f"of a move: server {took:.0f} ms of one core, browser {drew:.0f} ms"
    SAY.print(f"{said}, sent {sum(sizes) / moves / 1000:.0f} KB, "
              f"largest message {max(sizes) / 1000:.0f} KB")  # fmt: skip
    page.close()


def _find(browser: Browser, address: str) -> None:
    page, taken = browser.new_page(viewport={"width": 1280, "height": 800}), []
    page.goto(f"{address}/explore?app=checkout&source=big&lang=en")
    field_ = page.get_by_role("combobox", name="Find a metric")
    field_.wait_for()
    settle(page)
    field_.evaluate(_FIND)
    core, browsers = core_seconds(), core_seconds(_BROWSER)
    for words in TYPED:
        field_.click()
        page.keyboard.type(words, delay=LETTER_MS)
        page.wait_for_function("() => window.__found > 0")
        taken.append(float(page.evaluate("window.__found")))
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.wait_for_timeout(400)
    letters = sum(map(len, TYPED))
    took, drew = ((core_seconds(each) - then) / letters * 1000 for each, then in ((SERVER, core), (_BROWSER, browsers)))
    _told("the last letter of a word until its list is there", taken)
    SAY.print(f"of a letter: server {took:.0f} ms of one core, browser {drew:.0f} ms")
    page.close()


def _told(what: str, taken: list[float]) -> None:
    half, most = np.percentile(taken, (50, 95))
    within = sum(each <= GOAL_MS for each in taken)
    SAY.print(f"{what}: median {half:.0f} ms, p95 {most:.0f} ms; {within} of {len(taken)} within {GOAL_MS} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOVES)
