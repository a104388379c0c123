"""Whether the limit of an infra signal fits the unit of its values."""

from __future__ import annotations

from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.schema import Unit

# Shares of a whole may exceed 1 (the load of a machine against its cores), but not by so much.
_MORE_THAN_A_SHARE = 10


def note_limit(document: Document, place: Place, unit: Unit, limit: float | None) -> None:
    """Notes a limit at a place that looks like percent where the values are ratios."""
    if unit is Unit.RATIO and limit is not None and limit > _MORE_THAN_A_SHARE:
        document.note(place, Code.LIMIT_LOOKS_LIKE_PERCENT, written=f"{limit:g}", meant=f"{limit / 100:g}")
