"""The selection of the joint view: an app, one of its journeys, and the SLO that the figure shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tomoni.catalog.schema import App, Journey
from tomoni.charts.frame import around, with_forecast, zoom_within
from tomoni.review.model import JourneyStanding, Lane, LetteredEpisode, Review, SloTrack
from tomoni.ui.context import Context
from tomoni.ui.overview.slo_table import worst_first
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """An app, a journey, its tracks and lanes. ``focus`` is the track of the figure, ``closeup`` the
    episode of it around which the figure is drawn (None: the whole period), ``zoom`` the part of that time axis that
    is in sight (None: all of it)."""

    app: App
    journey: Journey
    review: Review
    tracks: tuple[SloTrack, ...]
    lanes: tuple[Lane, ...]
    focus: SloTrack
    text: Text
    closeup: LetteredEpisode | None = None
    zoom: tuple[int, int] | None = None

    @property
    def axis(self) -> tuple[int, int]:
        """The time axis of the figure: around the chosen episode, else the period with what comes after it."""
        start, end = self.review.start, self.review.end
        if self.closeup is not None:
            return around(self.closeup.episode, start, end)
        return with_forecast(self.focus, start, end)

    @property
    def closer(self) -> bool:
        """Whether less than the whole period is in sight."""
        return self.closeup is not None or self.zoom is not None

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
    chosen = _with_closeup(whole, context.view.episode)
    return replace(chosen, zoom=zoom_within(context.view.zoom, *chosen.axis))


def _with_closeup(whole: Selection, at: int | None) -> Selection:
    """The selection with the episode that contains a moment, if there is one."""
    if at is None:
        return whole
    chosen = next((found for found in whole.episodes if found.episode.start <= at < found.episode.end), None)
    return replace(whole, closeup=chosen)
