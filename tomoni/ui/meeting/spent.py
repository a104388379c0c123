"""What a meeting knows of what burned: prices, incidents, reasons and events; of a closed one as it was frozen."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import EpisodeReason, Event, Incident
from tomoni.meetings.records import Record, W
from tomoni.ui.joint.reasons import Reasons
from tomoni.ui.meeting.view import MeetingView
from tomoni.use_cases.closing import reach_of
from tomoni.use_cases.incidents import SloPrices


@dataclass(frozen=True, slots=True)
class Spent(Reasons):
    """What every SLO of a review spent, and what was written of it. Prices are in the order of ``incidents``."""

    costs: tuple[SloPrices, ...] = ()

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
    return Spent(incidents, reasons, events, view.context.tomoni.prices(view.review, spans))


def _thawed(id_: str, revision: int, value: W) -> Record[W]:
    """What was frozen of a record."""
    return Record(id_, None, revision, 0, 0, value)


def _is_near(view: MeetingView, incident: Incident) -> bool:
    """Whether an incident touches the period, or the window of an SLO."""
    return reach_of(view.review) < incident.end and incident.start < view.review.as_of
