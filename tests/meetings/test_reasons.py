"""What episodes go with: chosen, changed, taken back, and found again when the episode has grown."""

from __future__ import annotations

from dataclasses import replace

from tests.meetings.conftest import NOW
from tomoni.meetings.model import EpisodeReason, Event, EventKind, Incident, Reason
from tomoni.meetings.reasons import Chosen, candidates, choose, reason_of
from tomoni.meetings.records import Record, Records
from tomoni.slo.episodes import Episode

SLO = "checkout/place-order/availability"
EPISODE = Episode(NOW, NOW + 3600, 5.0, 100.0, 0.5, 0.5, 9.0)
DEPLOY = Chosen(Reason.DEPLOY)


def found(records: Records, episode: Episode = EPISODE, slo: str = SLO) -> Record[EpisodeReason] | None:
    return reason_of(records.listed(EpisodeReason, "checkout"), slo, episode)


def test_a_reason_is_chosen_changed_and_taken_back(records: Records) -> None:
    assert found(records) is None
    choose(records, "checkout", SLO, EPISODE, DEPLOY)
    first = found(records)
    assert first
    assert first.value.reason is Reason.DEPLOY
    choose(records, "checkout", SLO, EPISODE, Chosen(Reason.UNKNOWN))
    second = found(records)
    assert second
    assert (second.id, second.value.reason) == (first.id, Reason.UNKNOWN)
    assert choose(records, "checkout", SLO, EPISODE, None) is None
    assert found(records) is None


def test_a_reason_that_was_taken_back_can_be_chosen_again(records: Records) -> None:
    choose(records, "checkout", SLO, EPISODE, DEPLOY)
    choose(records, "checkout", SLO, EPISODE, None)
    choose(records, "checkout", SLO, EPISODE, Chosen(Reason.DEPENDENCY))
    again = found(records)
    assert again
    assert again.value.reason is Reason.DEPENDENCY
    assert len(records.history(EpisodeReason, again.id)) == 4


def test_an_episode_that_grew_keeps_its_reason(records: Records) -> None:
    choose(records, "checkout", SLO, EPISODE, DEPLOY)
    grown = replace(EPISODE, start=EPISODE.start - 300, end=EPISODE.end + 900)
    kept = found(records, grown)
    assert kept
    assert kept.value.reason is Reason.DEPLOY
    choose(records, "checkout", SLO, grown, Chosen(Reason.PLANNED))
    assert [each.value.reason for each in records.listed(EpisodeReason)] == [Reason.PLANNED]


def test_other_episodes_and_other_objectives_have_reasons_of_their_own(records: Records) -> None:
    choose(records, "checkout", SLO, EPISODE, DEPLOY)
    assert found(records, replace(EPISODE, start=EPISODE.end, end=EPISODE.end + 60)) is None
    assert found(records, slo="checkout/place-order/latency") is None


def test_incidents_and_events_near_an_episode_can_be_chosen_first(records: Records) -> None:
    incident = records.add(Incident(app="checkout", title="Pool exhausted", start=NOW + 60, end=NOW + 600))
    records.add(Incident(app="checkout", title="Before", start=NOW - 600, end=NOW))
    deploy = records.add(Event(app="checkout", at=NOW - 300, what=EventKind.DEPLOY, title="2.41"))
    records.add(Event(app="checkout", at=NOW - 7200, what=EventKind.DEPLOY, title="2.40"))
    records.add(Event(app="checkout", at=NOW, what=EventKind.ALERT, title="firing"))
    offered = candidates(EPISODE, records.listed(Incident), records.listed(Event))
    assert offered[:2] == (Chosen(Reason.INCIDENT, incident.id), Chosen(Reason.DEPLOY, deploy.id))
    assert offered[2:] == tuple(Chosen(reason) for reason in Reason)
