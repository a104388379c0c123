"""Pages in a real browser, beside empty Streamlit pages with the same table or figure."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.choices import BARE_CHOICES, CHOICES, measure_choices
from bench.processes import free_port, wait_until_up

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = ".st-key-page-ready"
TABLE, FIGURE = "[data-testid=stDataFrame] canvas", ".js-plotly-plot .scatterlayer .trace"
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Drawn:
    """Median seconds until each page was drawn whole, and until most choices were."""

    overview: float
    table: float
    joint: float
    figure: float
    choice: float
    bare_choice: float


def measure_pages(folder: Path, config: Path) -> Drawn:
    """Draws our two pages and the two empty ones in turns, each in a fresh browser context."""
    ours = {"TOMONI_CONFIG": str(config), "TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db"}
    with (
        serving("app.py", ours, folder / "app.log") as app,
        serving("bench/empty.py", {}, folder / "empty.log") as bare,
    ):
        places = {
            "overview": (f"{app}/", TABLE),
            "table": (f"{bare}/?show=table", TABLE),
            "joint": (f"{app}/app?app=app-00&days=28", FIGURE),
            "figure": (f"{bare}/?show=figure", FIGURE),
        }
        seconds: dict[str, list[float]] = {name: [] for name in places}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for turn in range(ROUNDS + 1):
                for name, (url, mark) in places.items():
                    taken = _draw(browser, url, mark)
                    if turn:  # the first round warms both servers
                        seconds[name].append(taken)
            choice = measure_choices(browser, places["joint"][0], CHOICES)
            bare_choice = measure_choices(browser, f"{places['figure'][0]}&choose=", BARE_CHOICES)
            browser.close()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return Drawn(**medians, choice=choice, bare_choice=bare_choice)


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


@contextmanager
def serving(script: str, environ: Mapping[str, str], log: Path) -> Iterator[str]:
    """The address of a Streamlit server that runs a script; ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environ})
        try:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)
