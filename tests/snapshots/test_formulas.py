"""What a spreadsheet could take for a formula is text in any disguise; numbers and other texts stay as they are."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pyarrow as pa
from pptx import Presentation

from tests.tables import table
from tomoni.catalog.local_text import LocalText
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.snapshots.exporters.tables import as_csv
from tomoni.snapshots.record.snapshot import Snapshot, freeze

SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁼", "⁺", "⁻", "₌", "₊", "₋", "\u2212"]
BEFORE = ["", " ", "\t", "\r", "\n", "\u3000", "\u00a0", "\u200b", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u0301"]
BEFORE += ['"', "'", "“", "「"[:0], "\x00", "\x0b", ' "\u200b ']


@table("before", BEFORE)
@table("sign", SIGNS)
def test_every_sign_is_disarmed_behind_whatever_hides_it(sign: str, before: str) -> None:
    text = f"{before}{sign}cmd()"
    assert harmless(text).startswith("'") or f"{before}'{sign}" in harmless(text)
    assert harmless(text).replace("'", "") == text.replace("'", "")


@table("separator", [";", "\t", "\n", "\r\n", "\u2028"])
def test_a_sign_behind_what_another_program_splits_at_is_disarmed(separator: str) -> None:
    assert harmless(f"Shop{separator} =cmd()") == f"Shop{separator}' =cmd()"


@table("text", ["", "Shop", "a=b", "a - b", "5 + 5", "購入手続き", "100 %", "a; b", "x\n\ny", "é", "<b>"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_numbers_stay_numbers_and_texts_like_them_do_not_become_some() -> None:
    columns = {"n": pa.array([-1.5, 2e-300, None]), "text": pa.array(["-1.5", "＝1+1", None])}
    rows = list(csv.reader(io.StringIO(as_csv(pa.table(columns)).decode())))
    assert rows[1:] == [["-1.5", "'-1.5"], ["2e-300", "'＝1+1"], ["", ""]]


def test_no_workbook_behind_a_chart_has_a_formula(snapshot: Snapshot, tmp_path) -> None:
    review = snapshot.review
    lanes = [replace(lane, signal=replace(lane.signal, title=LocalText({"": "=1+1"}))) for lane in review.lanes]
    titled = freeze(replace(review, lanes=tuple(lanes)), snapshot.origin, snapshot.made_at)
    (file,) = export(titled, ["pptx"], tmp_path, EditionOptions())
    shapes = [shape for slide in Presentation(str(file)).slides for shape in slide.shapes if shape.has_chart]
    books = [zipfile.ZipFile(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)) for shape in shapes]
    sheets = [book.read("xl/worksheets/sheet1.xml").decode() for book in books]
    assert sheets
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    assert any("&apos;=1+1" in text or "'=1+1" in text for text in (_strings(book) for book in books))


def _strings(book: zipfile.ZipFile) -> str:
    return book.read("xl/sharedStrings.xml").decode()
