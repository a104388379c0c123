"""The table behind the overview's lines of 28 days: the same numbers, by the app's days."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.pages.conftest import Open
from tomoni.ui.overview.daily_table import daily_frame
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for


def test_each_number_of_the_lines_stands_under_its_day(tomoni: Tomoni) -> None:
    statuses = tomoni.overview().statuses
    table = daily_frame(statuses, text_for("en", "UTC"))
    assert len(table) == len(statuses)
    for row, status in enumerate(statuses):
        known = ~np.isnan(status.daily.values) & (status.budget_left is not None)
        for end, value in zip(status.daily.times[known], status.daily.values[known], strict=True):
            day = datetime.fromtimestamp(int(end) - 1, ZoneInfo(status.app.timezone)).date().isoformat()
            assert table.iloc[row][day] == pytest.approx(value * 100, abs=0.05)
        assert table.iloc[row].notna().sum() == known.sum()


@pytest.mark.parametrize("team", [None, "payments"])
def test_it_is_built_only_while_it_is_open(open_page: Open, team: str | None) -> None:
    page = open_page("overview", **({"team": team} if team else {}))
    tables = len(page.dataframe)
    opened = next(each for each in page.expander if "day by day" in each.label)
    assert not opened.dataframe
    assert tables >= 1
