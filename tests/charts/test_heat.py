"""The heat strip: apps by days."""

from __future__ import annotations

import numpy as np

from tests.charts.reviews import DAY, END, overview_of
from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.charts.heat import BAND_NAMES, BANDS, heat_of
from tomoni.review.model import Overview
from tomoni.words.text import text_for

TEXT = text_for("en", "Asia/Tokyo")


def test_a_row_for_each_app_and_a_cell_for_each_day():
    heat = heat_of(overview_of(3), TEXT)
    assert [row.title for row in heat.rows] == ["App 0", "App 1", "App 2"]
    assert {len(row.cells) for row in heat.rows} == {len(heat.days)} == {28}
    assert heat.days[-1] == "24 Nov"


def test_a_cell_is_the_worst_slo_of_its_app_in_words_and_colour():
    value = overview_of(1)
    value.statuses[1].daily_burn.values[-1] = 50.0
    cell = heat_of(value, TEXT).rows[0].cells[-1]
    assert (cell.band, cell.label) == (4, "50")
    assert cell.description == f"fastest hour: {TEXT.burn(50.0)}, would page someone"


def test_a_burn_at_the_budgets_pace_is_not_numbered():
    cell = heat_of(overview_of(1), TEXT).rows[0].cells[0]
    assert (cell.band, cell.label) == (0, "")


def test_a_day_without_data_is_no_number():
    value = overview_of(1)
    for status in value.statuses:
        status.daily_burn.values[0] = np.nan
    cell = heat_of(value, TEXT).rows[0].cells[0]
    assert (cell.band, cell.label, cell.description) == (None, "", "no data")


def test_nothing_configured_makes_an_empty_strip():
    heat = heat_of(Overview(END, (), ()), TEXT)
    assert (heat.days, heat.rows) == ((), ())


def test_a_day_of_which_something_does_not_count_says_so():
    left_out = {"app-0": (Stretch(END - DAY - 600, END - DAY),)}
    cells = heat_of(overview_of(2), TEXT, excluded=left_out).rows[0].cells
    assert [cell.excluded for cell in cells[-3:]] == [False, True, False]
    assert cells[-2].description.endswith(", partly excluded")
    assert not any(cell.excluded for cell in heat_of(overview_of(2), TEXT, excluded=left_out).rows[1].cells)


def test_every_band_has_a_name():
    assert len(BAND_NAMES) == len(BANDS) + 1


def test_what_happened_is_signed_on_its_days():
    happened = Annotations((Stretch(END - 60, END),), (Event(END - DAY),), (Stretch(0, 1),))
    heat = heat_of(overview_of(1), TEXT, happened)
    assert heat.signs[-2:] == ("┆", "▾")
    assert not any(heat.signs[:-2])
