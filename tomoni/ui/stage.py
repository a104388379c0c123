"""What the joint view is about: an app, one of its journeys, and the SLO that the figure shows."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.catalog.schema import App, Journey
from tomoni.review.model import JourneyStanding, Lane, LetteredEpisode, Review, SloTrack
from tomoni.ui.context import Context
from tomoni.ui.table import worst_first
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """An app, a journey, its tracks and lanes. ``focus`` is the track of the figure, ``closer`` the
    episode of it that is looked at closer (None: the whole period)."""

    app: App
    journey: Journey
    review: Review
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    focus: SloTrack
    text: Text
    closer: LetteredEpisode | None = None

    @property
    def standing(self) -> JourneyStanding | None:
        """How the journey as a whole stands."""
        return next((s for s in self.review.journeys if s.journey.id == self.journey.id), None)

    @property
    def episodes(self) -> tuple[LetteredEpisode, ...]:
        """The lettered episodes of the focus that the shown period has, in order of time."""
        shown = self.focus.burn.shown if self.focus.burn else ()
        start, end = self.review.start, self.review.end
        return tuple(found for found in shown if found.episode.end > start and found.episode.start < end)


def stage_of(context: Context, app: App, journey: Journey) -> Stage:
    """The stage of the view; the worst SLO is in focus where the URL names none."""
    review = context.review(app)
    tracks = review.tracks_of(journey.id)
    worst = worst_first([track.status for track in tracks])[0].slo.id
    wanted = context.view.slo if context.view.slo in {slo.id for slo in journey.slos} else worst
    focus = next(track for track in tracks if track.status.slo.id == wanted)
    whole = Stage(app, journey, review, tracks, review.lanes_of(journey.id), focus, context.text_of(app))
    return _closer(whole, context.view.episode)


def _closer(whole: Stage, at: int | None) -> Stage:
    """The same with the episode that a moment belongs to."""
    if at is None:
        return whole
    chosen = next((found for found in whole.episodes if found.episode.start <= at < found.episode.end), None)
    return Stage(
        whole.app, whole.journey, whole.review, whole.tracks, whole.lanes, whole.focus, whole.text, closer=chosen
    )
