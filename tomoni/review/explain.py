"""What stands behind a figure: how it was calculated, and which infra signals moved with an episode."""

from __future__ import annotations

from tomoni.catalog.schema import App, Signal
from tomoni.ledger import Remembered
from tomoni.review.agreements import within
from tomoni.review.inputs import ReviewInputs
from tomoni.review.model import Explanation, Moved, SloTrack
from tomoni.slo.co_movement import DAYS_BEFORE, LOOK_BACK_SECONDS, Movement, Samples, co_movement, rank_signals
from tomoni.slo.episodes import Episode
from tomoni.slo.model import DAY, HOUR
from tomoni.slo.tally import Span


def explain(inputs: ReviewInputs, track: SloTrack) -> Explanation:
    """How the figures of a track were made."""
    status, figures = track.status, track.status.figures
    return Explanation(
        status=status,
        zone=status.app.timezone,
        lag_seconds=inputs.lag(status.slo.source),
        series_key=status.slo.series.key,
        methods=track.methods,
        exclusions=within(track.exclusions, figures.start, figures.end),
        version=track.version,
        changes=tuple(change for change in track.changes if change.at > figures.start),
    )


def signals_that_moved(inputs: ReviewInputs, app: App, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
    """How each signal moved with an episode of a track, those that moved most first.

    Its usual is that of the 7 days before, without the other episodes of the track.
    """
    signals = {signal.id: signal for signal in app.signals_of(track.status.journey.id)}
    start = episode.start - DAYS_BEFORE * DAY - LOOK_BACK_SECONDS - HOUR
    remembered = inputs.ledger.read([signal.series for signal in signals.values()], start, episode.end)
    span = (episode.start, episode.end)
    others = [] if track.burn is None else [(other.start, other.end) for other in track.burn.ledger.episodes]
    apart = [other for other in others if other != span]
    movements = {
        name: _movement(signal, remembered[signal.series.key], span, apart) for name, signal in signals.items()
    }
    return tuple(Moved(signals[name], movements[name]) for name in rank_signals(movements))


def _movement(signal: Signal, remembered: Remembered, episode: Span, others: list[Span]) -> Movement:
    samples = Samples(remembered.interval.start, signal.bucket_seconds, remembered.values())
    return co_movement(samples, episode, others)
