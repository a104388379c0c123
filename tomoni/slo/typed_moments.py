"""Moments as they are typed by the clocks of a zone, whose hour is there twice when the clocks go back."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tomoni.slo.tally import Span


def local(moment: int, zone: ZoneInfo) -> datetime:
    """What the clocks of a zone show at a moment (Unix seconds)."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None)


def typed_span(start: datetime, end: datetime, zone: ZoneInfo, was: Span | None) -> Span:
    """The interval of two typed moments. One that is left as the clocks showed it (``was``) stays what it was, to the
    second; of an hour that is there twice the first is meant, but at the end where that is not after the start."""
    first = typed(start, zone, was[0] if was else None)
    last = typed(end, zone, was[1] if was else None)
    again = int(end.replace(tzinfo=zone, fold=1).timestamp())
    return first, (again if last <= first else last)


def typed(shown: datetime, zone: ZoneInfo, was: int | None) -> int:
    """A typed moment. One that is left as the clocks showed it (``was``) stays what it was, to the second; of an hour
    that is there twice the first is meant."""
    if was is not None and local(was, zone).replace(second=0) == shown.replace(second=0):
        return was
    return int(shown.replace(tzinfo=zone).timestamp())
