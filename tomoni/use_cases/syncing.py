"""Use cases that ask sources: fetching what is missing, and checking what is configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from tomoni.catalog.inspect import inspect
from tomoni.catalog.native import problems_of_native
from tomoni.catalog.schema import Problem
from tomoni.catalog.versions import version_of
from tomoni.ledger import Ledger, RequiredSeries, SyncReport
from tomoni.review.inputs import ReviewInputs, slos_of
from tomoni.review.model import Period
from tomoni.review.required import (
    merged,
    required_for_days,
    required_for_pages,
    required_for_review,
    required_for_status,
)
from tomoni.use_cases.background import OnProgress
from tomoni.use_cases.configuration import Setup, native_names


@dataclass(frozen=True, slots=True)
class Syncing:
    """Asks the sources of one setup at one moment ``now`` (Unix seconds)."""

    setup: Setup
    ledger: Ledger
    now: int

    def check(self) -> tuple[Problem, ...]:
        """The problems of the configuration that only its sources can reveal."""
        found = inspect(self.setup.catalog, self.setup.sources, self.now)
        return (*found, *problems_of_native(self.setup.catalog, self.setup.sources))

    def sync_status(self, at: int | None, app: str | None, on_progress: OnProgress | None) -> SyncReport:
        """Fetches what the status of all SLOs (or of one app's) needs as of a moment."""
        until = self.now if at is None else at
        return self._sync(required_for_status(self._inputs(), self.setup.apps(app), until), on_progress)

    def sync_all(self, days: int | None, until: int | None, on_progress: OnProgress | None) -> SyncReport:
        """Fetches what is missing of all series until a moment, then the sources' own figures."""
        inputs, apps, end = self._inputs(), self.setup.apps(), self.now if until is None else until
        required = required_for_pages(inputs, apps, end) if days is None else required_for_days(inputs, apps, end, days)
        report = self._sync(required, on_progress)
        if names := native_names(apps):
            self.ledger.fetch_figures(self.setup.sources, names, self.now)
        return report

    def sync_source(
        self, source: str, on_progress: OnProgress | None, should_stop: Callable[[], bool] = lambda: False
    ) -> SyncReport:
        """Fetches what is missing of the series of one source, then its own figures; definitions are not
        remembered (`remember_definitions`). Ends early when ``should_stop`` returns True."""
        apps = self.setup.apps()
        everything = required_for_pages(self._inputs(), apps, self.now)
        required = [series for series in everything if series.ref.source == source]
        report = self.ledger.sync(self.setup.sources, required, self.now, on_progress, should_stop)
        names = [name for name in native_names(apps) if name[0] == source]
        if names and not should_stop():
            self.ledger.fetch_figures(self.setup.sources, names, self.now)
        return report

    def sync_review(self, period: Period, app: str | None, on_progress: OnProgress | None) -> SyncReport:
        """Fetches what the reviews of all apps (or of one) need over a period."""
        return self._sync(required_for_review(self._inputs(), self.setup.apps(app), period), on_progress)

    def sync_periods(self, periods: Mapping[str, Period], on_progress: OnProgress | None) -> SyncReport:
        """Fetches what the reviews of apps need, each over a period of its own."""
        inputs = self._inputs()
        parts = (required_for_review(inputs, self.setup.apps(app), period) for app, period in periods.items())
        return self._sync(merged(chain.from_iterable(parts)), on_progress)

    def _inputs(self) -> ReviewInputs:
        return ReviewInputs(self.setup.catalog, self.ledger, self.setup.sources, self.now)

    def remember_definitions(self) -> None:
        """Starts a new version of every SLO whose definition changed."""
        defined = [place for place in slos_of(self.setup.catalog.apps) if not place.slo.native_defaults]
        self.ledger.remember_definitions({place.path: version_of(place.slo, self.now) for place in defined})

    def _sync(self, required: Sequence[RequiredSeries], on_progress: OnProgress | None) -> SyncReport:
        self.remember_definitions()
        return self.ledger.sync(self.setup.sources, required, self.now, on_progress)
