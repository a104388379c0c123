"""Everything that teams write when they meet, in one place for pages, commands and the API."""

from __future__ import annotations

import time

from sqlalchemy import Engine

from tomoni.access.audit import ITSELF, Actor, Audit, Deeds
from tomoni.access.pace import Pace
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.meetings.closing import Closing
from tomoni.meetings.notes import Notes
from tomoni.meetings.notifications import Notifications
from tomoni.meetings.records import Clock, Records
from tomoni.meetings.search import PostmortemSearch
from tomoni.meetings.sent import SentMessages
from tomoni.meetings.steps import Steps
from tomoni.meetings.tokens import Tokens
from tomoni.store.engine import write


class Meetings:
    """The records of all apps, and where each meeting is."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        grants: Grants = EVERYTHING,
        actor: Actor = ITSELF,
        pace: Pace | None = None,
    ) -> None:
        self._engine, self._clock, self._grants, self._actor = engine, clock, grants, actor
        self._pace = pace or Pace(time.monotonic)
        deeds = Deeds(clock, actor, self._pace)
        self.audit = Audit(engine, grants)
        self.deeds = deeds
        self.records = Records(engine, clock, grants=grants, deeds=deeds)
        self.steps = Steps(engine, clock, self.records, deeds)
        self.sent = SentMessages(engine, clock)
        self.notifications = Notifications(engine, clock)
        self.notes = Notes(engine, clock, self.records, deeds)
        self.tokens = Tokens(engine, clock, grants, deeds)
        self.closing = Closing(engine, clock, self.records)
        self.search = PostmortemSearch(engine, grants)

    def seen_by(self, grants: Grants, actor: Actor = ITSELF) -> Meetings:
        """The same for a reader who may not see or do everything, and whose deeds are remembered."""
        return Meetings(self._engine, self._clock, grants, actor, self._pace)

    def did(self, what: str, app: str = "", about: str = "") -> None:
        """Remembers a deed that writes nothing else into the database. Raises StoreError."""
        write(self._engine, lambda connection: self.deeds.remember(connection, what, app, about))

    def as_of(self, moment: int) -> Meetings:
        """The same records, written as if it were a moment (Unix seconds): for a story that is told afterwards."""
        return Meetings(self._engine, lambda: float(moment), self._grants, self._actor, self._pace)
