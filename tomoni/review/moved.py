"""What moved with an episode: the infra signals that carry its journey, ranked."""

from __future__ import annotations

from tomoni.catalog.schema import App, Signal
from tomoni.ledger import Remembered
from tomoni.review.desk import DAY, Desk
from tomoni.review.model import Moved, SloTrack
from tomoni.slo.co_movement import DAYS_BEFORE, LOOK_BACK_SECONDS, Movement, Samples, co_movement, rank_signals
from tomoni.slo.episodes import Episode
from tomoni.slo.model import HOUR
from tomoni.slo.tally import Span


def moved(desk: Desk, app: App, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
    """How each signal moved with an episode of a track, those that moved most first.

    Its usual is that of the 7 days before, without the other episodes of the track.
    """
    signals = {signal.id: signal for signal in app.signals_of(track.status.journey.id)}
    start = episode.start - DAYS_BEFORE * DAY - LOOK_BACK_SECONDS - HOUR
    remembered = desk.ledger.read([signal.series for signal in signals.values()], start, episode.end)
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
