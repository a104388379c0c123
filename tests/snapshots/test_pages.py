"""Printed pages: the first can be read alone, none is half empty, no heading stands alone at a page's end."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from tests.browser.server import SHELL
from tests.charts.reviews import review_of
from tomoni.snapshots.document.model import Cards, Document, Table
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.record.snapshot import Origin, Snapshot, freeze

pytestmark = [pytest.mark.browser]
_FOOT = 40.0  # points: below are the footer and the margin


@pytest.fixture(scope="module")
def reviewed() -> Snapshot:
    review = review_of()
    return freeze(review, Origin("0", "sha256:0"), review.as_of)


@pytest.fixture(scope="module", params=["en", "ja"])
def printed(request, reviewed: Snapshot, tmp_path_factory) -> tuple[Document, list[PageObject]]:
    options = EditionOptions((request.param,))
    with ChromiumPrinter(SHELL) as printer:
        (file,) = export(reviewed, ["pdf"], tmp_path_factory.mktemp("pages"), options, printer)
    return edition(reviewed, options), list(PdfReader(Path(file)).pages)


def packed(text: str) -> str:
    """A text without blanks, with one form for signs that fonts map in several ways."""
    return unicodedata.normalize("NFKC", "".join(text.split())).replace("\u301c", "~")


def lines(page: PageObject) -> list[tuple[float, str]]:
    """What is written above the foot of a page, each with its height above the page's lower edge."""
    found: list[tuple[float, str]] = []

    def visit(text: str, ctm: list[float], matrix: list[float], *_: object) -> None:
        height = matrix[5] * ctm[3] + ctm[5]
        if text.strip() and height > _FOOT:
            found.append((height, text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def test_the_first_page_can_be_read_alone(printed) -> None:
    shown, pages = printed
    text = packed(pages[0].extract_text())
    summary, decide = shown.sections[:2]
    assert packed(summary.parts[0].message) in text
    (cards,) = (block for block in summary.parts[0].blocks if isinstance(block, Cards))
    assert all(packed(card.main.shown) in text for card in cards.cards)
    assert packed(shown.figures()[0].title) in text
    tables = [b for part in (*summary.parts, *decide.parts) for b in part.blocks if isinstance(b, Table)]
    assert tables
    assert all(packed(row[1].shown.split("\n")[0]) in text for table in tables for row in table.rows)


def test_no_page_but_the_last_is_half_empty(printed) -> None:
    _, pages = printed
    lowest = [min(height for height, _ in lines(page)) for page in pages[:-1]]
    assert max(lowest) < 0.3 * float(pages[0].mediabox.height)


def test_no_heading_stands_alone_at_the_end_of_a_page(printed) -> None:
    shown, pages = printed
    headings = {packed(section.title) for section in shown.sections}
    headings |= {packed(part.title) for section in shown.sections for part in section.parts if part.title}
    for page in pages[:-1]:
        last = min(lines(page))[1]
        assert packed(last) not in headings


def test_every_page_names_app_and_period_and_its_number(printed) -> None:
    shown, pages = printed
    for number, page in enumerate(pages, 1):
        text = packed(page.extract_text())
        assert text.endswith(packed(f"{shown.title} · {shown.lead}{number}/{len(pages)}"))
