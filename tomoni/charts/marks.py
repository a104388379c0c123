"""What a track has to be drawn over its figure: its episodes, changed definitions, exclusions."""

from __future__ import annotations

from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.review.model import ExcludedSpan, SloTrack
from tomoni.words.text import Text


def annotations_of(track: SloTrack, text: Text, planned: tuple[ExcludedSpan, ...] = ()) -> Annotations:
    """The lettered episodes, when the definition changed, and what is excluded; ``planned`` are exclusions
    to come."""
    shown = track.burn.shown if track.burn else ()
    return Annotations(
        episodes=tuple(Stretch(found.episode.start, found.episode.end, found.letter) for found in shown),
        events=tuple(Event(change.at, text._("definition changed")) for change in track.changes),
        exclusions=tuple(Stretch(span.start, span.end) for span in (*track.exclusions, *planned)),
    )
