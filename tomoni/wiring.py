"""Puts the product together: settings → catalog, clock, sources, ledger. The only place that names
concrete classes."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data_sources.base import Source
from data_sources.kinds import KINDS
from tomoni.catalog.inspect import inspect
from tomoni.catalog.load import ENDINGS, load
from tomoni.catalog.native import problems_of_native, with_native
from tomoni.catalog.schema import App, Catalog, NativeName, Problem
from tomoni.catalog.versions import as_defined, version_of
from tomoni.ledger import Ledger, RequiredSeries, SyncReport
from tomoni.review.agreements import apps_as_of
from tomoni.review.explain import explain, signals_that_moved
from tomoni.review.inputs import ReviewInputs, slos_of
from tomoni.review.joint import build_review
from tomoni.review.model import Explanation, Moved, Overview, Period, Review, SloTrack
from tomoni.review.required import required_for_days, required_for_pages, required_for_review, required_for_status
from tomoni.review.status import build_overview
from tomoni.settings import VERSION, ProcessSettings
from tomoni.slo.episodes import Episode
from tomoni.snapshots.record import Beside, EpisodeMoves, Origin, Snapshot, configuration_hash, freeze, largest_episodes
from tomoni.snapshots.shelf import Shelf
from tomoni.store.engine import open_engine

log = logging.getLogger("tomoni")
Clock = Callable[[], float]
Fingerprint = tuple[tuple[str, int, int], ...]  # of each file its path, time of change and size
OnProgress = Callable[[int, int, str, int], None]  # answers so far, all requests, source, buckets that came


@dataclass(frozen=True, slots=True)
class Setup:
    """What was read from one state of the configuration files; ``catalog`` is ``written`` with what
    sources told of SLOs that they keep themselves."""

    written: Catalog
    catalog: Catalog
    sources: Mapping[str, Source]
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh is: answers so far, all requests, and the source that answered last."""

    done: int
    total: int
    source: str


@dataclass(frozen=True, slots=True)
class Live:
    """What live pages show: the moment of the last refresh (Unix seconds), the ledger's version then,
    and the overview of all apps."""

    as_of: int
    version: int
    overview: Overview


def open_tomoni(settings: ProcessSettings, environ: Mapping[str, str] | None = None) -> Tomoni:
    """Reads the configuration and opens the data base. Raises `store.engine.StoreError`."""
    return Tomoni(settings, os.environ if environ is None else environ)


