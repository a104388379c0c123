"""The selection of the joint view: an app, one of its journeys, and the SLO that the figure shows."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.catalog.schema import App, Journey
from tomoni.review.model import JourneyStanding, Lane, LetteredEpisode, Review, SloTrack
from tomoni.ui.context import Context
from tomoni.ui.slo_table import worst_first
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """An app, a journey, its tracks and lanes. ``focus`` is the track of the figure, ``closeup`` the
    episode of it around which the figure is drawn (None: the whole period)."""

    app: App
    journey: Journey
    review: Review
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    focus: SloTrack
    text: Text
    closeup: LetteredEpisode | None = None

    @property
    def standing(self) -> JourneyStanding | None:
        """The state of the journey as a whole."""
        return next((s for s in self.review.journeys if s.journey.id == self.journey.id), None)

    @property
    def episodes(self) -> tuple[LetteredEpisode, ...]:
        """The lettered episodes of the focus within the shown period, in order of time."""
        shown = self.focus.burn.shown if self.focus.burn else ()
        start, end = self.review.start, self.review.end
        return tuple(found for found in shown if found.episode.end > start and found.episode.start < end)


def select(context: Context, app: App, journey: Journey) -> Selection:
    """The selection of a view; the worst SLO is in focus unless the URL names one."""
    review = context.review(app)
    tracks = review.tracks_of(journey.id)
    worst = worst_first([track.status for track in tracks])[0].slo.id
    shown = context.view.slo if context.view.slo in {slo.id for slo in journey.slos} else worst
    focus = next(track for track in tracks if track.status.slo.id == shown)
    whole = Selection(app, journey, review, tracks, review.lanes_of(journey.id), focus, context.text_of(app))
    return _with_closeup(whole, context.view.episode)


def _with_closeup(whole: Selection, at: int | None) -> Selection:
    """The selection with the episode that contains a moment, if there is one."""
    if at is None:
        return whole
    chosen = next((found for found in whole.episodes if found.episode.start <= at < found.episode.end), None)
    return Selection(
        whole.app, whole.journey, whole.review, whole.tracks, whole.lanes, whole.focus, whole.text, closeup=chosen
    )
