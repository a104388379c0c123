"""What episodes go with, as both teams see it: found for an episode, and chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import EpisodeReason, Event, EventKind, Incident, Reason
from tomoni.meetings.records import Record, Records, validated
from tomoni.slo.episodes import Episode

NEAR_SECONDS = 1800  # an event this long before an episode may go with it
_REASON_OF = {
    EventKind.DEPLOY: Reason.DEPLOY,
    EventKind.RELEASE: Reason.DEPLOY,
    EventKind.FLAG: Reason.DEPLOY,
    EventKind.PLANNED: Reason.PLANNED,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reason, with the incident or the event (its id) that it refers to, if it refers to one."""

    reason: Reason
    ref: str = ""


def reason_of(known: Iterable[Record[EpisodeReason]], slo: str, episode: Episode) -> Record[EpisodeReason] | None:
    """What was chosen for an episode of an SLO (``app/journey/slo``).

    An episode under way grows, and late data may join two: then it is the one that began at the same time, else
    the one that overlaps it the longest, else the newest.
    """
    found = [each for each in known if each.value.slo == slo and _overlap(each.value, episode) > 0]
    return max(found, key=lambda each: _likeness(each, episode), default=None)


def _likeness(each: Record[EpisodeReason], episode: Episode) -> tuple[bool, int, int]:
    return each.value.start == episode.start, _overlap(each.value, episode), each.changed_at


def _overlap(value: EpisodeReason, episode: Episode) -> int:
    return min(value.end, episode.end) - max(value.start, episode.start)


def choose(
    records: Records, app: str, slo: str, episode: Episode, chosen: Chosen | None
) -> Record[EpisodeReason] | None:
    """Stores what an episode goes with; None takes the choice back. Raises MeetingError: `record_invalid`."""
    known = reason_of(records.listed(EpisodeReason, app), slo, episode)
    if chosen is None:
        if known is not None:
            records.remove(EpisodeReason, known.id)
        return None
    fields = {"end": episode.end, "reason": chosen.reason, "ref": chosen.ref}
    if known is None:
        value = validated(EpisodeReason, {"app": app, "slo": slo, "start": episode.start, **fields})
        # The key names the episode: of two teams that choose at the same time both make one record.
        known = records.add(value, f"{slo}@{episode.start}")
    return _changed(records, known, fields)


def _changed(records: Records, known: Record[EpisodeReason], fields: dict[str, object]) -> Record[EpisodeReason]:
    """The record with some fields changed; one that was taken back meanwhile is put back."""
    try:
        return records.change(EpisodeReason, known.id, fields)
    except MeetingError as error:
        if error.code != "record_removed":
            raise
        records.restore(EpisodeReason, known.id)
        return records.change(EpisodeReason, known.id, fields)


def describe_in_text(records: Records, known: Record[EpisodeReason], text: str) -> Record[EpisodeReason]:
    """Stores a few words beside a reason. Raises MeetingError: `record_invalid`, `record_removed`."""
    return records.change(EpisodeReason, known.id, {"text": text})


def candidates(
    episode: Episode, incidents: Sequence[Record[Incident]], events: Sequence[Record[Event]]
) -> tuple[Chosen, ...]:
    """What may be chosen for an episode: incidents that overlap it, events in it or shortly before it (the nearest
    to its beginning first), and each reason without either."""
    overlapping = [each for each in incidents if each.value.start < episode.end and episode.start < each.value.end]
    near = [
        each
        for each in events
        if each.value.what in _REASON_OF
        and episode.start - NEAR_SECONDS <= (each.value.until or each.value.at)
        and each.value.at < episode.end
    ]
    near.sort(key=lambda each: abs(each.value.at - episode.start))
    return (
        *(Chosen(Reason.INCIDENT, each.id) for each in overlapping),
        *(Chosen(_REASON_OF[each.value.what], each.id) for each in near),
        *(Chosen(reason) for reason in Reason),
    )
