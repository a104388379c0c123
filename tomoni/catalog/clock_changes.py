"""Local times that a change of the clocks skips, or repeats, written without an offset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place


def note_clock_changes(document: Document, place: Place, moments: Mapping[str, datetime | None], zone: str) -> None:
    """Notes the moments, by their keys at a place, that are on no clock of a zone, or on it twice."""
    for key, moment in moments.items():
        if moment is None or moment.tzinfo is not None:
            continue
        first, second = (moment.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
        shown = first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None)
        facts = {"at_clock": _clock(moment), "zone": zone}
        if shown != moment:
            document.note((*place, key), Code.MOMENT_SKIPPED, **facts, shifted=_clock(shown))
        elif first.utcoffset() != second.utcoffset():
            offsets = {"first": first.isoformat()[-6:], "second": second.isoformat()[-6:]}
            document.note((*place, key), Code.MOMENT_TWICE, **facts, **offsets)


def _clock(moment: datetime) -> str:
    return moment.replace(tzinfo=None, fold=0).isoformat(timespec="minutes")
