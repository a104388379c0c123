"""What people write in Markdown becomes HTML in which nothing of theirs runs, loads or leads astray."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from tomoni.words.prose import MOST_CHARACTERS, prose
from tomoni.words.text import text_for

EN = text_for("en")
ALLOWED = {"p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "ul", "ol", "li", "blockquote", "h4", "h5", "h6"}
ALLOWED |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a href", "a title", "a rel", "a target", "ol start", "th style", "td style"}
PIECES = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:x'>a</a>",
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java\tscript:alert(1))", "[a](&#106;avascript:x)",
    "[a](data:text/html;base64,PHN2Zz4=)", "[a](vbscript:x)", "[a](//evil.example)", "[a](/app?lang=ja)",
    "[a](\\\\evil)",
    "![a](https://tracker.example/a.png)", "![a](javascript:x)", "<javascript:alert(1)>", "[a][b]\n\n[b]: javascript:x",
    "[a](https://a.example \"\" onmouseover=alert(1))", "[a](https://a.example \"'><script>\")",
    "<https://a.example/'onx=1>",
    "```\"><script>\nx\n```", "```html onload=x\n<b>\n```", "# <iframe src=x>", "|<b>|\n|-|\n|<style>*{}</style>|",
    "&lt;script&gt;", "&#x3c;script&#x3e;", "<!-- --><base href=x>", "<![CDATA[<script>]]>", "<?php ?>",
    "> <form action=x>",
    "\u202e\u0000\ufeff", "*", "_", "`", "[", "](", "\n", "    ",
]  # fmt: skip


class Seen(HTMLParser):
    """The tags and attributes of a page, as a browser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str | None]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value) for name, value in attrs}


def assert_harmless(page: str) -> None:
    seen = Seen(page)
    assert seen.tags <= ALLOWED
    for tag, name, value in seen.attributes:
        assert f"{tag} {name}" in ATTRIBUTES
        assert name != "href" or (value or "").lower().startswith(("http://", "https://", "mailto:"))
        assert name != "style" or value in {"text-align:left", "text-align:center", "text-align:right"}


@table("piece", PIECES)
def test_what_is_hostile_is_shown_as_text(piece: str):
    assert_harmless(prose(piece, EN))


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12))
def test_no_mixture_gets_through(pieces: list[str]):
    assert_harmless(prose("".join(pieces), EN))


def test_html_is_shown_as_it_was_typed():
    assert prose("<b>a & b</b>", EN) == "<p>&lt;b&gt;a &amp; b&lt;/b&gt;</p>\n"


def test_what_notes_need_is_drawn():
    page = prose("# Seen\n- **one**\n- `two`\n\n1. ~~a~~\n\n> b\n\n|c|d|\n|-|-:|\n|1|2|\n", EN)
    for expected in (
        "<h4>Seen</h4>",
        "<strong>one</strong>",
        "<code>two</code>",
        "<s>a</s>",
        "<blockquote>",
        "<td>1</td>",
    ):
        assert expected in page


def test_a_line_that_was_typed_stays_a_line():
    assert prose("one\ntwo", EN) == "<p>one<br>\ntwo</p>\n"


def test_headings_begin_where_the_page_wants_them():
    assert Seen(prose("# a\n\n## b", EN, top=3)).tags == {"h3", "h4"}


def test_headings_begin_below_those_of_the_page():
    assert Seen(prose("\n\n".join("#" * n + " a" for n in range(1, 7)), EN)).tags == {"h4", "h5", "h6"}


def test_links_open_beside_the_page_and_tell_nothing_of_it():
    page = prose("[a](https://a.example/x?y=1&z=2) <a@b.example>", EN)
    assert 'href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener noreferrer nofollow"' in page
    assert 'href="mailto:a@b.example"' in page


def test_an_image_is_left_out_and_its_description_stays():
    assert prose("![the figure <b>](https://a.example/a.png)", EN) == "<p>the figure &lt;b&gt;</p>\n"


def test_of_a_text_that_is_too_long_the_rest_is_left_out_which_it_says():
    page = prose("a" * MOST_CHARACTERS + "bcd", EN)
    assert "b" not in page.partition("<em>")[0]
    assert page.endswith("<p><em>The rest is not shown: this text is too long.</em></p>")
    assert "このテキストは長すぎる" in prose("a" * 1_000_000, text_for("ja"))


@pytest.mark.parametrize("piece", ["[", "![[", "**a _b ", "> ", "- ", "|a", "<![CDATA[", "`a``", "&", "\\"])
def test_a_text_made_to_be_slow_is_read_to_its_end(piece: str):
    assert_harmless(prose(piece * (10_000 // len(piece)), EN))


# Queries as Markdown, each in a fence that is longer than any within it (tests/pages/test_explain.py).
FENCED = "tomoni/ui/explain.py"


def test_nothing_else_makes_html_of_what_people_write():
    root = Path(__file__).parents[2]
    files = [file for folder in ("tomoni", "pages") for file in (root / folder).rglob("*.py")]
    texts = {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}
    makers = re.compile(
        r"markdown_it|\bnh3\b|\bmistune\b|\bbleach\b|^import markdown|st\.markdown\(|unsafe_allow_html", re.M
    )
    assert [name for name, text in texts.items() if makers.search(text)] == [FENCED, "tomoni/words/prose.py"]
    assert "unsafe_allow_html" not in texts[FENCED]
