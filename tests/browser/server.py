"""The demo as it is started, on a free port of this machine, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
NOW = "2026-11-24T00:55:00Z"
CHROMIUM = "/usr/bin/chromium"
PATIENCE = 120_000  # milliseconds; how busy the machine is says nothing about a page
expect.set_options(timeout=PATIENCE)
# The same without windows, for a third less work; the whole one where it is not installed.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Streamlit's script state flickers: quiet counts once it has held, and once the page is whole. The code of
# an element may arrive after the script has ended: until then a skeleton or nothing stands in its place.
QUIET = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const quiet = app && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning' && document.querySelector('.st-key-page-ready')
    && !document.querySelector('[data-testid=stSkeleton]');
  const grown = document.getElementsByTagName('*').length;
  const still = grown === window.__grown;
  window.__grown = grown;
  if (!quiet || !still) { window.__quiet = 0; return false; }
  window.__quiet = window.__quiet || performance.now();
  return performance.now() - window.__quiet > 400;
}"""


@contextmanager
def serving(
    folder: Path,
    config: Path = ROOT / "config",
    database: str = "",
    entry: str = "app.py",
    port: int = 0,
    *,
    now: str = NOW,
    more: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of a fresh server, on a free port unless one is given; its log is ``server.log`` in the folder."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("TOMONI_", "STREAMLIT_"))}
    told = {"TOMONI_CONFIG": str(config), "TOMONI_NOW": now}
    told["TOMONI_DATABASE_URL"] = database or f"sqlite:///{folder / 'ui.db'}"
    command = [sys.executable, "-m", "streamlit", "run", entry, "--server.address", "127.0.0.1"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env={**known, **told, **(more or {})},
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(120)


def wait_until_up(address: str, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    """Waits until an address answers. Raises TimeoutError, also when the process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not come up")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=SHELL, args=list(FLAGS))
        yield browser
        browser.close()


def patient(context: BrowserContext) -> BrowserContext:
    """A context of a browser whose pages may take their time to open and to answer."""
    context.set_default_timeout(PATIENCE)
    return context


def settle(page: Page) -> None:
    """Waits until a page is whole and quiet."""
    page.wait_for_function(QUIET, timeout=PATIENCE, polling=100)  # each frame would cost more than the page


def press(page: Page, key: str, button: str) -> None:
    """Presses a key, once the button that it stands for (by its key in Streamlit) is there: before, nobody hears it."""
    expect(page.locator(f".st-key-{button} button").first).to_be_visible()
    page.keyboard.press(key)
