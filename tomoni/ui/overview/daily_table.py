"""The budgets of the last 28 days as numbers: what the small lines of the overview's table draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import streamlit as st

from tomoni.review.model import SloStatus
from tomoni.ui.blocks import remark
from tomoni.ui.overview.shares import shown_percent
from tomoni.words.apart import names_of
from tomoni.words.text import Text


def daily_table(statuses: Sequence[SloStatus], text: Text) -> None:
    """Draw the table behind a line that opens it; it is built only while it is open."""
    label = text._("Budget left day by day, as a table")
    opened = st.expander(label, key="daily-table", on_change="rerun")
    with opened:
        if opened.open:
            remark(text._("Percent of the budget that was left at the end of each day, by the clocks of the app."))
            table = daily_frame(statuses, text)
            columns = {day: st.column_config.NumberColumn(format="%g") for day in table.columns}
            st.dataframe(table, column_config=columns, placeholder="—", key=f"daily-{text.language}")


def daily_frame(statuses: Sequence[SloStatus], text: Text) -> pd.DataFrame:
    """A row for each SLO and a column for each day, in percent; NaN where nothing was observed, and for an SLO that
    is not judged, for its untouched budget is no 100 %."""
    known = [_by_day(status) for status in statuses]
    days = sorted({day for row in known for day in row}, reverse=True)
    names = names_of(statuses, text.language)
    rows = [
        [" · ".join(names[status.path]), *(row.get(day, np.nan) for day in days)]
        for status, row in zip(statuses, known, strict=True)
    ]
    table = pd.DataFrame(rows, columns=[text._("SLO"), *(day.isoformat() for day in days)])
    return table.set_index(text._("SLO"))


def _by_day(status: SloStatus) -> dict[date, float]:
    """The budget left at the end of each day in percent, by the app's clocks."""
    if status.budget_left is None:
        return {}
    zone, line = ZoneInfo(status.app.timezone), status.daily
    # A day that is over ends at midnight, which belongs to the next one.
    days = (datetime.fromtimestamp(end - 1, zone).date() for end in line.times.tolist())
    values = zip(days, line.values.tolist(), strict=True)
    return {day: shown_percent(value, 1) for day, value in values if not np.isnan(value)}
