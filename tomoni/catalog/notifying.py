"""Who is told of what happens to budgets, where and when not: `notifications.yaml` as it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import App
from tomoni.slo.standing import Happening

CHANNELS = ("slack", "google_chat", "teams", "webhook", "email")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, by the clocks of a zone, nothing is sent; over midnight where ``until`` is earlier."""

    start: time
    until: time
    zone: str
    weekends: bool = False

    def holds(self, now: float) -> bool:
        """Whether it is quiet at a moment (Unix seconds)."""
        here = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.zone))
        if self.weekends and here.isoweekday() > 5:
            return True
        clock = here.time()
        if self.start <= self.until:
            return self.start <= clock < self.until
        return clock >= self.start or clock < self.until


@dataclass(frozen=True, slots=True)
class Audience:
    """A team that is told: of which changes, by which channels, to which mail addresses, in which language (empty: that
    of the settings), and when not. ``apps`` are those apps alone (empty: all of the team's)."""

    team: str
    channels: tuple[str, ...]
    changes: frozenset[Happening] = frozenset(Happening)
    mails: tuple[str, ...] = ()
    apps: frozenset[str] = frozenset()
    language: str = ""
    quiet: QuietHours | None = None

    def concerns(self, app: App) -> bool:
        """Whether an app is one of its own."""
        return self.team in app.teams.values() and (not self.apps or app.id in self.apps)


@dataclass(frozen=True, slots=True)
class Notifications:
    """All who are told; nobody where nothing is written."""

    audiences: tuple[Audience, ...] = ()


NOTHING = Notifications()
