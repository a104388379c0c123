"""The style sheets leave the figure alone: Plotly adds and changes a thousand elements at every choice, and a selector
that has to be tried for each of them, or that looks again at everything below them, made half of what a choice took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tomoni.ui

HERE = Path(tomoni.ui.__file__).parent
SHEETS = sorted(HERE.glob("*.css"))
WITHOUT = re.compile(r"@(?:media|page) [^{]*print[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)


def selectors(sheet: Path) -> Iterator[str]:
    """The selectors of a sheet, without those for paper."""
    text = re.sub(r"@media[^{]*\{", "", WITHOUT.sub("", sheet.read_text()))
    for rule in re.findall(r"([^{}]+)\{[^{}]*\}", text):
        yield from (each.strip() for each in re.split(r",(?![^()]*\))", rule))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_no_selector_is_tried_for_every_part_of_a_figure(sheet: Path):
    for selector in selectors(sheet):
        assert not re.match(r"(\*|\[class)", selector), f"{selector}: begin with a tag or a class"
        ends = re.split(r"\s*[ >+~]\s*(?![^()]*\))", selector)[-1]
        assert not re.match(r"\[class", ends), f"{selector}: end with a tag or a class"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_nothing_below_a_part_of_a_figure_is_looked_at_again(sheet: Path):
    for selector in selectors(sheet):
        assert ":has([class" not in selector, f"{selector}: name a whole class"
        *above, last = re.split(r"\s*[ >+~]\s*(?![^()]*\))", selector)
        if any("[class" in each for each in above):
            assert re.match(r"[a-z.#]", last), f"{selector}: say of which tag or class"
