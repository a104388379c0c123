"""A file shows the app's own clock, wherever its reader is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.server import CHROMIUM
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, export

pytestmark = [pytest.mark.browser]
ZONES = ("Asia/Tokyo", "America/New_York", "UTC", "Asia/Kathmandu")


@pytest.fixture(scope="module")
def html(snapshot, tmp_path_factory) -> Path:
    return export(snapshot, ["html"], tmp_path_factory.mktemp("zones"), EditionOptions(("en",)))[0]


def opened(browser: Browser, file: Path, zone: str) -> Iterator[Page]:
    context = browser.new_context(offline=True, timezone_id=zone, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator("html[data-ready]").wait_for(state="attached")
    page.evaluate("window.tomoni.drawAll()")
    yield page
    context.close()


def pictures(browser: Browser, file: Path, zone: str) -> list[bytes]:
    """Every figure of a file as it is drawn in a zone."""
    for page in opened(browser, file, zone):
        return [place.screenshot(animations="disabled") for place in page.locator("[data-figure]").all()]
    return []


def test_every_figure_is_the_same_picture_in_every_zone(browser: Browser, html: Path) -> None:
    first, *others = (pictures(browser, html, zone) for zone in ZONES)
    assert len(first) == 3
    assert [picture == first for picture in others] == [True, True, True]


def test_the_axis_of_a_figure_begins_with_the_period_on_the_clock_of_the_app(browser: Browser, html: Path) -> None:
    for zone in ZONES:
        for page in opened(browser, html, zone):
            trace = page.evaluate("document.querySelector('.js-plotly-plot').data.find(t => t.x.length > 50)")
            span = page.evaluate("document.querySelector('.js-plotly-plot').layout.xaxis.range")
            assert trace["x"][0][:16] == span[0].replace(" ", "T")[:16]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_printed_picture_does_not_depend_on_the_zone_of_the_machine(
    snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    printed = []
    for name in ("UTC", zone):
        monkeypatch.setenv("TZ", name)
        with ChromiumPrinter(CHROMIUM) as printer:
            (file,) = export(snapshot, ["png"], tmp_path / name.replace("/", "-"), EditionOptions(("en",)), printer)
        printed.append(file.read_bytes())
    assert printed[0] == printed[1]
