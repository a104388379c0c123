"""Pages in a real browser, beside empty Streamlit pages with the same table or figure."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.browsing import serving
from bench.choices import Taken, measure_choices
from tests.browser.server import CHROMIUM, FLAGS

READY = ".st-key-page-ready"
TABLE, FIGURE = "[data-testid=stDataFrame] canvas", ".js-plotly-plot .scatterlayer .trace"
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Drawn:
    """Median seconds until each page was drawn whole, and what choices took on the joint page and the empty one."""

    overview: float
    table: float
    joint: float
    figure: float
    choices: Taken
    bare_choices: Taken


def measure_pages(folder: Path, config: Path) -> Drawn:
    """Draws our two pages and the two empty ones in turns, each in a fresh browser context."""
    ours = {"TOMONI_CONFIG": str(config), "TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db"}
    with (
        serving("app.py", ours, folder / "app.log") as (app, process),
        serving("bench/empty.py", {}, folder / "empty.log") as (bare, bare_process),
    ):
        places = {
            "overview": (f"{app}/", TABLE),
            "table": (f"{bare}/?show=table", TABLE),
            "joint": (f"{app}/app?app=app-00&days=28", FIGURE),
            "figure": (f"{bare}/?show=figure", FIGURE),
        }
        seconds: dict[str, list[float]] = {name: [] for name in places}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            for turn in range(ROUNDS + 1):
                for name, (url, mark) in places.items():
                    taken = _draw(browser, url, mark)
                    if turn:  # the first round warms both servers
                        seconds[name].append(taken)
            joint, figure = (places["joint"][0], process), (f"{places['figure'][0]}&choose=", bare_process)
            choices, bare_choices = measure_choices(browser, joint, figure)
            browser.close()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return Drawn(**medians, choices=choices, bare_choices=bare_choices)


def _draw(browser: Browser, url: str, mark: str) -> float:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector(mark, state="attached")
    taken = time.perf_counter() - began
    context.close()
    return taken
