"""What happened to an app (deploys, releases, planned work, flags), as a review shows it."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import EventKind


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """An event at a moment, or in ``[at, until)``, Unix seconds; ``id`` is that of its record.

    ``title`` is what somebody wrote: escaped where it is shown. ``sender`` says where it came from.
    """

    id: str
    at: int
    what: EventKind
    title: str
    until: int | None = None
    url: str = ""
    sender: str = ""
