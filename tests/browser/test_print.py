"""The browser's own print of the overview and of an app: a page for the wall."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Open
from tests.browser.server import settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAPERS = [("A4", False), ("A4", True), ("Letter", False), ("Letter", True)]
CONTROLS = (
    "Present",
    "Copy link",
    "Freeze",
    "Snapshots",
    "How is this calculated",
    "Other period",
    "CSV",
    "Look closer",
)
LIGHT_TEXT, WHITE = "rgb(90, 101, 115)", "rgb(255, 255, 255)"
DARK = "rgb(16, 21, 28)"


def printed(page: Page, paper: str, landscape: bool) -> list[str]:
    """The text of each sheet; blanks aside, for a PDF has them where letters are far apart."""
    content = page.pdf(format=paper, landscape=landscape, print_background=False)
    return ["".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(content)).pages]


def turn_dark(page: Page) -> None:
    """Has a page in the colours of the dark; printing it earlier would find it light already."""
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", DARK)
    settle(page)
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_attached()


# As if it had just arrived: Streamlit has not measured its place yet, and draws it in no size and without being seen.
ANEW = """() => {
  const figure = document.querySelector('.st-key-figure .js-plotly-plot');
  const shown = { data: figure.data, layout: { ...figure.layout, width: undefined }, config: {} };
  Plotly.purge(figure);
  figure.style.visibility = 'hidden';
  return Plotly.react(figure, shown).then(() => figure._fullData.length);
}"""


def test_an_app_prints_whole_on_two_sheets_without_controls_though_its_figure_is_not_drawn_yet(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    turn_dark(page)
    headline = "".join(page.locator("h1.tm-headline").inner_text().split())
    for paper, landscape in PAPERS:
        if (paper, landscape) == PAPERS[-1]:
            assert page.evaluate(ANEW) == 0
        sheets = printed(page, paper, landscape)
        assert len(sheets) <= 2, (paper, landscape, sheets)
        assert headline in sheets[0]
        whole = "".join(sheets)
        for words in ("CPU of the database", "Orders that go through", "What burned the budget", "Exclusions"):
            assert "".join(words.split()) in whole
        assert [words for words in CONTROLS if "".join(words.split()) in whole] == []
        for sheet in sheets:
            assert "asof24Nov2026,09:55JST" in sheet
            assert "/app?app=checkout&journey=place-order" in sheet


# What Streamlit keeps for a moment beside an element that took its place, unseen.
KEPT = """() => {
  for (const element of document.querySelectorAll('[data-testid=stMain] [data-testid=stElementContainer]')) {
    const kept = element.cloneNode(true);
    kept.dataset.retained = kept.dataset.stale = 'true';
    element.after(kept);
  }
}"""


def test_what_another_element_took_the_place_of_is_not_printed_beside_it(open_page: Open):
    page = open_page("/app?app=checkout&lang=en")
    before = printed(page, "A4", landscape=False)
    settle(page)
    expect(page.locator(".js-plotly-plot .xtick text").first).to_be_attached()
    page.evaluate(KEPT)
    after = printed(page, "A4", landscape=False)
    assert len(after) == len(before)
    assert sorted("".join(after)) == sorted("".join(before))  # columns may break elsewhere


def test_the_printed_figure_is_on_white_and_as_wide_as_the_paper(open_page: Open):
    page = open_page("/app?app=checkout&lang=en", width=1920, height=1080)
    turn_dark(page)
    page.set_viewport_size({"width": 718, "height": 1000})
    settle(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    figure = "document.querySelector('.js-plotly-plot .main-svg')?.getBoundingClientRect()"
    # It is drawn once more in the colours of the paper.
    page.wait_for_function(f"() => {{ const f = {figure}; return f && f.x > 0 && f.width > 600 && f.width < 718; }}")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", WHITE)
    expect(page.locator(".js-plotly-plot .xtick text").first).to_have_css("fill", LIGHT_TEXT)


@pytest.mark.parametrize(("lang", "app", "moment"), [("en", "Store search", "asof24"), ("ja", "店舗検索", "時点")])
def test_the_overview_prints_every_row_on_one_sheet(open_page: Open, lang: str, app: str, moment: str):
    page = open_page(f"/?lang={lang}")
    page.wait_for_function("() => window.tomoniPaper")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".tm-paper tbody tr")).to_have_count(13)
    for paper, landscape in PAPERS:
        (sheet,) = printed(page, paper, landscape)
        assert "".join(app.split()) in sheet
        assert "?at=2026-11-24T00%3A55Z" in sheet
        assert moment in sheet
        assert [words for words in CONTROLS if words in sheet] == []
