"""What a track has to be drawn over its figure: its episodes, changed definitions, exclusions."""

from __future__ import annotations

from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.review.model import ExcludedSpan, SloTrack
from tomoni.words.text import Text


def _data_changes(track: SloTrack, text: Text) -> list[Event]:
    """Where the data begins that the source changed after it was first fetched."""
    found = [notice for notice in track.status.notices if notice.code == "source_changed"]
    return [Event(int(notice.facts["start"]), text._("data changed")) for notice in found]


def annotations_of(track: SloTrack, text: Text, planned: tuple[ExcludedSpan, ...] = ()) -> Annotations:
    """The lettered episodes, when the definition or the source's data changed, and what is excluded;
    ``planned`` are exclusions to come."""
    shown = track.burn.shown if track.burn else ()
    return Annotations(
        episodes=tuple(Stretch(found.episode.start, found.episode.end, found.letter) for found in shown),
        events=(
            *(Event(change.at, text._("definition changed")) for change in track.changes),
            *_data_changes(track, text),
        ),
        exclusions=tuple(Stretch(span.start, span.end) for span in (*track.exclusions, *planned)),
    )
