"""Colours can be read, and are the same wherever they are written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tomoni.charts.theme import DARK, LIGHT, THEMES, Theme, see_through, template
from tomoni.slo.model import State

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
ENOUGH = 4.5


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_every_colour_that_carries_text_can_be_read_on_page_and_panel(theme: Theme):
    texts = [theme.text, theme.muted, theme.accent, *theme.categorical, *theme.states.values()]
    for ground in (theme.ground, theme.panel):
        assert min(contrast(color, ground) for color in texts) >= ENOUGH


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_there_are_ten_different_series_colours_and_one_for_each_state(theme: Theme):
    assert len(set(theme.categorical)) == len(theme.categorical) >= 10
    assert set(theme.states) == set(State)
    assert theme.series(len(theme.categorical)) == theme.series(0)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_the_bands_of_the_heat_strip_can_be_told_apart_and_read(theme: Theme):
    assert min(contrast(*pair) for pair in zip(theme.burn, theme.burn_text, strict=True)) >= ENOUGH
    neighbours = zip(theme.burn, theme.burn[1:], strict=False)
    assert min(contrast(one, other) for one, other in neighbours) > 1.1


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_the_screen_is_configured_with_the_same_colours(theme: Theme):
    written = tomllib.loads(CONFIG.read_text())["theme"][theme.name]
    assert tuple(written["chartCategoricalColors"]) == theme.categorical
    assert written["backgroundColor"] == theme.ground
    assert written["textColor"] == theme.text
    assert written["primaryColor"] == theme.accent


def test_a_template_carries_the_type_size_and_the_colours():
    layout = template(DARK, 18)["layout"]
    assert layout["font"]["size"] == 18
    assert tuple(layout["colorway"]) == DARK.categorical


def test_a_colour_can_be_made_see_through():
    assert see_through("#ff8000", 0.25) == "rgba(255,128,0,0.25)"
    assert LIGHT.panel == "#ffffff"
