"""A file shows the app's own clock, wherever its reader is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.server import SHELL
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, export

pytestmark = [pytest.mark.browser]
ZONES = ("America/New_York", "Asia/Kathmandu")  # another day than the app's at its midnight, and odd minutes


@pytest.fixture(scope="module")
def html(snapshot, tmp_path_factory) -> Path:
    return export(snapshot, ["html"], tmp_path_factory.mktemp("zones"), EditionOptions(("en",)))[0]


@dataclass(frozen=True)
class Shown:
    """A file as it is drawn in a zone: every figure, the times of one, and the span of its axis."""

    pictures: list[bytes]
    times: list[str]
    span: list[str]


@pytest.fixture(scope="module")
def shown(browser: Browser, html: Path) -> dict[str, Shown]:
    return {zone: _shown(browser, html, zone) for zone in ZONES}


def _shown(browser: Browser, file: Path, zone: str) -> Shown:
    context = browser.new_context(offline=True, timezone_id=zone, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator("html[data-ready]").wait_for(state="attached")
    page.evaluate("window.tomoni.drawAll()")
    trace = page.evaluate("document.querySelector('.js-plotly-plot').data.find(t => t.x.length > 50)")
    span = page.evaluate("document.querySelector('.js-plotly-plot').layout.xaxis.range")
    pictures = [place.screenshot(animations="disabled") for place in page.locator("[data-figure]").all()]
    context.close()
    return Shown(pictures, trace["x"], span)


def test_every_figure_is_the_same_picture_in_every_zone(shown: dict[str, Shown]) -> None:
    first, *others = (each.pictures for each in shown.values())
    assert len(first) == 3
    assert [pictures == first for pictures in others] == [True]


def test_the_axis_of_a_figure_begins_with_the_period_on_the_clock_of_the_app(shown: dict[str, Shown]) -> None:
    for each in shown.values():
        assert each.times[0][:16] == each.span[0].replace(" ", "T")[:16]


def test_a_printed_picture_does_not_depend_on_the_zone_of_the_machine(
    snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = []
    for name in ("UTC", "America/New_York"):  # that of most servers, and one in which days begin later
        monkeypatch.setenv("TZ", name)
        with ChromiumPrinter(SHELL) as printer:
            (file,) = export(snapshot, ["png"], tmp_path / name.replace("/", "-"), EditionOptions(("en",)), printer)
        printed.append(file.read_bytes())
    assert printed[0] == printed[1]
