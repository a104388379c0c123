"""Titles are written by others: nothing in them is markup, code or a link."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.pages.conftest import Open, html_of
from tomoni.ui.escape import html, link, markdown

pytestmark = pytest.mark.slow

EVIL = [
    "<script>alert(1)</script>",
    "**bold**",
    "[x](javascript:alert(1))",
    "`code`",
    "<b onclick='x'>",
    ":red[x]",
    "$a$",
]


def test_html_keeps_the_letters_and_nothing_else():
    assert html("<script>'\"&") == "&lt;script&gt;&#x27;&quot;&amp;"


@pytest.mark.parametrize("text", EVIL)
def test_markdown_signs_are_escaped_each(text: str):
    assert re.sub(r"\\(.)", "", markdown(text)).strip("abcdefghijklmnopqrstuvwxyz 0123456789'\"/;") == ""
    assert re.sub(r"\\(.)", r"\1", markdown(text)) == text


def test_markdown_is_one_line():
    assert markdown("a\n# b") == "a \\# b"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil", "", "http://", "http://[x"]
)
def test_only_addresses_of_the_web_are_linked(url: str):
    assert link(url) is None


def test_an_address_of_the_web_stays():
    assert link(" https://example.org/run?a=b ") == "https://example.org/run?a=b"


@pytest.mark.parametrize("page", ["overview", "app_view", "catalog"])
def test_no_title_brings_markup_into_a_page(open_page: Open, world: Path, page: str):
    file = world / "config/apps/checkout.yaml"
    title = json.dumps(" ".join(EVIL))
    text = re.sub(r"title: \{.*?\}", f"title: {title}", file.read_text())
    file.write_text(text + f"links: [{{title: {title}, url: 'javascript:alert(1)'}}]\n")
    test = open_page(page, app="checkout")
    assert not test.exception
    shown = html_of(test)
    assert "could not be drawn" not in shown
    assert "<script>" not in shown
    assert "<b onclick" not in shown
    assert "javascript:" not in " ".join(element.proto.url for element in test.get("link_button"))
    figures = " ".join(element.proto.spec for element in test.get("plotly_chart"))
    assert "<script>" not in figures
    for element in test.get("button_group"):
        labels = " ".join(option.content for option in element.proto.options)
        assert "**" not in labels
        assert "](" not in labels
