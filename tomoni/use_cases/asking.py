"""What asks the sources because somebody wants it now: a command, or the story of the demo."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from tomoni.access.policy import Grants
from tomoni.catalog.schema import Problem
from tomoni.catalog.who_may import Role
from tomoni.ledger import Ledger, SyncReport
from tomoni.meetings.meetings import Meetings
from tomoni.review.model import Period
from tomoni.use_cases.background import OnProgress
from tomoni.use_cases.configuration import Configuration, Setup
from tomoni.use_cases.rereading import Rereading, Scope, read_again
from tomoni.use_cases.syncing import Syncing
from tomoni.use_cases.viewed import setup_with_rows


class AsksSources(ABC):
    """The part of the product (`use_cases/product.py`) that asks the sources at once and waits for them."""

    ledger: Ledger
    meetings: Meetings
    grants: Grants
    _configuration: Configuration

    @abstractmethod
    def now(self) -> int:
        """The present moment, Unix seconds."""

    def check(self) -> tuple[Problem, ...]:
        """The problems of the configuration that only its sources can reveal."""
        return Syncing(self._configuration.current, self.ledger, self.now()).check()

    def sync_status(
        self, at: int | None = None, app: str | None = None, on_progress: OnProgress | None = None
    ) -> SyncReport:
        """Fetches what is missing for the status of all SLOs (or of one app's) as of a moment."""
        return self._syncing().sync_status(at, app, on_progress)

    def sync(
        self, days: int | None = None, until: int | None = None, on_progress: OnProgress | None = None
    ) -> SyncReport:
        """Fetches what is missing of every SLO and infra signal until a moment (Unix seconds): of so many
        days, else of all that the pages show."""
        return self._syncing().sync_all(days, until, on_progress)

    def read_again(self, scope: Scope, on_progress: OnProgress | None = None) -> Rereading:
        """Reads an interval again, whatever is stored of it, and reports what changed. Raises NotAllowedError."""
        self.grants.require(Role.ADMIN)
        self._configuration.fetch_native_definitions(self.now())
        self.meetings.did("ledger.read_again", scope.app or "", scope.slo or scope.source or "")
        return read_again(self._fetched(), self.ledger, self.now(), scope, on_progress)

    def sync_review(self, period: Period, app: str | None = None, on_progress: OnProgress | None = None) -> SyncReport:
        """Fetches what is missing for the reviews of all apps (or of one) over a period."""
        return self._syncing().sync_review(period, app, on_progress)

    def sync_periods(self, periods: Mapping[str, Period], on_progress: OnProgress | None = None) -> SyncReport:
        """Fetches what is missing for the reviews of apps, each over a period of its own."""
        return self._syncing().sync_periods(periods, on_progress)

    def _syncing(self) -> Syncing:
        """Use cases that fetch, under a setup with the newest definitions that sources keep."""
        self._configuration.fetch_native_definitions(self.now())
        return Syncing(self._fetched(), self.ledger, self.now())

    def _fetched(self) -> Setup:
        """The setup with all that is asked for: also the saved views that are rows of a joint view."""
        return setup_with_rows(self._configuration.current, self.meetings.records)
