"""Titles, notes and labels that look like markup, scripts or formulas do no harm in any format."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from pptx import Presentation

from tests.snapshots.world import FORMULA, LONG, PIPES, SCRIPT
from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.exporters.html.page import page
from tomoni.snapshots.exporters.markdown import as_markdown, escaped
from tomoni.snapshots.exporters.slides.shapes import plain
from tomoni.snapshots.exporters.tables import as_csv, numbers
from tomoni.snapshots.record.manifest import manifest


class Elements(HTMLParser):
    """Collects what a browser would act on, and the text that it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module", params=[("en",), ("en", "ja")], ids="-".join)
def parsed(request, snapshot) -> Elements:
    elements = Elements()
    elements.feed(page(edition(snapshot, EditionOptions(request.param)), manifest(snapshot)))
    return elements


def test_the_only_scripts_are_the_files_own(parsed):
    scripts = [attrs for tag, attrs in parsed.found if tag == "script"]
    assert [attrs.get("id") for attrs in scripts] == ["tomoni-snapshot", "tomoni-figures", "tomoni-plotly", None]


def test_nothing_listens_and_nothing_leads_out_of_the_web(parsed):
    for _, attrs in parsed.found:
        assert not [name for name in attrs if name.startswith("on")]
        assert (attrs.get("href") or "#").startswith(("#", "http://", "https://"))
        assert "src" not in attrs


def test_hostile_titles_are_shown_letter_by_letter(parsed):
    for title in (SCRIPT, FORMULA, PIPES, LONG):
        assert title in parsed.text


def test_a_policy_lets_only_two_known_scripts_run(parsed):
    policy = next(attrs["content"] for tag, attrs in parsed.found if attrs.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert policy.count("'sha256-") == 2
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe" not in policy


def test_no_cell_of_the_csv_is_a_formula(snapshot):
    rows = list(csv.reader(io.StringIO(as_csv(numbers(snapshot)).decode())))
    assert any(cell == "'" + FORMULA for row in rows for cell in row)
    for row in rows:
        for cell in row:
            number = cell.replace(".", "").replace("-", "").replace("e", "").isdigit()
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_markdown_keeps_hostile_texts_as_text(snapshot):
    shown = as_markdown(edition(snapshot, EditionOptions()), manifest(snapshot))
    body = shown.rsplit("<!-- tomoni", 1)[0]
    assert re.findall(r"(?<!\\)[<>]", body) == []
    assert "](javascript" not in body
    assert "\n# no heading" not in body
    assert all(line.count("|") - line.count("\\|") in (0, 3, 5, 6, 7, 8, 12) for line in body.splitlines())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a|b", r"a\|b"),
        ("<b>", r"\<b\>"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("-40%", "-40%"),
        ("# x", r"\# x"),
        ("two\nlines", "two lines"),
        ("99.9", "99.9"),
        ("[x](y)", r"\[x\]\(y)"),
        ("x (y)", "x (y)"),
    ],
)
def test_a_text_in_markdown_is_nothing_but_text(written, shown):
    assert escaped(written) == shown


def test_slides_bear_hostile_titles_as_plain_text(snapshot, tmp_path):
    (file,) = export(snapshot, ["pptx"], tmp_path, EditionOptions())
    deck = Presentation(str(file))
    shown = "\n".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame)
    assert SCRIPT in shown
    assert FORMULA in shown


def test_signs_that_xml_cannot_hold_are_left_out_of_slides():
    assert plain("a\x00b\x0bc\ud800d\ufffee") == "a b c d e"


def test_a_file_is_named_by_codes_alone(snapshot, tmp_path):
    (file,) = export(snapshot, ["md"], tmp_path, EditionOptions())
    assert file.name == "shop-2026-09-28T0000Z-4d.md"
