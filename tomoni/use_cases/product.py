"""The product of one process: every use case by name, shared by all pages and threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import partial

from data_sources.base import Source
from tomoni import logs
from tomoni.access.audit import ITSELF, Actor
from tomoni.access.identity import Identity
from tomoni.access.policy import (
    EVERYTHING,
    Grants,
    grants_of,
    grants_of_account,
    grants_of_everybody,
    grants_of_token,
)
from tomoni.catalog.schema import App, Catalog
from tomoni.catalog.who_may import Role
from tomoni.review.model import Explanation, Moved, Overview, Period, Review, SloTrack
from tomoni.review.outlook import Outlook
from tomoni.settings import ProcessSettings
from tomoni.slo.episodes import Episode
from tomoni.slo.model import Buckets
from tomoni.slo.tally import Span
from tomoni.snapshots.record.listing import ListedSnapshot
from tomoni.snapshots.record.snapshot import Origin, Snapshot
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.store.errors import StoreError
from tomoni.store.leases import Candidate
from tomoni.use_cases.asking import AsksSources
from tomoni.use_cases.background import BackgroundRefresh, Live, LiveView, OnProgress, Progress
from tomoni.use_cases.collecting import Collecting, Duties
from tomoni.use_cases.configuration import Configuration, Setup
from tomoni.use_cases.demo_forgetting import forget_demo_story
from tomoni.use_cases.demo_story import lacks_story, tell_demo_story
from tomoni.use_cases.event_feeds import EventFeeds, FailingFeed
from tomoni.use_cases.events import Events
from tomoni.use_cases.finding import Finding
from tomoni.use_cases.incidents import SloPrices
from tomoni.use_cases.jobs import Jobs
from tomoni.use_cases.keeping import tidy
from tomoni.use_cases.last_drawn import Drawing
from tomoni.use_cases.memory import give_back
from tomoni.use_cases.notifying import Notifying
from tomoni.use_cases.refreshing import RefreshCount, SourceRefresh, SourceRefreshes
from tomoni.use_cases.reviewing import Reviewing
from tomoni.use_cases.seen import SeenConfiguration, SeenLive
from tomoni.use_cases.stores import Stores
from tomoni.use_cases.sweeping import Sweep
from tomoni.use_cases.syncing import Syncing
from tomoni.use_cases.told import News
from tomoni.use_cases.unsaid import Names, discreet
from tomoni.use_cases.viewed import with_rows

Clock = Callable[[], float]
# So long a round of the refresh waits for all sources before it shows what there is; the others go on.
_ROUND_SECONDS = 5.0
_EXPIRE_EVERY_SECONDS = 3600.0
# So often a process that does not ask the sources looks what the one that does has stored.
_FOLLOW_EVERY_SECONDS = 5.0
_MOST_SEEN = 200  # kinds of readers that are remembered


class Tomoni(AsksSources):
    """The product of one process, shared by all its pages and threads."""

    def __init__(
        self,
        settings: ProcessSettings,
        clock: Clock,
        configuration: Configuration,
        stores: Stores,
        candidate: Candidate | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.ledger = stores.ledger
        self.snapshots = stores.snapshots
        self.meetings = stores.meetings
        self.events = Events(stores.meetings.records)
        self._feeds = EventFeeds(stores.meetings.records)
        self.jobs = Jobs(time.monotonic)
        self.finding = Finding(self.jobs, clock)
        self.background = BackgroundRefresh(self._refresh, settings.refresh_seconds, time.monotonic)
        self._configuration = configuration
        drawing = Drawing(self._reviewing, stores.drawn)
        self._live = LiveView(drawing.anew, drawing.first)
        self._refreshes = SourceRefreshes(self._refresh_source, self._redraw, clock)
        self._following = BackgroundRefresh(self._follow_once, _FOLLOW_EVERY_SECONDS, time.monotonic)
        never = settings.collect == "never" and candidate is None
        self.collecting = Collecting(stores.leases, self._duties(), time.monotonic, candidate or Candidate(), never)
        self._news = News(self._refreshes, self._feeds, self.collecting)
        self._rounds = 0
        self._sweep = Sweep()
        self._sweeping = BackgroundRefresh(self._sweep_once, 0, time.monotonic)
        self._expiring = BackgroundRefresh(partial(tidy, self), _EXPIRE_EVERY_SECONDS, time.monotonic)
        self._telling = BackgroundRefresh(self._tell, _EXPIRE_EVERY_SECONDS, time.monotonic)
        self.notifying = Notifying(configuration, stores.meetings.notifications, settings, self.now)
        self._notifying = BackgroundRefresh(self._notify, 0, time.monotonic)
        self._told = threading.Event()  # since this process began
        self._dispose, self.store_bytes = stores.dispose, stores.size
        self.grants = EVERYTHING
        self._seen: dict[Grants, Tomoni] = {}

    def grants_of(self, identity: Identity | None) -> Grants:
        """What somebody may see and do; ``identity`` is None of a reader who did not sign in."""
        setup = self._configuration.current
        return grants_of(setup.access, setup.catalog.apps, identity, self.settings.sign_in != "none")

    def grants_of_account(self, account: str) -> Grants:
        """What a command may that runs under an account of the machine."""
        setup = self._configuration.current
        return grants_of_account(setup.access, setup.catalog.apps, account)

    def grants_of_token(self, app: str | None) -> Grants:
        """What a token of an app, or of all (None), may see and do."""
        return grants_of_token(self._configuration.current.access, app)

    @property
    def seen_as(self) -> str:
        """What tells apart readers who see different apps."""
        only = self.grants.only
        return f"{'*' if only is None else ','.join(sorted(only))}!{','.join(sorted(self.grants.unseen))}"

    def seen_by(self, grants: Grants, actor: Actor = ITSELF) -> Tomoni:
        """The product as somebody sees it who may not see or do everything; what it knows is shared. What the actor
        does is remembered."""
        seen = self._limited(grants)
        if actor == ITSELF:
            return seen
        acting = copy(seen)
        acting.meetings = self.meetings.seen_by(grants, actor)
        acting.snapshots = self.snapshots.seen_by(grants, acting.meetings.deeds)
        acting.events = Events(acting.meetings.records)
        return acting

    def _limited(self, grants: Grants) -> Tomoni:
        if grants.everywhere is Role.ADMIN:
            return self
        known = self._seen.get(grants)
        if known is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            known = self._seen[grants] = self._as_seen_by(grants)
        return known

    def published(self) -> Tomoni:
        """The product as everybody may see it: without the apps that are hidden from some."""
        return self.seen_by(grants_of_everybody(self._configuration.current.access))

    def _as_seen_by(self, grants: Grants) -> Tomoni:
        seen = copy(self)
        seen.grants, seen._seen = grants, {}
        seen._configuration = configuration = SeenConfiguration(self._configuration, grants)
        seen._live = SeenLive(self._live, grants, configuration)
        seen.meetings, seen.snapshots = self.meetings.seen_by(grants), self.snapshots.seen_by(grants)
        seen.events = Events(seen.meetings.records)
        return seen

    @property
    def catalog(self) -> Catalog:
        """What is configured, and what is wrong with it."""
        return self._configuration.current.catalog

    @property
    def setup(self) -> Setup:
        """The configuration that is in force, as one value."""
        return self._configuration.current

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every usable source by its id."""
        return self._configuration.current.sources

    @property
    def generation(self) -> int:
        """A number that grows whenever the configuration changes."""
        return self._configuration.current.generation

    @property
    def refreshing(self) -> Progress | None:
        """The progress of the refresh in the background, here or where it runs; None while none does."""
        return self._news.progress

    @property
    def refreshes(self) -> Mapping[str, SourceRefresh]:
        """How the refresh of each source in the background does, by its id; empty before the first one."""
        return {id_: state for id_, state in self._news.states.items() if id_ in self.sources}

    @property
    def is_collecting(self) -> bool:
        """Whether this process is asking a source at this moment."""
        return self.background.is_running or self._refreshes.is_running

    @property
    def has_collected(self) -> bool:
        """Whether this process has asked every source and been answered, or not, by all."""
        return self._rounds > 0 and not self.is_collecting and not self.collecting.was_cut_short

    @property
    def refresh_counts(self) -> Mapping[str, RefreshCount]:
        """How often this process refreshed each source, by its id."""
        return self._refreshes.counts

    def failing_feeds(self, app: str | None = None) -> tuple[FailingFeed, ...]:
        """The feeds of events, of all apps or of one, that their sources did not answer when last asked."""
        return self._news.failing(self.apps(app))

    def now(self) -> int:
        """The present moment, Unix seconds."""
        return int(self.clock())

    def apps(self, app: str | None = None) -> tuple[App, ...]:
        """All apps, or the one with an id (none when it is unknown)."""
        return self._configuration.current.apps(app)

    def overview(self, at: int | None = None, app: str | None = None, with_trends: bool = True) -> Overview:
        """The status of the SLOs as of a moment (default: now), from the ledger alone."""
        reviewing = self._reviewing()
        return reviewing.overview(reviewing.now if at is None else at, app, with_trends)

    def overview_of(self, moments: Mapping[str, int | None], with_trends: bool = True) -> Overview:
        """The status of some apps' SLOs, each app as of a moment of its own (None: now), from the ledger alone."""
        return self._reviewing().overview_of(moments, with_trends)

    def outlook(self, moments: Mapping[str, int]) -> Outlook:
        """How some apps' SLOs were 7 days before a moment of each app, and where their budgets lead."""
        return self._reviewing().outlook(moments)

    def review(self, app: App, period: Period) -> Review:
        """The joint view of an app over a period, from the ledger alone."""
        return self._reviewing().review(self.with_rows(app), period)

    def with_rows(self, app: App) -> App:
        """An app with the saved views that are rows of its joint view among its signals."""
        return with_rows(app, self.meetings.records)

    def review_again(self, app: App, period: Period, now: int, as_known: bool = False) -> Review:
        """A review as it was made at a moment ``now``, by the definitions that are given; with ``as_known``
        without what sources said otherwise since."""
        ledger = self.ledger.as_known_at(now) if as_known else self.ledger
        return Reviewing(self._configuration.current, ledger, now).review_as_given(app, period)

    def app_as_of(self, app: App, at: int) -> App:
        """An app as it was defined at a moment (Unix seconds)."""
        return self._reviewing().app_as_of(app, at)

    def moved(self, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
        """The infra signals that moved together with an episode of a track, the strongest first."""
        return self._reviewing().moved(track, episode)

    def explain(self, track: SloTrack) -> Explanation:
        """How the figures of a track were calculated."""
        return self._reviewing().explain(track)

    def prices(self, review: Review, spans: Sequence[Span]) -> tuple[SloPrices, ...]:
        """What intervals (Unix seconds) cost every SLO of a review, from the ledger alone."""
        return self._reviewing().prices(review, spans)

    def history(self, track: SloTrack, days: int, known_at: int | None = None) -> Buckets:
        """What is remembered of an SLO over some days before the moment of its track; with ``known_at`` (Unix seconds)
        without what sources said otherwise since."""
        ledger = self.ledger if known_at is None else self.ledger.as_known_at(known_at)
        return replace(self._reviewing(), ledger=ledger).history(track, days)

    def freeze(self, app: App, period: Period, notes: str = "", workshop: WorkshopRecord | None = None) -> Snapshot:
        """A review as one immutable record, with what was tried in the workshop; not saved yet. Who sees the app may
        read it, so it names no hidden one."""
        setup = self._configuration.current
        names = Names.of(setup.catalog, setup.access.hidden - {app.id})
        return self._reviewing().freeze(discreet(self.with_rows(app), names), period, notes, workshop)

    def origin(self) -> Origin:
        """What makes snapshots now: this version, under this configuration."""
        return self._reviewing().origin()

    def expire_snapshots(self, dry_run: bool = False) -> tuple[ListedSnapshot, ...]:
        """Deletes the snapshots that the rule of the settings does not keep, and returns them; ``dry_run``
        only returns them."""
        rule = self._configuration.current.catalog.settings.snapshots
        return self.snapshots.expire(rule, self.now(), dry_run)

    def live(self) -> Live:
        """What live pages show; calculated now if no refresh has ended yet."""
        return self._live.current()

    def reload(self) -> None:
        """Puts changed files of the configuration in force now, and has what is missing fetched in the background."""
        self._configuration.reload_changed_files()
        self._redraw()
        if self.collecting.holds:
            self.background.start_soon()
        else:
            with suppress(StoreError):  # of a database that may only be read
                self.collecting.ask()

    def refresh_in_background(self) -> None:
        """Sees to it that the sources are asked when it is due, by this process or another; returns at once."""
        self.collecting.wanted()
        if self.collecting.holds:
            self.background.start_if_due()

    def close(self) -> None:
        """Ends what runs in the background, and closes the connections of all sources and of the database."""
        self.jobs.close()
        self.collecting.close()
        self._configuration.close()
        self._dispose()

    def _reviewing(self) -> Reviewing:
        return Reviewing(self._configuration.current, self.ledger, self.now(), self.events)

    def _duties(self) -> Duties:
        background = self.background
        return Duties(
            collect=lambda at_once: background.start_soon() if at_once else background.start_if_due(),
            follow=self._following.start_if_due,
            report=lambda: self._news.report(self.apps()),
            is_busy=lambda: background.is_running,
        )

    def _follow_once(self) -> None:
        """Shows what another process stored, and what changed in the files."""
        before, shown = self._configuration.current, self._live.current()
        self._configuration.reload_changed_files()
        self._configuration.complete()
        is_old = self.now() - shown.as_of >= self.settings.refresh_seconds
        if is_old or self._configuration.current is not before or self.ledger.version() != shown.version:
            self._redraw()
            give_back()

    def _refresh(self) -> None:
        with logs.about(refresh=logs.new_id()):
            self._round()

    def _round(self) -> None:
        """Every source that is not still busy with the last round."""
        self.collecting.was_cut_short = False
        self._configuration.reload_changed_files()
        forget_demo_story(self)
        setup = self._configuration.current
        with self.collecting.storing():
            Syncing(setup, self.ledger, self.now()).remember_definitions()
        if self._refreshes.run(setup.sources, _ROUND_SECONDS):
            self._redraw()
        give_back()
        self._rounds += 1
        self._sweeping.start_if_due()
        self._expiring.start_if_due()
        if setup.notifications.audiences:
            self._notifying.start_if_due()
        if self.settings.demo_story:
            self._telling.start_if_due()

    def _refresh_source(self, source: str, on_progress: OnProgress) -> bool:
        """Fetches what is missing of one source; returns whether it answered."""
        counts = None  # where another process asks it by now
        with self.collecting.storing():
            self._configuration.fetch_native_definitions(self.now(), source)
            report = Syncing(self._fetched(), self.ledger, self.now()).sync_source(
                source, on_progress, should_stop=self.collecting.has_to_end
            )
            self._feeds.fetch(self._configuration.current, source, self.now())
            counts = report.sources.get(source)
        return counts is None or counts.errors < counts.requests

    def _sweep_once(self) -> None:
        """Looks at a few closed days again, of the sources that answer and have nothing else to do."""
        setup, states, now = self._fetched(), self._refreshes.states, self.now()
        rested = {id_: one for id_, one in setup.sources.items() if id_ in states and states[id_].rests}
        with self.collecting.storing():
            if self._sweep.step(replace(setup, sources=rested), self.ledger, now):
                self._redraw()

    def _notify(self) -> None:
        self.notifying.run(self._live.current().overview)

    def tells_story_of(self, app: App) -> bool:
        """Whether an app of the demo soon has closed reviews that are not written yet."""
        return self.settings.demo_story and not self._told.is_set() and lacks_story(self, app)

    def _tell(self) -> None:
        try:
            tell_demo_story(self)
        finally:
            self._told.set()

    def _redraw(self) -> None:
        self._live.redraw()
