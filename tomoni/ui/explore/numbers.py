"""The table beside the figure: a line of it for each line of the answer, which is its legend as well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from data_sources.exploring import Heat, Line, Lines, mean_of
from tomoni.charts.explored import colors_of, edges_of
from tomoni.charts.theme import Theme
from tomoni.slo.model import FloatArray
from tomoni.ui.blocks import number_table, quiet, stacking_table, title
from tomoni.ui.escape import html
from tomoni.ui.explore.exploration import Exploration
from tomoni.words.asking import units
from tomoni.words.explored import line_names
from tomoni.words.text import Text


def numbers_panel(exploration: Exploration, answer: Lines, earlier: Lines | None) -> None:
    """Draw the numbers of all lines, with what they were earlier."""
    text = exploration.text
    with st.container(key="panel-numbers"):
        title(text._("Numbers"), text.duration(answer.interval.step_seconds))
        if answer.heat is not None:
            st.html(_of_sizes(answer.heat, answer.unit, text))
            return
        st.html(_table(answer, earlier, exploration.context.theme, text) + _left_out(answer, text))


def _of_sizes(heat: Heat, unit: str, text: Text) -> str:
    """How many there were of each size, by second; the largest first, as they lie in the figure."""
    heads = [text._("Up to"), text._("Newest"), text._("Mean"), text._("Lowest"), text._("Highest")]
    named = "" if text.quantity(1.0, unit) != text.number(1.0) else f" {units(unit, text)}".rstrip()
    rows = [
        [html(f"{edge}{named if edge[0].isdigit() else ''}")]
        + [text.quantity(each, "per_second") for each in numbers_of(Line({}, counts))]
        for edge, counts in zip(edges_of(heat, unit), heat.counts, strict=True)
    ]
    return number_table(heads, rows[::-1], texts=1, name=text._("Numbers"))


def _table(answer: Lines, earlier: Lines | None, theme: Theme, text: Text) -> str:
    names, colors = line_names(answer.lines, text), colors_of(answer.lines, theme)
    before = _means(earlier, text)
    heads = [text._("Line"), text._("Newest"), text._("Mean"), text._("Lowest"), text._("Highest")]
    if before:
        heads.append(text._("Mean earlier"))
    rows, nameless = [], text._("Value")
    for line, name, color in zip(answer.lines, names, colors, strict=True):
        chip = f"<span><span aria-hidden='true' style='color:{color}'>■</span> {html(name or nameless)}</span>"
        cells = [chip, *(text.quantity(each, answer.unit) for each in numbers_of(line))]
        rows.append((*cells, text.quantity(before.get(name), answer.unit)) if before else tuple(cells))
    return stacking_table(heads, rows, texts=1, name=text._("Numbers"))


def _means(earlier: Lines | None, text: Text) -> dict[str, float | None]:
    if earlier is None:
        return {}
    names = line_names(earlier.lines, text)
    return {name: numbers_of(line)[1] for name, line in zip(names, earlier.lines, strict=True)}


def numbers_of(line: Line) -> Sequence[float | None]:
    """The newest, the mean, the lowest and the highest value, of the band where there is one."""
    there = _known(line.values)
    if not len(there):
        return (None, None, None, None)
    low = _known(line.low) if line.low is not None else there
    high = _known(line.high) if line.high is not None else there
    lowest, highest = (float((each if len(each) else there).min()) for each in (low, -high))
    return float(there[-1]), mean_of(there), lowest, -highest


def _known(values: FloatArray) -> FloatArray:
    return np.asarray(values[np.isfinite(values)])


def _left_out(answer: Lines, text: Text) -> str:
    summed = sum(line.summed for line in answer.lines)
    if not summed:
        return ""
    facts = {"n": text.number(summed, 0), "shown": text.number(len(answer.lines) - 1, 0)}
    return quiet(text._("The %(shown)s largest series are shown; the other %(n)s are added up.") % facts)
