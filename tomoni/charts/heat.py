"""The heat strip: apps by days, each cell the fastest hour of burning of its day.

It is a table of plain values: a page or a file draws it without a chart library, which takes a
fraction of the time for hundreds of cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tomoni.charts.annotations import NONE, Annotations, Stretch
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.model import DAY, FloatArray
from tomoni.words.text import Text, mark

Excluded = Mapping[str, Sequence[Stretch]]
NOTHING: Excluded = {}
# A burn of 1 is even pace; 6 and 14.4 are where the Site Reliability Workbook wants somebody told.
BANDS = (1.0, 3.0, 6.0, 14.4)
BAND_NAMES = (
    mark("within the budget's pace"),
    mark("faster than its pace"),
    mark("fast"),
    mark("very fast"),
    mark("would page someone"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One app on one day. ``band`` is the place in `BAND_NAMES`, None without data.

    ``excluded`` says that some of it was agreed not to count. ``label`` is short enough for the cell and
    empty for slow burns; ``description`` puts it into words.
    """

    band: int | None
    label: str
    description: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One app: its id, its title (untrusted), and a cell for each day."""

    app: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The strip: the name of each day, what happened on it (signs, mostly empty), and a row for each app."""

    days: tuple[str, ...]
    signs: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_of(overview: Overview, text: Text, annotations: Annotations = NONE, excluded: Excluded = NOTHING) -> Heat:
    """Apps in the order of the overview, days from the oldest to the newest; ``excluded`` is what was
    agreed not to count of each app, by its id.

    A cell is the worst hour of the worst SLO of the app in the 24 hours before the day's end.
    """
    apps: dict[str, list[SloStatus]] = {}
    for status in overview.statuses:
        apps.setdefault(status.app.id, []).append(status)
    ends = sorted({int(end) for status in overview.statuses for end in status.daily_burn.times})
    rows = (
        HeatRow(app, found[0].app.title(text.language), _cells(_worst(found, ends), ends, excluded.get(app, ()), text))
        for app, found in apps.items()
    )
    days = tuple(text.day(end - 1, year=False) for end in ends)
    return Heat(days, tuple(_signs(end, annotations) for end in ends), tuple(rows))


def _worst(statuses: Sequence[SloStatus], ends: Sequence[int]) -> FloatArray:
    """The fastest burn of each day over some SLOs; NaN where none has one. Shape ``(len(ends),)``."""
    place = {end: n for n, end in enumerate(ends)}
    worst = np.full(len(ends), np.nan)
    for status in statuses:
        at = [place[int(end)] for end in status.daily_burn.times]
        worst[at] = np.fmax(worst[at], status.daily_burn.values)
    return worst


def _cells(rates: FloatArray, ends: Sequence[int], excluded: Sequence[Stretch], text: Text) -> tuple[Cell, ...]:
    plain = [_cell(float(rate), text) for rate in rates]
    touched = [any(each.start < end and each.end > end - DAY for each in excluded) for end in ends]
    return tuple(_marked(cell, text) if out else cell for cell, out in zip(plain, touched, strict=True))


def _marked(cell: Cell, text: Text) -> Cell:
    """A cell of a day of which something does not count."""
    return replace(cell, description=text.listed([cell.description, text._("partly excluded")]), excluded=True)


def _cell(rate: float, text: Text) -> Cell:
    if np.isnan(rate):
        return Cell(None, "", text._("no data"))
    band = int(np.digitize(rate, BANDS))
    facts = {"burn": text.burn(rate), "band": text._(BAND_NAMES[band])}
    return Cell(band, text.number(rate, 0) if band else "", text._("fastest hour: %(burn)s, %(band)s") % facts)


def _signs(end: int, annotations: Annotations) -> str:
    """What touched the day that ends at a moment: episodes, events, exclusions."""
    start = end - DAY
    signs = [("▾", stretch.start < end and stretch.end > start) for stretch in annotations.episodes]
    signs += [("┆", start <= event.at < end) for event in annotations.events]
    signs += [("▨", stretch.start < end and stretch.end > start) for stretch in annotations.exclusions]
    return "".join(dict.fromkeys(sign for sign, there in signs if there))
