"""Plays the demo in a browser and writes the pictures of README and docs.

``python -m tests.browser.screenshots FOLDER``
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.server import NOW, ROOT, chromium, serving, settle
from tomoni.settings import ProcessSettings
from tomoni.use_cases.demo_story import tell_demo_story
from tomoni.use_cases.meeting import begin, prepared
from tomoni.wiring import open_tomoni

LANGUAGES = {"en": "en-GB", "ja": "ja-JP"}
LARGE, SMALL = (1920, 1080), (1280, 800)

# The meeting is filled in once it has begun.
REVIEW = "/review?app=checkout&meeting={meeting}&step="


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, path, size of the window and ground, its languages, and a simulated ``vision``."""

    name: str
    path: str
    size: tuple[int, int] = LARGE
    ground: str = "light"
    languages: tuple[str, ...] = tuple(LANGUAGES)
    vision: str = "none"


SHOTS = (
    Shot("overview-light", "/"),
    Shot("overview-dark", "/", SMALL, "dark"),
    Shot("app-light", "/app?app=checkout"),
    Shot("episode-light", "/app?app=checkout&episode=2026-11-19T05:05Z"),
    Shot("app-dark", "/app?app=order-mail", LARGE, "dark"),
    Shot("present-light", "/app?app=checkout&present=1"),
    Shot("review-since-light", REVIEW + "since"),
    Shot("review-journeys-light", REVIEW + "journeys&present=1"),
    Shot("review-burned-dark", REVIEW + "burned", LARGE, "dark"),
    Shot("review-decide-light", REVIEW + "decide", SMALL),
    Shot("catalog-light", "/catalog", SMALL),
    Shot("guide-light", "/guide", SMALL),
    *(
        Shot(f"{name}-{vision}", path, SMALL, languages=("en",), vision=vision)
        for name, path in (("overview", "/?lang=en"), ("app", "/app?app=checkout&lang=en"))
        for vision in ("protanopia", "deuteranopia", "tritanopia")
    ),
)


def main(folder: Path) -> None:
    """Writes each picture in each language as ``<name>-<language>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        meeting = _fetch(Path(scratch))
        with serving(Path(scratch)) as address, chromium() as browser:
            for shot in SHOTS:
                for language in shot.languages:
                    _take(browser, address + shot.path.format(meeting=meeting), shot, language, folder)


def _fetch(scratch: Path) -> str:
    """Fills the database that `serving` starts on, with the demo's story; returns the id of a review that has begun."""
    told = {"config": ROOT / "config", "database_url": f"sqlite:///{scratch / 'ui.db'}", "now": NOW}
    product = open_tomoni(ProcessSettings.model_validate(told), {})
    product.sync()
    tell_demo_story(product)
    records, now = product.meetings.records, product.now()
    meeting = prepared(records, product.apps("checkout")[0], now, now).current
    assert meeting is not None
    begin(records, meeting.id, now, now)
    product.close()
    return meeting.id


def _take(browser: Browser, address: str, shot: Shot, language: str, folder: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.ground == "dark" else "light",
        locale=LANGUAGES[language],
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    settle(page)
    page.wait_for_timeout(500)  # figures and tables are painted a moment after the page is quiet
    context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": shot.vision})
    page.screenshot(path=folder / f"{shot.name}-{language}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
