"""What both teams know about an app or a journey besides what is measured: its users, its worth, its peaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomoni.catalog.local_text import LocalText


@dataclass(frozen=True, slots=True)
class Peak:
    """When it matters most: from a local moment of the app's zone for some seconds, once or by an RRULE."""

    title: LocalText
    starting: datetime
    seconds: int
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a worksheet asks for; each is None or empty where nobody has answered it yet. ``steps``, ``good`` and
    ``unmeasured`` are those of journeys."""

    users: LocalText | None = None
    importance: LocalText | None = None
    peaks: tuple[Peak, ...] = ()
    depends_on: tuple[LocalText, ...] = ()
    steps: tuple[LocalText, ...] = ()
    good: LocalText | None = None
    unmeasured: LocalText | None = None
