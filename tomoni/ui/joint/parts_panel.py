"""The parts of the SLOs of a journey that are split by labels: under the cards, closed until somebody opens them."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from tomoni.review.model import SloStatus
from tomoni.slo.parts import Part, SplitFigures
from tomoni.ui.blocks import chip, number_table
from tomoni.ui.escape import html
from tomoni.ui.selection import Selection
from tomoni.words import splits
from tomoni.words.text import Text

# More lines than this would push the figure out of sight.
_MOST_LINES = 2
# What the panel without lines, and each line, add to what stands above the figure, in heights of a card (8rem).
_PANEL, _LINE = 0.3, 0.23


def parts_panel(selection: Selection) -> None:
    """Draw a line for each split SLO, which opens the table of its parts; nothing where none is split."""
    found = [(track.status, track.status.split) for track in selection.tracks if track.status.split is not None]
    if not found:
        return
    lines = [_panel(status, split, selection.text) for status, split in found]
    with st.container(key="panel-parts"):
        st.html("".join(lines) if len(lines) <= _MOST_LINES else _folded(lines, selection.text))


def lines_above(selection: Selection) -> float:
    """The height of these lines, in heights of a card."""
    n = sum(track.status.split is not None for track in selection.tracks)
    return 0 if n == 0 else _PANEL + _LINE * (n if n <= _MOST_LINES else 1)


def _folded(lines: list[str], text: Text) -> str:
    said = text.n_("%(n)s objective in parts", "%(n)s objectives in parts", len(lines)) % {"n": len(lines)}
    return f"<details class='tm-more'><summary>{html(said)}</summary>{''.join(lines)}</details>"


def _panel(status: SloStatus, split: SplitFigures, text: Text) -> str:
    head = f"<b>{html(status.slo.title(text.language))}</b> · {html(splits.heading(split, text))}"
    lead = f"{html(splits.lead(split, text))} ({html(splits.number(split, text))})"
    remarks = html(text.sentences(*splits.remarks(split, text)))
    return (
        f"<details class='tm-more tm-parts'><summary>{head}: {lead}</summary>"
        f"{parts_table(split, text)}<p class='tm-small tm-muted'>{remarks}</p></details>"
    )


def parts_table(split: SplitFigures, text: Text) -> str:
    """The parts as HTML, the worst first, and all others last."""
    _ = text._
    heads = (_("Part"), _("State"), "SLI", _("Bad"), _("Of all bad"), _("Of the traffic"), _("Of the budget"))
    name = splits.heading(split, text)
    return number_table(heads, _rows(split, text), texts=2, name=name)


def _rows(split: SplitFigures, text: Text) -> Iterator[tuple[str, ...]]:
    for title, part in splits.rows(split, text):
        yield (
            f"{html(title)}{_notes(part, text)}",
            chip(part.figures.state, text),
            text.sli(part.figures.sli),
            text.count(part.bad),
            text.percent(part.share_of_bad),
            text.percent(part.share_of_traffic),
            text.budget(part.spent),
        )


def _notes(part: Part, text: Text) -> str:
    found = splits.notes(part, text)
    return f"<div class='tm-small tm-muted'>{html(text.listed(found))}</div>" if found else ""
