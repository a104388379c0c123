"""What a meeting knows of what burned: prices, incidents, reasons and events; of a closed one as it was frozen."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import EpisodeReason, Event, Incident
from tomoni.meetings.reasons import reason_of
from tomoni.meetings.records import Record, W
from tomoni.slo.episodes import Episode
from tomoni.ui.meeting.view import MeetingView
from tomoni.use_cases.incidents import SloPrices
from tomoni.words import incidents as words
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Spent:
    """What every SLO of a review spent, and what was written of it. ``prices`` are in the order of ``incidents``."""

    costs: tuple[SloPrices, ...]
    incidents: tuple[Record[Incident], ...]
    reasons: tuple[Record[EpisodeReason], ...]
    events: tuple[Record[Event], ...]

    def reason(self, path: str, episode: Episode) -> Record[EpisodeReason] | None:
        """What was chosen for an episode of an SLO."""
        return reason_of(self.reasons, path, episode)

    def name_of(self, ref: str) -> str:
        """The title of the incident or event that a reason refers to; empty where it refers to none."""
        incident = next((each.value.title for each in self.incidents if each.id == ref), "")
        return incident or next((each.value.title for each in self.events if each.id == ref), "")

    def words_of(self, found: Record[EpisodeReason] | None, text: Text) -> str:
        """What an episode goes with; empty where nothing was chosen."""
        return words.reason(found.value, self.name_of(found.value.ref), text) if found else ""

    @property
    def without(self) -> int:
        """How many episodes have no reason yet."""
        return sum(
            self.reason(each.track.status.path, episode) is None
            for each in self.costs
            for episode in each.ledger.episodes
        )


def spent_of(view: MeetingView) -> Spent:
    """What is known of a meeting's figures. Raises StoreError."""
    frozen = view.snapshot.beside.meeting if view.snapshot else None
    app, records = view.app.id, view.records
    if frozen is not None:
        incidents = tuple(_thawed(each.id, each.revision, each.value) for each in frozen.incidents)
        reasons = tuple(_thawed(each.id, each.revision, each.value) for each in frozen.reasons)
        events = tuple(_thawed(each.id, each.revision, each.value) for each in frozen.events)
    else:
        listed = records.listed(Incident, app)
        incidents = tuple(each for each in listed if _is_near(view, each.value))
        reasons, events = records.listed(EpisodeReason, app), records.listed(Event, app)
    spans = [(each.value.start, each.value.end) for each in incidents]
    return Spent(view.context.tomoni.prices(view.review, spans), incidents, reasons, events)


def _thawed(id_: str, revision: int, value: W) -> Record[W]:
    """What was frozen of a record."""
    return Record(id_, None, revision, 0, 0, value)


def _is_near(view: MeetingView, incident: Incident) -> bool:
    """Whether an incident touches the period, or the window of an SLO."""
    starts = [view.review.start, *(track.status.figures.start for track in view.review.tracks)]
    return min(starts) < incident.end and incident.start < view.review.as_of
