"""The table of all SLOs, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from tomoni.charts.theme import Theme
from tomoni.review.agreements import next_review
from tomoni.review.joint import policy_standing
from tomoni.review.model import SloStatus
from tomoni.slo.burn_windows import in_tables
from tomoni.slo.model import Line
from tomoni.ui.overview.shares import shown_percent
from tomoni.ui.prepared_tables import shown_again
from tomoni.words import states, terms
from tomoni.words.apart import names_of
from tomoni.words.text import Text

_ROW_PX, _MOST_PX = 36, 640
_NO_LINE = Line(np.zeros(0, dtype=np.int64), np.zeros(0))


def worst_first(statuses: Sequence[SloStatus]) -> list[SloStatus]:
    """Sort by state, then by remaining budget; ties keep their order."""
    rank = {state: n for n, state in enumerate(states.ORDER)}

    def worse(status: SloStatus) -> tuple[int, float]:
        left = status.figures.remaining
        return rank[status.figures.state], np.inf if left is None else left

    return sorted(statuses, key=worse)


def data_frame(statuses: Sequence[SloStatus], text: Text) -> pd.DataFrame:
    """One row per SLO; ratios in percent, NaN for missing values."""
    names = names_of(statuses, text.language)
    burns = _burn_columns(statuses)
    columns = [*_BEFORE_BURNS, *burns, *_AFTER_BURNS]
    return pd.DataFrame([_row(status, names[status.path], burns, text) for status in statuses], columns=columns)


def _burn_columns(statuses: Sequence[SloStatus]) -> dict[str, int]:
    """The columns of burn rates, each with its window in seconds."""
    return {f"burn_{seconds}": seconds for seconds in in_tables(status.figures.burn for status in statuses)}


def _row(status: SloStatus, names: tuple[str, str, str], burns: Mapping[str, int], text: Text) -> dict[str, object]:
    figures, left = status.figures, status.budget_left
    return {
        "state": states.label(figures.state, text),
        **dict(zip(("app", "journey", "slo"), names, strict=True)),
        "left": np.nan if left is None else shown_percent(left),
        "change": np.nan if status.change_7d is None or left is None else status.change_7d * 100 + 0.0,
        "budget": None if left is None else _sparkline(status.daily),
        "sli": _percent(figures.sli),
        "objective": _number(float(status.slo.objective.percent) if status.slo.objective else None),
        **{name: _number(figures.burn.get(seconds)) for name, seconds in burns.items()},
        "policy": _policy_level(status, text.language),
        "review": _next_review(status),
    }


_BEFORE_BURNS = (
    "state",
    "app",
    "journey",
    "slo",
    "left",
    "change",
    "budget",
    "sli",
    "objective",
)
_AFTER_BURNS = ("policy", "review")


def _policy_level(status: SloStatus, language: str) -> str:
    """The current level of the policy; a dash without one."""
    if status.app.policy is None:
        return "—"
    level = policy_standing(status.app.policy, status.figures, _NO_LINE).level
    return level.title(language) if level else "—"


def _next_review(status: SloStatus) -> date | None:
    """The date of the app's next review in the app's time zone."""
    following = next_review(status.app, status.as_of)
    return None if following is None else following.date()


def _sparkline(line: Line) -> list[float] | None:
    """A line in percent from its first value to its last; None for less than two values.

    The cell of a table shows the numbers as text where one is missing, so gaps are bridged.
    """
    known = np.flatnonzero(~np.isnan(line.values))
    if len(known) < 2:
        return None
    days = np.arange(known[0], known[-1] + 1)
    bridged = np.interp(line.times[days], line.times[known], line.values[known])
    return [round(value * 100, 1) for value in bridged.tolist()]


def _percent(ratio: float | None) -> float:
    return np.nan if ratio is None else ratio * 100


def _number(value: float | None) -> float:
    return np.nan if value is None else value


@dataclass(frozen=True, slots=True)
class Prepared:
    """The table as all see it who see the same SLOs: its colours and numbers, its columns of burn rates, its rows."""

    coloured: Styler
    burns: Mapping[str, int]
    rows: int


def prepared(statuses: Sequence[SloStatus], text: Text, theme: Theme) -> Prepared:
    """The table, to be drawn for many."""
    data = data_frame(statuses, text)
    return Prepared(shown_again(coloured(data, statuses, theme, text)), _burn_columns(statuses), len(data))


def draw(table: Prepared, text: Text, alt: str) -> int | None:
    """Draw the table; return the index of the clicked row, or None."""
    event = st.dataframe(
        table.coloured,
        hide_index=True,
        height=min(_MOST_PX, _ROW_PX * (table.rows + 1) + 2),
        row_height=_ROW_PX,
        column_config=_columns(table.burns, text),
        placeholder="—",
        on_select="rerun",
        selection_mode="single-cell",
        key=f"slos-{text.language}",
        alt=alt,
    )
    cells = event.selection.cells
    return int(cells[0][0]) if cells else None


def coloured(data: pd.DataFrame, statuses: Sequence[SloStatus], theme: Theme, text: Text) -> Styler:
    """The table with each state in its colour, and its numbers in the digits that they have everywhere.

    The format of a column has a fixed number of digits, with which 99.99998 % would be 100 %.
    """
    shown: dict[Any, Any] = {
        "change": lambda points: text.points(points / 100),
        "sli": lambda percent: text.sli(percent / 100),
        "objective": lambda percent: text.objective(Decimal(repr(float(percent)))),
        **{name: text.burn for name in data.columns if name.startswith("burn_")},
    }
    colors = [f"color: {theme.states[status.figures.state]}; font-weight: 600" for status in statuses]
    return data.style.apply(lambda column: colors, subset=["state"]).format(shown, na_rep="—")


def _columns(burns: Mapping[str, int], text: Text) -> dict[str, Any]:
    """The heading and help of each column; the numbers without a format here have theirs from `coloured`."""
    _, config = text._, st.column_config
    day = text.day_pattern().replace("d", "D")  # as the browser writes it
    burn = partial(config.NumberColumn, width=74, help=terms.meaning("burn_rate", text))

    return {
        "state": config.TextColumn(_("State"), help=terms.meaning("state", text), width=136),
        "app": config.TextColumn(_("App"), width=116),
        "journey": config.TextColumn(_("Journey"), help=terms.meaning("journey", text), width=178),
        "slo": config.TextColumn(_("SLO"), help=terms.meaning("slo", text), width=284),
        "left": config.ProgressColumn(
            _("Budget left"),
            help=terms.meaning("budget_left", text),
            min_value=0,
            max_value=100,
            format="%g%%",
            width=124,
        ),
        "change": config.NumberColumn(
            _("7 days, points"), help=_("Change of the budget in 7 days, in points"), width=116
        ),
        "budget": config.LineChartColumn(
            _("28 days"),
            y_min=-50,
            y_max=100,
            help=_("Budget left over the last 28 days, in percent, as far as there is data"),
            width=104,
        ),
        "sli": config.NumberColumn(_("SLI"), help=terms.meaning("sli", text), width=84),
        "objective": config.NumberColumn(_("Objective"), help=terms.meaning("objective", text), width=76),
        **{name: burn(_("Burn %(window)s") % {"window": text.duration(seconds)}) for name, seconds in burns.items()},
        "policy": config.TextColumn(_("Policy"), help=terms.meaning("policy", text), width=112),
        "review": config.DateColumn(
            _("Next review"),
            help=terms.meaning("review", text),
            format=day,
            width=88,
        ),
    }
