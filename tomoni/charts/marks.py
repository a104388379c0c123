"""What a track has to be drawn over its figure: its episodes, changed definitions, exclusions, and what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.catalog.occurrences import peak_times
from tomoni.charts.annotations import Annotations, Event, Stretch
from tomoni.charts.wrapping import shortened
from tomoni.meetings.model import EventKind
from tomoni.review.alerting import marked
from tomoni.review.events import ReviewEvent
from tomoni.review.model import ExcludedSpan, SloTrack
from tomoni.slo.aftermath import burned_after
from tomoni.slo.model import DAY
from tomoni.words import events as words
from tomoni.words.text import Text

_LABEL_PLACES = 16


def _data_changes(track: SloTrack, text: Text) -> list[Event]:
    """Where the data begins that the source changed after it was first fetched."""
    found = [notice for notice in track.status.notices if notice.code == "source_changed"]
    return [Event(int(notice.facts["start"]), text._("data changed")) for notice in found]


def annotations_of(
    track: SloTrack, text: Text, planned: tuple[ExcludedSpan, ...] = (), events: Sequence[ReviewEvent] = ()
) -> Annotations:
    """The lettered episodes, when the definition or the source's data changed, what is excluded and what happened;
    ``planned`` are exclusions to come."""
    shown = track.burn.shown if track.burn else ()
    return Annotations(
        episodes=tuple(Stretch(found.episode.start, found.episode.end, found.letter) for found in shown),
        events=(
            *(Event(change.at, text._("definition changed")) for change in track.changes),
            *_data_changes(track, text),
            *_happened(track, text, marked(track, events)),
        ),
        exclusions=tuple(Stretch(span.start, span.end) for span in (*track.exclusions, *planned)),
        peaks=tuple(_peaks(track, text)),
    )


def _peaks(track: SloTrack, text: Text) -> Iterator[Stretch]:
    """When the app and the journey matter most, over the time that the figure has."""
    status = track.status
    if not len(track.success.times):
        return
    start, end = int(track.success.times[0]), int(track.success.times[-1]) + DAY
    for peak in (*status.app.profile.peaks, *status.journey.profile.peaks):
        title = shortened(peak.title(text.language), _LABEL_PLACES)
        yield from (Stretch(*span, title) for span in peak_times(peak, status.app.timezone, start, end))


def _happened(track: SloTrack, text: Text, events: Sequence[ReviewEvent]) -> list[Event]:
    """Events with a short label; over it what burned of the track's budget right after."""
    return [
        Event(event.at, _label(event), event.what, _hover(event, share, text))
        for event, share in zip(events, shares_after(track, events), strict=True)
    ]


def _label(event: ReviewEvent) -> str:
    """Of an alert how urgent it is: what it says stands over the label."""
    return shortened((event.severity if event.what is EventKind.ALERT else "") or event.title, _LABEL_PLACES)


def _hover(event: ReviewEvent, share: float | None, text: Text) -> tuple[str, ...]:
    lines = (shortened(words.named(event, text), 80), words.burned(share, text))
    return tuple(line for line in lines if line)


def shares_after(track: SloTrack, events: Sequence[ReviewEvent]) -> tuple[float | None, ...]:
    """The share of a track's budget that burned within 30 minutes after each event; None where it is not judged."""
    if track.burn is None or track.buckets is None:
        return (None,) * len(events)
    figures, definition = track.status.figures, track.status.slo.definition
    return burned_after(track.buckets, definition, figures.start, figures.end, [event.at for event in events])
