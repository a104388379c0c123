"""Which SLOs of an app an action concerns, by where it came up: at an episode, an incident or a risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tomoni.meetings.model import Action, EpisodeReason, Incident
from tomoni.meetings.records import Records
from tomoni.review.model import Review, SloTrack
from tomoni.use_cases.risks import ListedRisk, register

Concerns = Callable[[Action, str], bool]


def concerns_of(records: Records, review: Review) -> Concerns:
    """Tells whether an action concerns an SLO of a review (``app/journey/slo``). Raises StoreError.

    One that came up at an incident concerns the SLOs whose episodes go with it or lie in its time; one that came up at
    a risk those of the journeys that it hits. Others concern the app as a whole.
    """
    app = review.app
    incidents = {each.id: each.value for each in records.listed(Incident, app.id)}
    named = {(each.value.slo, each.value.ref) for each in records.listed(EpisodeReason, app.id)}
    risks = {risk.ref: risk for risk in register(records, app)}
    tracks = {track.status.path: track for track in review.tracks}

    def concerns(action: Action, path: str) -> bool:
        origin, track = action.origin, tracks.get(path)
        if origin is None or track is None:
            return False
        if origin.place == "incident":
            return (path, origin.ref) in named or _burned_in(track, incidents.get(origin.ref))
        if origin.place == "risk":
            return _hit(track, risks, origin.ref)
        return origin.place == "episode" and origin.ref.startswith(f"{path}@")

    return concerns


def _burned_in(track: SloTrack, incident: Incident | None) -> bool:
    """Whether an episode of an SLO lies in the time of an incident."""
    if incident is None or track.burn is None:
        return False
    return any(each.start < incident.end and incident.start < each.end for each in track.burn.ledger.episodes)


def _hit(track: SloTrack, risks: Mapping[str, ListedRisk], ref: str) -> bool:
    return ref in risks and risks[ref].hits(track.status.journey.id)
