"""What all rows of a figure share."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.charts.theme import Theme
from tomoni.review.model import SloTrack
from tomoni.slo.episodes import Episode
from tomoni.slo.model import HOUR, MINUTE
from tomoni.words.text import Text

_LEAST_CONTEXT = 2 * HOUR
_LEAST_SHARE = 500  # parts of the axis
_FURTHEST, _BEYOND = 4, 40  # at most a quarter of the period more; a fortieth after the turn


@dataclass(frozen=True, slots=True)
class Frame:
    """A figure's period, language and colours; moments are Unix seconds.

    ``shown`` is what the time axis shows: less than the period ``[start, end)`` where a reader looks
    closer, more where a forecast goes on after it; None shows the period. ``zoom`` is the part of the axis that is
    in sight at first; what is beside it is drawn as well, for whoever zooms out.
    """

    start: int
    end: int
    text: Text
    theme: Theme
    shown: tuple[int, int] | None = None
    zoom: tuple[int, int] | None = None

    @property
    def left(self) -> int:
        """Where the time axis begins."""
        return self.shown[0] if self.shown else self.start

    @property
    def right(self) -> int:
        """Where the time axis ends."""
        return self.shown[1] if self.shown else self.end

    @property
    def in_sight(self) -> tuple[int, int]:
        """The part of the time axis that is in sight at first."""
        return self.zoom or (self.left, self.right)

    @property
    def seconds_in_sight(self) -> int:
        """How much of the time axis is in sight at first."""
        first, last = self.in_sight
        return last - first

    @property
    def known_right(self) -> int:
        """Up to where something can have been observed."""
        return min(self.right, self.end)

    def visible(self, start: int, end: int) -> tuple[int, int]:
        """A stretch, wide enough to be seen: less than that would be a hair on the screen."""
        more = max(0, (self.seconds_in_sight // _LEAST_SHARE - (end - start)) // 2)
        return start - more, end + more

    @property
    def closer(self) -> bool:
        """Whether less than the period is shown."""
        return self.left > self.start or self.right < self.end


def zoom_within(zoom: tuple[int, int] | None, left: int, right: int) -> tuple[int, int] | None:
    """The part of a zoom that lies on a time axis; None of one that lies beside it or is all of it."""
    if zoom is None:
        return None
    first, last = max(zoom[0], left), min(zoom[1], right)
    return None if last - first < MINUTE or (first, last) == (left, right) else (first, last)


def around(episode: Episode, start: int, end: int) -> tuple[int, int]:
    """An episode with as much time before and after it as it took (at least 2 hours), within a period."""
    context = max(_LEAST_CONTEXT, episode.end - episode.start)
    return max(start, episode.start - context), min(end, episode.end + context)


def with_forecast(track: SloTrack, start: int, end: int) -> tuple[int, int]:
    """A period and, where the budget runs out or comes back, what comes after it: a quarter more at most."""
    forecast = track.forecast
    turn = (forecast.exhausts_at or forecast.recovers_at) if forecast else None
    if turn is None:
        return start, end
    length = end - start
    return start, min(end + length // _FURTHEST, turn + length // _BEYOND)