class Tomoni:
    """The product of one process, shared by all its pages and threads."""

    def __init__(self, settings: ProcessSettings, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.clock: Clock = time.time if settings.now is None else settings.now.timestamp
        self._engine = open_engine(settings.database_url.get_secret_value())
        self.ledger = Ledger(self._engine)
        self.shelf = Shelf(self._engine)
        self.refreshing: Progress | None = None
        self._environ = environ
        self._setup = self._read()
        self._live: Live | None = None
        self._drawing = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._next_refresh = 0.0  # of the monotonic clock

    @property
    def catalog(self) -> Catalog:
        """What is configured, and what is wrong with it."""
        return self._setup.catalog

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every usable source by its id."""
        return self._setup.sources

    def now(self) -> int:
        """The present moment, Unix seconds."""
        return int(self.clock())

    def apps(self, app: str | None = None) -> tuple[App, ...]:
        """All apps, or the one of an id (none when it is unknown)."""
        return tuple(a for a in self.catalog.apps if app is None or a.id == app)

    def overview(self, at: int | None = None, app: str | None = None, with_trends: bool = True) -> Overview:
        """How the SLOs stand as of a moment (default: now), from the ledger alone."""
        moment = self.now() if at is None else at
        inputs = self._inputs(self.apps(app), moment, only_changed=True)
        return build_overview(inputs, moment, self._as_of(inputs, self.apps(app), moment), with_trends)

    def review(self, app: App, period: Period) -> Review:
        """The joint view of an app over a period, from the ledger alone."""
        inputs = self._inputs([app], period.as_of)
        (then,) = self._as_of(inputs, [app], period.as_of)
        return build_review(inputs, then, period)

    def app_as_of(self, app: App, at: int) -> App:
        """An app as it was defined at a moment (Unix seconds)."""
        return self._as_of(self._inputs([app]), [app], at)[0]

    def review_again(self, app: App, period: Period, now: int) -> Review:
        """A review as it was made at a moment ``now``, by the definitions that are given."""
        return build_review(replace(self._inputs([app]), now=now), app, period)

    def moved(self, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
        """Which infra signals moved with an episode of a track, those that moved most first."""
        return signals_that_moved(self._inputs(), track.status.app, track, episode)

    def explain(self, track: SloTrack) -> Explanation:
        """How the figures of a track were made."""
        return explain(self._inputs(), track)

    def freeze(self, app: App, period: Period, notes: str = "") -> Snapshot:
        """A review as one immutable record, with what moved with its largest episodes; not on the shelf yet."""
        made_at, review = self.now(), self.review(app, period)
        origin = Origin(VERSION, configuration_hash(self.catalog.apps, self.catalog.settings))
        moves = tuple(
            EpisodeMoves(track.status.journey.id, track.status.slo.id, shown.letter, self.moved(track, shown.episode))
            for track, shown in largest_episodes(review)
        )
        lags = {source_id: source.lag_seconds for source_id, source in self.sources.items()}
        return freeze(review, origin, made_at, Beside(moves, lags, notes))

    def check(self) -> tuple[Problem, ...]:
        """What asking the sources brings to light about what is written."""
        found = inspect(self.catalog, self.sources, self.now())
        return (*found, *problems_of_native(self.catalog, self.sources))

    def sync_status(
        self, at: int | None = None, app: str | None = None, on_progress: OnProgress | None = None
    ) -> SyncReport:
        """Fetches what is missing for the status of all SLOs (or of one app's) as of a moment."""
        self._learn()
        inputs = self._inputs()
        return self._sync(required_for_status(inputs, self.apps(app), inputs.now if at is None else at), on_progress)

    def sync(
        self, days: int | None = None, until: int | None = None, on_progress: OnProgress | None = None
    ) -> SyncReport:
        """Fetches what is missing of every SLO and infra signal until a moment (Unix seconds): of so many
        days, else of all that the pages show."""
        self._learn()
        inputs = self._inputs()
        end = inputs.now if until is None else until
        apps = self.apps()
        required = required_for_pages(inputs, apps, end) if days is None else required_for_days(inputs, apps, end, days)
        report = self._sync(required, on_progress)
        if names := _native_names(apps):
            self.ledger.ask_figures(self.sources, names, inputs.now)
        return report

    def sync_review(self, period: Period, app: str | None = None, on_progress: OnProgress | None = None) -> SyncReport:
        """Fetches what is missing for the reviews of all apps (or of one) over a period."""
        self._learn()
        return self._sync(required_for_review(self._inputs(), self.apps(app), period), on_progress)

    def live(self) -> Live:
        """What live pages show; made now when no refresh has ended yet."""
        with self._drawing:
            if self._live is None:
                self._live = self._draw()
            return self._live

    def refresh_in_background(self) -> None:
        """Starts a refresh in a thread, unless one runs or the last one is fresh enough."""
        with self._starting:
            running = self._thread is not None and self._thread.is_alive()
            if running or time.monotonic() < self._next_refresh:
                return
            self._thread = threading.Thread(target=self._refresh, name="tomoni-refresh", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Lets go of the sources and the data base."""
        for source in self.sources.values():
            source.close()
        self._engine.dispose()

    def _inputs(self, apps: Sequence[App] = (), at: int = 0, only_changed: bool = False) -> ReviewInputs:
        """What builders need; with what the SLOs of some apps were defined as, and with what their
        sources keep of them, as of a moment."""
        paths = [place.path for place in slos_of(apps)]
        known = self.ledger.definitions(paths, only_changed) if paths else {}
        inputs = ReviewInputs(self.catalog, self.ledger, self.sources, self.now(), known)
        if names := _native_names(apps):
            return replace(
                inputs, native=self.ledger.native(names), native_figures=self.ledger.native_figures(names, at)
            )
        return inputs

    def _as_of(self, inputs: ReviewInputs, apps: Sequence[App], at: int) -> tuple[App, ...]:
        """The apps as they were defined at a moment: who opens an old link sees the numbers of then."""
        return apps_as_of(apps, inputs.versions, at, as_defined)

    def _read(self) -> Setup:
        fingerprint = fingerprint_of(self.settings.config)
        catalog = load(self.settings.config, self._environ)
        sources = {
            source_id: KINDS[config.kind].load()(source_id, config, self.clock)
            for source_id, config in catalog.sources.items()
        }
        return Setup(catalog, self._settled(catalog), sources, fingerprint)

    def _settled(self, written: Catalog) -> Catalog:
        """The catalog with what is known of SLOs that sources keep."""
        names = _native_names(written.apps)
        records = self.ledger.native(names) if names else {}
        return with_native(written, {name: r.definition for name, r in records.items() if r.definition is not None})

    def _learn(self) -> None:
        """Asks for the SLOs that sources keep, where it is time, and takes them up."""
        if names := _native_names(self.catalog.apps):
            self.ledger.ask_definitions(self.sources, names, self.now())
            self._setup = replace(self._setup, catalog=self._settled(self._setup.written))

    def _reread(self) -> None:
        """Takes up the configuration files when they changed."""
        if fingerprint_of(self.settings.config) == self._setup.fingerprint:
            return
        old, self._setup = self._setup, self._read()
        for source in old.sources.values():
            source.close()

    def _sync(self, required: list[RequiredSeries], on_progress: OnProgress | None) -> SyncReport:
        now = self.now()
        told = [place for place in slos_of(self.catalog.apps) if not place.slo.native_defaults]
        self.ledger.remember_definitions({place.path: version_of(place.slo, now) for place in told})
        return self.ledger.sync(self.sources, required, now, on_progress)

    def _draw(self) -> Live:
        as_of, version = self.now(), self.ledger.version()
        return Live(as_of, version, self.overview(as_of))

    def _refresh(self) -> None:
        """One refresh; what it could not fetch stands in the ledger's states, not in an exception."""
        try:
            self._reread()
            self.sync(on_progress=self._progressed)
            self._live = self._draw()
        except Exception:  # a thread has nobody to tell but the log; the pages keep what they show
            log.exception("the refresh ended early")
        finally:
            self.refreshing = None
            self._next_refresh = time.monotonic() + self.settings.refresh_seconds

    def _progressed(self, done: int, total: int, source: str, _buckets: int) -> None:
        self.refreshing = Progress(done, total, source)


def fingerprint_of(folder: Path) -> Fingerprint:
    """The configuration files of a folder with their times and sizes; those that cannot be looked at are
    left out, for `catalog.load` tells of them."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.suffix in ENDINGS:
                state = path.stat()
                found.append((str(path), state.st_mtime_ns, state.st_size))
        except OSError:  # a link that leads nowhere, or a file that is gone since it was listed
            continue
    return tuple(found)


def _native_names(apps: Sequence[App]) -> list[NativeName]:
    """The SLOs of some apps that their sources keep."""
    return [place.slo.native_name for place in slos_of(apps) if place.slo.native_name is not None]
