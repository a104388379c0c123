"""The heat strip: apps by days, each cell the fastest hour of burning of its day.

It is a table of plain values: a page or a file draws it without a chart library, which takes a
fraction of the time for hundreds of cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from tomoni.charts.annotations import NONE, Annotations, Stretch
from tomoni.review.model import Overview, SloStatus
from tomoni.slo.model import FloatArray
from tomoni.words.apart import names_of
from tomoni.words.text import Text, mark

Excluded = Mapping[str, Sequence[Stretch]]
NOTHING: Excluded = {}
# A burn of 1 is even pace; 6 and 14.4 are the rates at which the Site Reliability Workbook notifies.
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
    """The strip: each day in words and as the name of a period (2026-11-19), what happened on it (signs, mostly
    empty), and a row for each app."""

    days: tuple[str, ...]
    names: tuple[str, ...]
    signs: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_of(overview: Overview, text: Text, annotations: Annotations = NONE, excluded: Excluded = NOTHING) -> Heat:
    """Apps in the order of the overview, days from the oldest to the newest; ``excluded`` is what was
    agreed not to count of each app, by its id.

    A cell is the worst clock hour of the worst SLO of the app on a day of the app's zone.
    """
    apps: dict[str, list[SloStatus]] = {}
    for status in overview.statuses:
        apps.setdefault(status.app.id, []).append(status)
    dates = sorted({date for status in overview.statuses for date in _dates(status)})
    names = names_of(overview.statuses, text.language)
    rows = (
        HeatRow(app, names[found[0].path][0], _cells(found, dates, excluded.get(app, ()), text))
        for app, found in apps.items()
    )
    days = tuple(text.day(_noon(date, text.zone), year=False) for date in dates)
    signs = tuple(_signs(date, annotations, text.zone) for date in dates)
    return Heat(days, tuple(date.isoformat() for date in dates), signs, tuple(rows))


def _dates(status: SloStatus) -> list[date]:
    """The local date of each of the days of a status."""
    zone = status.app.timezone
    return [_date(int(end) - 1, zone) for end in status.daily_burn.times]


def _date(moment: int, zone: str) -> date:
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).date()


def _noon(day: date, zone: str) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).timestamp())


def _worst(statuses: Sequence[SloStatus], dates: Sequence[date]) -> FloatArray:
    """The fastest burn of each day over some SLOs; NaN where none has one. Shape ``(len(dates),)``."""
    place = {date: n for n, date in enumerate(dates)}
    worst = np.full(len(dates), np.nan)
    for status in statuses:
        at = [place[date] for date in _dates(status)]
        worst[at] = np.fmax(worst[at], status.daily_burn.values)
    return worst


def _cells(
    statuses: Sequence[SloStatus], dates: Sequence[date], excluded: Sequence[Stretch], text: Text
) -> tuple[Cell, ...]:
    """The cells of one app."""
    plain = [_cell(float(rate), text) for rate in _worst(statuses, dates)]
    zone = statuses[0].app.timezone
    touched = [any(_touches(each, day, zone) for each in excluded) for day in dates]
    return tuple(_marked(cell, text) if out else cell for cell, out in zip(plain, touched, strict=True))


def _touches(stretch: Stretch, day: date, zone: str) -> bool:
    return stretch.start < stretch.end and _date(stretch.start, zone) <= day <= _date(stretch.end - 1, zone)


def _marked(cell: Cell, text: Text) -> Cell:
    """A cell of a day that does not count in full."""
    return replace(cell, description=text.listed([cell.description, text._("partly excluded")]), excluded=True)


def _cell(rate: float, text: Text) -> Cell:
    if np.isnan(rate):
        return Cell(None, "", text._("no data"))
    band = int(np.digitize(rate, BANDS))
    facts = {"burn": text.burn(rate), "band": text._(BAND_NAMES[band])}
    return Cell(band, text.number(rate, 0) if band else "", text._("fastest hour: %(burn)s, %(band)s") % facts)


def _signs(day: date, annotations: Annotations, zone: str) -> str:
    """What touched a day: episodes, events, exclusions."""
    signs = [("▾", _touches(stretch, day, zone)) for stretch in annotations.episodes]
    signs += [("┆", _date(event.at, zone) == day) for event in annotations.events]
    signs += [("▨", _touches(stretch, day, zone)) for stretch in annotations.exclusions]
    return "".join(dict.fromkeys(sign for sign, there in signs if there))
