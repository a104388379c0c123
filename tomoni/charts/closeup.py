"""A part of a review's lines, with all its points: what a reader sees who looks closer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tomoni.review.model import Lane, SloTrack
from tomoni.slo.model import Line


def cut(line: Line, left: int, right: int) -> Line:
    """The points of a line within ``[left, right]`` and one more on each side, so that it reaches the edges."""
    first = max(0, int(np.searchsorted(line.times, left, side="left")) - 1)
    last = int(np.searchsorted(line.times, right, side="right")) + 1
    return Line(line.times[first:last], line.values[first:last])


def track_within(track: SloTrack, left: int, right: int) -> SloTrack:
    """A track whose lines are cut; its figures stay those of the whole."""
    return replace(
        track,
        success=cut(track.success, left, right),
        traffic=cut(track.traffic, left, right),
        burn_down=cut(track.burn_down, left, right),
        pace=cut(track.pace, left, right),
        rolling=cut(track.rolling, left, right),
    )


def lanes_within(lanes: Sequence[Lane], left: int, right: int) -> list[Lane]:
    """Lanes whose lines are cut."""
    return [replace(lane, values=cut(lane.values, left, right)) for lane in lanes]
