"""What happened to an app (deploys, releases, planned work, flags), as a review shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tomoni.catalog.schema import UNLESS_EMPTY
from tomoni.meetings.model import Event, EventKind


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """An event at a moment, or in ``[at, until)``, Unix seconds; ``id`` is that of its record.

    ``title`` is what somebody wrote: escaped where it is shown. ``sender`` says where it came from. The fields behind
    it are those of an alert, as `meetings.model.Event` has them.
    """

    id: str
    at: int
    what: EventKind
    title: str
    until: int | None = None
    url: str = ""
    sender: str = ""
    name: str = field(default="", metadata=UNLESS_EMPTY)
    severity: str = field(default="", metadata=UNLESS_EMPTY)
    slo: str = field(default="", metadata=UNLESS_EMPTY)
    before: bool = field(default=False, metadata=UNLESS_EMPTY)


def shown_event(id_: str, value: Event) -> ReviewEvent:
    """What a record says, as a review shows it."""
    own = (value.at, value.what, value.title, value.until, value.url, value.sender)
    return ReviewEvent(id_, *own, name=value.name, severity=value.severity, slo=value.slo, before=value.before)
