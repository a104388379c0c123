"""What teams said that episodes go with, by the titles of the incidents and events that they named."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import EpisodeReason, Event, Incident
from tomoni.meetings.reasons import reason_of
from tomoni.meetings.records import Record
from tomoni.slo.episodes import Episode
from tomoni.ui.context import Context
from tomoni.words import incidents as words
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was written of an app's episodes."""

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

    def beside(self, found: Record[EpisodeReason] | None) -> str:
        """What was written beside it."""
        return words.beside(found.value, self.name_of(found.value.ref)) if found else ""


def reasons_of(context: Context, app: str) -> Reasons:
    """What is written now. Raises StoreError."""
    records = context.tomoni.meetings.records
    return Reasons(records.listed(Incident, app), records.listed(EpisodeReason, app), records.listed(Event, app))
