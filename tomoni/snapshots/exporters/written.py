"""What a meeting wrote as one table, a row each: for spreadsheets, and to carry over into other tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from tomoni.snapshots.record.meeting import FrozenIncident, MeetingRecord
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339

Row = Mapping[str, str | float | None]
_TEXTS = ("kind", "id", "step", "text", "slo", "team", "due", "state", "reason", "start", "end", "link")
_NUMBERS = ("bad", "share_of_budget")


def written(snapshot: Snapshot) -> pa.Table | None:
    """One row for each thing that was written, None for a snapshot of no meeting. Moments are in UTC."""
    held = snapshot.beside.meeting
    if held is None:
        return None
    rows = list(_rows(held))
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in _TEXTS}
    columns |= {name: pa.array([row.get(name) for row in rows], pa.float64()) for name in _NUMBERS}
    return pa.table({**columns, "snapshot": pa.array([snapshot.hash] * len(rows), pa.string())})


def _rows(held: MeetingRecord) -> Iterable[Row]:
    yield from _decided(held)
    for action in held.actions:
        value = action.value
        due = value.due.isoformat() if value.due else None
        said = {"text": value.text, "team": value.team, "due": due, "state": value.state.value}
        yield {"kind": "action", "id": action.id, **said, "reason": value.reason, "link": value.ticket}
    for incident in held.incidents:
        yield from _incident(incident)
    for question in held.questions:
        asked = {"text": question.value.text, "state": question.value.state.value, "reason": question.value.answer}
        yield {"kind": "question", "id": question.id, "step": question.value.step, **asked}
    yield from _around(held)
    for note in held.notes:
        yield {"kind": "notes", "step": note.step, "text": note.text}


def _decided(held: MeetingRecord) -> Iterable[Row]:
    for decision in held.decisions:
        until = decision.value.until.isoformat() if decision.value.until else None
        said = {"text": decision.value.text, "state": decision.value.what.value, "reason": decision.value.reason}
        yield {"kind": "decision", "id": decision.id, **said, "due": until}
    for conclusion in held.conclusions:
        value = conclusion.value
        yield {
            "kind": "conclusion",
            "id": conclusion.id,
            "slo": value.slo,
            "state": value.choice.value,
            "text": value.text,
        }


def _incident(incident: FrozenIncident) -> Iterable[Row]:
    """A row for each SLO with what it cost it."""
    value = incident.value
    span = {"start": rfc3339(value.start), "end": rfc3339(value.end)}
    link = value.links[0].url if value.links else ""
    said = {"kind": "incident", "id": incident.id, "text": value.title, **span, "link": link}
    yield from (
        {**said, "slo": price.slo, "bad": price.bad, "share_of_budget": price.share_of_budget}
        for price in incident.prices
    )
    if not incident.prices:
        yield said


def _around(held: MeetingRecord) -> Iterable[Row]:
    """Reasons of episodes, events and risks."""
    for reason in held.reasons:
        value = reason.value
        span = {"start": rfc3339(value.start), "end": rfc3339(value.end)}
        yield {"kind": "episode_reason", "id": reason.id, "slo": value.slo, "state": value.reason.value, **span}
    for event in held.events:
        until = rfc3339(event.value.until) if event.value.until else None
        said = {"text": event.value.title, "state": event.value.what.value, "link": event.value.url}
        yield {"kind": "event", "id": event.id, **said, "start": rfc3339(event.value.at), "end": until}
    for risk in held.risks:
        yield {"kind": "risk", "id": risk.id, "text": risk.value.title, "reason": risk.value.text}
