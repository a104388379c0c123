"""Windows of burn rates in which no whole number of an SLO's buckets (or slices) fits."""

from __future__ import annotations

from collections.abc import Iterator

from data_sources.durations import format_duration
from tomoni.catalog.codes import Code, listed
from tomoni.catalog.document import Document, Place
from tomoni.slo.model import BURN_WINDOWS_SECONDS, WORKBOOK_RULES, Definition


def note_cut_windows(document: Document, place: Place, definition: Definition, part: str, unit: int) -> None:
    """Notes written windows that are longer than one bucket or slice (``part``, of ``unit`` seconds) and no multiple.

    Their burn rates are those of the whole ones within them. Of the usual windows, which nobody wrote, nothing is
    noted.
    """
    if definition.objective.allowance == 0:
        return
    cut = sorted({seconds for seconds in _written(definition) if seconds > unit and seconds % unit})
    if cut:
        facts = {
            "windows": listed(format_duration(seconds) for seconds in cut),
            "used": listed(format_duration(seconds // unit * unit) for seconds in cut),
        }
        document.note(place, Code.WINDOWS_CUT, **facts, part=part, length=format_duration(unit))


def _written(definition: Definition) -> Iterator[int]:
    if definition.burn_windows_seconds is not BURN_WINDOWS_SECONDS:
        yield from definition.burn_windows_seconds
    if definition.rules is not WORKBOOK_RULES:
        for rule in definition.rules:
            yield from (rule.long_seconds, rule.short_seconds)
