"""Real Chromium opens the file offline and prints it; a Chromium that hangs, dies or is not there is told of."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser.server import CHROMIUM, SHELL
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter, find_chromium
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.verifying.reading import read_claim

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def html(snapshot, tmp_path_factory) -> Path:
    return export(snapshot, ["html"], tmp_path_factory.mktemp("html"), EditionOptions(("en", "ja")))[0]


@pytest.fixture(scope="module")
def printed(snapshot, tmp_path_factory) -> dict[str, Path]:
    with ChromiumPrinter(SHELL) as printer:
        made = export(
            snapshot, ["pdf", "png"], tmp_path_factory.mktemp("printed"), EditionOptions(("en", "ja")), printer
        )
    return {file.suffix: file for file in made}


def opened(browser: Browser, html: Path, scheme: str) -> tuple[Page, list[str], list[str]]:
    """The page offline, the errors and warnings of its scripts, and everything that it asked for."""
    page = browser.new_context(offline=True, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    errors: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(html.as_uri())
    page.locator("html[data-ready]").wait_for(state="attached")
    page.evaluate("window.tomoni.drawAll()")
    return page, errors, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_file_opens_offline_without_an_error_and_asks_for_nothing(browser, html, scheme):
    page, errors, asked = opened(browser, html, scheme)
    assert page.evaluate("window.tomoni.error") == ""
    assert page.locator(".js-plotly-plot").count() == 3
    assert errors == []
    assert asked == [html.as_uri()]
    assert page.title() != "taken"
    page.context.close()


def test_the_figures_follow_the_reader_s_colours(browser, html):
    page, _, _ = opened(browser, html, "light")
    ink = "document.querySelector('.js-plotly-plot').layout.template.layout.font.color"
    light = page.evaluate(ink)
    page.locator("#theme").click()
    dark = page.evaluate(ink)
    page.locator("#theme").click()
    assert (light, dark, page.evaluate(ink)) == ("#1b2430", "#e8ecf1", "#1b2430")
    page.context.close()


def test_the_crosshair_names_the_values_of_all_rows(browser, html):
    page, _, _ = opened(browser, html, "light")
    page.locator("[data-figure]").first.evaluate("(place) => place.scrollIntoView()")
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 5)
    page.mouse.move(box["x"] + box["width"] * 0.31, box["y"] + 8)
    page.locator(".js-plotly-plot .hoverlayer .legend").first.wait_for(timeout=10_000)
    told = page.locator(".js-plotly-plot .hoverlayer .legend").first.text_content() or ""
    assert "Success" in told
    assert "ヒープ" in told
    page.context.close()


def test_the_pdf_has_text_in_both_languages_the_numbers_and_bookmarks(printed, said):
    reader = PdfReader(printed[".pdf"])
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "残りバジェット" in text
    for slo in said.values():
        for value in (slo["good"], slo["sli"], slo["budget"]["remaining"]):
            assert value is None or repr(float(value)) in text
    assert len(reader.outline) >= 1
    assert f"1/{len(reader.pages)}" in text
    assert {round(float(side)) for side in (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height)} == {
        595,
        842,
    }


@pytest.mark.parametrize("kind", [".pdf", ".png"])
def test_what_was_printed_still_says_what_it_is(printed, said, kind):
    claim = read_claim(printed[kind])
    assert claim.sealed
    assert {slo["slo"]: slo for slo in claim.manifest["slos"]} == said


def test_a_picture_shows_the_figures_and_not_the_appendix(printed):
    from PIL import Image

    with Image.open(printed[".png"]) as picture:
        picture.load()
        assert picture.width == 2560
        assert 2000 < picture.height <= 16384
        assert len(set(picture.resize((64, 64)).convert("RGB").get_flattened_data())) > 20


def script(folder: Path, body: str) -> str:
    file = folder / "chromium"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_a_chromium_that_dies_is_told_of_and_leaves_no_file(snapshot, tmp_path):
    with (
        ChromiumPrinter(script(tmp_path, "echo no display >&2; exit 3")) as printer,
        pytest.raises(SnapshotError) as caught,
    ):
        export(snapshot, ["pdf"], tmp_path / "out", EditionOptions(), printer)
    assert caught.value.code == "chromium_failed"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_chromium_that_hangs_is_ended_with_all_that_it_started(snapshot, tmp_path):
    mark = f"{987_654 + time.time_ns() % 1000}.25"
    started = time.monotonic()
    with (
        ChromiumPrinter(script(tmp_path, f"sleep {mark} & sleep {mark}"), seconds=2) as printer,
        pytest.raises(SnapshotError) as caught,
    ):
        export(snapshot, ["png"], tmp_path / "out", EditionOptions(), printer)
    assert caught.value.code in ("chromium_timed_out", "chromium_failed")
    assert time.monotonic() - started < 60  # it would sleep for days
    assert list((tmp_path / "out").iterdir()) == []
    assert subprocess.run(["pgrep", "-f", f"sleep {mark}"], capture_output=True, check=False).stdout == b""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A page that is ready at once, for what the press does whatever it prints."""
    file = tmp_path / "small.html"
    file.write_text("<html data-ready><script>window.tomoni = {drawAll() {}}</script>printed</html>")
    return file


def test_after_a_failure_the_press_prints_again(small, tmp_path):
    fake = script(tmp_path, f'test -e {tmp_path}/well || exit 1\nexec {CHROMIUM} "$@"')
    with ChromiumPrinter(fake) as printer:
        with pytest.raises(SnapshotError):
            printer.print("pdf", small, tmp_path / "out.pdf")
        (tmp_path / "well").touch()
        printer.print("pdf", small, tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_one_chromium_prints_all_files_of_a_call(small, tmp_path):
    fake = script(tmp_path, f'echo x >> {tmp_path}/starts\nexec {CHROMIUM} "$@"')
    with ChromiumPrinter(fake) as printer:
        for number, kind in enumerate(("pdf", "png", "pdf")):
            printer.print(kind, small, tmp_path / f"{number}.{kind}")
            assert (tmp_path / f"{number}.{kind}").stat().st_size
    assert (tmp_path / "starts").read_text() == "x\n"


def test_a_chromium_that_is_not_there_is_named(tmp_path, monkeypatch):
    for named, path in ((str(tmp_path / "none"), "/usr/bin"), (None, str(tmp_path))):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(SnapshotError) as caught:
            find_chromium(named)
        assert caught.value.code == "chromium_missing"


def test_the_manifest_of_a_page_is_json_that_cannot_end_its_element(html):
    inside = html.read_text().split("id='tomoni-snapshot'>", 1)[1].split("</script>", 1)[0]
    assert "<" not in inside
    assert json.loads(inside)["app"] == "shop"
