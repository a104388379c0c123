"""When both teams meet next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import App


def next_review(app: App, at: int) -> datetime | None:
    """The app's next review at or after a moment (Unix seconds), on the clocks of its zone; None without a
    rhythm, or without a first day.
    """
    if app.review is None or app.review.starting is None:
        return None
    zone = ZoneInfo(app.timezone)
    first = app.review.starting.replace(tzinfo=None)
    now = datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)
    every = timedelta(days=app.review.every_days)
    past = max(0, -((first - now) // every))  # whole rhythms, rounded up
    return (first + past * every).replace(tzinfo=zone)
