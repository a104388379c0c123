"""Use cases that read: overviews, reviews, explanations and snapshots, from the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tomoni.catalog.schema import App
from tomoni.catalog.versions import as_defined
from tomoni.ledger import Ledger
from tomoni.review import again
from tomoni.review.again import Known
from tomoni.review.agreements import apps_as_of
from tomoni.review.explain import explain, signals_that_moved
from tomoni.review.inputs import ReviewInputs, SloPlace, distinct, last_counted, recall, slos_of
from tomoni.review.joint import build_review
from tomoni.review.model import Explanation, Moved, Overview, Period, Review, SloTrack
from tomoni.review.outlook import Outlook, came_and_went, forecasts
from tomoni.review.splits import with_splits
from tomoni.review.status import buckets_of, build_overview, history_of
from tomoni.slo.episodes import Episode
from tomoni.slo.lines import Forecast
from tomoni.slo.model import WEEK, Buckets
from tomoni.slo.tally import Span
from tomoni.snapshots.record.snapshot import (
    Beside,
    EpisodeMoves,
    Origin,
    Snapshot,
    configuration_hash,
    freeze,
    largest_episodes,
)
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.use_cases.configuration import Setup, native_names
from tomoni.use_cases.events import Events
from tomoni.use_cases.incidents import SloPrices, prices_of
from tomoni.version import VERSION


@dataclass(frozen=True, slots=True, eq=False)
class RememberedSlo:
    """What is remembered of an SLO over an interval: all of it (``whole``), and without what does not count
    (``buckets``); ``known_until`` is the end of the newest bucket that its source has answered for."""

    place: SloPlace
    whole: Buckets
    buckets: Buckets
    known_until: int | None


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Reads under one setup at one moment ``now`` (Unix seconds), so that a figure cannot mix two setups.

    Reviews show ``events``, where there are any.
    """

    setup: Setup
    ledger: Ledger
    now: int
    events: Events | None = None

    def overview(self, at: int, app: str | None, with_trends: bool) -> Overview:
        """The status of all SLOs (or of one app's) as of a moment: with trends, or with the parts of split SLOs."""
        apps = self.setup.apps(app)
        inputs = self._inputs(apps, at, only_changed=True)
        found = build_overview(inputs, at, _as_of(inputs, apps, at), with_trends)
        return found if with_trends else replace(found, statuses=with_splits(inputs, found.statuses))

    def overview_again(self, known: Known, definitions: Mapping[str, str]) -> tuple[Overview, Known]:
        """All SLOs with trends as of now, from what was evaluated before as far as that is still true."""
        apps = self.setup.apps()
        inputs = self._inputs(apps, self.now, only_changed=True)
        return again.overview_again(inputs, self.now, _as_of(inputs, apps, self.now), known, definitions)

    def overview_as_drawn(self, at: int, known: Known, definitions: Mapping[str, str]) -> tuple[Overview, Known]:
        """All SLOs with trends as they were drawn at a moment."""
        then, apps = replace(self, now=at), self.setup.apps()
        inputs = then._inputs(apps, at, only_changed=True)
        return again.overview_as_drawn(inputs, at, _as_of(inputs, apps, at), known, definitions)

    def overview_of(self, moments: Mapping[str, int | None], with_trends: bool) -> Overview:
        """The status of some apps' SLOs, each as of a moment of its own: a period ends by the clocks of its app."""
        at = {app: self.now if moment is None else moment for app, moment in moments.items()}
        if set(at) == {app.id for app in self.setup.apps(None)} and len(set(at.values())) == 1:
            return self.overview(next(iter(at.values())), None, with_trends)
        parts = [self.overview(moment, app, with_trends) for app, moment in at.items()]
        return Overview(
            max((part.as_of for part in parts), default=self.now),
            tuple(status for part in parts for status in part.statuses),
            distinct(problem for part in parts for problem in part.problems),
            tuple(journey for part in parts for journey in part.journeys),
        )

    def outlook(self, moments: Mapping[str, int]) -> Outlook:
        """How some apps' SLOs were 7 days before a moment of each app, and the forecasts from that moment on."""
        coming: dict[str, Forecast] = {}
        for at in sorted(set(moments.values())):
            apps = [app for app in self.setup.apps(None) if moments.get(app.id) == at]
            inputs = self._inputs(apps, at, only_changed=True)
            coming |= forecasts(inputs, at, _as_of(inputs, apps, at))
        before = self.overview_of({app: at - WEEK for app, at in moments.items()}, with_trends=False)
        new, gone = self._came_and_went(moments)
        return Outlook(before, coming, new, gone)

    def _came_and_went(self, moments: Mapping[str, int]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The paths of the SLOs of some apps that are new, and of those that are gone, within 7 days."""
        versions = self.ledger.definitions_of(moments)
        current = {place.path for place in slos_of(self.setup.apps(None))}
        left = {known[-1].series_key for path, known in versions.items() if path not in current}
        tried = {key: state.tried for key, state in self.ledger.states(left).items()}
        new: set[str] = set()
        gone: list[str] = []
        for app, at in moments.items():
            own = {path: known for path, known in versions.items() if path.startswith(f"{app}/")}
            added, removed = came_and_went(own, [path for path in current if path.startswith(f"{app}/")], tried, at)
            new |= added
            gone += removed
        return frozenset(new), tuple(gone)

    def review(self, app: App, period: Period) -> Review:
        """The joint view of an app over a period, by the definitions that were in force at its end."""
        inputs = self._inputs([app], period.as_of)
        (then,) = _as_of(inputs, [app], period.as_of)
        happened = self.events.of(app.id, period.start, period.as_of) if self.events else ()
        return replace(build_review(inputs, then, period), events=happened)

    def review_as_given(self, app: App, period: Period) -> Review:
        """The same by the definitions that are given."""
        return build_review(self._inputs([app]), app, period)

    def app_as_of(self, app: App, at: int) -> App:
        """An app as it was defined at a moment (Unix seconds)."""
        return _as_of(self._inputs([app]), [app], at)[0]

    def remembered(self, app: App, start: int, at: int) -> tuple[RememberedSlo, ...]:
        """What is remembered of every SLO of an app from a moment to another one, as of the latter."""
        places = slos_of([app])
        refs = list({place.slo.series.key: place.slo.series for place in places}.values())
        step = max((ref.step_seconds for ref in refs), default=1)
        memory = recall(self._inputs([app], at), refs, start - start % step, last_counted(places, at))
        return tuple(
            RememberedSlo(
                place,
                memory.buckets(place.slo.series),
                buckets_of(memory, place, at).buckets,
                memory.series[place.slo.series.key].known_until,
            )
            for place in places
        )

    def moved(self, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
        """The infra signals that moved together with an episode of a track, the strongest first."""
        return signals_that_moved(self._inputs(), track.status.app, track, episode)

    def explain(self, track: SloTrack) -> Explanation:
        """How the figures of a track were calculated."""
        return explain(self._inputs(), track)

    def prices(self, review: Review, spans: Sequence[Span]) -> tuple[SloPrices, ...]:
        """What intervals cost every SLO of a review."""
        return prices_of(self._inputs(), review, spans)

    def history(self, track: SloTrack, days: int) -> Buckets:
        """What is remembered of an SLO over some days before the moment of its track."""
        status = track.status
        return history_of(self._inputs(), SloPlace(status.app, status.journey, status.slo), status.as_of, days)

    def freeze(self, app: App, period: Period, notes: str, workshop: WorkshopRecord | None = None) -> Snapshot:
        """A review as one immutable record, with the signals that moved with its largest episodes, and what was tried
        in the workshop."""
        review = self.review(app, period)
        moves = tuple(
            EpisodeMoves(track.status.journey.id, track.status.slo.id, shown.letter, self.moved(track, shown.episode))
            for track, shown in largest_episodes(review)
        )
        used = {track.status.slo.source for track in review.tracks} | {signal.source for signal in app.infra}
        lags = {source_id: each.lag_seconds for source_id, each in self.setup.sources.items() if source_id in used}
        return freeze(review, self.origin(), self.now, Beside(moves, lags, notes, workshop=workshop))

    def origin(self) -> Origin:
        """What makes snapshots now."""
        catalog = self.setup.catalog
        return Origin(VERSION, configuration_hash(catalog.apps, catalog.settings))

    def _inputs(self, apps: Sequence[App] = (), at: int = 0, only_changed: bool = False) -> ReviewInputs:
        """What builders need, with the versions of some apps' definitions and, as of a moment, what
        sources keep of their SLOs."""
        paths = [place.path for place in slos_of(apps)]
        versions = self.ledger.definitions(paths, only_changed) if paths else {}
        inputs = ReviewInputs(self.setup.catalog, self.ledger, self.setup.sources, self.now, versions)
        if names := native_names(apps):
            figures = self.ledger.native_figures(names, at)
            return replace(inputs, native=self.ledger.native(names), native_figures=figures)
        return inputs


def _as_of(inputs: ReviewInputs, apps: Sequence[App], at: int) -> tuple[App, ...]:
    """The apps as they were defined at a moment: an old link shows the figures of its time."""
    return apps_as_of(apps, inputs.versions, at, as_defined)
