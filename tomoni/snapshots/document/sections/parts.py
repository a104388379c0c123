"""The parts of the SLOs that are split by labels: a table for each."""

from __future__ import annotations

from tomoni.review.model import SloStatus
from tomoni.slo.parts import SplitFigures
from tomoni.snapshots.document.model import Block, Cell, Listing, Part, Section
from tomoni.snapshots.document.sections.edition import Edition, count_cell, name_of, share_cell, table, worst_first
from tomoni.words import splits, states
from tomoni.words.text import Text


def parts(edition: Edition) -> Section | None:
    """A part for each split SLO; None where none is split."""
    text = edition.text
    statuses = [track.status for track in worst_first(edition.review.tracks)]
    found = tuple(_part(status, status.split, text) for status in statuses if status.split is not None)
    return Section("parts", text._("Parts"), found) if found else None


def _part(status: SloStatus, split: SplitFigures, text: Text) -> Part:
    _ = text._
    heads = (_("Part"), _("State"), "SLI", _("Bad"), _("Valid"), _("Of all bad"), _("Of the traffic"))
    rows = [
        [
            Cell(title),
            Cell(states.label(part.figures.state, text), None, part.figures.state),
            Cell(text.sli(part.figures.sli), part.figures.sli),
            count_cell(part.bad, text),
            count_cell(part.total, text),
            share_cell(part.share_of_bad, text),
            Cell(text.percent(part.share_of_traffic), part.share_of_traffic),
        ]
        for title, part in splits.rows(split, text)
    ]
    told = [
        f"{title}: {text.listed(notes)}"
        for title, part in splits.rows(split, text)
        if (notes := splits.notes(part, text))
    ]
    blocks: list[Block] = [table(heads, rows, texts=2)]
    blocks += [Listing(tuple(told))] if told else []
    title = f"{name_of(status, text)}: {splits.heading(split, text)}"
    speech = text.sentences(*splits.remarks(split, text))
    return Part(
        f"parts-{status.journey.id}-{status.slo.id}",
        title,
        splits.lead(split, text),
        tuple(blocks),
        speech,
    )
