"""The heat strip: apps by days."""

from __future__ import annotations

import numpy as np

from charts.annotations import Annotations, Event, Stretch
from charts.heat import heat_figure
from charts.theme import LIGHT
from review.model import Overview
from tests.charts.reviews import DAY, END, overview_of
from text import text_for

TEXT = text_for("en", "Asia/Tokyo")


def test_a_row_for_each_app_and_a_column_for_each_day():
    figure = heat_figure(overview_of(3), TEXT, LIGHT)
    assert np.array(figure.data[0].z).shape == (3, 28)
    assert list(figure.layout.yaxis.ticktext) == ["App 0", "App 1", "App 2"]
    assert figure.data[0].x[-1] == "24 Nov"


def test_a_cell_is_the_worst_slo_of_its_app_in_words_and_colour():
    value = overview_of(1)
    value.statuses[1].daily_burn.values[-1] = 50.0
    figure = heat_figure(value, TEXT, LIGHT)
    assert figure.data[0].text[0][-1] == "50"
    assert figure.data[0].z[0][-1] == 4
    assert figure.data[0].customdata[0][-1] == f"fastest hour: {TEXT.burn(50.0)}, would page somebody"


def test_a_day_without_data_is_an_empty_cell():
    value = overview_of(1)
    for status in value.statuses:
        status.daily_burn.values[0] = np.nan
    figure = heat_figure(value, TEXT, LIGHT)
    assert np.isnan(figure.data[0].z[0][0])
    assert figure.data[0].customdata[0][0] == "no data"


def test_nothing_configured_makes_an_empty_strip():
    figure = heat_figure(Overview(END, (), ()), TEXT, LIGHT)
    assert np.array(figure.data[0].z).shape == (0, 0)


def test_what_happened_is_ticked_off_above_its_day():
    happened = Annotations((Stretch(END - DAY, END - DAY + 60),), (Event(END - 2 * DAY),), (Stretch(0, 1),))
    figure = heat_figure(overview_of(1), TEXT, LIGHT, happened)
    assert [(a.x, a.text) for a in figure.layout.annotations] == [("24 Nov", "▾"), ("23 Nov", "┆")]
